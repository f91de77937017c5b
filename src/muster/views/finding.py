"""What selections would hold, and which products hold an asset, as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from muster.service.holders import Failing, Holder, Holders
from muster.service.preview import Preview
from muster.service.replacing import Moving, Replacing
from muster.service.touching import Touched
from muster.views.decided import standing
from muster.views.products import brief
from muster.views.things import entity


def preview(one: Preview, attributes: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a selection would hold now."""
    return {
        "english": one.english,
        "total": one.total,
        "byType": dict(one.by_type),
        "members": [entity(member, attributes) for member in one.members],
        "next": one.next,
        "complaints": [complaint.as_dict() for complaint in one.complaints],
        "cost": None if one.cost is None else asdict(one.cost),
    }


def replacing(one: Replacing, names: Mapping[str, str], attributes: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a product would gain and lose, given the dotted names of products that it touches by guid."""
    touches = one.touches
    return {
        "product": one.product.entity.name,
        "joins": _moving(one.joins, attributes),
        "leaves": _moving(one.leaves, attributes),
        "touches": {
            "ports": {"total": touches.of_ports, "data": [_touched(each, names) for each in touches.ports]},
            "products": {"total": touches.of_products, "data": [_touched(each, names) for each in touches.products]},
        },
    }


def _touched(one: Touched, names: Mapping[str, str]) -> dict[str, Any]:
    port = {} if one.port is None else {"port": one.port}
    return {"product": brief(one.product, names), **port, "joins": one.joins, "leaves": one.leaves}


def _moving(one: Moving, attributes: Sequence[str]) -> dict[str, Any]:
    return {"total": one.total, "assets": [entity(asset, attributes) for asset in one.assets]}


def holders(one: Holders, names: Mapping[str, str]) -> dict[str, Any]:
    """Return which products hold an asset, given the dotted names of products by guid."""
    return {
        "asset": entity(one.asset),
        "total": one.total,
        "data": [_holder(holder, names) for holder in one.holders],
        "paging": {} if one.next is None else {"next": one.next},
        "failed": one.failed,
        "failing": [_failing(failing, names) for failing in one.failing],
    }


def _holder(one: Holder, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "product": brief(one.product, names),
        "revision": one.revision,
        "because": one.because.value,
        "standing": None if one.standing is None else standing(one.standing),
        "stored": one.stored,
    }


def _failing(one: Failing, names: Mapping[str, str]) -> dict[str, Any]:
    return {"product": brief(one.product, names), "complaint": one.reason.as_dict()}
