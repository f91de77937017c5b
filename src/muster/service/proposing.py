"""From what an evaluation found to a proposal: decisions counted, guards asked, every move with its cause."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pyroaring import BitMap

from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.membership import TOGETHER, Followed, Generation, Proposal, Standing, confirmed
from muster.membership import resolve as with_decisions
from muster.policy import OnChange, Policies, Policy
from muster.query.nodes import Node
from muster.query.timing import is_timely
from muster.service.causes import Evidence, moves
from muster.service.evaluate import Evaluated
from muster.service.guards import Case, held_because
from muster.service.typedefs import custom_attributes
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all products: policies by scope, the names of the fields of custom metadata, what was followed.

    `followed` is how far memberships have followed changes, but for those that do not, which are `apart`, by guid, and
    those that have `missed` some, by guid with how far they have.
    """

    policies: Policies
    custom: frozenset[str]
    followed: Followed
    apart: AbstractSet[str]
    missed: Mapping[str, Followed]

    def policy(self, guid: str, qualified_name: str) -> Policy:
        """Return what holds for a product."""
        return self.policies.of(guid, qualified_name)


def rules_now(work: Workspace) -> Rules:
    """Return what holds now."""
    record = work.record
    following = record.followed(), record.seen().apart, record.missed()
    return Rules(Policies(record.policies()), custom_attributes(work), *following)


@dataclass(frozen=True, slots=True)
class Found:
    """One product with what its selection holds, the generation before, and what was decided by hand.

    `lately` are the assets that the catalog moved by itself since `since`; `waits` says that its last run is held. `now` is
    the time that the sync counts from, `position` how far the index was when it began.
    """

    product: Product
    evaluated: Evaluated
    before: Generation | None
    standings: tuple[Standing, ...]
    lately: BitMap
    waits: bool
    now: int
    position: int


def propose(work: Workspace, found: Found, rules: Rules, *, force: bool) -> Proposal:
    """Return what a run proposes: to move who is not as found, or to be held, with the reason."""
    guid, revision = found.product.entity.guid, found.product.selection.revision
    selected, before, position, now = found.evaluated.selected, found.before, found.evaluated.position, found.now
    right = _right(found, rules)
    if isinstance(selected, InvalidInput):
        members = before.members if before else BitMap()
        return Proposal(guid, revision, position, now, members, (), f"{selected.code}: {selected.message}")
    members = with_decisions(selected, found.standings, now)
    evidence = _evidence(work, found, selected, members, right)
    guard = rules.policy(guid, found.product.entity.key.qualified_name).guard
    held = "" if force else held_because(_case(work, found, rules, members), guard)
    return Proposal(guid, revision, position, now, members, moves(right, members, evidence), held)


def _right(found: Found, rules: Rules) -> Generation | None:
    """Return the generation before as of the last time that it is known to have been right: what moves came after that."""
    before, product = found.before, found.product
    if before is None or found.waits or before.revision != product.selection.revision:
        return before
    guid, name = product.entity.guid, product.entity.key.qualified_name
    follows = guid not in rules.apart and isinstance(rules.policy(guid, name).schedule, OnChange)
    return confirmed(before, rules.missed.get(guid, rules.followed)) if follows else before


def _case(work: Workspace, found: Found, rules: Rules, members: BitMap) -> Case:
    return Case(
        found.product.selection.node,
        found.before,
        found.lately,
        members,
        found.evaluated.universe,
        found.position - found.evaluated.position,
        work.fields,
        rules.custom,
    )


def _evidence(work: Workspace, found: Found, selected: BitMap, members: BitMap, before: Generation | None) -> Evidence:
    """Gather what is known of those who move; where nobody does, nothing is asked."""
    moved = BitMap() if before is None else before.members ^ members
    changed, gone = (
        work.record.moved_since(moved, before.position) if before is not None and moved else (BitMap(), BitMap())
    )
    former = _former(work, found) if moved else None
    formerly = None if former is None or before is None else _formerly(work, former, before, found.now)
    timely = bool(moved) and any(is_timely(one) for one in (found.product.selection.node, former) if one is not None)
    return Evidence(selected, formerly, found.standings, found.now, changed, gone, timely)


def _formerly(work: Workspace, former: Node, before: Generation, now: int) -> BitMap:
    """Return what a former selection would hold now; what it held last, where it cannot be evaluated any more."""
    try:
        return work.engine.members(former, now=now)
    except InvalidInput:
        return before.members


def _former(work: Workspace, found: Found) -> Node | None:
    """Return the selection of the generation before, None when it was not edited since."""
    if found.before is None or found.before.revision == found.product.selection.revision:
        return None
    revisions = work.record.revisions(found.product.entity.guid)
    return next(one.node for one, _, _ in revisions if one.revision == found.before.revision)


def since(before: Generation, now: int, *, waits: bool) -> int:
    """Return from when on guards take together what moved, in ms since 1970: no part of what is held is let through later."""
    return (before.at if waits else now) - TOGETHER
