"""Who else is concerned when assets join or leave a product: those whose ports they are, and those that hold them too."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from muster.batches import batches
from muster.catalog.entity import Entity
from muster.catalog.product import Outline
from muster.service.holders import AT_ONCE
from muster.service.save.rules.products import PORTS
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Touched:
    """A product that is concerned: how many of the assets that join, and of those that leave, it has.

    `port` says as what: the name of the relationship, or None for members.
    """

    product: Entity
    port: str | None
    joins: int
    leaves: int


@dataclass(frozen=True, slots=True)
class Touching:
    """The products that are concerned, how many there are and the first of them: those with most that leaves come first.

    `ports` are those whose input or output ports move, the product itself among them; `products` the others that hold
    some of what moves.
    """

    ports: tuple[Touched, ...]
    products: tuple[Touched, ...]
    of_ports: int
    of_products: int

    @property
    def everyone(self) -> list[Entity]:
        """The products that are told."""
        return [one.product for one in (*self.ports, *self.products)]


@dataclass(frozen=True, slots=True)
class _Count:
    leaves: int
    joins: int
    name: str
    ordinal: int
    port: str | None = None


def touching(work: Workspace, product: Entity, joins: BitMap, leaves: BitMap, *, limit: int) -> Touching:
    """Return whom it concerns that assets join and leave a product, at most `limit` by their ports and as many others.

    What others hold is as of their last sync; all stored memberships are read, some at a time.
    """
    if not joins and not leaves:
        return Touching((), (), 0, 0)
    outlines = list(work.record.outlines())
    ports = sorted(_ports(work, outlines, joins, leaves), key=_order)
    others = sorted(_others(work, [one for one in outlines if one.guid != product.guid], joins, leaves), key=_order)
    shown = [*ports[:limit], *others[:limit]]
    entities = {one.ordinal: one for one in work.record.entities(sorted({one.ordinal for one in shown}))}
    return Touching(
        tuple(_told(ports[:limit], entities)), tuple(_told(others[:limit], entities)), len(ports), len(others)
    )


def _order(one: _Count) -> tuple[int, int, str, int, str]:
    return -one.leaves, -one.joins, one.name, one.ordinal, one.port or ""


def _ports(work: Workspace, outlines: Sequence[Outline], joins: BitMap, leaves: BitMap) -> Iterator[_Count]:
    """Count what moves of the ports of each product."""
    names = {one.ordinal: one.name for one in outlines}
    found: dict[tuple[int, str], BitMap] = {}
    for link in work.record.links_of_products(list(PORTS)):
        if link.source in names:
            found.setdefault((link.source, link.name), BitMap()).add(link.target)
    for (ordinal, port), assets in found.items():
        yield from _counted(names[ordinal], ordinal, port, assets, (joins, leaves))


def _others(work: Workspace, outlines: Sequence[Outline], joins: BitMap, leaves: BitMap) -> Iterator[_Count]:
    """Count what moves of the stored members of each product."""
    for some in batches(outlines, AT_ONCE):
        generations = work.record.generations([one.guid for one in some])
        for one in some:
            if one.guid in generations:
                yield from _counted(one.name, one.ordinal, None, generations[one.guid].members, (joins, leaves))


def _counted(
    name: str, ordinal: int, port: str | None, assets: BitMap, moving: tuple[BitMap, BitMap]
) -> Iterator[_Count]:
    joins, leaves = (one.intersection_cardinality(assets) for one in moving)
    if joins or leaves:
        yield _Count(leaves, joins, name, ordinal, port)


def _told(counts: Iterable[_Count], entities: dict[int, Entity]) -> Iterator[Touched]:
    for one in counts:
        if one.ordinal in entities:
            yield Touched(entities[one.ordinal], one.port, one.joins, one.leaves)
