"""This surface, put together."""

from fastapi import APIRouter

from muster.api.atlan import contracts, elsewhere, entities, marks, oauth, people, tasks, typedefs
from muster.api.atlan.errors import render
from muster.api.surface import Surface


def atlan() -> Surface:
    """Return the surface that Atlan's clients find below `/api/meta` and `/api/service`."""
    router = APIRouter()
    for part in (entities, marks, typedefs, people, contracts, tasks, oauth):
        router.include_router(part.router)
    elsewhere.refuse_the_rest(router)
    return Surface("atlan", tuple(elsewhere.ATLAN), router, render)
