"""Bring the stored membership of one product up to date."""

from fastapi import APIRouter, Response
from pydantic import Field

from muster import views
from muster.api.bodies import Asked, read
from muster.api.own.shapes import Synced
from muster.api.own.web import BASE, ProductRef, answers
from muster.api.paths import NAMES
from muster.api.web import Body, Editor, body_of, told
from muster.errors import NotFound
from muster.service.dotted import product
from muster.service.save.planning import refuse_elsewhere
from muster.service.sync import sync

router = APIRouter(prefix=f"{BASE}/dataProducts", tags=["history"])


class Syncing(Asked):
    """How to sync."""

    force: bool = Field(default=False, description="Apply a run that a guard would hold.")


@router.post(
    f"/{{ref:{NAMES}}}/sync",
    responses=answers(Synced, "The run; one that a guard held says why, and moved nothing."),
    openapi_extra=body_of(Syncing),
)
def sync_product(caller: Editor, ref: ProductRef, body: Body) -> Response:
    """Run the selection of a product, and store what it holds; a run that would empty the product is held."""
    asked = read(Syncing, body) if body.strip() else Syncing()
    found = product(caller.work, ref)
    refuse_elsewhere(found.entity, caller.within)
    for one in sync(caller.work, [found.entity.guid], force=asked.force):
        return told({"run": views.run(one.run)})
    raise NotFound(f"`{found.entity.name}` was deleted meanwhile")
