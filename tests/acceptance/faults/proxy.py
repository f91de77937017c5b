"""A proxy before a server, which does to requests what it is told."""

from __future__ import annotations

import contextlib
import http.client
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from muster.engines.opensearch.connection.address import SCHEMES
from tests.unit.engines.opensearch.faking import Act, Asked, Fake, Raw, Reply, Reset, fake

Plan = Callable[[Asked], Act | None]
"""What to do with a request; None: pass it on."""

HEADERS = frozenset({"content-type", "accept"})


class Proxy:
    """Passes requests on, save those that its plan has something else for."""

    def __init__(self, faked: Fake, host: str) -> None:
        self.port = faked.port
        self.plan: Plan = lambda _: None
        self._faked = faked
        self._host = host
        faked.plan = self._act

    @property
    def asked(self) -> list[Asked]:
        """What it was asked so far, without the first question of who is there."""
        return self._faked.asked

    def passed_on(self, asked: Asked) -> Reply:
        """Return what the server answers."""
        connection = http.client.HTTPConnection(self._host, timeout=60)
        with contextlib.closing(connection):
            headers = {name: value for name, value in asked.headers.items() if name in HEADERS}
            connection.request(asked.method, asked.target, asked.body or None, headers)
            answer = connection.getresponse()
            kind = answer.getheader("content-type", "application/json")
            return Reply(answer.status, answer.read().decode(), kind)

    def _act(self, asked: Asked) -> Act:
        act = self.plan(asked)
        if act is not None:
            return act
        try:
            return self.passed_on(asked)
        except OSError:
            return Reset()


@contextlib.contextmanager
def before(url: str) -> Iterator[Proxy]:
    """A proxy before the server at a URL of Muster's settings, for as long as the context lasts."""
    place = urlsplit(url)
    with fake(SCHEMES[place.scheme]) as faked:
        yield Proxy(faked, place.netloc)


class Once:
    """A plan that does something as the nth request comes, and lets all pass."""

    def __init__(self, number: int, do: Callable[[], None]) -> None:
        self.left = number
        self._do = do
        self._lock = threading.Lock()

    def __call__(self, _: Asked) -> None:
        """Count down, and do it at 0."""
        with self._lock:
            self.left -= 1
            if self.left == -1:
                self._do()


def lottery(proxy: Proxy, luck: random.Random, share: float) -> Plan:
    """Return a plan that spoils a share of the requests, some before and some after the server has done them."""

    def plan(asked: Asked) -> Act | None:
        if luck.random() >= share:
            return None
        if luck.random() < 0.5:
            proxy.passed_on(asked)
        return luck.choice((Reset(), Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"), BUSY, AWAY))

    return plan


@contextlib.contextmanager
def dribbling(pause: float) -> Iterator[int]:
    """The port of a server that answers everything an octet at a time, for as long as anybody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_dribble, args=(server, pause), daemon=True).start()
        yield server.getsockname()[1]


def _dribble(server: socket.socket, pause: float) -> None:
    with contextlib.suppress(OSError):
        while True:
            there, _ = server.accept()
            with there, contextlib.suppress(OSError):
                there.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999\r\n\r\n{")
                while True:
                    there.sendall(b" ")
                    time.sleep(pause)


BUSY = Reply(429, {"error": {"type": "rejected_execution_exception", "reason": "queue is full"}, "status": 429})
AWAY = Reply(503, {"error": {"type": "node_closed_exception", "reason": "going down"}, "status": 503})
