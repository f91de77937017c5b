"""Events as a stream, in the format of Server-Sent Events (WHATWG HTML, 9.2)."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import orjson
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from muster.api.pointing import pointed
from muster.api.waiting import Waiters
from muster.errors import InvalidInput, MusterError
from muster.hook import Interest
from muster.service.changes import NUMBERS
from muster.service.telling import Page, page
from muster.service.workspace import Workspace
from muster.views import events as views

STREAM: Final = "text/event-stream"

AT_ONCE: Final = 20
"""Events read at once."""

BEAT: Final = 15.0
"""Seconds after which a stream that has nothing to tell says that it is there."""

LIFE: Final = 900.0
"""Seconds after which a stream ends, for its client to come again: with a token that holds by then."""

AGAIN: Final = 2_000
"""Milliseconds after which a client comes again."""

HEADER: Final = "/header/Last-Event-ID"
HEADERS: Final = {"X-Accel-Buffering": "no"}
"""Tells proxies to pass on what comes at once."""


@dataclass(frozen=True, slots=True)
class After:
    """The number of an event, and where the request says it."""

    number: int
    path: str


async def followed(work: Workspace, waiters: Waiters, after: After, wanted: Interest) -> StreamingResponse:
    """Return the events after one, and those that happen from now on, as a stream.

    Raises:
        InvalidInput: nothing that late has happened yet.
        TooManyWaiting: there are as many streams and requests that wait as there may be.
    """
    waiters.refuse_more()
    with pointed(after.path):
        first = await run_in_threadpool(page, work, after.number, AT_ONCE, wanted)
    return StreamingResponse(_lines(work, waiters, first, wanted), media_type=STREAM, headers=HEADERS)


def last_seen(said: str) -> After:
    """Return the event that `Last-Event-ID` says.

    Raises:
        InvalidInput: it is none.
    """
    if said.isdecimal() and len(said) < 17 and int(said) < NUMBERS.stop:
        return After(int(said), HEADER)
    raise InvalidInput("`Last-Event-ID` is the number of an event", path=HEADER)


async def _lines(work: Workspace, waiters: Waiters, found: Page, wanted: Interest) -> AsyncIterator[bytes]:
    """Yield events as they happen, until the stream is old, the record is away or the service stops."""
    with waiters.place():
        end = time.monotonic() + LIFE
        yield f"retry: {AGAIN}\n\n".encode()
        while not waiters.stopped and time.monotonic() < end:
            for one in found.shown:
                yield b"id: %d\ndata: %b\n\n" % (one.event.number, orjson.dumps(views.event(one)))
            if found.after >= found.last and not await waiters.later(found.after, BEAT):
                yield b": still here\n\n"
            try:
                found = await run_in_threadpool(page, work, found.after, AT_ONCE, wanted)
            except MusterError:
                return
