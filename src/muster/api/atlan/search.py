"""Search as Atlan's clients do: one route for pages, counts and aggregations."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from muster.api.atlan.dsl import DSL, Asked, read
from muster.api.atlan.headers import headers
from muster.api.atlan.pointing import decode
from muster.api.atlan.shapes import ENTITY, Json, Shape
from muster.api.atlan.web import Body, Viewer, answers, body_of, told
from muster.errors import InvalidInput
from muster.service.search import Search, SearchAnswer, search
from muster.service.workspace import Workspace

router = APIRouter(prefix="/api/meta/search", tags=["search"])

QUERY: Json = {"bool": {"filter": [{"term": {"__state": "ACTIVE"}}, {"term": {"__typeName.keyword": "DataProduct"}}]}}
BUCKETS: Json = {
    "doc_count_error_upper_bound": 0,
    "sum_other_doc_count": 0,
    "buckets": [{"key": "DataDomain", "doc_count": 1}],
}


class Searching(Shape):
    """A search."""

    dsl: Json = Field(
        description="`query`, `post_filter`, `from`, `size`, `sort`, `search_after` and `aggregations` as OpenSearch has "
        "them.",
        examples=[{"from": 0, "size": 300, "query": QUERY, "sort": [{"__guid": {"order": "asc"}}]}],
    )
    attributes: list[str] = Field(default=[], description="What to tell of each hit.", examples=[["ownerUsers"]])
    relation_attributes: list[str] = Field(default=[], description="What to tell of related entities.")
    show_search_metadata: bool = Field(default=False, description="Tell the values to go on from, by guid.")


class Hits(Shape):
    """What was found."""

    query_type: str = Field(examples=["INDEX"])
    search_parameters: Json = Field(description="What was asked for; `query` is the `dsl` as text.")
    approximate_count: int = Field(description="How many there are in all, exactly.", examples=[1])
    entities: list[Json] | None = Field(default=None, description="Left out where there are none.", examples=[[ENTITY]])
    aggregations: Json | None = Field(
        default=None, description="By name, where any were asked for.", examples=[BUCKETS]
    )
    search_metadata: Json | None = Field(default=None, description="By guid, where it was asked for.")


@router.post(
    "/indexsearch",
    responses=answers(Hits, "One page, the number of all hits, and what the aggregations found."),
    openapi_extra=body_of(Searching),
)
def indexsearch(caller: Viewer, body: Body) -> Response:
    """Search the assets."""
    asked = read(decode(body), caller.work.limits)
    found = _found(caller.work, asked.search)
    entities = headers(caller.work, found.entities, asked.projection)
    return told(_answer(asked, found, entities))


def _found(work: Workspace, wanted: Search) -> SearchAnswer:
    """Search; what cannot be asked is pointed at where it stands in the body."""
    try:
        return search(work, wanted)
    except InvalidInput as error:
        error.path = error.path and DSL + error.path
        raise


def _answer(asked: Asked, found: SearchAnswer, entities: list[Json]) -> dict[str, Any]:
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
