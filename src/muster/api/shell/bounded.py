"""The layer that bounds a request: its headers, its body, and the time that its answer may take."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from muster.api.failures import answer
from muster.api.statuses import HeadersTooLarge, TookTooLong, TooLarge

OVERHEAD: Final = 4
"""Bytes that a header takes beside its name and value: a colon, a blank, the end of the line."""


class Bounded:
    """Refuses what is larger than the settings say, as soon as that is known, and answers what takes too long.

    The work on a request that took too long cannot be stopped: it goes on in its thread to its end, what it writes
    stands, and its answer goes nowhere.
    """

    def __init__(self, app: ASGIApp, *, body: int, headers: int, seconds: float) -> None:
        self._app = app
        self._body = body
        self._headers = headers
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on within its bounds."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if refused := self._refused(scope):
            await answer(scope, refused)(scope, receive, send)
            return
        once = _Once(scope, receive, send)
        timer = asyncio.get_running_loop().call_later(self._seconds, once.expire, self._seconds)
        try:
            await self._app(scope, _Counting(receive, self._body).receive, once.send)
        finally:
            timer.cancel()
            await once.expired()

    def _refused(self, scope: Scope) -> HeadersTooLarge | TooLarge | None:
        """Return what the headers say is too large, they themselves or the body to come."""
        size = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        said = b""
        for name, value in scope["headers"]:
            size += len(name) + len(value) + OVERHEAD
            if name == b"content-length":
                said = value
        if size > self._headers:
            return HeadersTooLarge(f"address and headers have more than {self._headers:,} bytes")
        if said.isdigit() and (len(said) > 18 or int(said) > self._body):
            return _too_large(self._body)
        return None


class _Counting:
    """Receives a body until it is too large, whatever was said of its length."""

    __slots__ = ("_left", "_limit", "_receive")

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = self._left = limit

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise _too_large(self._limit)
        return message


class _Once:
    """Sends one answer: the one that comes in time, or else that none did."""

    __slots__ = ("_began", "_late", "_receive", "_scope", "_send")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._began = False
        self._late: asyncio.Task[None] | None = None

    async def send(self, message: Message) -> None:
        if self._late is None:
            self._began = True
            await self._send(message)

    def expire(self, seconds: float) -> None:
        """Answer that it takes too long; an answer that has begun is let go on."""
        if not self._began:
            error = TookTooLong(
                f"no answer within {seconds:g} seconds", hint="ask for less; what was to be written may yet be written"
            )
            said = answer(self._scope, error)
            self._late = asyncio.ensure_future(said(self._scope, self._receive, self._send))

    async def expired(self) -> None:
        """Wait until a late answer is out."""
        if self._late is not None:
            await self._late


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"a body has at most {limit:,} bytes", hint="send it in parts")
