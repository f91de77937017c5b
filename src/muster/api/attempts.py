"""Count what went wrong per client, within bounds: of time, and of memory."""

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

NETWORK = 64
"""Bits of an IPv6 address that are one client: the rest of them it may choose itself."""


@dataclass(slots=True)
class _Window:
    """How many failures there were in a span of time that ends at `end`."""

    failures: int
    end: float


class Attempts:
    """At most `limit` failures per client in `seconds`; after them the client waits until the span ends.

    Safe to share between threads. Of more than `ROOM` clients the one that began longest ago is forgotten.
    """

    ROOM = 10_000

    def __init__(self, limit: int, seconds: float, ticks: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._ticks = ticks
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._changing = threading.Lock()

    def wait(self, address: str) -> float:
        """Return how many seconds an address has to wait before it may try again; 0 when it may now."""
        window = self._windows.get(_client(address))
        if window is None or window.failures < self._limit:
            return 0.0
        return max(0.0, window.end - self._ticks())

    def failed(self, address: str) -> None:
        """Count one failure of an address."""
        now, client = self._ticks(), _client(address)
        with self._changing:
            window = self._windows.get(client)
            if window is None or window.end <= now:
                window = self._begun(client, now)
            window.failures += 1

    def _begun(self, client: str, now: float) -> _Window:
        """Begin a span; those that have ended, all of them in front, make room first."""
        self._windows.pop(client, None)
        while self._windows and (len(self._windows) >= self.ROOM or next(iter(self._windows.values())).end <= now):
            self._windows.popitem(last=False)
        self._windows[client] = _Window(0, now + self._seconds)
        return self._windows[client]


def _client(address: str) -> str:
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address.partition("%")[0], NETWORK), strict=False))
