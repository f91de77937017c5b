"""Reports about all products, as JSON, or as a table: NDJSON, CSV or Parquet."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import StreamingResponse

from muster.api.own.delivery import MEDIA, WRITERS, Format, chosen, disposition
from muster.api.own.running import running
from muster.api.own.shapes_reports import DeadRows, FreshnessRows, Overlaps, UnchangingRows, Uncovered
from muster.api.own.web import BASE, MOST, Cursor, SortBy, answers, order
from muster.api.pointing import pointed
from muster.api.web import Described, Viewer, told
from muster.service.dotted import product
from muster.service.moments import span
from muster.service.reports.dead import dead_clauses
from muster.service.reports.freshness import freshness
from muster.service.reports.overlap import overlap
from muster.service.reports.reported import Reported, reported
from muster.service.reports.unchanging import unchanging
from muster.service.reports.uncovered import among, missing_of, uncovered
from muster.service.resolve import PageRequest
from muster.service.rows import Column, columns, rows
from muster.views import reports as views
from muster.views.sheets import Batches

router = APIRouter(prefix=f"{BASE}/reports", tags=["reports"])


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
    return _report("overlap", reported(work, overlap(work, limit=limit, of=one), limit), how)


@router.get("/unchanging", responses=_told(UnchangingRows))
def unchanging_products(caller: Viewer, how: How, limit: Limit = 1_000, since: For = None) -> Response:
    """Say which products never change, or have not for long, the longest first."""
    with pointed("/query/for"):
        found = unchanging(caller.work, milliseconds=None if since is None else span(since))
    return _report("unchanging", reported(caller.work, found, limit), how)


@router.get("/deadClauses", responses=_told(DeadRows))
def dead_clauses_of_products(caller: Viewer, how: How, limit: Limit = 1_000) -> Response:
    """Say which clauses of selections say nothing today: without one of them the same assets would be held.

    A clause inside of a dead one is not told of. Pins and exclusions do not count.
    """
    return _report("deadClauses", reported(caller.work, dead_clauses(caller.work), limit), how)


@router.get("/freshness", responses=_told(FreshnessRows))
def freshness_of_products(caller: Viewer, how: How, limit: Limit = 1_000) -> Response:
    """Say how old the stored members of each product are, against how old its policy lets them be: breaches first."""
    return _report("freshness", reported(caller.work, freshness(caller.work), limit), how)


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
        narrowed = among(work, q)
        if how is Format.JSON:
            return told(views.uncovered(uncovered(work, request, narrowed)))
        missing, _ = missing_of(work, narrowed)
    shown = columns(())
    return _streamed("uncovered", shown, rows(work, missing, shown), how)


def _report(name: str, found: Reported, how: Format) -> Response:
    report = views.report(found)
    return told(report) if how is Format.JSON else _streamed(name, *views.table(name, report), how)


def _streamed(name: str, shown: Sequence[Column], batches: Batches, how: Format) -> Response:
    return StreamingResponse(
        WRITERS[how](shown, batches),
        media_type=MEDIA[how],
        headers={"Content-Disposition": disposition(name, how), "Vary": "Accept"},
    )
