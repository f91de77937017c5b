"""What the service says of itself: its figures, and the description of its routes."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Response
from fastapi.openapi.utils import get_openapi
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.routing import BaseRoute

from muster.api.access import Caller, viewer
from muster.api.metering import Meters
from muster.api.surface import Surface
from muster.errors import NotFound


def metric_routes(meters: Meters) -> APIRouter:
    """Return `/metrics`."""
    router = APIRouter(tags=["health"])

    @router.get("/metrics")
    def metrics() -> Response:
        """Return the figures of this process in Prometheus' text format."""
        return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)

    return router


def description_routes(app: FastAPI, surfaces: Sequence[Surface]) -> APIRouter:
    """Return `/openapi.json`, the whole, and `/openapi/<surface>.json`, a surface each."""
    router = APIRouter(tags=["description"])
    described: dict[str | None, dict[str, Any]] = {}
    routers = {surface.name: surface.router for surface in surfaces}

    def once(name: str | None, routes: Sequence[BaseRoute]) -> dict[str, Any]:
        if name not in described:
            title = f"Muster: {name}" if name else "Muster"
            described[name] = get_openapi(title=title, version=version("muster-catalog"), routes=routes)
        return described[name]

    @router.get("/openapi.json")
    def whole(_: Annotated[Caller, Depends(viewer)]) -> dict[str, Any]:
        """Describe every route."""
        return once(None, app.routes)

    @router.get("/openapi/{name}.json")
    def one(name: str, _: Annotated[Caller, Depends(viewer)]) -> dict[str, Any]:
        """Describe the routes of one surface."""
        if name not in routers:
            raise NotFound(f"there is no surface `{name}`", hint=f"there are: {', '.join(routers) or 'none'}")
        return once(name, routers[name].routes)

    return router
