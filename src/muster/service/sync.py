"""Bring materialised membership up to date: evaluate, compare, commit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from muster.catalog.product import Product
from muster.errors import Conflict, InvalidInput, NotFound
from muster.membership import Generation, Outcome, Proposal, Run, Standing
from muster.membership import resolve as with_decisions
from muster.service.batches import batches
from muster.service.causes import Evidence, moves
from muster.service.evaluate import Evaluated, evaluate
from muster.service.project import project
from muster.service.workspace import Workspace

COMMIT = 500


@dataclass(frozen=True, slots=True)
class Synced:
    """One product and the run that it got."""

    product: Product
    run: Run

    @property
    def held(self) -> bool:
        """Whether a guard stopped it."""
        return self.run.outcome is Outcome.HELD


def sync(
    work: Workspace,
    refs: Sequence[str] = (),
    *,
    force: bool = False,
    advance: Callable[[int], None] = lambda _: None,
) -> Iterator[Synced]:
    """Sync the named products, or all; yields each as its run is committed, `advance` hears how many.

    A run that would empty a product is held unless forced. A product whose selection can no longer be evaluated is
    held with the reason, and does not keep the others waiting. One that is edited meanwhile is evaluated once more.
    """
    project(work)
    products = _named(work, refs) if refs else list(work.record.products())
    now = work.clock()
    for some in batches(zip(products, evaluate(work, products, now=now), strict=True), COMMIT):
        yield from _committed(work, some, now, force=force)
        advance(len(some))


def _named(work: Workspace, refs: Sequence[str]) -> list[Product]:
    """Return each product once, however often and by whatever it is named."""
    named = (work.record.product(ref) for ref in refs)
    return list({product.entity.guid: product for product in named}.values())


def _committed(
    work: Workspace, found: Sequence[tuple[Product, Evaluated]], now: int, *, force: bool
) -> Iterator[Synced]:
    """Commit runs together; where one of them meets an edit of its product, each by itself."""
    try:
        yield from _commit(work, found, now, force=force)
    except Conflict:
        if len(found) == 1:
            yield from _again(work, found[0][0], force=force)
        else:
            for one in found:
                yield from _committed(work, [one], now, force=force)


def _again(work: Workspace, product: Product, *, force: bool) -> Iterator[Synced]:
    """Sync a product as it is by now; one deleted meanwhile has no run."""
    try:
        current = work.record.product(product.entity.guid)
    except NotFound:
        return
    now = work.clock()
    evaluated = next(evaluate(work, [current], now=now))
    yield from _commit(work, [(current, evaluated)], now, force=force)


def _commit(work: Workspace, found: Sequence[tuple[Product, Evaluated]], now: int, *, force: bool) -> list[Synced]:
    guids = [product.entity.guid for product, _ in found]
    before, standings = work.record.generations(guids), work.record.standings(guids)
    proposals = [
        _proposal(_Case(work, product, before.get(guid), standings.get(guid, ()), now), evaluated, force=force)
        for guid, (product, evaluated) in zip(guids, found, strict=True)
    ]
    runs = work.record.commit(proposals)
    return [Synced(product, run) for (product, _), run in zip(found, runs, strict=True)]


@dataclass(frozen=True, slots=True)
class _Case:
    """One product to sync: the generation before, what was decided by hand, and the time of the sync."""

    work: Workspace
    product: Product
    before: Generation | None
    standings: tuple[Standing, ...]
    now: int


def _proposal(case: _Case, evaluated: Evaluated, *, force: bool) -> Proposal:
    guid, revision = case.product.entity.guid, case.product.selection.revision
    selected, before, position, now = evaluated.selected, case.before, evaluated.position, case.now
    if isinstance(selected, InvalidInput):
        members = before.members if before else BitMap()
        return Proposal(guid, revision, position, now, members, (), f"{selected.code}: {selected.message}")
    members = with_decisions(selected, case.standings, now)
    evidence = Evidence(selected, _formerly(case), case.standings, now)
    held = _guard(before, members, force=force)
    return Proposal(guid, revision, position, now, members, moves(before, members, evidence), held)


def _formerly(case: _Case) -> BitMap | None:
    """Return what the selection of the generation before would hold today, None when it was not edited since."""
    if case.before is None or case.before.revision == case.product.selection.revision:
        return None
    revisions = case.work.record.revisions(case.product.entity.guid)
    former = next(selection for selection, _, _ in revisions if selection.revision == case.before.revision)
    return case.work.engine.members(former.node, now=case.now)


def _guard(before: Generation | None, members: BitMap, *, force: bool) -> str:
    """Return why a run must be held, or nothing."""
    if before is not None and before.members and not members and not force:
        return f"it would empty the product, which has {len(before.members):,} members"
    return ""
