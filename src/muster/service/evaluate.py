"""What many selections hold, asked together: their distinct leaf clauses once, each selection set algebra over the answers.

The cost follows the distinct leaves, not the selections.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.protocols import Postings
from muster.query.algebra import Formula, atoms, combine
from muster.query.formula import formula
from muster.query.nodes import Leaf
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a selection holds of `universe` assets, or why it cannot be evaluated; all up to `position` was looked at."""

    selected: BitMap | InvalidInput
    position: int
    universe: int = 0


def evaluate(work: Workspace, products: Sequence[Product], *, now: int) -> Iterator[Evaluated]:
    """Yield what each selection holds, all from one view of the index.

    Where one of them spoils the common question, each is asked by itself.
    """
    read = [_formula(product) for product in products]
    sound = [one for one in read if not isinstance(one, InvalidInput)]
    try:
        leaves = list(dict.fromkeys(leaf for one in sound for leaf in atoms(one)))
        postings = work.engine.postings(leaves, now=now)
    except InvalidInput:
        yield from (_alone(work, one, now) for one in read)
        return
    sets = dict(zip(leaves, postings.sets, strict=True))
    for one in read:
        yield Evaluated(_selected(one, sets, postings), postings.position, len(postings.universe))


def _formula(product: Product) -> Formula[Leaf] | InvalidInput:
    try:
        return formula(product.selection.node)
    except InvalidInput as error:
        return error


def _selected(one: Formula[Leaf] | InvalidInput, sets: dict[Leaf, BitMap], postings: Postings) -> BitMap | InvalidInput:
    return one if isinstance(one, InvalidInput) else combine(one, sets.__getitem__, postings.universe)


def _alone(work: Workspace, one: Formula[Leaf] | InvalidInput, now: int) -> Evaluated:
    if isinstance(one, InvalidInput):
        return Evaluated(one, work.engine.position())
    leaves = list(dict.fromkeys(atoms(one)))
    try:
        postings = work.engine.postings(leaves, now=now)
    except InvalidInput as error:
        return Evaluated(error, work.engine.position())
    selected = _selected(one, dict(zip(leaves, postings.sets, strict=True)), postings)
    return Evaluated(selected, postings.position, len(postings.universe))
