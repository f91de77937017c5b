"""The selection of a product: read, replaced on condition, and all that it ever was."""

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, Response
from pydantic import Field

from muster import views
from muster.api.bodies import Asked, taken
from muster.api.own.running import SaidFace, SaidSelection, written
from muster.api.own.shapes import Reselected, Revisions, Selection
from muster.api.own.shapes_selections import WIRE
from muster.api.own.web import BASE, Limit, ProductRef, answers
from muster.api.paths import NAMES
from muster.api.pointing import decode, pointed
from muster.api.web import Body, Described, Editor, Viewer, body_of, told
from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.service.dotted import product, remembered
from muster.service.history import Revision
from muster.service.reselect import Terms, reselect
from muster.service.selecting import Written
from muster.service.workspace import Workspace

router = APIRouter(prefix=f"{BASE}/dataProducts", tags=["selection"])

TEXT: Final = "text/plain"
LAST: Final = 2**53

_REVISION: Final = re.compile(r'(?:W/)?"([1-9]\d{0,14})"|([1-9]\d{0,14})')


class Reselecting(Asked):
    """A selection for a product to have."""

    selection: SaidSelection
    face: SaidFace = None
    lenient: bool = Field(default=False, description="Take fields that no asset can have yet.")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a body says, and where in it the selection stands."""

    written: Written
    lenient: bool = False
    path: str = ""


def _bodies() -> dict[str, Any]:
    """Return the description of what may be sent: an object with a selection in it, one that is one, or a text."""
    described = body_of(Reselecting)
    content = described["requestBody"]["content"]
    enveloped = content["application/json"]["schema"]
    content["application/json"] = {
        "schema": {"anyOf": [enveloped, {"type": "object", "title": "The selection itself", "examples": [WIRE]}]},
        "examples": {
            "enveloped": {"value": {"selection": "type:Table certificate:VERIFIED"}},
            "bare": {"value": WIRE},
        },
    }
    content[TEXT] = {"schema": {"type": "string"}, "example": "type:Table certificate:VERIFIED"}
    return described


def _tagged(described: Described) -> Described:
    """Describe the header by which a change can be made on condition."""
    header = {"ETag": {"schema": {"type": "string"}, "description": "The revision, for `If-Match`."}}
    return {**described, 200: {**described[200], "headers": header}}


IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match", description="Only if the selection is at this revision, as `ETag` says it.", examples=['"1"']
    ),
]
ContentType = Annotated[str, Header(alias="Content-Type", include_in_schema=False)]
Before = Annotated[int | None, Query(ge=1, le=LAST, description="Only revisions with a lower number.")]


@router.get(f"/{{ref:{NAMES}}}/selection", responses=_tagged(answers(Selection, "The selection in every form.")))
def selection(caller: Viewer, ref: ProductRef) -> Response:
    """Read the selection of a product, in the forms that people and machines read."""
    return _told(caller.work, remembered(caller.work, ref))


@router.put(
    f"/{{ref:{NAMES}}}/selection",
    responses=_tagged(answers(Reselected, "The selection as it is stored, and what there is to say of it.")),
    openapi_extra=_bodies(),
)
def replace_selection(
    caller: Editor, ref: ProductRef, body: Body, if_match: IfMatch = None, content_type: ContentType = ""
) -> Response:
    """Give a product another selection; the same again makes no revision.

    The body is an object with the `selection` in it, as a text or an object; an object that is the selection itself; or
    the text itself, as `text/plain`.
    """
    said, work = _read(body, content_type), caller.work
    terms = Terms(_revision(if_match), said.lenient, caller.within)
    found = product(work, ref)
    with pointed(said.path):
        defined = reselect(work, found, said.written, terms)
    return _told(work, defined.product, complaints=[one.as_dict() for one in defined.complaints])


@router.get(f"/{{ref:{NAMES}}}/selection/revisions", responses=answers(Revisions, "Edits, the newest first."))
def revisions(caller: Viewer, ref: ProductRef, limit: Limit = 100, before: Before = None) -> Response:
    """List every edit of a product's selection."""
    guid = remembered(caller.work, ref).entity.guid
    found = caller.work.record.revisions(guid, limit=limit + 1, before=before)
    shown = [Revision(*one) for one in found[:limit]]
    paging = {"before": shown[-1].selection.revision} if len(found) > limit else {}
    return told({"data": [*map(views.revision, shown)], "paging": paging})


def _told(work: Workspace, one: Product, **more: Any) -> Response:
    """Return the selection that a product has by now, with the revision as a tag."""
    ((newest, by, at),) = work.record.revisions(one.entity.guid, limit=1)
    view = views.current(replace(one, selection=newest), Revision(newest, by, at))
    answer = told({**view, **more})
    answer.headers["ETag"] = f'"{newest.revision}"'
    return answer


def _read(body: bytes, content_type: str) -> _Said:
    if content_type.partition(";")[0].strip().lower() == TEXT:
        return _Said(Written(_text(body)))
    said = decode(body)
    if not isinstance(said, dict):
        raise InvalidInput("an object is expected here", path="", hint=f"send a text as `{TEXT}`")
    if "selection" not in said:
        return _Said(Written(_text(body)))
    asked = taken(Reselecting, said)
    return _Said(written(asked.selection, asked.face), asked.lenient, "/selection")


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput("this is not UTF-8", hint="send UTF-8") from error


def _revision(said: str | None) -> int | None:
    """Return the revision that a condition names; None for no condition, and for `*`."""
    if said is None or said.strip() == "*":
        return None
    found = _REVISION.fullmatch(said.strip())
    if found is None:
        raise InvalidInput(
            "`If-Match` names no revision", path="/header/If-Match", hint='send the `ETag` of the selection: `"1"`'
        )
    return int(found[1] or found[2])
