"""Events of memberships: read page by page, waited for, or followed as a stream."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from muster.api.own.following import STREAM, After, followed, last_seen
from muster.api.own.shapes_events import Events
from muster.api.own.web import BASE, answers
from muster.api.pointing import pointed
from muster.api.waiting import Waiters
from muster.api.web import Described, Viewer, told
from muster.errors import InvalidInput, NotFound
from muster.hook import Interest
from muster.service.changes import NUMBERS
from muster.service.moments import span
from muster.service.telling import Page, interest, page
from muster.service.workspace import Workspace
from muster.views import events as views

router = APIRouter(prefix=f"{BASE}/events", tags=["events"])

MOST: Final = 1_000
"""Events on one page."""

LONGEST: Final = 60_000
"""Milliseconds that a request may wait."""

SPARE: Final = 5.0
"""Seconds that remain of the time of a request when its waiting ends, to answer it."""

SLICE: Final = 2.0
"""Seconds between two looks whether who waits is still there."""

LAST: Final = NUMBERS.stop - 1

HowMany = Annotated[int, Query(alias="limit", ge=1, le=MOST, description="At most so many on a page.")]
Wait = Annotated[
    str | None,
    Query(
        description="How long to wait when there is nothing: a span of at most `60s`. What happens meanwhile is answered "
        "at once.",
        examples=["1s"],
    ),
]


async def _after(
    after: Annotated[
        int, Query(ge=0, le=LAST, description="Only events after this number: `paging.after` of the page before.")
    ] = 0,
    seen: Annotated[
        str | None,
        Header(alias="Last-Event-ID", description="The number of the last event of a stream that broke off: `after`."),
    ] = None,
) -> After:
    return After(after, "/query/after") if seen is None else last_seen(seen)


async def _streams(accept: Annotated[str, Header(include_in_schema=False)] = "") -> bool:
    return any(part.partition(";")[0].strip().lower() == STREAM for part in accept.split(","))


@contextmanager
def _naming(parameter: str) -> Iterator[None]:
    """Say of what is not there by which parameter it is named."""
    with pointed("/query"):
        try:
            yield
        except NotFound as error:
            error.path = f"/{parameter}"
            raise


def _interest(
    caller: Viewer,
    product: Annotated[str | None, Query(description="Only events of this product.")] = None,
    domain: Annotated[
        str | None, Query(description="Only events of products in this domain, and in those below it.")
    ] = None,
    kind: Annotated[
        Literal["muster.membership.moved", "muster.membership.held"] | None,
        Query(alias="type", description="Only events of this type."),
    ] = None,
) -> Interest:
    with _naming("domain" if product is None else "product"):
        return interest(caller.work, product, domain, [] if kind is None else [kind])


def _described() -> Described:
    described = answers(Events, "Events, the oldest first.")
    return {**described, 200: {**described[200], "content": {STREAM: {"schema": {"type": "string"}}}}}


@router.get("", responses=_described())
async def events(
    request: Request,
    caller: Viewer,
    after: Annotated[After, Depends(_after)],
    wanted: Annotated[Interest, Depends(_interest)],
    streams: Annotated[bool, Depends(_streams)],
    limit: HowMany = 100,
    wait: Wait = None,
) -> Response:
    """Read what happened: memberships that moved, runs that were held. Each event is a CloudEvent.

    With `Accept: text/event-stream` the events are sent as they happen; the `id` of each is its number, from which a
    client goes on by `Last-Event-ID`.
    """
    work, waiters = caller.work, request.app.state.waiters
    if streams:
        return await followed(work, waiters, after, wanted)
    until = time.monotonic() + _seconds(wait, request.app.state.patience)
    reading = partial(_page, work, limit, wanted, after.path)
    found = await run_in_threadpool(reading, after.number)
    if not found.shown and time.monotonic() < until:
        with waiters.place():
            found = await _awaited(request, waiters, reading, found, until)
    return await run_in_threadpool(_told, found)


async def _awaited(
    request: Request, waiters: Waiters, reading: Callable[[int], Page], found: Page, until: float
) -> Page:
    """Return the first page after one that has something on it, or the last one when the time is over."""
    while not found.shown and not waiters.stopped and (left := until - time.monotonic()) > 0:
        if await waiters.later(found.after, min(left, SLICE)):
            found = await run_in_threadpool(reading, found.after)
        elif await request.is_disconnected():
            break
    return found


def _page(work: Workspace, limit: int, wanted: Interest, path: str, after: int) -> Page:
    with pointed(path):
        return page(work, after, limit, wanted)


def _told(found: Page) -> Response:
    return told(views.page(found))


def _seconds(wait: str | None, patience: float) -> float:
    """Return how long to wait, at most as long as a request may take.

    Raises:
        InvalidInput: it is no span, or a longer one than may be.
    """
    if wait is None:
        return 0.0
    with pointed("/query/wait"):
        found = 0 if wait == "0" else span(wait)
        if found > LONGEST:
            raise InvalidInput(f"`{wait}` is longer than a request may wait", hint=f"at most {LONGEST // 1000}s")
    return min(found / 1000, max(0.0, patience - SPARE))
