"""Things as JSON, on the command line and over HTTP: one function a thing, keys documented in docs/reference/json.md and kept stable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.membership import Move, Run, Standing
from muster.predicate import Explanation
from muster.query.english import english
from muster.query.nodes import Node
from muster.query.shorthand import print_shorthand
from muster.query.wire import write
from muster.service.changes import Changed
from muster.service.define import Defined
from muster.service.explain import Explained
from muster.service.history import Moved, Moves, Revision
from muster.service.holders import Failing, Holder, Holders
from muster.service.overview import Listed, Shown
from muster.service.preview import Preview
from muster.service.replacing import Moving, Replacing
from muster.service.resolve import MemberPage, Provenance
from muster.service.rows import value
from muster.service.sync import Synced


def time(milliseconds: int) -> str:
    """Return a time as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def entity(one: Entity, attributes: Sequence[str] = ()) -> dict[str, Any]:
    """Return an asset's header and what was asked for that it has: attributes, and fields of the index (`__traitNames`)."""
    view: dict[str, Any] = {
        "guid": one.guid,
        "typeName": one.key.type_name,
        "qualifiedName": one.key.qualified_name,
        "name": one.name,
        "status": one.status.value,
    }
    if attributes:
        told = ((name, value(one, name)) for name in attributes)
        view["attributes"] = {name: found for name, found in told if found is not None}
    return view


def product(one: Product) -> dict[str, Any]:
    """Return a product with its selection in the forms that people and machines read."""
    return {
        **entity(one.entity),
        "description": one.entity.attributes.get("userDescription"),
        "owners": one.entity.attributes.get("ownerUsers", []),
        "domain": one.entity.attributes.get("parentDomainQualifiedName"),
        "createdAt": time(one.entity.created_at),
        "updatedAt": time(one.entity.updated_at),
        "selection": selection(one),
    }


def listed(one: Listed) -> dict[str, Any]:
    """Return a product with the size of its stored membership."""
    return product(one.product) | {"members": one.members}


def shown(one: Shown) -> dict[str, Any]:
    """Return a product with what stands by hand, and its last run."""
    return product(one.product) | {
        "standings": [standing(decision, asset) for decision, asset in one.standings],
        "lastRun": None if one.last is None else run(one.last),
    }


def defined(one: Defined) -> dict[str, Any]:
    """Return a product as it was stored, and what there is to say of its selection."""
    return product(one.product) | {"complaints": [complaint.as_dict() for complaint in one.complaints]}


def selection(one: Product) -> dict[str, Any]:
    """Return a product's selection in the forms that people and machines read."""
    node = one.selection.node
    return {
        "text": one.selection.text,
        "face": one.selection.face.value,
        "revision": one.selection.revision,
        "digest": one.selection.digest,
        "english": english(node),
        "wire": write(node),
        "dataProductAssetsDSL": one.entity.attributes.get("dataProductAssetsDSL"),
    }


def current(one: Product, last: Revision) -> dict[str, Any]:
    """Return a product's selection with what its last revision says: who made it, and when."""
    return {
        **selection(one),
        "shorthand": _shorthand(one.selection.node),
        "by": last.by,
        "at": time(last.at),
    }


def _shorthand(node: Node) -> str | None:
    """Return shorthand where it can say a selection."""
    try:
        return print_shorthand(node)
    except InvalidInput:
        return None


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


def count(by_type: Iterable[tuple[str, int]], total: int, source: Provenance) -> dict[str, Any]:
    """Return how many members there are, in all and by type."""
    return {"total": total, "byType": dict(by_type), **provenance(source)}


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


def synced(one: Synced) -> dict[str, Any]:
    """Return one run, and the name of its product."""
    return {"product": one.product.entity.name, **run(one.run)}


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


def run_with_causes(one: Run, moves: Iterable[Move]) -> dict[str, Any]:
    """Return one run, and how many it moved for which cause."""
    causes = [{"cause": move.cause.value, "joined": len(move.joined), "left": len(move.left)} for move in moves]
    return {**run(one), "causes": causes}


def changed(one: Changed) -> dict[str, Any]:
    """Return one join or leave, and the run that it came with."""
    return {
        "asset": entity(one.asset),
        "joined": one.joined,
        "cause": one.cause.value,
        "run": one.run.number,
        "at": time(one.run.at),
        "outcome": one.run.outcome.value,
    }


def moved(one: Moved) -> dict[str, Any]:
    """Return one join or leave."""
    return {**entity(one.asset), "joined": one.joined, "cause": one.cause.value}


def moves(one: Moves) -> dict[str, Any]:
    """Return whom a run moved: how many in all, and some of them."""
    return {"total": one.total, "data": [moved(each) for each in one.shown]}


def standing(one: Standing, asset: Entity | None = None) -> dict[str, Any]:
    """Return one pin or exclusion; one that was taken back, or that another took the place of, says when and by whom."""
    return {
        "decision": one.decision.value,
        "asset": None if asset is None else entity(asset),
        "reason": one.reason,
        "by": one.by,
        "at": time(one.at),
        "expiresAt": None if one.expires_at is None else time(one.expires_at),
        "withdrawnAt": None if one.withdrawn_at is None else time(one.withdrawn_at),
        "withdrawnBy": one.withdrawn_by,
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


def brief(product: Entity, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what a product is known by, given the dotted names of products by guid."""
    return {
        "guid": product.guid,
        "name": product.name,
        "qualifiedName": product.key.qualified_name,
        "dottedName": names[product.guid],
    }
