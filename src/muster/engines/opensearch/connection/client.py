"""A search server behind its official client: first contact, retries, and errors that say what happened."""

import base64
import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_before_delay, wait_random_exponential

from muster.engines.opensearch.connection.address import Address
from muster.engines.opensearch.connection.failures import Failed, Garbled, passing, raised
from muster.engines.opensearch.connection.meeting import met
from muster.engines.opensearch.connection.wire import JSON, LINES, Wire, encoded
from muster.engines.opensearch.dialect import Dialect, Product
from muster.engines.opensearch.server import Json, Refused, Server
from muster.errors import EngineUnavailable

LEAST_ATTEMPTS = 4
FIRST_WAIT = 0.2
LONGEST_WAIT = 2.0
SHORTEST_TRY = 0.01
"""Seconds that a try has, however late it begins."""
READS = ("/_search", "/_msearch", "/_count", "/_mget", "/_refresh", "/_analyze", "/_field_caps")
"""Ends of paths to which a POST changes nothing."""
NEWEST_FORM = 9
"""The major version of Elasticsearch whose form of requests and answers the client knows last."""
_COMPATIBLE = "application/vnd.elasticsearch+{kind}; compatible-with={major}"
_LOGGERS = ("opensearch", "elastic_transport.transport", "elastic_transport.node_pool", "urllib3.connectionpool")

for _name in _LOGGERS:  # a program that sets up no logging is not to print what the error says anyway
    logging.getLogger(_name).addHandler(logging.NullHandler())


def open_server(address: Address, *, timeout: float, connections: int) -> Server:
    """Return the server at an address; nothing is sent to it before it is asked something.

    `timeout` is the seconds that one request may take, tries and all; `connections` how many may be under way at once.
    """
    return _Client(address, _wire(address, connections), timeout, connections)


def _wire(address: Address, connections: int) -> Wire:
    headers = _authorization(address)
    match address.product:
        case Product.OPENSEARCH:
            from muster.engines.opensearch.connection.over_opensearch import (  # noqa: PLC0415 - one of two is needed
                OverOpenSearch,
            )

            return OverOpenSearch(address, connections, headers)
        case Product.ELASTICSEARCH:
            from muster.engines.opensearch.connection.over_elasticsearch import (  # noqa: PLC0415 - as above, and takes long
                OverElasticsearch,
            )

            return OverElasticsearch(address, connections, headers)


def _authorization(address: Address) -> dict[str, str]:
    if address.api_key is not None:
        return {"authorization": f"ApiKey {address.api_key}"}
    if address.user is not None:
        pair = f"{address.user}:{address.password}".encode()
        return {"authorization": f"Basic {base64.b64encode(pair).decode()}"}
    return {}


class _Client:
    """A server that is asked through one of the official clients; safe to share between threads."""

    def __init__(self, address: Address, wire: Wire, timeout: float, connections: int) -> None:
        self._address = address
        self._wire = wire
        self._timeout = timeout
        self._connections = connections
        self._slots = threading.BoundedSemaphore(connections)
        self._met: Dialect | None = None

    @property
    def dialect(self) -> Dialect:
        """What this server speaks; the first use asks it for its version.

        Raises:
            EngineUnavailable: it does not answer, is another product than the address says, or too old.
        """
        if (
            self._met is None
        ):  # threads that meet it at once ask each for itself: waiting for another's time-out is worse
            self._met = met(self._introduction(), self._address)
        return self._met

    def _introduction(self) -> Any:
        """Return what the server says of itself; one that refuses to say is none."""
        try:
            return self._ask("GET", "/", None, {"accept": JSON})
        except Refused as refused:
            raise raised(Garbled(f"status {refused.status}"), self._address, self._timeout) from refused

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Json | Sequence[Json] | bytes | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Any:
        """As `Server.request`."""
        target = f"{path}?{urlencode(params)}" if params else path
        data = None if body is None else encoded(body)
        kind = JSON if body is None or isinstance(body, Mapping) else LINES
        return self._ask(method, target, data, _headers(self.dialect, kind, has_body=body is not None))

    def close(self) -> None:
        """As `Server.close`."""
        self._wire.close()

    def _ask(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]) -> Any:
        until = time.monotonic() + self._timeout
        try:
            for attempt in self._attempts(method, target):
                with attempt, self._slot(_left(until)):
                    return self._wire.send(method, target, body, headers, _left(until))
        except Failed as failed:
            raise raised(failed.failure, self._address, self._timeout) from failed.__cause__

    def _attempts(self, method: str, target: str) -> Retrying:
        path = target.partition("?")[0]
        reads = method in {"GET", "HEAD"} or (method == "POST" and path.endswith(READS))
        return Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, Failed) and passing(error.failure, reads=reads)),
            stop=stop_after_attempt(max(LEAST_ATTEMPTS, len(self._address.hosts) + 1))
            | stop_before_delay(self._timeout),
            wait=wait_random_exponential(FIRST_WAIT, LONGEST_WAIT),
            reraise=True,
        )

    @contextmanager
    def _slot(self, seconds: float) -> Iterator[None]:
        if not self._slots.acquire(timeout=seconds):
            raise EngineUnavailable(
                f"all {self._connections} connections to {self._address.product} are in use",
                hint="try again, or allow more with `MUSTER_ENGINE_CONNECTIONS`",
            )
        try:
            yield
        finally:
            self._slots.release()


def _left(until: float) -> float:
    return max(until - time.monotonic(), SHORTEST_TRY)


def _headers(speaks: Dialect, kind: str, *, has_body: bool) -> dict[str, str]:
    """Return what a request says of its form; Elasticsearch is told in which version's form it is."""
    accept = JSON
    if speaks.product is Product.ELASTICSEARCH:
        major = min(speaks.version[0], NEWEST_FORM)
        accept, kind = (_COMPATIBLE.format(kind=one.removeprefix("application/"), major=major) for one in (JSON, kind))
    return {"accept": accept, "content-type": kind} if has_body else {"accept": accept}
