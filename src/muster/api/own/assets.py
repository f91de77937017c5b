"""Assets: found by a selection, and which products hold one."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from muster import views
from muster.api.own.running import running
from muster.api.own.shapes_selections import AssetPage, Holders
from muster.api.own.web import BASE, AssetRef, Cursor, Fields, Limit, SortBy, answers, fields, order
from muster.api.paths import NAMES
from muster.api.web import Viewer, told
from muster.query.nodes import MatchAll, Node
from muster.service import holders, selecting
from muster.service.check import refuse_unknown
from muster.service.dotted import dotted_names
from muster.service.holders import Wanted
from muster.service.preview import select
from muster.service.resolve import PageRequest
from muster.service.selecting import Written
from muster.service.workspace import Workspace

router = APIRouter(prefix=f"{BASE}/assets", tags=["assets"])

Asking = Annotated[
    str | None,
    Query(
        alias="q",
        description="Which assets: a selection in shorthand, or in any other face. Left out: everything there is, domains, "
        "products and archived entities among it.",
        examples=["type:Table certificate:VERIFIED"],
    ),
]
PageOfProducts = Annotated[int, Query(alias="limit", ge=1, le=holders.MOST, description="At most so many on a page.")]
ExcludingToo = Annotated[bool, Query(alias="all", description="List the products that exclude the asset as well.")]


@router.get("", responses=answers(AssetPage, "One page, and how many there are in all."))
def find_assets(
    caller: Viewer,
    q: Asking = None,
    limit: Limit = 100,
    cursor: Cursor = None,
    sort: SortBy = [],  # noqa: B006 - FastAPI copies it
    wanted: Fields = [],  # noqa: B006 - as above
) -> Response:
    """Find assets by a selection."""
    work, attributes = caller.work, fields(wanted)
    page = PageRequest(limit, order(sort), cursor)
    with running("/query/q", "/query"):
        found = select(work, _query(work, q), page, now=work.clock())
    assets = [views.entity(one, attributes) for one in found.assets]
    return told({"total": found.total, "assets": assets, "next": found.next})


def _query(work: Workspace, q: str | None) -> Node:
    if q is None:
        return MatchAll()
    node, _ = selecting.read(work, Written(q))
    refuse_unknown(work, node)
    return node


@router.get(
    f"/{{ref:{NAMES}}}/dataProducts",
    responses=answers(Holders, "One page of products in order of name, with the reason."),
)
def products_of_asset(
    caller: Viewer,
    ref: AssetRef,
    limit: PageOfProducts = 100,
    cursor: Cursor = None,
    excluding: ExcludingToo = False,  # noqa: FBT002 - a flag of a query
) -> Response:
    """Say which products hold an asset now, and why: their selection, or a pin.

    Every selection is asked of the asset as it is now. Products whose selection cannot be evaluated are told with the
    reason.
    """
    with running("/query", "/query"):
        found = holders.holders(caller.work, ref, Wanted(limit, cursor, excluding))
    products = [*(one.product for one in found.holders), *(one.product for one in found.failing)]
    return told(views.holders(found, dotted_names(caller.work, products)))
