"""Which of some assets match, asked of an index of them made on the spot: what many tests ask of many assets."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, assert_never

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

Terms: TypeAlias = Mapping[IndexedTerm, Sequence[int]]
"""The ordinals of the assets that have each term."""


class Corpus:
    """Some assets by ordinal. What is asked of a field is answered from the terms that they have in it.

    The terms of a field are gathered when it is first asked for. Memory is that of the assets and their terms.
    """

    def __init__(self, assets: Mapping[int, IndexedAsset]) -> None:
        self._assets = assets
        self._universe = BitMap(assets)
        self._terms: dict[str, Terms] = {}
        self._sorted: dict[str, list[Any]] = {}

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
            case StartsWith(field, prefix):
                return self._starting(field, prefix)
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
        having, found = self._having(field), BitMap()
        for term in wanted:
            if some := having.get(term):
                found.update(some)
        return found

    def _between(self, test: Between) -> BitMap:
        try:
            sorted_ = self._in_order(test.field)
        except TypeError:  # texts and numbers side by side: a test asks for the one or the other
            return self._each(test, self._universe)
        low = 0 if test.low is None else (bisect_left if test.low_included else bisect_right)(sorted_, test.low)
        high = (
            len(sorted_)
            if test.high is None
            else (bisect_right if test.high_included else bisect_left)(sorted_, test.high)
        )
        return self._of(test.field, sorted_[low:high])

    def _starting(self, field: str, prefix: str) -> BitMap:
        having = self._having(field)
        if not all(isinstance(term, str) for term in having):
            return self._of(field, [term for term in having if str(term).startswith(prefix)])
        sorted_ = self._in_order(field)
        start = end = bisect_left(sorted_, prefix)
        while end < len(sorted_) and sorted_[end].startswith(prefix):
            end += 1
        return self._of(field, sorted_[start:end])

    def _in_order(self, field: str) -> list[Any]:
        if field not in self._sorted:
            self._sorted[field] = sorted(self._having(field))
        return self._sorted[field]

    def _having(self, field: str) -> Terms:
        if field not in self._terms:
            found: defaultdict[IndexedTerm, list[int]] = defaultdict(list)
            for ordinal, asset in self._assets.items():
                for term in dict.fromkeys(terms(asset, field)):
                    found[term].append(ordinal)
            self._terms[field] = dict(found)
        return self._terms[field]
