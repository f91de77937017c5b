"""Bring stored memberships up to date: evaluate everything, compare, commit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyroaring import BitMap

from muster.batches import batches
from muster.catalog.product import Product
from muster.errors import Conflict, NotFound, Overtaken
from muster.membership import Fence, Outcome, Run, Trigger
from muster.service.evaluate import Evaluated, evaluate
from muster.service.project import project
from muster.service.proposing import Found, Rules, propose, rules_now, since
from muster.service.workspace import Workspace

COMMIT: Final = 500
"""Runs of one transaction."""


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
class Order:
    """How a sync is done: whatever the guards say (`force`), under which fence it was taken, if any, and what for."""

    force: bool = False
    fence: Fence | None = None
    trigger: Trigger = Trigger.FULL


@dataclass(frozen=True, slots=True)
class _Begun:
    """A sync that has begun: how it is done, what holds for all, the time it counts from, and how far the index was."""

    order: Order
    rules: Rules
    now: int
    position: int


def sync(
    work: Workspace,
    refs: Sequence[str] = (),
    *,
    force: bool = False,
    advance: Callable[[int], None] = lambda _: None,
) -> Iterator[Synced]:
    """Sync the named products, or all; yields each as its run is committed, `advance` hears how many.

    A run that a guard stops is held unless forced. A product whose selection can no longer be evaluated is held with the
    reason, and does not keep the others waiting. One that is edited meanwhile is evaluated once more.

    Raises:
        NotFound, Conflict: a name that no product has, or several; nothing is synced.
    """
    project(work)
    products = _named(work, refs) if refs else list(work.record.products())
    order = Order(force=True, trigger=Trigger.FORCED) if force else Order()
    yield from _synced(work, products, order, advance)


def sync_present(
    work: Workspace, guids: Sequence[str], fence: Fence, trigger: Trigger = Trigger.FULL
) -> Iterator[Synced]:
    """Sync some products as `sync` does, those of them that are still there.

    Raises:
        Overtaken: somebody else has taken over what was taken under the fence.
    """
    project(work)
    yield from _synced(work, list(work.record.products_of(guids)), Order(fence=fence, trigger=trigger))


def _synced(
    work: Workspace, products: Sequence[Product], order: Order, advance: Callable[[int], None] = lambda _: None
) -> Iterator[Synced]:
    begun = _Begun(order, rules_now(work), work.clock(), work.engine.position())
    for some in batches(zip(products, evaluate(work, products, now=begun.now), strict=True), COMMIT):
        yield from _committed(work, some, begun)
        advance(len(some))


def _named(work: Workspace, refs: Sequence[str]) -> list[Product]:
    """Return each product once, however often and by whatever it is named."""
    named = (work.record.product(ref) for ref in refs)
    return list({product.entity.guid: product for product in named}.values())


def _committed(work: Workspace, found: Sequence[tuple[Product, Evaluated]], begun: _Begun) -> Iterator[Synced]:
    """Commit runs together; where one of them meets an edit of its product or another run, each by itself."""
    try:
        yield from _commit(work, found, begun, late=False)
    except Overtaken:
        raise
    except Conflict:
        if len(found) == 1:
            yield from _again(work, found[0][0], begun)
        else:
            for one in found:
                yield from _committed(work, [one], begun)


def _again(work: Workspace, product: Product, begun: _Begun) -> Iterator[Synced]:
    """Sync a product as it and the catalog are by now; one deleted meanwhile has no run."""
    try:
        current = work.record.product(product.entity.guid)
    except NotFound:
        return
    project(work)
    now = work.clock()
    evaluated = next(evaluate(work, [current], now=now))
    yield from _commit(work, [(current, evaluated)], replace(begun, now=now), late=True)


def _commit(work: Workspace, found: Sequence[tuple[Product, Evaluated]], begun: _Begun, *, late: bool) -> list[Synced]:
    """Commit runs; Conflict where a product was synced after this began, as of later: what is stored knows more."""
    order, cases = begun.order, _cases(work, found, begun)
    if not late and any(one.before and one.before.position > one.evaluated.position for one in cases):
        raise Conflict("other runs saw more since this one began")
    proposals = [propose(work, one, begun.rules, force=order.force) for one in cases]
    runs = work.record.commit([replace(one, trigger=order.trigger) for one in proposals], fence=order.fence)
    return [Synced(product, run) for (product, _), run in zip(found, runs, strict=True)]


def _cases(work: Workspace, found: Sequence[tuple[Product, Evaluated]], begun: _Begun) -> list[Found]:
    guids = [product.entity.guid for product, _ in found]
    before, standings = work.record.generations(guids), work.record.standings(guids)
    waiting = work.record.waiting(guids)
    lately = work.record.moved_lately(
        {guid: since(one, begun.now, waits=guid in waiting) for guid, one in before.items()}
    )
    return [
        Found(
            product,
            evaluated,
            before.get(guid),
            standings.get(guid, ()),
            lately.get(guid, BitMap()),
            waits=guid in waiting,
            now=begun.now,
            position=begun.position,
        )
        for guid, (product, evaluated) in zip(guids, found, strict=True)
    ]
