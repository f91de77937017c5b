"""Which clauses are asked together: those of one field that ask for terms, prefixes, or intervals of numbers.

Together they cost one look at each asset, however many they are; intervals are cut where any of them begins or ends, so
that no asset is told twice.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TypeAlias, TypeVar

import orjson

from muster.binding.tests import Between, Bound, OneOf, StartsWith
from muster.engines.intervals import Interval, interval
from muster.engines.opensearch.server import Json
from muster.engines.opensearch.sets.sweeps import LARGEST, Alone, ByInterval, ByPrefix, ByTerm, Sweep, in_utf16
from muster.fields import Field, Fields, Kind
from muster.indexing import IndexedTerm
from muster.query.algebra import Atom

T = TypeVar("T", OneOf, StartsWith, Between)
Numbers: TypeAlias = Sequence[int]
Grouped: TypeAlias = tuple[Sweep, Mapping[int, Numbers]]
"""A sweep, and for each clause that it answers the numbers of its sets."""

WHOLE = frozenset(kind for kind in Kind if kind.is_whole or kind is Kind.DATE)

FEW = 4
"""Up to so many sets of one field are asked one by one."""
ASSETS_A_SEARCH = 2_000
"""A search for a prefix costs a server about as much as to look which prefixes so many assets have: 0.3 to 1 ms."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One clause: as the server reads it, and as it is bound."""

    query: Json
    bound: Bound


@dataclass(frozen=True, slots=True)
class Share:
    """What one clause has of a sweep: the union of the sets of these numbers."""

    sweep: int
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask a server, and how each of the clauses is put together from the answers."""

    sweeps: Sequence[Sweep]
    shares: Sequence[Share]


def planned(asked: Sequence[Asked], fields: Fields, assets: int) -> Plan:
    """Say what to ask for these clauses of an index with about so many assets."""
    sweeps: list[Sweep] = []
    shares: dict[int, Share] = {}
    for sweep, numbers in chain(_prefixes(asked, fields, assets), _terms(asked, fields), _intervals(asked, fields)):
        shares |= {clause: Share(len(sweeps), wanted) for clause, wanted in numbers.items()}
        sweeps.append(sweep)
    alone: dict[bytes, int] = {}
    for clause, one in enumerate(asked):
        if clause not in shares:
            key = orjson.dumps(one.query, option=orjson.OPT_SORT_KEYS)
            if key not in alone:
                alone[key] = len(sweeps)
                sweeps.append(Alone(one.query))
            shares[clause] = Share(alone[key], (0,))
    return Plan(sweeps, [shares[clause] for clause in range(len(asked))])


def _terms(asked: Sequence[Asked], fields: Fields) -> Iterator[Grouped]:
    for name, tests in _by_field(asked, fields, OneOf, {Kind.KEYWORD}).items():
        terms = sorted({str(term) for test in tests.values() for term in test.terms})
        if len(terms) > FEW:
            numbers = {term: number for number, term in enumerate(terms)}
            wanted = {clause: [numbers[str(term)] for term in test.terms] for clause, test in tests.items()}
            yield ByTerm(name, tuple(terms)), wanted


def _prefixes(asked: Sequence[Asked], fields: Fields, assets: int) -> Iterator[Grouped]:
    for name, tests in _by_field(asked, fields, StartsWith, {Kind.KEYWORD}).items():
        prefixes = sorted({test.prefix for test in tests.values()}, key=in_utf16)
        if len(prefixes) > max(FEW, assets // ASSETS_A_SEARCH):
            numbers = {prefix: number for number, prefix in enumerate(prefixes)}
            yield ByPrefix(name, tuple(prefixes)), {clause: [numbers[test.prefix]] for clause, test in tests.items()}


def _intervals(asked: Sequence[Asked], fields: Fields) -> Iterator[Grouped]:
    for name, tests in _by_field(asked, fields, Between, WHOLE).items():
        dates = fields.find(name).kind is Kind.DATE
        wanted = {clause: interval(test) for clause, test in tests.items()}
        fitting = {clause: one for clause, one in wanted.items() if _fits(one, dates=dates)}
        if len(set(fitting.values())) > FEW:
            cut, numbers = _cut(fitting)
            yield ByInterval(name, cut, dates), numbers


def _by_field(
    asked: Sequence[Asked], fields: Fields, sort: type[T], kinds: Collection[Kind]
) -> dict[str, dict[int, T]]:
    """Return the tests of one sort on fields of some kinds, by field and clause."""
    found: dict[str, dict[int, T]] = defaultdict(dict)
    for clause, one in enumerate(asked):
        match one.bound:
            case Atom(test) if isinstance(test, sort) and _is_plain(fields.get(test.field), kinds):
                found[test.field][clause] = test
            case _:
                pass
    return found


def _is_plain(field: Field | None, kinds: Collection[Kind]) -> bool:
    """Whether a field has the values of each asset beside it, and can be searched."""
    return field is not None and field.kind in kinds and field.nested is None and field.indexed and field.doc_values


def _fits(one: Interval, *, dates: bool) -> bool:
    """Whether a range aggregation tells what is in an interval; numbers before 1970 are no dates to every server."""
    ends = [int(end) for end in (one.start, one.end) if end is not None]
    least = 0 if dates else -LARGEST
    return ends == sorted(set(ends)) and all(least <= end <= LARGEST for end in ends)


def _cut(wanted: Mapping[int, Interval]) -> tuple[tuple[Interval, ...], Mapping[int, Numbers]]:
    """Cut where an interval begins or ends; return the pieces, and the numbers of those that each interval is made of."""
    starts, ends = {one.start for one in wanted.values()}, {one.end for one in wanted.values()}
    inner = sorted(int(edge) for edge in starts | ends if edge is not None)
    edges: list[IndexedTerm | None] = [*([None] if None in starts else []), *inner, *([None] if None in ends else [])]
    first = {edge: number for number, edge in reversed(list(enumerate(edges)))}
    last = {edge: number for number, edge in enumerate(edges)}
    numbers = {clause: range(first[one.start], last[one.end]) for clause, one in wanted.items()}
    return tuple(Interval(start, end) for start, end in pairwise(edges)), numbers
