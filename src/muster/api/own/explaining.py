"""Why an asset is in a product, or is not."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from muster import views
from muster.api.own.history import LAST
from muster.api.own.shapes import Explanation
from muster.api.own.web import BASE, AssetRef, ProductRef, answers
from muster.api.paths import NAMES, REST
from muster.api.web import Viewer, told
from muster.service.dotted import product, remembered
from muster.service.explain import explain, explain_at
from muster.service.project import project

router = APIRouter(prefix=f"{BASE}/dataProducts", tags=["members"])

AsOf = Annotated[
    int | None,
    Query(
        ge=1,
        le=LAST,
        description="As of this run: by the asset's version, the revision of the selection and the decisions of that time.",
    ),
]


@router.get(
    f"/{{ref:{NAMES}}}/explain/{{asset:{REST}}}",
    responses=answers(Explanation, "The verdict, and why, clause by clause."),
)
def explain_member(caller: Viewer, ref: ProductRef, asset: AssetRef, run: AsOf = None) -> Response:
    """Say clause by clause why an asset is in a product, or is not: with the values seen, pins and exclusions too."""
    if run is not None:
        return told(views.explained(explain_at(caller.work, remembered(caller.work, ref), asset, run)))
    found = product(caller.work, ref)
    project(caller.work)
    return told(views.explained(explain(caller.work, found.entity.guid, asset)))
