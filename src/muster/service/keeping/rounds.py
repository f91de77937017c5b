"""One round of keeping memberships right: the next changes of the log, evaluated against all selections.

Only products whose membership moves are written, and the index need not have the changes yet. What cannot be told from the
assets that changed is evaluated in full: products that are new, edited or held, and those whose clock has come round.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyroaring import BitMap

from muster.catalog.document import document
from muster.catalog.entity import Entity, Status
from muster.errors import InvalidInput
from muster.membership import Fence, Followed, Proposal, Run, Trigger, confirmed
from muster.membership import resolve as with_decisions
from muster.policy import OnChange
from muster.protocols import Change
from muster.query.nodes import Leaf
from muster.query.wire import recall
from muster.service.causes import Evidence, moves
from muster.service.domains import PRODUCT
from muster.service.guards import Case, held_because
from muster.service.holding import Answer, fields_asked, held, indexed
from muster.service.keeping.ahead import searchable
from muster.service.keeping.audit import Audited
from muster.service.keeping.portfolio import Held, Portfolio
from muster.service.project import project
from muster.service.proposing import Rules, rules_now
from muster.service.sync import sync_present
from muster.service.workspace import Workspace

BATCH: Final = 5_000
"""Changes of one round."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did: changes that were followed, runs that were made, whether more is waiting in the log.

    `differences` are what an audit found that was among it.
    """

    changes: int
    runs: tuple[Run, ...]
    more: bool
    differences: tuple[Audited, ...] = ()


def follow_changes(work: Workspace, portfolio: Portfolio, fence: Fence, due: Collection[str] = ()) -> Round:
    """Follow the next changes of the log, and evaluate in full the products that are `due`, by guid.

    Raises:
        Overtaken: somebody else follows them now.
        Conflict: products were edited or synced meanwhile; the next round sees that.
    """
    since, now = work.record.followed(), work.clock()
    changes, rules = work.record.changes(since.position, BATCH), rules_now(work)
    edited = {one.entity.guid for one in changes if one.entity.key.type_name == PRODUCT}
    purged = {one.ordinal for one in changes if one.entity.status is Status.PURGED}
    portfolio.reread(work, edited | portfolio.deciding_about(purged))
    upto = Followed(changes[-1].number if changes else since.position, now)
    touched = _touched(work, portfolio, changes, edited, (since.at, now))
    look = _Look(touched, BitMap(touched), BitMap(one.ordinal for one in changes), since, upto, rules)
    proposals, refused = _proposals(work, portfolio, look) if touched else ([], [])
    runs = work.record.advance(proposals, upto, seen=portfolio.run, fence=fence)
    portfolio.took(runs, proposals)
    portfolio.followed(edited)
    full = [guid for guid in {*due, *refused, *_unsettled(portfolio, rules)} if guid in portfolio.products]
    if full:
        runs += [one.run for one in sync_present(work, full, fence)]
        portfolio.reread(work, full)
    return Round(len(changes), tuple(runs), more=len(changes) == BATCH)


def _unsettled(portfolio: Portfolio, rules: Rules) -> Iterator[str]:
    """Yield the products whose members cannot be told from changes: new ones, edited ones, those that missed some."""
    for guid, one in portfolio.products.items():
        if not one.waiting and _follows(one, rules) and not _is_sound(one, rules):
            yield guid


def _is_sound(one: Held, rules: Rules) -> bool:
    """Whether changes can be held against what a product holds: it is of its selection as it is, and missed none."""
    return one.is_current and one.outline.guid not in rules.missed


def _follows(one: Held, rules: Rules) -> bool:
    """Whether a product is synced on change."""
    return isinstance(rules.policy(one.outline.guid, one.outline.qualified_name).schedule, OnChange)


def _touched(
    work: Workspace, portfolio: Portfolio, changes: Sequence[Change], edited: Collection[str], between: tuple[int, int]
) -> dict[int, Entity]:
    """Return the assets to look at: those that changed, and those about which a decision was made or ended.

    What was decided is told by the log, as edits of products: a decision may be stored later than its time says, and the
    clock may be set back. What ends by itself ends between two rounds, whichever of them has the later time.
    """
    found = {one.ordinal: one.entity for one in changes}
    first, last = sorted(between)
    ended = {
        standing.ordinal
        for one in portfolio.products.values()
        for standing in one.standings
        if standing.expires_at is not None and first <= standing.expires_at <= last
    }
    missing = sorted((ended | portfolio.decided(edited)) - found.keys())
    return found | {one.ordinal: one for one in (work.record.entities(missing, purged=True) if missing else ())}


@dataclass(frozen=True, slots=True)
class _Look:
    """Which assets are looked at, by ordinal, and which of them `changed`; from where, how far, and what holds for all."""

    touched: Mapping[int, Entity]
    among: BitMap
    changed: BitMap
    since: Followed
    upto: Followed
    rules: Rules


def _proposals(work: Workspace, portfolio: Portfolio, look: _Look) -> tuple[list[Proposal], list[str]]:
    """Return what follows from the assets at hand for each product that has what it should, and of which nothing can."""
    rules = look.rules
    products = [one for one in portfolio.products.values() if _is_sound(one, rules) and _follows(one, rules)]
    documents = {at: document(one) for at, one in look.touched.items() if one.status is not Status.PURGED}
    fields = searchable(work, documents.values(), look.upto.position)
    meaning = portfolio.meaning(work, fields, look.upto.at)
    selections = [one.selection for one in products]
    assets = indexed(documents, fields_asked(selections, meaning), fields)
    answers = held(selections, assets, meaning, lambda leaves: _asked(work, leaves, look.upto.at))
    gone = BitMap(ordinal for ordinal in look.changed if look.touched[ordinal].status is not Status.ACTIVE)
    found, refused = list[Proposal](), list[str]()
    for one, answer in zip(products, answers, strict=True):
        if isinstance(answer, InvalidInput):
            refused.append(one.outline.guid)
        elif (members := _members(one, answer, look)) is not None:
            evidence = Evidence(answer, None, one.standings, look.upto.at, look.changed, gone, one.is_timely)
            lately = portfolio.lately.about(one.outline.guid, look.upto.at)
            wire, among = recall(one.outline.wire), len(look.among)
            case = Case(wire, one.generation, lately, members, among, 0, fields, rules.custom)
            found.append(_proposal(one, case, evidence, look))
    return found, refused


def _asked(work: Workspace, leaves: Sequence[Leaf], now: int) -> Sequence[Answer]:
    """Ask the index for leaves whose terms only it knows; it is brought up to what is looked at for that."""
    project(work)
    return _found(work, leaves, now)


def _found(work: Workspace, leaves: Sequence[Leaf], now: int) -> Sequence[Answer]:
    """Return what leaves hold; where one of them spoils the common question, each is asked by itself."""
    try:
        return work.engine.postings(leaves, now=now).sets
    except InvalidInput as error:
        return [error] if len(leaves) == 1 else [each for leaf in leaves for each in _found(work, [leaf], now)]


def _members(one: Held, selected: BitMap, look: _Look) -> BitMap | None:
    """Return whom a product has by the assets that were looked at; None where none of them moves."""
    if one.generation is None:
        return None
    has = with_decisions(selected, one.standings, look.upto.at) & look.among if one.standings else selected
    before = one.generation.members
    return None if before & look.among == has else (before - look.among) | has


def _proposal(one: Held, case: Case, evidence: Evidence, look: _Look) -> Proposal:
    """Return what becomes of a product that somebody joins or leaves."""
    before, upto = case.before, look.upto
    guid, revision = one.outline.guid, one.outline.revision
    because = held_because(case, look.rules.policy(guid, one.outline.qualified_name).guard)
    moved = moves(None if before is None else confirmed(before, look.since), case.members, evidence)
    return Proposal(guid, revision, upto.position, upto.at, case.members, moved, because, Trigger.INCREMENTAL)
