"""A receiver of webhooks on this machine: takes what is sent, and answers as a test says."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from muster.service.hooks.signing import signature


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came; the names of headers in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The message's id."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """What the body says."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def number(self) -> int:
        """The event's number."""
        found: int = self.event["musternumber"]
        return found

    def is_signed(self, secret: str) -> bool:
        """Whether it came from who knows a secret."""
        at = int(self.headers["webhook-timestamp"])
        return signature(secret, self.id, at, self.body) in self.headers["webhook-signature"].split(" ")


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer, after so many seconds; `drip` sends the body byte by byte with so many seconds between them.

    `twice` sends another answer after it that nobody asked for.
    """

    code: int = 204
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drip: float = 0.0
    twice: bool = False


def fine(_: Received) -> Reply:
    """Take everything."""
    return Reply()


@dataclass
class Receiver:
    """What came, in order, and how it is answered."""

    port: int = 0
    reply: Callable[[Received], Reply] = fine
    received: list[Received] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/in"

    @property
    def numbers(self) -> list[int]:
        """The numbers of the events that came, each time they came."""
        return [one.number for one in self.received]

    def wait(self, until: Callable[[Receiver], bool], seconds: float = 30.0) -> None:
        """Wait until something holds of what came."""
        with self.came:
            assert self.came.wait_for(lambda: until(self), seconds), [one.id for one in self.received]

    def take(self, one: Received) -> Reply:
        """Take a request."""
        reply = self.reply(one)
        with self.came:
            self.received.append(one)
            self.came.notify_all()
        return reply


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:  # whoever sent it ended in the middle: nothing came
                return
            said = {name.lower(): value for name, value in self.headers.items()}
            reply = receiver.take(Received(self.path, said, body))
            time.sleep(reply.wait)
            self.send_response(reply.code)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "content-length" not in {name.lower() for name in reply.headers}:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            for at in range(len(reply.body) if reply.drip else 0):
                self.wfile.write(reply.body[at : at + 1])
                time.sleep(reply.drip)
            if not reply.drip:
                self.wfile.write(reply.body)
            if reply.twice:
                self.wfile.write(b"HTTP/1.1 500 Twice\r\nContent-Length: 0\r\n\r\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library has it
            """Say nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went."""


@contextmanager
def receiving(
    reply: Callable[[Received], Reply] = fine, *, port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """Receive on a port until the end of the block."""
    receiver = Receiver(reply=reply)
    server = _Server(("127.0.0.1", port), _handler(receiver))
    receiver.port = server.server_address[1]
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
