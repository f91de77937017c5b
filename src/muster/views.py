"""Things as JSON, on the command line and over HTTP: one function a thing, keys documented in docs/reference/json.md and kept stable."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.membership import Run, Standing
from muster.predicate import Explanation
from muster.query.english import english
from muster.query.wire import write
from muster.service.explain import Explained
from muster.service.history import Moved, Revision
from muster.service.holders import Failing, Holder, Holders
from muster.service.preview import Preview
from muster.service.replacing import Moving, Replacing
from muster.service.resolve import MemberPage, Provenance


def time(milliseconds: int) -> str:
    """Return a time as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def entity(one: Entity, attributes: Sequence[str] = ()) -> dict[str, Any]:
    """Return an asset's header and the attributes asked for that it has."""
    view: dict[str, Any] = {
        "guid": one.guid,
        "typeName": one.key.type_name,
        "qualifiedName": one.key.qualified_name,
        "name": one.name,
        "status": one.status.value,
    }
    if attributes:
        view["attributes"] = {name: one.attributes[name] for name in attributes if name in one.attributes}
    return view


def product(one: Product) -> dict[str, Any]:
    """Return a product with its selection in the forms that people and machines read."""
    node = one.selection.node
    return {
        **entity(one.entity),
        "description": one.entity.attributes.get("userDescription"),
        "owners": one.entity.attributes.get("ownerUsers", []),
        "domain": one.entity.attributes.get("parentDomainQualifiedName"),
        "createdAt": time(one.entity.created_at),
        "updatedAt": time(one.entity.updated_at),
        "selection": {
            "text": one.selection.text,
            "face": one.selection.face.value,
            "revision": one.selection.revision,
            "digest": one.selection.digest,
            "english": english(node),
            "wire": write(node),
            "dataProductAssetsDSL": one.entity.attributes.get("dataProductAssetsDSL"),
        },
    }


def provenance(one: Provenance) -> dict[str, Any]:
    """Return what an answer stands on; `age` in seconds."""
    view: dict[str, Any] = {"source": one.source.value, "revision": one.revision}
    if one.generation is None:
        return view
    return view | {
        "generation": one.generation,
        "run": one.run,
        "age": (one.age or 0) / 1000,
        "staleRevision": one.stale_revision,
    }


def member_page(page: MemberPage, attributes: Sequence[str]) -> dict[str, Any]:
    """Return one page of members."""
    return {
        "product": page.product.entity.name,
        **provenance(page.provenance),
        "total": page.total,
        "members": [entity(one, attributes) for one in page.members],
        "next": page.next,
    }


def run(one: Run) -> dict[str, Any]:
    """Return one run."""
    return {
        "run": one.number,
        "at": time(one.at),
        "outcome": one.outcome.value,
        "heldBecause": one.held_because or None,
        "revision": one.revision,
        "position": one.position,
        "generation": one.generation,
        "total": one.total,
        "joined": one.joined,
        "left": one.left,
        "digest": one.digest,
    }


def revision(one: Revision) -> dict[str, Any]:
    """Return one edit of a selection."""
    selection = one.selection
    return {
        "revision": selection.revision,
        "at": time(one.at),
        "by": one.by,
        "face": selection.face.value,
        "text": selection.text,
    }


def moved(one: Moved) -> dict[str, Any]:
    """Return one join or leave."""
    return {**entity(one.asset), "joined": one.joined, "cause": one.cause.value}


def standing(one: Standing, asset: Entity | None = None) -> dict[str, Any]:
    """Return one pin or exclusion."""
    return {
        "decision": one.decision.value,
        "asset": None if asset is None else entity(asset),
        "reason": one.reason,
        "by": one.by,
        "at": time(one.at),
        "expiresAt": None if one.expires_at is None else time(one.expires_at),
    }


def explained(one: Explained) -> dict[str, Any]:
    """Return why an asset is in or out."""
    return {
        "product": one.product.entity.name,
        "asset": entity(one.asset),
        "member": one.member,
        "selected": one.selected,
        "standing": None if one.standing is None else standing(one.standing),
        "stored": one.stored,
        "generation": None if one.generation is None else one.generation.number,
        "clauses": clauses(one.clauses),
    }


def clauses(one: Explanation) -> dict[str, Any]:
    """Return an explanation tree."""
    return {
        "path": one.path,
        "clause": one.clause,
        "matched": one.matched,
        "english": one.english,
        "seen": list(one.seen),
        "clauses": [clauses(part) for part in one.parts],
    }


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


def replacing(one: Replacing, attributes: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a product would gain and lose."""
    return {
        "product": one.product.entity.name,
        "joins": _moving(one.joins, attributes),
        "leaves": _moving(one.leaves, attributes),
    }


def _moving(one: Moving, attributes: Sequence[str]) -> dict[str, Any]:
    return {"total": one.total, "assets": [entity(asset, attributes) for asset in one.assets]}


def holders(one: Holders, names: Mapping[str, str]) -> dict[str, Any]:
    """Return which products hold an asset, given the dotted names of products by guid."""
    return {
        "asset": entity(one.asset),
        "total": one.total,
        "data": [_holder(holder, names) for holder in one.holders],
        "next": one.next,
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


def brief(product: Entity, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what a product is known by, given the dotted names of products by guid."""
    return {
        "guid": product.guid,
        "name": product.name,
        "qualifiedName": product.key.qualified_name,
        "dottedName": names[product.guid],
    }
