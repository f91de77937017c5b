"""What keeps a run from being applied: each guard says why, or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyroaring import BitMap

from muster.errors import UnknownField
from muster.fields import Fields
from muster.membership import TOGETHER, Generation, Guard
from muster.query.naming import named_fields
from muster.query.nodes import Node
from muster.service.moments import told


@dataclass(frozen=True, slots=True)
class Case:
    """One product as a run found it: its selection, the generation before, what it would hold, and what was looked at.

    `lately` are the assets that the catalog moved by itself in the time that guards take together, and that are not back.
    `universe` counts all assets that were looked at; `behind` how many changes of the record were not. `custom` are the
    names of the fields of custom metadata.
    """

    selection: Node
    before: Generation | None
    lately: BitMap
    members: BitMap
    universe: int
    behind: int
    fields: Fields
    custom: frozenset[str]


def held_because(case: Case, guard: Guard) -> str:
    """Return the first reason to hold a run; nothing where there is none."""
    return next(_reasons(case, guard), "")


def _reasons(case: Case, guard: Guard) -> Iterator[str]:
    if case.behind > 0:
        yield f"index_behind: {case.behind:,} changes were not looked at"
    if case.before is None or not case.before.members:
        return
    if not case.universe:
        yield "empty_index: there is not a single asset in the index"
    yield from (f"unknown_field: {name} is no field any more" for name in _gone(case))
    yield from _too_much(case.before.members, case.lately, case.members, guard)


def _gone(case: Case) -> Iterator[str]:
    """Yield the fields of a selection that no asset can have now."""
    for name in dict.fromkeys(named_fields(case.selection)):
        if name not in case.custom and case.fields.get(name) is None and not case.fields.is_object(name):
            try:
                case.fields.find(name)
            except UnknownField:
                yield f"`{name}`"


def _too_much(before: BitMap, lately: BitMap, members: BitMap, guard: Guard) -> Iterator[str]:
    if not members and not guard.may_empty:
        yield f"it would empty the product, which has {len(before):,} members"
    first = before ^ lately
    moved = len(first ^ members) if first else 0
    if moved > guard.least and moved > len(first) * guard.percent / 100:
        within = f" within {told(TOGETHER)}" if lately else ""
        yield f"it would move {moved:,} assets{within}, of {len(first):,} members"
