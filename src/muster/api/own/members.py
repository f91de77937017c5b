"""Members of a product: a page of them, all of them, how many there are."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Header, Query, Response

from muster import views
from muster.api.own.delivery import MEDIA, Format, Whole, chosen, delivered
from muster.api.own.running import running
from muster.api.own.shapes import Count, Members
from muster.api.own.web import BASE, MOST, NAMES, Fields, ProductRef, SortBy, answers, fields, order
from muster.api.pointing import pointed
from muster.api.web import Described, Viewer, told
from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.service import resolve
from muster.service.dotted import product
from muster.service.moments import span
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
    mode: Moded,
    part: Part,
    how: How,
    wanted: Fields = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Read the members of a product: a page of them, or all of them as a stream.

    A stream has a row for every member, in the order in which they came to the catalog: `guid`, `typeName`,
    `qualifiedName`, `name`, `status`, and the fields asked for.
    """
    work = caller.work
    found = _prepared(work, ref, mode)
    if how is not Format.JSON:
        refuse_parts(part)
        return delivered(_whole(work, found, mode, fields(wanted)), how)
    limit, cursor, sort = part
    request = PageRequest(limit or USUAL, order(sort), cursor)
    with running("", "/query"):
        page = resolve.members_page(work, found.entity.guid, mode, request)
    return told(views.member_page(page, fields(wanted)))


@router.get(f"/{{ref:{NAMES}}}/members/count", responses=answers(Count, "How many there are, in all and by type."))
def count_members(caller: Viewer, ref: ProductRef, mode: Moded) -> Response:
    """Count the members of a product."""
    work = caller.work
    found = _prepared(work, ref, mode)
    _, source, held = resolve.members(work, found.entity.guid, mode)
    stored = source.source is Source.STORED
    by_type = resolve.stored_tally(work, held) if stored else resolve.tally(work, held, limit=TYPES)
    return told(views.count(by_type, len(held), source))


def _prepared(work: Workspace, ref: str, mode: Mode) -> Product:
    """Return a product; where its selection is going to run, the index knows by then all that the record does.

    A stored answer needs no index.
    """
    found = product(work, ref)
    last = work.record.generations([found.entity.guid]).get(found.entity.guid)
    if resolve.readable(work, found, last, mode) is None:
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


def _whole(work: Workspace, one: Product, mode: Mode, named: Sequence[str]) -> Whole:
    _, source, held = resolve.members(work, one.entity.guid, mode)
    shown = columns(named)
    return Whole(one.entity.name, source, len(held), shown, rows(work, held, shown))
