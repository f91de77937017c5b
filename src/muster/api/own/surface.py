"""These resources, put together."""

from types import ModuleType
from typing import Final

from fastapi import APIRouter, Depends

from muster.api.openmetadata.errors import render
from muster.api.own import (
    algebra,
    assets,
    catalog,
    decisions,
    events,
    explaining,
    history,
    judging,
    members,
    past,
    policies,
    reports,
    selecting,
    selections,
    supposing,
    syncing,
    webhooks,
)
from muster.api.own.strict import as_declared, without_null
from muster.api.own.web import BASE
from muster.api.surface import Surface

PARTS: Final[tuple[ModuleType, ...]] = (
    explaining,
    members,
    history,
    decisions,
    syncing,
    selecting,
    selections,
    assets,
    algebra,
    policies,
    judging,
    past,
    reports,
    supposing,
    events,
    webhooks,
    catalog,
)
"""The modules with the routes, in the order in which a path is looked for."""


def own(parts: tuple[ModuleType, ...] = PARTS) -> Surface:
    """Return the surface of Muster's own resources, which say errors as OpenMetadata's clients read them."""
    router = APIRouter(dependencies=[Depends(as_declared), Depends(without_null)])
    for part in parts:
        router.include_router(part.router)
    return Surface("muster", (BASE,), router, render)
