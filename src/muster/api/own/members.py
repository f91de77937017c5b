"""Members of a product: a page of them, all of them, how many there are."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from muster import views
from muster.api.own.delivery import MEDIA, Format, Whole, chosen, delivered
from muster.api.own.running import running
from muster.api.own.shapes import Count, Members
from muster.api.own.web import BASE, MOST, Fields, ProductRef, SortBy, answers, fields, order
from muster.api.paths import NAMES
from muster.api.pointing import pointed
from muster.api.web import Described, Viewer, told
from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.service import past, resolve
from muster.service.dotted import product, remembered
from muster.service.moments import span
from muster.service.past import Reading, When, read_when
from muster.service.project import project
from muster.service.resolve import Live, MaxAge, Mode, PageRequest, Source, Stored
from muster.service.rows import columns, rows
from muster.service.workspace import Workspace

router = APIRouter(prefix=f"{BASE}/dataProducts", tags=["members"])

USUAL: Final = 100
"""Members on a page, where nothing else is said."""

TYPES: Final = 10_000
"""Types that members are counted by."""

PARTS: Final = ("limit", "cursor", "sort")
"""What only a page has."""

HEADERS: Final[Mapping[str, str]] = {
    "Source": "`live` or `stored`",
    "Revision": "the revision of the selection",
    "Total": "how many members there are",
    "Generation": "the number of the stored membership",
}
"""What is told before a stream begins."""


async def _mode(
    mode: Annotated[
        Literal["live", "stored"] | None,
        Query(description="Run the selection now (`live`, the usual), or read the last sync (`stored`)."),
    ] = None,
    max_age: Annotated[
        str | None,
        Query(
            alias="maxAge",
            description="Read the last sync when it is at most so old and of the current revision, else run the selection: "
            "`30s`, `10m`, `12h`, `7d`.",
            examples=["10m"],
        ),
    ] = None,
) -> Mode:
    if max_age is None:
        return Stored() if mode == "stored" else Live()
    if mode is not None:
        raise InvalidInput("`mode` and `maxAge` exclude each other", path="/query/maxAge", hint="leave `mode` out")
    with pointed("/query/maxAge"):
        return MaxAge(span(max_age))


Moded = Annotated[Mode, Depends(_mode)]


async def _reading(
    request: Request,
    caller: Viewer,
    mode: Moded,
    as_of: Annotated[
        str | None,
        Query(
            alias="asOf",
            max_length=100,
            description="Read the members that were stored then: at a time (ISO, UTC where it says no zone, or `7d` for a week "
            "ago), after a run (`run:7`), or in a generation (`generation:3`).",
            examples=["run:7"],
        ),
    ] = None,
) -> Reading:
    if as_of is None:
        return mode
    if said := next((name for name in ("mode", "maxAge") if name in request.query_params), None):
        raise InvalidInput(f"`asOf` and `{said}` exclude each other", path="/query/asOf", hint=f"leave `{said}` out")
    with pointed("/query/asOf"):
        return read_when(as_of, caller.work.clock())


Read = Annotated[Reading, Depends(_reading)]


async def _part(
    limit: Annotated[
        int | None, Query(ge=1, le=MOST, description=f"At most so many on a page; {USUAL} where left out.")
    ] = None,
    cursor: Annotated[
        str | None, Query(max_length=10_000, description="Where to go on: `next` of the page before, unchanged.")
    ] = None,
    sort: SortBy = [],  # noqa: B006 - FastAPI copies it
) -> tuple[int | None, str | None, Sequence[str]]:
    return limit, cursor, sort


Part = Annotated[tuple[int | None, str | None, Sequence[str]], Depends(_part)]


async def _format(
    said: Annotated[
        Format | None,
        Query(
            alias="format",
            description="A page of JSON, or every member as a stream: NDJSON, CSV or Parquet. `Accept` says the same.",
        ),
    ] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Format:
    return chosen(said, accept)


How = Annotated[Format, Depends(_format)]


def described_as(model: Any, headers: Sequence[str] = ("Source", "Revision", "Total", "Generation")) -> Described:
    """Return the description of the answers: a page, or a stream in one of the formats, with headers before it."""
    described = answers(model, "A page of members, or all of them as a stream.")
    streams: dict[str, Any] = {
        media: {"schema": {"type": "string"}} for one, media in MEDIA.items() if one is not Format.JSON
    }
    told_before = {
        f"X-Muster-{name}": {"schema": {"type": "string"}, "description": f"Of a stream: {HEADERS[name]}."}
        for name in headers
    }
    return {**described, 200: {**described[200], "content": streams, "headers": told_before}}


@router.get(f"/{{ref:{NAMES}}}/members", responses=described_as(Members))
def members(
    caller: Viewer,
    ref: ProductRef,
    reading: Read,
    part: Part,
    how: How,
    wanted: Fields = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Read the members of a product: a page of them, or all of them as a stream.

    A stream has a row for every member, in the order in which they came to the catalog: `guid`, `typeName`,
    `qualifiedName`, `name`, `status`, and the fields asked for.
    """
    work = caller.work
    found = _prepared(work, ref, reading)
    if how is not Format.JSON:
        refuse_parts(part)
        return delivered(_whole(work, found, reading, fields(wanted)), how)
    limit, cursor, sort = part
    request = PageRequest(limit or USUAL, order(sort), cursor)
    with running("", "/query"):
        page = past.read_page(work, found, reading, request)
    return told(views.member_page(page, fields(wanted)))


@router.get(f"/{{ref:{NAMES}}}/members/count", responses=answers(Count, "How many there are, in all and by type."))
def count_members(caller: Viewer, ref: ProductRef, reading: Read) -> Response:
    """Count the members of a product."""
    work = caller.work
    source, held = past.read_members(work, _prepared(work, ref, reading), reading)
    stored = source.source is Source.STORED
    by_type = resolve.stored_tally(work, held) if stored else resolve.tally(work, held, limit=TYPES)
    return told(views.count(by_type, len(held), source))


def _prepared(work: Workspace, ref: str, reading: Reading) -> Product:
    """Return a product; where its selection is going to run, the index knows by then all that the record does.

    A stored answer needs no index.
    """
    if isinstance(reading, When):
        return remembered(work, ref)
    found = product(work, ref)
    last = work.record.generations([found.entity.guid]).get(found.entity.guid)
    if resolve.readable(work, found, last, reading) is None:
        project(work)
    return found


def refuse_parts(part: tuple[int | None, str | None, Sequence[str]]) -> None:
    """Refuse what only a page has, where a stream is wanted."""
    said = next((name for name, value in zip(PARTS, part, strict=True) if value), None)
    if said is not None:
        raise InvalidInput(
            f"a stream has every member, in its own order: `{said}` is for pages",
            path=f"/query/{said}",
            hint="leave it out, or ask for JSON",
        )


def _whole(work: Workspace, one: Product, reading: Reading, named: Sequence[str]) -> Whole:
    source, held = past.read_members(work, one, reading)
    shown = columns(named)
    return Whole(one.entity.name, source, len(held), shown, rows(work, held, shown))
