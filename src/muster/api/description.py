"""What the service says of itself: its figures, and the description of its routes."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, FastAPI, Response
from fastapi.openapi.utils import get_openapi
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field
from starlette.routing import BaseRoute

from muster.api.access import Caller, viewer
from muster.api.metering import Meters
from muster.api.surface import Surface
from muster.errors import NotFound


class Figures(Response):
    """Figures in Prometheus' text format."""

    media_type = CONTENT_TYPE_LATEST


class Problem(BaseModel):
    """What is wrong, and what to do about it."""

    code: str
    message: str
    path: str | None = None
    hint: str | None = None
    request_id: str = Field(alias="requestId")


PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    401: {"model": Problem, "description": "no token, or one that does not hold"},
    404: {"model": Problem, "description": "there is nothing of that name"},
}
REFUSED: Final[dict[int | str, dict[str, Any]]] = {401: PROBLEMS[401]}


def metric_routes(meters: Meters) -> APIRouter:
    """Return `/metrics`."""
    router = APIRouter(tags=["health"])

    @router.get("/metrics", response_class=Figures, responses=REFUSED)
    def metrics() -> Response:
        """Return the figures of the service in Prometheus' text format."""
        return Figures(generate_latest(meters.told))

    return router


def description_routes(app: FastAPI, surfaces: Sequence[Surface]) -> APIRouter:
    """Return `/openapi.json`, the whole, and `/openapi/<surface>.json`, a surface each."""
    router = APIRouter(tags=["description"])
    described: dict[str | None, dict[str, Any]] = {}
    routers = {surface.name: surface.router for surface in surfaces}

    def once(name: str | None, routes: Sequence[BaseRoute]) -> dict[str, Any]:
        if name not in described:
            title = f"Muster: {name}" if name else "Muster"
            described[name] = _secured(get_openapi(title=title, version=version("muster-catalog"), routes=routes))
        return described[name]

    @router.get("/openapi.json", responses=REFUSED)
    def whole(_: Annotated[Caller, Depends(viewer)]) -> dict[str, Any]:
        """Describe every route."""
        return once(None, app.routes)

    @router.get("/openapi/{name}.json", responses=PROBLEMS)
    def one(name: str, _: Annotated[Caller, Depends(viewer)]) -> dict[str, Any]:
        """Describe the routes of one surface."""
        if name not in routers:
            raise NotFound(f"there is no surface `{name}`", hint=f"there are: {', '.join(routers) or 'none'}")
        return once(name, routers[name].routes)

    return router


def _secured(description: dict[str, Any]) -> dict[str, Any]:
    """Say that every route takes a token, but for those that say otherwise themselves."""
    components = description.setdefault("components", {})
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return {**description, "security": [{"token": []}]}
