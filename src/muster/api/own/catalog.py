"""Products as a whole, as the command line has them: listed, shown, defined, changed, archived, synced together."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from itertools import chain
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from muster import views
from muster.api.access import Caller
from muster.api.bodies import read
from muster.api.openmetadata.problem import REFUSALS
from muster.api.own import shapes_catalog as shapes
from muster.api.own.delivery import MEDIA, Format
from muster.api.own.history import RunNumber
from muster.api.own.running import written
from muster.api.own.shapes_selections import Header
from muster.api.own.web import BASE, Cursor, Limit, ProductRef, answers
from muster.api.paths import NAMES, REST
from muster.api.web import Body, Described, Editor, Viewer, answered, body_of, told
from muster.batches import batches
from muster.errors import InvalidInput
from muster.service import overview
from muster.service.decide import withdraw
from muster.service.define import Details, create, delete, update
from muster.service.dotted import called, dotted_names, remembered
from muster.service.history import moved
from muster.service.save.planning import is_within, refuse_elsewhere
from muster.service.sync import sync
from muster.views.keeping import synced

router = APIRouter(prefix=BASE, tags=["products"])

LINES: Final = 100
"""Runs that are told at once."""

STRING: Final = {"type": "string"}

LINE_BY_LINE: Final[Described] = {
    **REFUSALS,
    200: {
        "description": "A run a line, with its `product` as below `/api/v1/runs`.",
        "content": {"application/x-ndjson": {"schema": STRING}},
    },
}

Contains = Annotated[
    str, Query(alias="name", max_length=1_000, description="Only products whose names contain this, case aside.")
]


@router.get("/whoami", responses=answers(shapes.Who, "The token's name, role and domains."))
def whoami(caller: Viewer) -> Response:
    """Say as whom the service knows the caller, and which release it is."""
    token = caller.token
    who = {"name": token.name, "role": token.role.value, "domains": list(token.domains)}
    return told(who | {"version": version("muster-catalog")})


@router.get("/products", responses=answers(shapes.ListPage, "Products in order of name."))
def list_products(caller: Viewer, name: Contains = "", limit: Limit = 100, cursor: Cursor = None) -> Response:
    """List products with the size of their stored membership."""
    page = overview.list_page(caller.work, name, limit, cursor)
    paging = {} if page.next is None else {"next": page.next}
    names = dotted_names(caller.work, [one.product.entity for one in page.shown])
    return told({"data": [views.listed(one, names) for one in page.shown], "paging": paging})


@router.post(
    "/products",
    status_code=201,
    responses=answered(answers(shapes.Defined), shapes.Defined, "The product as it is stored.", status=201),
    openapi_extra=body_of(shapes.Creating),
)
def create_product(caller: Editor, body: Body) -> Response:
    """Define a product by a selection, in a domain by name: one that is new is made."""
    asked = read(shapes.Creating, body)
    about = Details(description=asked.description, owners=_owners(asked.owners))
    with _selecting():
        made = create(
            caller.work,
            asked.name,
            written(asked.selection, asked.face),
            about,
            domain_name=asked.domain,
            lenient=asked.lenient,
            within=caller.within,
        )
    return told(views.defined(made), 201)


@router.post(
    "/products/sync",
    response_class=StreamingResponse,
    responses=LINE_BY_LINE,
    openapi_extra=body_of(shapes.SyncingMany),
)
def sync_products(caller: Editor, body: Body) -> Response:
    """Sync many products, sharing the work of what their selections have in common; a line for each run, when stored."""
    asked = read(shapes.SyncingMany, body) if body.strip() else shapes.SyncingMany()
    lines = _lines(caller, _wanted(caller, asked.products), force=asked.force)
    first = next(lines, b"")  # what fails before any run is an error
    return StreamingResponse(chain([first], lines), media_type=MEDIA[Format.NDJSON])


@router.get(
    f"/products/{{ref:{NAMES}}}/runs/{{run}}/moves", responses=answers(shapes.Moves, "Whom the run moved, and why.")
)
def moves(caller: Viewer, ref: ProductRef, run: RunNumber, limit: Limit = 100) -> Response:
    """Say whom a run moved, or would have moved where it was held, in order of qualified name."""
    return told(views.moves(moved(caller.work, remembered(caller.work, ref, called), run, limit=limit)))


@router.post(
    f"/products/{{ref:{NAMES}}}/withdraw",
    responses=answers(shapes.Withdrawn, "How many decisions were taken back."),
    openapi_extra=body_of(shapes.Withdrawing),
)
def withdraw_decisions(caller: Editor, ref: ProductRef, body: Body) -> Response:
    """Take pins and exclusions of several assets back, all or none."""
    asked, work = read(shapes.Withdrawing, body), caller.work
    guid = called(work, ref).entity.guid
    return told({"withdrawn": withdraw(work, guid, asked.assets, within=caller.within)})


@router.get(f"/products/{{ref:{REST}}}", responses=answers(shapes.Shown, "The product."))
def show_product(caller: Viewer, ref: ProductRef) -> Response:
    """Show a product: its selection in every form, what stands by hand, its last run."""
    return told(views.shown(overview.shown(caller.work, called(caller.work, ref))))


@router.patch(
    f"/products/{{ref:{REST}}}",
    responses=answers(shapes.Defined, "The product as it is stored."),
    openapi_extra=body_of(shapes.Changing),
)
def change_product(caller: Editor, ref: ProductRef, body: Body) -> Response:
    """Change a product's selection, name, description or owners."""
    asked, work = read(shapes.Changing, body), caller.work
    about = Details(asked.name, asked.description, _owners(asked.owners))
    if asked.selection is None and not about.attributes():
        raise InvalidInput("nothing is to change", hint="say a selection, a name, a description or owners")
    said = None if asked.selection is None else written(asked.selection, asked.face)
    guid = called(work, ref).entity.guid
    with _selecting():
        changed = update(work, guid, said, about, lenient=asked.lenient, within=caller.within)
    return told(views.defined(changed))


@router.delete(f"/products/{{ref:{REST}}}", responses=answers(Header, "What was archived."))
def delete_product(caller: Editor, ref: ProductRef) -> Response:
    """Archive a product; its history stays on record, and is asked for by its guid."""
    work = caller.work
    return told(views.entity(delete(work, called(work, ref).entity.guid, within=caller.within).entity))


def _owners(said: list[str] | None) -> tuple[str, ...] | None:
    return None if said is None else tuple(said)


@contextmanager
def _selecting() -> Iterator[None]:
    """Say of what is wrong in a selection where in the request it stands."""
    try:
        yield
    except InvalidInput as error:
        error.path = None if error.path is None else f"/selection{error.path}"
        raise


def _wanted(caller: Caller, refs: list[str] | None) -> list[str] | None:
    """Return the guids of the products that are named, or of all that the caller may write to; None for all there are.

    Raises:
        Forbidden: one that is named is outside the caller's domains.
    """
    if refs is None and not caller.within:
        return None
    if refs is None:
        found = (one.entity for one in caller.work.record.products())
        return [one.guid for one in found if is_within(one.key, caller.within)]
    named = [called(caller.work, ref).entity for ref in refs]
    for one in named:
        refuse_elsewhere(one, caller.within)
    return [one.guid for one in named]


def _lines(caller: Caller, guids: list[str] | None, *, force: bool) -> Iterator[bytes]:
    runs = iter(()) if guids == [] else sync(caller.work, guids or (), force=force)
    for some in batches(runs, LINES):
        told = synced(some, dotted_names(caller.work, [one.product.entity for one in some]))
        yield b"".join(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in told)
