"""Which products have members in common, the most alike first."""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, islice
from math import comb
from typing import Final

from pyroaring import BitMap

from muster.batches import batches
from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.membership import Run
from muster.service.reports.sketch import alike, sketch
from muster.service.workspace import Workspace

EXHAUSTIVE: Final = 700
"""Different memberships that are all compared with each other; of more, only those whose sketches are alike."""

AT_ONCE: Final = 200
"""Pairs whose memberships are in memory at a time."""

LOOKED: Final = 2_000
MARGIN: Final = 0.15
"""How many alike ones are looked at, at least, and how far a sketch may be off before the others are passed over."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two products, how many members they have in common, and how many each has; `jaccard` is what is common of all."""

    one: Entity
    other: Entity
    common: int
    of_one: int
    of_other: int

    @property
    def jaccard(self) -> float:
        """The part of the members of either that both have."""
        return self.common / (self.of_one + self.of_other - self.common)


@dataclass(frozen=True, slots=True)
class Overlaps:
    """How many pairs have members in common, and those of them that have most."""

    total: int
    pairs: tuple[Overlap, ...]


@dataclass(frozen=True, slots=True, order=True)
class _Pair:
    """Two products by guid; pairs are in order of what they have in common."""

    jaccard: float
    common: int
    one: str
    other: str
    of_one: int
    of_other: int


@dataclass(slots=True)
class _Best:
    """The best pairs so far, of how many; `least` is what another one has to have in common to be among them."""

    limit: int
    total: int = 0
    kept: list[_Pair] = field(default_factory=list)

    @property
    def least(self) -> float:
        return self.kept[0].jaccard if len(self.kept) == self.limit else 0.0

    def take(self, one: "_Held", other: "_Held") -> None:
        """Compare two memberships."""
        common = one.members.intersection_cardinality(other.members)
        if common:
            self.total += 1
            sizes = len(one.members), len(other.members)
            self.put(_Pair(common / (sum(sizes) - common), common, one.guid, other.guid, *sizes))

    def put(self, pair: _Pair) -> None:
        """Keep a pair if it is among the best."""
        if len(self.kept) < self.limit:
            heapq.heappush(self.kept, pair)
        else:
            heapq.heappushpop(self.kept, pair)


@dataclass(frozen=True, slots=True)
class _Held:
    """A product and its members."""

    guid: str
    members: BitMap


def overlap(work: Workspace, *, limit: int, of: Product | None = None) -> Overlaps:
    """Return the pairs of products that have most in common by Jaccard, as last synced; with `of` those of one product.

    What is told of a pair is exact. Equal memberships are known by their digests: their pairs come first, and of those who
    have one the first stands for all in other pairs. Up to `EXHAUSTIVE` different ones are compared each with each, which is
    quadratic in those few; one product is compared with all. Of more, sketches are compared: the time is that of reading
    all members once, and of comparing the pairs that seem most alike; of pairs that have less than half in common some are
    missed, and those that were met are counted. At most `EXHAUSTIVE` memberships are in memory.
    """
    runs = [run for run in work.record.current_runs() if run.total]
    best = _Best(limit)
    if of is None:
        _find(work, runs, best)
    else:
        _find_of(work, runs, of.entity.guid, best)
    pairs = sorted(best.kept, reverse=True)
    guids = {guid for pair in pairs for guid in (pair.one, pair.other)}
    known = {one.guid: one for one in work.record.find([*guids], [])}
    there = (pair for pair in pairs if pair.one in known and pair.other in known)
    told = (Overlap(known[pair.one], known[pair.other], pair.common, pair.of_one, pair.of_other) for pair in there)
    return Overlaps(best.total, tuple(told))


def _find_of(work: Workspace, runs: Sequence[Run], guid: str, best: _Best) -> None:
    others = [run.product for run in runs if run.product != guid]
    for mine in _memberships(work, [guid]):
        for other in _memberships(work, others):
            best.take(mine, other)


def _find(work: Workspace, runs: Sequence[Run], best: _Best) -> None:
    groups = defaultdict[str, list[str]](list)
    for run in runs:
        groups[run.digest].append(run.product)
    sizes = {run.product: run.total for run in runs}
    equal = chain.from_iterable(combinations(some, 2) for some in groups.values())
    for one, other in islice(equal, best.limit):
        best.put(_Pair(1.0, sizes[one], one, other, sizes[one], sizes[other]))
    best.total = sum(comb(len(some), 2) for some in groups.values())
    guids = [some[0] for some in groups.values()]
    if len(guids) <= EXHAUSTIVE:
        _compare_all(sorted(_memberships(work, guids), key=lambda one: len(one.members), reverse=True), best)
    else:
        _compare_alike(work, guids, best)


def _compare_all(some: Sequence[_Held], best: _Best) -> None:
    """Compare each with each, the largest first: what is much smaller has little in common with it, and is only counted."""
    for one, other in combinations(some, 2):
        if len(other.members) < best.least * len(one.members):
            best.total += one.members.intersect(other.members)
        else:
            best.take(one, other)


def _compare_alike(work: Workspace, guids: Sequence[str], best: _Best) -> None:
    """Compare those whose sketches are most alike, until no other can be among the best."""
    sketches = [(one.guid, sketch(one.members)) for one in _memberships(work, guids)]
    pairs = alike([drawn for _, drawn in sketches])
    for looked, some in enumerate(batches(pairs, AT_ONCE)):
        named = [(sketches[one][0], sketches[other][0]) for one, other, _ in some]
        held = {one.guid: one for one in _memberships(work, [*{guid for pair in named for guid in pair}])}
        for one, other in named:
            if one in held and other in held:
                best.take(held[one], held[other])
        if looked * AT_ONCE >= LOOKED and some[-1][2] + MARGIN < best.least:
            return


def _memberships(work: Workspace, guids: Sequence[str]) -> Iterator[_Held]:
    """Yield products with their stored members, some in memory at a time; those that have none are left out."""
    for some in batches(guids, AT_ONCE):
        for guid, generation in work.record.generations(some).items():
            yield _Held(guid, generation.members)
