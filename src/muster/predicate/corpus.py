"""Which of some assets match, asked of an index of them made on the spot: what many tests ask of many assets."""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from pyroaring import BitMap

from muster.binding.tests import (
    Between,
    Bound,
    Guids,
    OneOf,
    Pattern,
    Phrase,
    Present,
    Similar,
    Spans,
    StartsWith,
    Test,
    Within,
)
from muster.indexing import IndexedAsset, IndexedTerm
from muster.predicate.matching import Predicate, fitting, terms
from muster.query.algebra import Atom, combine


class Corpus:
    """Some assets by ordinal. What is asked of a field is answered from the terms that they have in it.

    The terms of a field are gathered when it is first asked for. Memory is that of the assets and their terms.
    """

    def __init__(self, assets: Mapping[int, IndexedAsset]) -> None:
        self._assets = assets
        self._universe = BitMap(assets)
        self._terms: dict[str, Mapping[IndexedTerm, BitMap]] = {}
        self._orders: dict[str, _Order | None] = {}

    def matching(self, bound: Bound) -> BitMap:
        """Return the ordinals of the assets that match.

        Raises:
            UnsupportedClause: the formula still holds terms that stand for others.
        """
        return combine(bound, self._test, self._universe)

    def _test(self, test: Test) -> BitMap:
        match test:
            case OneOf(field, wanted):
                return self._of(field, wanted)
            case Between():
                return self._between(test)
            case Present(field):
                return BitMap(ordinal for ordinal, asset in self._assets.items() if field in asset.values)
            case StartsWith():
                return self._starting(test)
            case Pattern(field):
                fits = fitting(test)
                return self._of(field, [term for term in self._having(field) if fits(term)])
            case Phrase(field, slots):
                needed = [self._of(field, slot.terms) for slot in slots if slot.expand is None]
                return self._each(test, min(needed, key=len) if needed else self._universe)
            case Guids(guids):
                return BitMap(ordinal for ordinal, asset in self._assets.items() if asset.guid in guids)
            case Spans() | Within() | Similar():
                return self._each(test, self._universe)
            case _:
                assert_never(test)

    def _each(self, test: Test, among: BitMap) -> BitMap:
        """Ask a test of one asset after the other."""
        matches = Predicate(Atom(test))
        return BitMap(ordinal for ordinal in among if matches(self._assets[ordinal]))

    def _of(self, field: str, wanted: Iterable[IndexedTerm]) -> BitMap:
        having = self._having(field)
        return BitMap.union(*some) if (some := [having[term] for term in wanted if term in having]) else BitMap()

    def _between(self, test: Between) -> BitMap:
        order = self._order(test.field)
        if order is None:
            return self._each(test, self._universe)
        low = 0 if test.low is None else (bisect_left if test.low_included else bisect_right)(order.terms, test.low)
        last = bisect_right if test.high_included else bisect_left
        high = len(order.terms) if test.high is None else last(order.terms, test.high)
        return BitMap(order.ordinals[low:high])

    def _starting(self, test: StartsWith) -> BitMap:
        order = self._order(test.field)
        if order is None or not order.is_text:
            return self._each(test, self._universe)
        start = end = bisect_left(order.terms, test.prefix)
        while end < len(order.terms) and order.terms[end].startswith(test.prefix):
            end += 1
        return BitMap(order.ordinals[start:end])

    def _order(self, field: str) -> "_Order | None":
        """Return the terms of a field in order; None where texts and numbers stand side by side."""
        if field not in self._orders:
            pairs = [(term, ordinal) for term, some in self._having(field).items() for ordinal in some]
            try:
                pairs.sort()
            except TypeError:
                self._orders[field] = None
            else:
                texts = all(isinstance(term, str) for term, _ in pairs)
                self._orders[field] = _Order([term for term, _ in pairs], array("I", [at for _, at in pairs]), texts)
        return self._orders[field]

    def _having(self, field: str) -> Mapping[IndexedTerm, BitMap]:
        if field not in self._terms:
            found: defaultdict[IndexedTerm, list[int]] = defaultdict(list)
            for ordinal, asset in self._assets.items():
                for term in terms(asset, field):
                    found[term].append(ordinal)
            self._terms[field] = {term: BitMap(some) for term, some in found.items()}
        return self._terms[field]


@dataclass(frozen=True, slots=True)
class _Order:
    """The terms of a field in order, each as often as there are assets that have it, and those assets beside them."""

    terms: list[Any]
    ordinals: "array[int]"
    is_text: bool
