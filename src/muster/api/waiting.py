"""Requests that wait for something to happen: none of them takes a thread, and all of them cost one look at the record."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Final

import anyio.to_thread
from anyio import CapacityLimiter

from muster.api.statuses import TooManyWaiting
from muster.errors import MusterError

STOP: Final = "stop"
"""What the state of a server has the function by that lets those go who wait, when it is about to stop."""

BETWEEN: Final = 0.25
"""Seconds between two looks."""


class Waiters:
    """At most `most` requests that wait for events. Everything but `stop` is for the loop that serves."""

    def __init__(self, last_event: Callable[[], int], most: int) -> None:
        self._last_event = last_event
        self._most = most
        self._count = 0
        self._last = -1
        self._news = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self.stopped = False

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Be one of those who wait.

        Raises:
            TooManyWaiting: there are as many already as there may be.
        """
        self.refuse_more()
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1

    def refuse_more(self) -> None:
        """Raise where nobody more may wait, as `place` does."""
        if self._count >= self._most:
            raise TooManyWaiting(f"{self._most:,} requests wait for events already", hint="ask again without `wait`")

    async def later(self, number: int, seconds: float) -> bool:
        """Wait until there is an event after a number, at most so many seconds; return whether there is one."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._last <= number and not self.stopped:
                    await self._news.wait()
        return self._last > number

    def stop(self) -> None:
        """Let everybody who waits go: the service stops."""
        self.stopped = True
        self._wake()
        if self._looking is not None:
            self._looking.cancel()

    async def _look(self) -> None:
        """Look what the last event is for as long as anybody waits; a record that is away is asked again."""
        limiter = CapacityLimiter(1)
        while self._count and not self.stopped:
            with contextlib.suppress(MusterError):
                last = await anyio.to_thread.run_sync(self._last_event, limiter=limiter)
                if last > self._last:
                    self._last = last
                    self._wake()
            await asyncio.sleep(BETWEEN)

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()
