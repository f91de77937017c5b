"""One round of keeping memberships right: the next changes of the log, evaluated against all selections.

Only products whose membership moves are written. What cannot be told from the assets that changed is evaluated in full:
products that are new, edited or held, and those whose clock has come round.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyroaring import BitMap

from muster.catalog.document import document
from muster.catalog.entity import Entity, Status
from muster.errors import Conflict, InvalidInput, Overtaken
from muster.indexing import IndexedAsset, Indexer
from muster.membership import Fence, Followed, Move, Proposal, Run, Trigger
from muster.membership import resolve as with_decisions
from muster.protocols import Change
from muster.service.causes import Evidence, moves
from muster.service.domains import PRODUCT
from muster.service.guards import Case, held_because
from muster.service.holding import Answer, Meaning, apart, held
from muster.service.keeping.portfolio import Held, Portfolio
from muster.service.proposing import Rules, rules
from muster.service.sync import sync
from muster.service.tags import tag_names
from muster.service.workspace import Workspace

BATCH: Final = 5_000
"""Changes of one round."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did: changes that were followed, runs that were made, whether more is waiting in the log."""

    changes: int
    runs: tuple[Run, ...]
    more: bool


def follow_changes(work: Workspace, portfolio: Portfolio, fence: Fence, due: Collection[str] = ()) -> Round:
    """Follow the next changes of the log, and evaluate in full the products that are `due`, by guid.

    Raises:
        Overtaken: somebody else follows them now.
        Conflict: products were edited or synced meanwhile; the next round sees that.
    """
    since, now = work.record.followed(), work.clock()
    changes = work.record.changes(since.position, BATCH)
    edited = {one.entity.guid for one in changes if one.entity.key.type_name == PRODUCT}
    portfolio.refresh(work, edited)
    upto = Followed(changes[-1].number if changes else since.position, now)
    touched = _touched(work, portfolio, changes, since.at, now)
    proposals = list(_proposals(work, portfolio, touched, upto)) if touched else []
    runs = work.record.commit(proposals, fence=fence, upto=upto, seen=portfolio.run)
    portfolio.took(runs, {one.product: one.members for one in proposals})
    full = [guid for guid in {*due, *_unsettled(portfolio, edited)} if guid in portfolio.products]
    if full:
        runs += [one.run for one in sync(work, full, fence=fence)]
        portfolio.refresh(work, full)
    return Round(len(changes), tuple(runs), more=len(changes) == BATCH)


def _unsettled(portfolio: Portfolio, edited: Collection[str]) -> Iterator[str]:
    """Yield the products whose members cannot be told from changes: new ones, and those with another selection."""
    for guid, one in portfolio.products.items():
        if one.generation is None or (guid in edited and one.generation.revision != one.outline.revision):
            yield guid


def _touched(
    work: Workspace, portfolio: Portfolio, changes: Sequence[Change], since: int, now: int
) -> dict[int, Entity]:
    """Return the assets to look at: those that changed, and those about which a decision was made or ended."""
    found = {one.ordinal: one.entity for one in changes}
    decided = {
        standing.ordinal
        for one in portfolio.products.values()
        for standing in one.standings
        if _turned(standing.at, since, now)
        or _turned(standing.expires_at, since, now)
        or _turned(standing.withdrawn_at, since, now)
    }
    missing = sorted(decided - found.keys())
    return found | {one.ordinal: one for one in (work.record.entities(missing, purged=True) if missing else ())}


def _turned(at: int | None, since: int, now: int) -> bool:
    return at is not None and since <= at <= now


def _proposals(
    work: Workspace, portfolio: Portfolio, touched: Mapping[int, Entity], upto: Followed
) -> Iterator[Proposal]:
    """Yield what follows from the assets at hand for each product whose members are current."""
    products = [one for one in portfolio.products.values() if one.is_current]
    assets = _indexed(work, touched)
    meaning = Meaning(work.fields, tag_names(work.record), upto.at)
    answers = held([apart(one.outline.wire) for one in products], assets, meaning, lambda leaves: _asked(work, leaves, upto))
    known, among = rules(work), BitMap(touched)
    gone = BitMap(ordinal for ordinal, one in touched.items() if one.status is not Status.ACTIVE)
    for one, answer in zip(products, answers, strict=True):
        if not isinstance(answer, InvalidInput):
            proposal = _proposal(work, one, answer, among, gone, known, upto)
            if proposal is not None:
                yield proposal


def _indexed(work: Workspace, touched: Mapping[int, Entity]) -> dict[int, IndexedAsset]:
    indexer = Indexer(work.fields)
    return {
        ordinal: indexer.index(one.guid, document(one))
        for ordinal, one in touched.items()
        if one.status is not Status.PURGED
    }
