"""Runs that were held: which wait for somebody, what one of them would move, and what somebody decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.errors import Conflict, typed
from muster.membership import Move, Outcome, Proposal, Run, Trigger, Verdict, moved
from muster.packing import digest
from muster.service.changes import run_of
from muster.service.dotted import dotted_names
from muster.service.save.planning import refuse_elsewhere
from muster.service.workspace import Workspace

AGAIN = "sync the product again: the run says what would move now"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Who decides: for what reason, if they say one; `within` are the domains that they may write in, none: all."""

    because: str = ""
    within: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs of all products: `size` of those below `before`, of one outcome or trigger only, decided about or not."""

    size: int = 100
    before: int | None = None
    outcome: Outcome | None = None
    trigger: Trigger | None = None
    decided: bool | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """Some runs, newest first, each with its product; `before` leads on, None where they end."""

    shown: tuple[tuple[Run, Entity], ...]
    before: int | None


def approve(work: Workspace, product: Product, number: int, judged: Judgement) -> tuple[Run, Run]:
    """Let a held run be done: exactly what it would have moved moves, by a new run; return that one, and the held one.

    Raises:
        NotFound: the run is none of the product's.
        Forbidden: the product is outside `judged.within`.
        Conflict: it was not held, or decided about before; it would move nobody; or a later run, an edit of the
            selection or a deletion came since. Nothing is stored then.
    """
    refuse_elsewhere(product.entity, judged.within)
    guid, held = product.entity.guid, run_of(work, product, number)
    if held.verdict is Verdict.REJECTED:
        raise _rejected(work, product, held)
    moves, before = work.record.moves(guid, number), work.record.generations([guid]).get(guid)
    members = _moved(BitMap() if before is None else before.members, moves)
    for why in _objections(product, held, members):
        raise Conflict(why, hint=AGAIN)
    at = work.clock()
    proposal = Proposal(guid, held.revision, held.position, at, members, moves, trigger=Trigger.APPROVAL)
    return work.record.approve(proposal, number, by=work.by, because=judged.because)


def reject(work: Workspace, product: Product, number: int, judged: Judgement) -> Run:
    """Let a held run not be done; the stored membership stays as it is until a run finds another one than this.

    Raises:
        NotFound: the run is none of the product's.
        Forbidden: the product is outside `judged.within`.
        Conflict: it was not held, or decided about before, or a later run came since.
    """
    refuse_elsewhere(product.entity, judged.within)
    guid, at = product.entity.guid, work.clock()
    return work.record.judge(guid, number, Verdict.REJECTED, by=work.by, at=at, because=judged.because)


def listed(work: Workspace, wanted: Wanted) -> Listed:
    """Return runs of all products, newest first."""
    found = work.record.runs_of_all(
        limit=wanted.size + 1,
        before=wanted.before,
        outcome=wanted.outcome,
        trigger=wanted.trigger,
        decided=wanted.decided,
    )
    shown = found[: wanted.size]
    products = {one.guid: one for one in work.record.find([run.product for run in shown], [])}
    pairs = ((run, products[run.product]) for run in shown if run.product in products)
    return Listed(tuple(pairs), shown[-1].number if len(found) > wanted.size else None)


def _rejected(work: Workspace, product: Product, held: Run) -> Conflict:
    """Return the error for a run that nobody can approve any more: to sync again would find the same, and hold it."""
    name = typed(dotted_names(work, [product.entity])[product.entity.guid])
    return Conflict(
        f"run {held.number} was rejected by {held.decided_by}",
        hint=f"`muster sync --force {name}` moves who would move now all the same",
    )


def _objections(product: Product, held: Run, members: BitMap) -> Iterator[str]:
    """Yield what keeps a run from being approved; the record knows whether it was decided about, or is not the last."""
    if held.outcome is not Outcome.HELD:
        yield f"run {held.number} was {held.outcome.value}, not held"
    if held.revision != product.selection.revision:
        yield f"the selection was edited since run {held.number}, which was of revision {held.revision}"
    if not held.joined + held.left:
        yield f"run {held.number} would move nobody, it was held for {held.held_because}"
    if digest(members) != held.digest:
        yield f"the membership moved since run {held.number}"


def _moved(members: BitMap, moves: Sequence[Move]) -> BitMap:
    joined, left = moved(moves)
    return (members | joined) - left
