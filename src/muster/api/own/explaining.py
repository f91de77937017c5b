"""Why an asset is in a product, or is not."""

from fastapi import APIRouter, Response

from muster import views
from muster.api.own.shapes import Explanation
from muster.api.own.web import BASE, NAMES, AssetRef, ProductRef, answers
from muster.api.web import Viewer, told
from muster.service.dotted import product
from muster.service.explain import explain
from muster.service.project import project

router = APIRouter(prefix=f"{BASE}/dataProducts", tags=["members"])


@router.get(
    f"/{{ref:{NAMES}}}/explain/{{asset:path}}",
    responses=answers(Explanation, "The verdict, and why, clause by clause."),
)
def explain_member(caller: Viewer, ref: ProductRef, asset: AssetRef) -> Response:
    """Say clause by clause why an asset is in a product, or is not: with the values seen, pins and exclusions too."""
    guid = product(caller.work, ref).entity.guid
    project(caller.work)
    return told(views.explained(explain(caller.work, guid, asset)))
