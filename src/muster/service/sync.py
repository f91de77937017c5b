"""Bring materialised membership up to date: evaluate, compare, commit.

All products are evaluated together: their distinct leaf clauses are asked of the engine once, and each product is
set algebra over the answers. The cost follows the distinct leaves, not the products.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.membership import Generation, Outcome, Proposal, Run, Standing
from muster.membership import resolve as with_decisions
from muster.query.algebra import Formula, atoms, combine
from muster.query.formula import formula
from muster.query.nodes import Leaf
from muster.service.batches import batches
from muster.service.causes import Evidence, moves
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


@dataclass(frozen=True, slots=True)
class _View:
    """The index as one sync sees it."""

    universe: BitMap
    position: int
    now: int


def sync(
    work: Workspace,
    refs: Sequence[str] = (),
    *,
    force: bool = False,
    advance: Callable[[int], None] = lambda _: None,
) -> Iterator[Synced]:
    """Sync the named products, or all; yields each as its run is committed, `advance` hears how many.

    A run that would empty a product is held unless forced. A product whose selection can no longer be evaluated is
    held with the reason, and does not keep the others waiting.
    """
    project(work)
    products = _named(work, refs) if refs else list(work.record.products())
    view = _View(work.engine.universe(), work.engine.position(), work.clock())
    evaluated = _evaluate(work, products, view)
    for some in batches(zip(products, evaluated, strict=True), COMMIT):
        yield from _commit(work, some, view, force=force)
        advance(len(some))


def _named(work: Workspace, refs: Sequence[str]) -> list[Product]:
    """Return each product once, however often and by whatever it is named."""
    named = (work.record.product(ref) for ref in refs)
    return list({product.entity.guid: product for product in named}.values())


def _evaluate(work: Workspace, products: Sequence[Product], view: _View) -> Iterator[BitMap | InvalidInput]:
    """Yield what each selection holds, or why it cannot be evaluated; the engine is asked once for all."""
    read = [_formula(product) for product in products]
    sound = [one for one in read if not isinstance(one, InvalidInput)]
    try:
        postings = _postings(work, sound, view)
    except InvalidInput:
        yield from (_alone(work, one, view) for one in read)
        return
    for one in read:
        yield one if isinstance(one, InvalidInput) else combine(one, postings.__getitem__, view.universe)


def _formula(product: Product) -> Formula[Leaf] | InvalidInput:
    try:
        return formula(product.selection.node)
    except InvalidInput as error:
        return error


def _postings(work: Workspace, formulas: Sequence[Formula[Leaf]], view: _View) -> dict[Leaf, BitMap]:
    leaves = list(dict.fromkeys(leaf for one in formulas for leaf in atoms(one)))
    return dict(zip(leaves, work.engine.postings(leaves, now=view.now), strict=True))


def _alone(work: Workspace, one: Formula[Leaf] | InvalidInput, view: _View) -> BitMap | InvalidInput:
    """Evaluate one selection by itself, where one of many has spoiled the common question."""
    if isinstance(one, InvalidInput):
        return one
    try:
        return combine(one, _postings(work, [one], view).__getitem__, view.universe)
    except InvalidInput as error:
        return error


def _commit(
    work: Workspace, found: list[tuple[Product, BitMap | InvalidInput]], view: _View, *, force: bool
) -> list[Synced]:
    guids = [product.entity.guid for product, _ in found]
    before, standings = work.record.generations(guids), work.record.standings(guids)
    proposals = [
        _proposal(work, product, selected, before.get(guid), standings.get(guid, ()), view, force)
        for guid, (product, selected) in zip(guids, found, strict=True)
    ]
    runs = work.record.commit(proposals)
    return [Synced(product, run) for (product, _), run in zip(found, runs, strict=True)]


def _proposal(
    work: Workspace,
    product: Product,
    selected: BitMap | InvalidInput,
    before: Generation | None,
    standings: tuple[Standing, ...],
    view: _View,
    force: bool,  # noqa: FBT001 - private, named at its only call
) -> Proposal:
    guid, revision = product.entity.guid, product.selection.revision
    if isinstance(selected, InvalidInput):
        members = before.members if before else BitMap()
        return Proposal(guid, revision, view.position, view.now, members, (), f"{selected.code}: {selected.message}")
    members = with_decisions(selected, standings, view.now)
    evidence = Evidence(selected, _formerly(work, product, before, view), standings, view.now)
    held = _guard(before, members, force=force)
    return Proposal(guid, revision, view.position, view.now, members, moves(before, members, evidence), held)


def _formerly(work: Workspace, product: Product, before: Generation | None, view: _View) -> BitMap | None:
    """Return what the selection of the generation before would hold today, None when it was not edited since."""
    if before is None or before.revision == product.selection.revision:
        return None
    revisions = work.record.revisions(product.entity.guid)
    former = next(selection for selection, _, _ in revisions if selection.revision == before.revision)
    return work.engine.members(former.node, now=view.now)


def _guard(before: Generation | None, members: BitMap, *, force: bool) -> str:
    """Return why a run must be held, or nothing."""
    if before is not None and before.members and not members and not force:
        return f"it would empty the product, which has {len(before.members):,} members"
    return ""
