"""The outermost layer: gives each request its id and its exchange, and each answer the headers that all have."""

import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from muster.api.exchange import KEY, Exchange
from muster.api.surface import Surface, renderer

IDS: Final = (b"x-atlan-request-id", b"x-request-id")
"""The headers that a client may name its request by, the first that is sane counts."""

SAFE: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
"""Nothing here is for a browser to show, guess at, frame or keep."""

_SANE: Final = re.compile(rb"[A-Za-z0-9._:-]{1,128}")


class Identified:
    """Names the request, takes the slash off its path's end, and finds who says its errors.

    A path means the same with a slash at its end and without, and nobody is sent from one to the other.
    """

    def __init__(self, app: ASGIApp, surfaces: Sequence[Surface]) -> None:
        self._app = app
        self._surfaces = surfaces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its exchange, and its answer with the common headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].rstrip("/") or "/"
        name, said = _named(scope["headers"])
        scope = {**scope, "path": path, KEY: Exchange(said.decode(), renderer(self._surfaces, path))}
        common = (*SAFE, (b"x-request-id", said), *(((name, said),) if name == IDS[0] else ()))

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *common]}
            await send(message)

        await self._app(scope, receive, sending)


def _named(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """Return the header that named the request, and its id: a new one where no client gave one that is sane."""
    given = {name: value for name, value in headers if name in IDS and _SANE.fullmatch(value)}
    found = next(((name, given[name]) for name in IDS if name in given), None)
    return found or (IDS[1], str(uuid.uuid4()).encode())
