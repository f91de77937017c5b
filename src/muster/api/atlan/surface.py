"""This surface, put together."""

from fastapi import APIRouter

from muster.api.atlan import contracts, elsewhere, entities, marks, oauth, people, search, tasks, typedefs
from muster.api.atlan.errors import render
from muster.api.surface import Surface

PARTS = (entities, search, marks, typedefs, people, contracts, tasks, oauth)


def atlan() -> Surface:
    """Return the surface that Atlan's clients find below `/api/meta` and `/api/service`."""
    router = APIRouter()
    parts = [part.router for part in PARTS]
    for part in parts:
        router.include_router(part)
    elsewhere.refuse_the_rest(router, [route for part in parts for route in part.routes])
    return Surface("atlan", tuple(elsewhere.ATLAN), router, render, open=frozenset({oauth.PATH}))
