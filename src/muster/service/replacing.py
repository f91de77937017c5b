"""What a product would gain and lose if it had another selection: nothing is stored."""

from dataclasses import dataclass, replace

from pyroaring import BitMap

from muster.catalog.entity import Entity
from muster.catalog.product import Product, Selection
from muster.errors import InvalidInput
from muster.membership import resolve as with_decisions
from muster.service.evaluate import evaluate
from muster.service.resolve import PageRequest, page_of, standings
from muster.service.touching import Touching, touching
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Moving:
    """Assets that would move: how many in all, and the first of them."""

    total: int
    assets: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Replacing:
    """Who would join a product and who would leave it, both by what its selections hold now.

    Pins and exclusions count before and after: a pinned asset never leaves, an excluded one never joins.
    """

    product: Product
    joins: Moving
    leaves: Moving
    touches: Touching


def replacing(work: Workspace, product: Product, selection: Selection, shown: PageRequest) -> Replacing:
    """Return what would move if a product had this selection; `shown` says how many of them are read, in which order.

    Raises:
        InvalidInput: one of the two selections cannot be evaluated.
    """
    now = work.clock()
    both = evaluate(work, [product, replace(product, selection=selection)], now=now)
    selected = [one.selected for one in both]
    for one, whose in zip(selected, ("what the product has now", "the selection"), strict=True):
        if isinstance(one, InvalidInput):
            raise type(one)(f"{whose} cannot be evaluated: {one.message}", hint=one.hint) from one
    decided = standings(work, product)
    before, after = (with_decisions(one, decided, now) for one in selected if isinstance(one, BitMap))
    joins, leaves = after - before, before - after
    touches = touching(work, product.entity, joins, leaves, limit=shown.size)
    return Replacing(product, _moving(work, joins, shown), _moving(work, leaves, shown), touches)


def _moving(work: Workspace, assets: BitMap, shown: PageRequest) -> Moving:
    ordinals, _ = page_of(work, assets, replace(shown, cursor=None))
    return Moving(len(assets), tuple(work.record.entities(ordinals)))
