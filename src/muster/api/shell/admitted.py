"""The layer that lets nobody in without a token, before anything of a request's body is read."""

from collections.abc import Collection

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from muster.api.exchange import exchange_of
from muster.api.failures import answer
from muster.api.gate import digest_of, gate_of
from muster.catalog.token import Token
from muster.errors import MusterError


class Admitted:
    """Finds whose token a request brings; only the paths that are `open` need none.

    Which role a route takes is for the route to say (`muster.api.access`).
    """

    def __init__(self, app: ASGIApp, open: Collection[str]) -> None:  # noqa: A002 - nothing here opens files
        self._app = app
        self._open = frozenset(open)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its token, or answer why not."""
        if scope["type"] == "http" and scope["path"] not in self._open:
            try:
                exchange_of(scope).token = await _token(scope)
            except MusterError as error:
                await answer(scope, error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _token(scope: Scope) -> Token:
    gate, digest = gate_of(scope), digest_of(scope)
    token = gate.neighbours.token(digest, scope) or gate.remembered(digest)
    return await run_in_threadpool(gate.find, digest, scope) if token is None else token
