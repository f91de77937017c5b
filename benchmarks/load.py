"""Clients in a closed loop: each sends its next request when the last is answered."""

import http.client
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median, quantiles

PATIENCE = 60.0
"""Seconds that one answer may take."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: `bodies` are posted to `path` in turn."""

    host: str
    port: int
    path: str
    bodies: Sequence[bytes]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Load:
    """What clients saw: the seconds of each answer, and of all of it."""

    seconds: Sequence[float]
    clock: float

    def figures(self) -> dict[str, float]:
        """Return answers a second, and percentiles in milliseconds."""
        return {
            "answers/s": len(self.seconds) / self.clock,
            "ms median": 1000 * median(self.seconds),
            "ms 99th percentile": 1000 * quantiles(self.seconds, n=100)[98],
        }


def load(target: Target, clients: int, seconds: float) -> Load:
    """Ask for so long, by so many clients at once; every answer must be a 200.

    Raises:
        SystemExit: an answer was another.
    """
    times: list[list[float]] = [[] for _ in range(clients)]
    failures: list[str] = []
    began = time.perf_counter()

    def client(number: int) -> None:
        try:
            _ask(target, number, began + seconds, times[number])
        except (OSError, http.client.HTTPException, ValueError) as error:
            failures.append(str(error))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failures:
        raise SystemExit(f"{target.path}: {failures[0]}")
    return Load([one for each in times for one in each], time.perf_counter() - began)


def _ask(target: Target, first: int, until: float, times: list[float]) -> None:
    connection = http.client.HTTPConnection(target.host, target.port, timeout=PATIENCE)
    for number in count(first):
        began = time.perf_counter()
        if began >= until:
            break
        answer(connection, target, number)
        times.append(time.perf_counter() - began)
    connection.close()


def answer(connection: http.client.HTTPConnection, target: Target, number: int) -> bytes:
    """Return one answer, read whole.

    Raises:
        ValueError: it is no 200.
    """
    body = target.bodies[number % len(target.bodies)]
    connection.request("POST", target.path, body, dict(target.headers))
    response = connection.getresponse()
    told = response.read()
    if response.status != 200:
        raise ValueError(f"{response.status} {told[:300]!r}")
    return told
