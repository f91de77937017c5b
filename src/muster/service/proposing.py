"""From what an evaluation found to a proposal: decisions counted, guards asked, every move with its cause."""

from dataclasses import dataclass

from pyroaring import BitMap

from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.membership import Generation, Proposal, Standing
from muster.membership import resolve as with_decisions
from muster.policy import Policies, Policy
from muster.query.nodes import Node
from muster.query.timing import is_timely
from muster.service.causes import Evidence, moves
from muster.service.evaluate import Evaluated
from muster.service.guards import Case, held_because
from muster.service.typedefs import custom_attributes
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all products: policies by scope, and the names of the fields of custom metadata."""

    policies: Policies
    custom: frozenset[str]

    def policy(self, guid: str, qualified_name: str) -> Policy:
        """Return what holds for a product."""
        return self.policies.of(guid, qualified_name)


def rules_now(work: Workspace) -> Rules:
    """Return what holds now."""
    return Rules(Policies(work.record.policies()), custom_attributes(work))


@dataclass(frozen=True, slots=True)
class Found:
    """One product with what its selection holds, the generation before, and what was decided by hand.

    `now` is the time that the sync counts from, `position` how far the index was when it began.
    """

    product: Product
    evaluated: Evaluated
    before: Generation | None
    standings: tuple[Standing, ...]
    now: int
    position: int


def propose(work: Workspace, found: Found, rules: Rules, *, force: bool) -> Proposal:
    """Return what a run proposes: to move who is not as found, or to be held, with the reason."""
    guid, revision = found.product.entity.guid, found.product.selection.revision
    selected, before, position, now = found.evaluated.selected, found.before, found.evaluated.position, found.now
    if isinstance(selected, InvalidInput):
        members = before.members if before else BitMap()
        return Proposal(guid, revision, position, now, members, (), f"{selected.code}: {selected.message}")
    members = with_decisions(selected, found.standings, now)
    evidence = _evidence(work, found, selected, members)
    guard = rules.policy(guid, found.product.entity.key.qualified_name).guard
    held = "" if force else held_because(_case(work, found, rules, members), guard)
    return Proposal(guid, revision, position, now, members, moves(before, members, evidence), held)


def _case(work: Workspace, found: Found, rules: Rules, members: BitMap) -> Case:
    return Case(
        found.product.selection.node,
        found.before,
        members,
        found.evaluated.universe,
        found.position - found.evaluated.position,
        work.fields,
        rules.custom,
    )


def _evidence(work: Workspace, found: Found, selected: BitMap, members: BitMap) -> Evidence:
    """Gather what is known of those who move; where nobody does, nothing is asked."""
    before = found.before
    moved = BitMap() if before is None else before.members ^ members
    changed, gone = (
        work.record.moved_since(moved, before.position) if before is not None and moved else (BitMap(), BitMap())
    )
    former = _former(work, found) if moved else None
    formerly = None if former is None else work.engine.members(former, now=found.now)
    timely = bool(moved) and any(is_timely(one) for one in (found.product.selection.node, former) if one is not None)
    return Evidence(selected, formerly, found.standings, found.now, changed, gone, timely)


def _former(work: Workspace, found: Found) -> Node | None:
    """Return the selection of the generation before, None when it was not edited since."""
    if found.before is None or found.before.revision == found.product.selection.revision:
        return None
    revisions = work.record.revisions(found.product.entity.guid)
    return next(one.node for one, _, _ in revisions if one.revision == found.before.revision)
