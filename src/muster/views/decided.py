"""Pins, exclusions and explanations as JSON."""

from typing import Any

from muster.catalog.entity import Entity
from muster.membership import Standing
from muster.predicate import Explanation
from muster.service.explain import Explained
from muster.views.things import entity, time


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
        "revision": one.product.selection.revision,
        "run": None if one.run is None else one.run.number,
        "at": None if one.run is None else time(one.run.at),
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
