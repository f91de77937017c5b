"""One connection: uvicorn's, with bounds on headers that never end and on headers that never come."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from muster.api.waiting import STOP

MOST: Final = 1_048_576
"""Bytes of address and headers; the settings bound those that came in whole, this bounds the memory they may take."""

PATIENCE: Final = 30.0
"""Seconds from the first byte of a request to the end of its headers, and for the first byte of a new connection."""


class Protocol(HttpToolsProtocol):
    """Closes connections that send too much or nothing before a request has begun."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._size = 0
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Let those go who wait, for the server to stop without waiting for them."""
        if stop := self.app_state.get(STOP):
            stop()
        super().shutdown()

    def on_message_begin(self) -> None:
        """Begin to wait for the end of the headers."""
        super().on_message_begin()
        self._size = 0
        self._wait_no_longer()
        self._wait()

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Let the request begin."""
        self._wait_no_longer()
        super().on_headers_complete()

    def _count(self, size: int) -> None:
        """Raise where it is too much: the parser stops, the request is answered 400, the connection closed."""
        self._size += size
        if self._size > MOST:
            raise OverflowError

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(PATIENCE, self.transport.close)

    def _wait_no_longer(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
