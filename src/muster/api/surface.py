"""Surfaces: one service in the words of one family of clients. Each has its paths, its routes and its shape of errors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from muster.api.statuses import status_of
from muster.errors import MusterError

Render = Callable[[MusterError, str], tuple[int, dict[str, Any]]]
"""Says an error and the id of its request as the clients of a surface read it: the HTTP status and the JSON body."""


@dataclass(frozen=True, slots=True)
class Surface:
    """One surface. It answers for every path that is one of `prefixes` or goes on after it with a slash.

    `name` is the name of its description, `/openapi/<name>.json`. Routes are declared without a slash at their end;
    those of the paths in `open` need no token.
    """

    name: str
    prefixes: tuple[str, ...]
    router: APIRouter
    render: Render
    open: frozenset[str] = frozenset()

    def covers(self, path: str) -> bool:
        """Whether the surface answers for a path."""
        return any(path == prefix or path.startswith(f"{prefix}/") for prefix in self.prefixes)


def render_plainly(error: MusterError, request_id: str) -> tuple[int, dict[str, Any]]:
    """Return an error in Muster's own shape: `code`, `message`, `path`, `hint` and `requestId`, all but the last as known."""
    return status_of(error), error.as_dict() | {"requestId": request_id}


def renderer(surfaces: Sequence[Surface], path: str) -> Render:
    """Return how an error at a path is said: as its surface does, and in Muster's own shape where there is none."""
    return next((one.render for one in surfaces if one.covers(path)), render_plainly)
