"""Set algebra over whole products: who is in any of some, in each of others, and in none of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.errors import InvalidInput, LimitExceeded
from muster.membership import Generation
from muster.membership import resolve as with_decisions
from muster.service import cursor as cursors
from muster.service.evaluate import evaluate
from muster.service.project import project
from muster.service.resolve import Live, Mode, PageRequest, Provenance, page_of, provenance, readable
from muster.service.workspace import Workspace

MOST = 100
"""Products in one question."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Whose members are wanted: of any of the first, if they are members of each of `also` and of none of `without`."""

    any_of: tuple[Product, ...]
    also: tuple[Product, ...] = ()
    without: tuple[Product, ...] = ()

    def __post_init__(self) -> None:
        if not self.any_of:
            raise InvalidInput("no product is named to begin with", hint="name at least one by `of`")
        if len(self.products) > MOST:
            raise LimitExceeded(f"{len(self.products):,} products; the limit is {MOST}", hint="name fewer")

    @property
    def products(self) -> tuple[Product, ...]:
        """All that are named, as often as they are."""
        return (*self.any_of, *self.also, *self.without)


@dataclass(frozen=True, slots=True)
class Combined:
    """The assets that are wanted, and what the membership of each product stands on, in the order of `products`."""

    members: BitMap
    provenance: tuple[Provenance, ...]


@dataclass(frozen=True, slots=True)
class CombinedPage:
    """One page of the assets that are wanted; `next` is None on the last, unless that is full: an empty one may follow it."""

    of: Combined
    members: tuple[Entity, ...]
    next: str | None


def combined_page(work: Workspace, wanted: Combination, mode: Mode, request: PageRequest) -> CombinedPage:
    """Return one page of the members of a combination.

    Raises:
        InvalidInput, NotFound: as `combined`; or the cursor is not of this question, or the order is none.
    """
    found = combined(work, wanted, mode)
    named = [[one.entity.guid for one in some] for some in (wanted.any_of, wanted.also, wanted.without)]
    question = cursors.fingerprint(named, [one.source for one in found.provenance], request.sort)
    after = cursors.decode(question, request.cursor, len(request.sort)) if request.cursor else None
    ordinals, last = page_of(work, found.members, request, after)
    following = cursors.encode(question, last) if last is not None and len(ordinals) == request.size else None
    return CombinedPage(found, tuple(work.record.entities(ordinals)), following)


def combined(work: Workspace, wanted: Combination, mode: Mode) -> Combined:
    """Return the members of a combination; all that are run are run on one view of the index.

    Raises:
        InvalidInput: the selection of one of the products cannot be evaluated.
        NotFound: `stored` before the first sync of one of them.
    """
    products = list({one.entity.guid: one for one in wanted.products}.values())
    chosen = _chosen(work, products, mode)
    live = _live(work, [one for one in products if chosen[one.entity.guid] is None])
    sets = {guid: live[guid] if generation is None else generation.members for guid, generation in chosen.items()}

    def members(some: Sequence[Product]) -> list[BitMap]:
        return [sets[one.entity.guid] for one in some]

    found = BitMap.union(*members(wanted.any_of))
    found = BitMap.intersection(found, *members(wanted.also))
    return Combined(
        found.difference(*members(wanted.without)),
        tuple(provenance(work, one, chosen[one.entity.guid]) for one in wanted.products),
    )


def _chosen(work: Workspace, products: Sequence[Product], mode: Mode) -> dict[str, Generation | None]:
    """Return the generation to read of each product; None means: run it now."""
    guids = [one.entity.guid for one in products]
    last = {} if isinstance(mode, Live) else work.record.generations(guids)
    return {guid: readable(work, one, last.get(guid), mode) for guid, one in zip(guids, products, strict=True)}


def _live(work: Workspace, products: Sequence[Product]) -> dict[str, BitMap]:
    """Run selections now, all on one view of the index, pins and exclusions counted."""
    if not products:
        return {}
    project(work)
    now, found = work.clock(), dict[str, BitMap]()
    standings = work.record.standings([one.entity.guid for one in products])
    for product, one in zip(products, evaluate(work, products, now=now), strict=True):
        guid, selected = product.entity.guid, one.selected
        if isinstance(selected, InvalidInput):
            message = f"the selection of `{product.entity.name}` cannot be evaluated: {selected.message}"
            raise type(selected)(message, hint=selected.hint) from selected
        found[guid] = with_decisions(selected, standings.get(guid, ()), now)
    return found
