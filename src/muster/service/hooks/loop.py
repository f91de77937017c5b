"""Tell hooks what happens for as long as the process runs."""

import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog

from muster.errors import MusterError, RecordUnavailable
from muster.protocols import Pause
from muster.service.hooks.delivering import Deliverer, Turn

IDLE: Final = 0.2
"""Seconds between two looks at what there is to tell."""

PATIENCE: Final = 10.0
"""Most seconds between two tries while the record is away."""

log = structlog.get_logger(__name__)


def deliver(deliverer: Deliverer, at_once: int, pause: Pause) -> Iterator[RecordUnavailable]:
    """Tell each hook what is due, so many of them at once; yield what keeps it from that.

    Whoever stops finishes what is being sent, and lets the lease go. Nothing is lost while the record is away.
    """
    stopped, busy, delay = threading.Event(), _Busy(), IDLE
    with ThreadPoolExecutor(at_once, thread_name_prefix="hooks") as pool:
        try:
            while not pause(delay):
                taken = busy.now()
                try:
                    turns = deliverer.turns()
                except RecordUnavailable as error:
                    delay = min(2 * delay, PATIENCE)
                    yield error
                    continue
                delay = IDLE
                for turn in turns:
                    if turn.hook.guid not in taken:
                        busy.begin(turn)
                        pool.submit(_take, deliverer, turn, stopped, busy)
        finally:
            stopped.set()
    with contextlib.suppress(MusterError):
        deliverer.close()


class _Busy:
    """The hooks that are being told, so that each is told by one thread at a time."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._guids: frozenset[str] = frozenset()

    def now(self) -> frozenset[str]:
        """Return them, by guid. What is read of the record after this is as new as those that are not among them."""
        return self._guids

    def begin(self, turn: Turn) -> None:
        with self._changing:
            self._guids |= {turn.hook.guid}

    def end(self, turn: Turn) -> None:
        with self._changing:
            self._guids -= {turn.hook.guid}


def _take(deliverer: Deliverer, turn: Turn, stopped: threading.Event, busy: _Busy) -> None:
    """Take a turn; what fails is logged, and the hook has another turn."""
    try:
        deliverer.take(turn, stopped.is_set)
    except MusterError as error:
        log.warning("a webhook could not be told", hook=turn.hook.guid, code=error.code, reason=error.message)
    except Exception:
        log.exception("a webhook could not be told", hook=turn.hook.guid)
    finally:
        busy.end(turn)
