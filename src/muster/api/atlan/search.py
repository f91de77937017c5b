"""Search as Atlan's clients do: one route for pages, counts and aggregations."""

from typing import Any

import orjson
from fastapi import APIRouter, Response

from muster.api.atlan.dsl import DSL, Asked, read
from muster.api.atlan.headers import written
from muster.api.atlan.shapes import Hits, Searching
from muster.api.atlan.web import answers
from muster.api.pointing import decode
from muster.api.web import Body, Viewer, body_of, told
from muster.errors import InvalidInput
from muster.service.search import Search, SearchAnswer, search
from muster.service.workspace import Workspace

router = APIRouter(prefix="/api/meta/search", tags=["search"])


@router.post(
    "/indexsearch",
    responses=answers(Hits, "One page, the number of all hits, and what the aggregations found."),
    openapi_extra=body_of(Searching),
)
def indexsearch(caller: Viewer, body: Body) -> Response:
    """Search the assets."""
    asked = read(decode(body), caller.work.limits)
    found = _found(caller.work, asked.search)
    entities = written(caller.work, found.entities, asked.projection)
    return told(_answer(asked, found, entities))


def _found(work: Workspace, wanted: Search) -> SearchAnswer:
    """Search; what cannot be asked is pointed at where it stands in the body."""
    try:
        return search(work, wanted)
    except InvalidInput as error:
        error.path = error.path and DSL + error.path
        raise


def _answer(asked: Asked, found: SearchAnswer, entities: list[orjson.Fragment]) -> dict[str, Any]:
    """Return the answer; what clients take for there being something is left out where there is nothing."""
    answer = {"queryType": "INDEX", "searchParameters": asked.echo, "approximateCount": found.total}
    if entities:
        answer["entities"] = entities
    if found.aggregations:
        answer["aggregations"] = found.aggregations
    if asked.metadata and entities:
        pairs = zip(found.entities, found.sorts, strict=True)
        answer["searchMetadata"] = {entity.guid: {"sort": list(values)} for entity, values in pairs}
    return answer
