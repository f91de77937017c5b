"""A server on this machine that answers as it is told, faults included."""

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

from muster.engines.opensearch.connection.address import Address, read_address
from muster.engines.opensearch.dialect import Product

INFO: Mapping[Product, Mapping[str, Any]] = {
    Product.OPENSEARCH: {
        "version": {"number": "3.8.0", "distribution": "opensearch"},
        "tagline": "The OpenSearch Project: https://opensearch.org/",
    },
    Product.ELASTICSEARCH: {
        "version": {"number": "9.5.3", "build_flavor": "default"},
        "tagline": "You Know, for Search",
    },
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer over HTTP."""

    status: int = 200
    body: Any = field(default_factory=dict)
    """Text as it is, everything else as JSON."""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0
    """Seconds it takes."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset instead of an answer."""


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes instead of an answer, and the connection ends."""

    data: bytes = b""


Act = Reply | Reset | Raw
Plan = Callable[[Asked], Act]


class Fake:
    """A server, what it was asked, and how it answers: who it is at `/`, by `plan` everywhere else."""

    def __init__(self, product: Product, port: int) -> None:
        self.product = product
        self.port = port
        self.info: Act = Reply(body=INFO[product])
        self.plan: Plan = lambda _: Reply()
        self.asked: list[Asked] = []
        self.met = 0

    def address(self, *, before: str = "", after: str = "") -> Address:
        """Return where it is, with something before the host, and after."""
        return read_address(f"{self.product.lower()}://{before}127.0.0.1:{self.port}{after}")

    def answers(self, *acts: Act) -> None:
        """Answer so in turn, the last for good."""
        left = list(acts)
        self.plan = lambda _: left.pop(0) if len(left) > 1 else left[0]

    def act(self, asked: Asked) -> Act:
        """Return what to do, and remember what was asked."""
        if asked.target == "/":
            self.met += 1
            return self.info
        self.asked.append(asked)
        return self.plan(asked)


@contextlib.contextmanager
def fake(product: Product, certificate: tuple[Path, Path] | None = None) -> Iterator[Fake]:
    """Serve until the context ends, over TLS with a certificate and its key."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if certificate is not None:
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.fake = Fake(product, server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """Return a port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: Fake

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a client end a connection without a word in the terminal."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def handle_one_request(self) -> None:
        """Read a request whatever its method, and do as planned."""
        self.raw_requestline = self.rfile.readline(65_537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._do(self.server.fake.act(Asked(self.command, self.path, headers, body)))

    def _do(self, act: Act) -> None:
        match act:
            case Reply():
                self._reply(act)
            case Reset():
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
            case Raw(data):
                self.wfile.write(data)
                self.close_connection = True

    def _reply(self, reply: Reply) -> None:
        time.sleep(reply.after)
        body = (reply.body if isinstance(reply.body, str) else json.dumps(reply.body)).encode()
        self.send_response(reply.status)
        for name, value in {"content-type": reply.kind, "content-length": str(len(body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
