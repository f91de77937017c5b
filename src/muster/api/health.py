"""Whether the service lives, and whether it can do its work: for those who watch over it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from muster.api.gate import gate_of
from muster.errors import MusterError
from muster.service import lag
from muster.service.project import is_foreign
from muster.service.workspace import Workspace

OPEN: Final[dict[str, Any]] = {"security": []}
"""Says in the description of a route that it takes no token."""

LATE: Final = 20.0
"""Seconds by which the index may be behind while the service is ready."""

PATIENCE: Final = 5.0
"""Seconds in which each part has to answer."""

KEPT: Final = 1.0
"""Seconds for which an answer is given again: anybody may ask."""


def _record(work: Workspace) -> bool:
    return work.record.position() >= 0


def _engine(work: Workspace) -> bool:
    return not is_foreign(work)


def _projector(work: Workspace) -> bool:
    return lag.of_index(work).seconds <= LATE


PARTS: Final[dict[str, Callable[[Workspace], bool]]] = {"record": _record, "engine": _engine, "projector": _projector}
"""What has to be well, in the order in which it is asked."""


@dataclass(slots=True)
class _Readiness:
    """The part that was not well when it was last looked, None when all were."""

    part: str | None = None
    at: float = float("-inf")
    asking: anyio.Lock | None = None


def health_routes() -> APIRouter:
    """Return `/healthz` and `/readyz`, which need no token and no thread that a route could have taken."""
    router = APIRouter(tags=["health"])
    state = _Readiness()

    @router.get("/healthz", openapi_extra=OPEN)
    async def healthz() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "ok"}

    @router.get("/readyz", openapi_extra=OPEN)
    async def readyz(request: Request) -> Response:
        """Say whether record, engine and projector are well, or which is the first that is not."""
        state.asking = state.asking or anyio.Lock()
        async with state.asking:
            if time.monotonic() - state.at > KEPT:
                state.part = await _unwell(gate_of(request.scope).work)
                state.at = time.monotonic()
        if state.part is None:
            return JSONResponse({"status": "ok"})
        return JSONResponse({"status": "unavailable", "part": state.part}, 503, {"Retry-After": "5"})

    return router


async def _unwell(work: Workspace) -> str | None:
    """Return the first part that does not answer well in time."""
    limiter = anyio.CapacityLimiter(1)
    for part, is_well in PARTS.items():
        with anyio.move_on_after(PATIENCE):
            if await anyio.to_thread.run_sync(_well, is_well, work, abandon_on_cancel=True, limiter=limiter):
                continue
        return part
    return None


def _well(is_well: Callable[[Workspace], bool], work: Workspace) -> bool:
    try:
        return is_well(work)
    except MusterError:
        return False
