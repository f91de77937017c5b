"""Every failure becomes an error of the tree, and every error an answer in the shape of its surface."""

from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Route

from muster.api.exchange import exchange_of
from muster.api.statuses import MethodNotAllowed, Unexpected, headers_of
from muster.errors import InvalidInput, LimitExceeded, MusterError, NotFound

UNEXPECTED: Final = "something went wrong here that should not"


def answer(scope: MutableMapping[str, Any], error: MusterError) -> Response:
    """Return an error as the clients of the surface that the request came to read it."""
    exchange = exchange_of(scope)
    status, body = exchange.render(error, exchange.request_id)
    return Response(orjson.dumps(body), status, headers_of(error), "application/json")


def answer_failures(app: FastAPI) -> None:
    """Answer everything that a route raises on purpose, and what FastAPI raises before one is reached."""
    for kind in (MusterError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _handle)


async def _handle(request: Request, failure: Exception) -> Response:
    return answer(request.scope, told(request, failure))


def told(request: Request, failure: Exception) -> MusterError:
    """Return a failure as an error of the tree."""
    match failure:
        case MusterError():
            return failure
        case RequestValidationError():
            return _invalid(failure)
        case HTTPException(__cause__=MusterError() as cause):  # raised while FastAPI read the body
            return cause
        case HTTPException(status_code=404):
            return NotFound(f"there is nothing at `{request.url.path}`")
        case HTTPException(status_code=405):
            allow = methods_at(request.app.routes, request.scope)
            return MethodNotAllowed(f"`{request.url.path}` does not take {request.method}", allow=", ".join(allow))
        case HTTPException(status_code=status, detail=detail) if status < 500:
            return InvalidInput(str(detail))
        case _:
            return Unexpected(UNEXPECTED)


def methods_at(routes: Sequence[BaseRoute], scope: MutableMapping[str, Any]) -> list[str]:
    """Return the methods that routes take at the path of a request that came by none of them."""
    return sorted({method for route in _described(routes) if _is_there(route, scope) for method in route.methods or ()})


def _described(routes: Sequence[BaseRoute]) -> Iterator[Route]:
    """Yield the routes that a description has, also from within routers; others answer for what there is not."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _described(inner.routes)
        elif isinstance(route, Route) and route.include_in_schema:
            yield route


def _is_there(route: Route, scope: MutableMapping[str, Any]) -> bool:
    return route.matches(scope)[0] is Match.PARTIAL


def _invalid(failure: RequestValidationError) -> InvalidInput:
    """Return the first thing that is wrong, with where it is: `/body/…`, `/query/…`."""
    first = failure.errors()[0]
    path = "".join(f"/{step}" for step in first["loc"])
    if first["type"] == "too_long":
        many, most = first["ctx"]["actual_length"], first["ctx"]["max_length"]
        return LimitExceeded(f"{many:,} values; at most {most:,} are taken", path=path, hint="leave some out")
    return InvalidInput(f"{path.removeprefix('/')}: {first['msg'].lower()}", path=path)
