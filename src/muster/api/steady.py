"""Work that goes on for as long as the service runs, in a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from typing import Generic, Self, TypeVar

import structlog

from muster.protocols import Pause

log = structlog.get_logger(__name__)

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds after which work that failed is begun again."""


class Steady(Generic[T]):
    """Works from entering to leaving; leaving waits for what is under way, at most `grace` seconds.

    `rounds` is begun with what it pauses by, and tells of each round; `tell` hears of it. What has not ended by then is
    left behind: whatever it meets after that is nobody's business.
    """

    def __init__(
        self, name: str, rounds: Callable[[Pause], Iterator[T]], tell: Callable[[T], None], grace: float | None = None
    ) -> None:
        self._name = name
        self._rounds = rounds
        self._tell = tell
        self._grace = grace
        self._left = False
        self._told = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and come back when it has, or when its time is over."""
        self._told.set()
        self._thread.join(self._grace)
        self._left = self._thread.is_alive()

    def _run(self) -> None:
        """Go on whatever happens: what was not foreseen is logged, and begun again after a while."""
        while not self._told.is_set():
            try:
                for done in self._rounds(self._told.wait):
                    self._tell(done)
            except Exception:
                if not self._left:
                    log.exception("work that goes on failed", work=self._name)
                self._told.wait(PATIENCE)
