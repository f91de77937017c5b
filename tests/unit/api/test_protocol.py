"""Connections on which nothing is asked are closed."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from muster.api import protocol


async def hello(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - as ASGI has it
    """Answer."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body"})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server that waits a fifth of a second for the headers of a request."""
    monkeypatch.setattr(protocol, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(hello, http=protocol.Protocol, lifespan="off", log_config=None, timeout_keep_alive=60)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\n"])
def test_who_does_not_finish_the_headers_is_hung_up_on(port: int, said: bytes) -> None:
    """On a new connection, and on one that was used before."""
    for before in (b"", b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"):
        if before and not said:
            continue  # an idle connection is kept for longer
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connected:
            connected.sendall(before)
            answered = connected.recv(1000) if before else b""
            connected.sendall(said)
            assert connected.recv(1000) == b""
        assert answered.startswith(b"HTTP/1.1 200" if before else b"")


def test_an_idle_connection_is_kept(port: int) -> None:
    """Between two requests there is more time."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connected:
        for _ in range(2):
            connected.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            assert connected.recv(1000).startswith(b"HTTP/1.1 200")
            threading.Event().wait(0.4)
