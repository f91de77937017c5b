"""The layer that sees every answer: one line in the log, one mark on the meters, no fault that goes unanswered."""

import asyncio
import time
from typing import Any, Final

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from muster.api.exchange import Exchange, exchange_of
from muster.api.failures import UNEXPECTED, answer
from muster.api.metering import Meters
from muster.api.statuses import Stopping, Unexpected

QUIET: Final = frozenset(("/healthz", "/readyz", "/metrics"))
"""What machines ask every few seconds: logged at the level `debug`."""

CUT_OFF: Final = "the service stops, and this took too long"
REPEAT: Final = "ask again when it is back; what was to be written may be written"

NOWHERE: Final = "unmatched"
"""Stands for the route of a request that reached none."""

log = structlog.get_logger("muster.requests")


class Watched:
    """Times requests, and answers what failed unforeseen: the traceback goes to the log and nowhere else."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered = _Answered(send)
        try:
            await self._app(scope, receive, answered.send)
        except asyncio.CancelledError:  # the server stops, and has waited long enough
            if not answered.status:
                await answer(scope, Stopping(CUT_OFF, hint=REPEAT))(scope, receive, answered.send)
        except ClientDisconnect:  # it went before it had said all: nobody is left to answer
            pass
        except Exception:
            exchange = exchange_of(scope)
            log.exception("a request failed", request_id=exchange.request_id, route=template(scope))
            if answered.status and not answered.whole:
                raise  # what went out cannot be taken back: the server closes the connection
            if not answered.status:
                await answer(scope, Unexpected(UNEXPECTED))(scope, receive, answered.send)
        finally:
            self._note(scope, answered, exchange_of(scope))

    def _note(self, scope: Scope, answered: "_Answered", exchange: Exchange) -> None:
        seconds, route = time.perf_counter() - answered.began, template(scope)
        self._meters.answered(scope["method"], route, answered.status, seconds)
        tell = log.debug if route in QUIET else log.info
        tell(
            "request",
            method=scope["method"],
            route=route,
            status=answered.status,
            ms=round(seconds * 1000, 2),
            bytes=answered.size,
            token=exchange.token and exchange.token.name,
            request_id=exchange.request_id,
        )


class _Answered:
    """Passes an answer on; remembers its status, 0 before it began, and its size as sent."""

    __slots__ = ("_send", "began", "size", "status", "whole")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.began = time.perf_counter()
        self.status = 0
        self.size = 0
        self.whole = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)
        await self._send(message)


def template(scope: Scope) -> str:
    """Return the path of the route that a request reached, with its parameters by name: no value is ever logged."""
    route: Any = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(route, "path_format", None) or getattr(route, "path", None) or NOWHERE
