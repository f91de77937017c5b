"""Reports about all products, as JSON, or as a table: NDJSON, CSV or Parquet."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import StreamingResponse

from muster.api.own.delivery import MEDIA, WRITERS, Format, chosen, disposition
from muster.api.own.running import running
from muster.api.own.shapes_reports import DeadRows, FreshnessRows, Overlaps, UnchangingRows, Uncovered
from muster.api.own.web import BASE, MOST, Cursor, SortBy, answers, order
from muster.api.pointing import pointed
from muster.api.web import Described, Viewer, told
from muster.catalog.entity import Entity
from muster.query.nodes import Node
from muster.service import selecting
from muster.service.check import refuse_unknown
from muster.service.dotted import dotted_names, product
from muster.service.moments import span
from muster.service.reports.dead import dead_clauses
from muster.service.reports.freshness import freshness
from muster.service.reports.overlap import overlap
from muster.service.reports.unchanging import unchanging
from muster.service.reports.uncovered import missing_of, uncovered
from muster.service.resolve import PageRequest
from muster.service.rows import Column, columns, rows
from muster.service.selecting import Written
from muster.service.workspace import Workspace
from muster.views import keeping as views

router = APIRouter(prefix=f"{BASE}/reports", tags=["reports"])

Row = dict[str, Any]
PRODUCT: Final = ("guid", "name", "qualifiedName", "dottedName")
SHOWN: Final[Mapping[str, Sequence[str]]] = {
    "overlap": ("one", "other", "common", "ofOne", "ofOther", "jaccard"),
    "unchanging": ("product", "members", "since", "runs", "never"),
    "deadClauses": ("product", "path", "clause", "english", "because"),
    "freshness": ("product", "at", "age", "wanted", "breached", "waits"),
}
"""What the rows of each report say, in order; a product is told by four columns."""


async def _format(
    said: Annotated[
        Format | None, Query(alias="format", description="JSON, or a table of all rows; `Accept` says the same.")
    ] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Format:
    return chosen(said, accept)


How = Annotated[Format, Depends(_format)]
Limit = Annotated[int, Query(ge=1, le=MOST, description="At most so many rows.")]
Pairs = Annotated[int, Query(alias="limit", ge=1, le=1_000, description="At most so many pairs.")]
Among = Annotated[
    str | None,
    Query(
        alias="q",
        description="Only among these assets: a selection in shorthand, or in any other face.",
        examples=["type:Table"],
    ),
]
OfProduct = Annotated[str | None, Query(alias="of", description="Only pairs with this product.")]
For = Annotated[
    str | None,
    Query(
        alias="for",
        description="Products that have not moved for so long: `30d`. Without it, those that never moved.",
        examples=["90d"],
    ),
]


def _told(model: Any) -> Described:
    described = answers(model, "The report.")
    tables = {media: {"schema": {"type": "string"}} for one, media in MEDIA.items() if one is not Format.JSON}
    return {**described, 200: {**described[200], "content": tables}}


@router.get("/overlap", responses=_told(Overlaps))
def overlapping_products(caller: Viewer, how: How, limit: Pairs = 100, of: OfProduct = None) -> Response:
    """Say which products have most members in common, as last synced, the most alike first.

    What is told of a pair is exact. Up to 700 different memberships are all compared; of more, those that have at least half
    in common are found almost surely. With `of`, one product is compared with all.
    """
    work = caller.work
    with pointed("/query/of"):
        one = None if of is None else product(work, of)
    found = overlap(work, limit=limit, of=one)
    names = dotted_names(work, _once([entity for pair in found for entity in (pair.one, pair.other)]))
    return _report("overlap", [views.overlap(pair, names) for pair in found], how)


@router.get("/unchanging", responses=_told(UnchangingRows))
def unchanging_products(caller: Viewer, how: How, limit: Limit = 1_000, since: For = None) -> Response:
    """Say which products never change, or have not for long, the longest first."""
    with pointed("/query/for"):
        found = unchanging(caller.work, milliseconds=None if since is None else span(since))
    names = dotted_names(caller.work, [one.product for one in found[:limit]])
    return _report("unchanging", [views.unchanging(one, names) for one in found[:limit]], how, len(found))


@router.get("/deadClauses", responses=_told(DeadRows))
def dead_clauses_of_products(caller: Viewer, how: How, limit: Limit = 1_000) -> Response:
    """Say which clauses of selections say nothing today: without one of them the same assets would be held.

    A clause inside of a dead one is not told of. Pins and exclusions do not count.
    """
    found = dead_clauses(caller.work)
    names = dotted_names(caller.work, _once([one.product for one in found[:limit]]))
    return _report("deadClauses", [views.dead(one, names) for one in found[:limit]], how, len(found))


@router.get("/freshness", responses=_told(FreshnessRows))
def freshness_of_products(caller: Viewer, how: How, limit: Limit = 1_000) -> Response:
    """Say how old the stored members of each product are, against how old its policy lets them be: breaches first."""
    found = freshness(caller.work)
    names = dotted_names(caller.work, [one.product for one in found[:limit]])
    return _report("freshness", [views.freshness(one, names) for one in found[:limit]], how, len(found))


@router.get("/uncovered", responses=_told(Uncovered))
def uncovered_assets(
    caller: Viewer,
    how: How,
    q: Among = None,
    limit: Limit = 100,
    cursor: Cursor = None,
    sort: SortBy = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Say which assets in use no product has, as last synced: how many, of which types, and a page of them.

    As a table, all of them, in the order in which they came to the catalog.
    """
    work, request = caller.work, PageRequest(limit, order(sort), cursor)
    with running("/query/q", "/query"):
        among = _among(work, q)
        if how is Format.JSON:
            return told(views.uncovered(uncovered(work, request, among)))
        missing, _ = missing_of(work, among)
    shown = columns(())
    return _streamed("uncovered", shown, rows(work, missing, shown), how)


def _among(work: Workspace, said: str | None) -> Node | None:
    if said is None:
        return None
    node, _ = selecting.read(work, Written(said))
    refuse_unknown(work, node)
    return node


def _once(entities: Sequence[Entity]) -> list[Entity]:
    return list({one.guid: one for one in entities}.values())


def _report(name: str, found: Sequence[Row], how: Format, total: int | None = None) -> Response:
    if how is Format.JSON:
        return told({"total": len(found) if total is None else total, "data": found})
    flat = [_flat(one) for one in found]
    shown = [Column(each) for part in SHOWN[name] for each in _columns(part)]
    return _streamed(name, shown, iter([[tuple(one.values()) for one in flat]] if flat else []), how)


def _columns(part: str) -> Iterator[str]:
    yield from (f"{part}.{each}" for each in PRODUCT) if part in {"one", "other", "product"} else (part,)


def _flat(row: Row) -> Row:
    """Return a row whose products are told by columns of their own."""
    found: Row = {}
    for name, value in row.items():
        found |= {f"{name}.{part}": value[part] for part in PRODUCT} if isinstance(value, dict) else {name: value}
    return found


def _streamed(name: str, shown: Sequence[Column], batches: Iterator[list[Any]], how: Format) -> Response:
    return StreamingResponse(
        WRITERS[how](shown, batches),
        media_type=MEDIA[how],
        headers={"Content-Disposition": disposition(name, how), "Vary": "Accept"},
    )
