"""The sets of many tests at once, in a few passes over the columns they ask.

Terms of one column are found by one hash join, intervals (prefixes, ranges) by one join against their sorted bounds;
what is left is one query each. The cost follows the columns and the distinct tests, not the number of selections.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from pyroaring import BitMap

from muster.binding.tests import Between, Guids, OneOf, StartsWith, Test
from muster.engines.embedded.batch import ARROW
from muster.engines.embedded.bitmaps import lists, union_of_chunks, unite
from muster.engines.embedded.layout import ROOT, Column, Layout, Shape, Type
from muster.engines.embedded.sql import FALSE, Compiler, fits, fitting
from muster.engines.embedded.store import View
from muster.engines.intervals import Interval, interval
from muster.indexing import IndexedTerm
from muster.query.algebra import Atom

FEW = 4
"""Up to so many intervals of one column are asked one by one: sorting the column would cost more."""

GUID = Column("", ROOT, "guid", Type.STRING, Shape.SCALAR)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which tests are asked together, by column, and which alone."""

    terms: Mapping[Column, Mapping[Test, Sequence[IndexedTerm]]]
    intervals: Mapping[Column, Mapping[Test, Interval]]
    alone: Sequence[Test]


def postings(view: View, compiler: Compiler, tests: Iterable[Test]) -> dict[Test, BitMap]:
    """Return the assets of each test."""
    plan = _plan(view.state.layout, tests)
    found = {test: _alone(view, compiler, test) for test in plan.alone}
    for column, wanted in plan.terms.items():
        found |= _by_terms(view, column, wanted)
    for column, sought in plan.intervals.items():
        found |= _by_intervals(view, column, sought)
    return found


def _plan(layout: Layout, tests: Iterable[Test]) -> Plan:
    terms: dict[Column, dict[Test, Sequence[IndexedTerm]]] = defaultdict(dict)
    intervals: dict[Column, dict[Test, Interval]] = defaultdict(dict)
    alone: list[Test] = []
    for test in dict.fromkeys(tests):
        column = GUID if isinstance(test, Guids) else _column(layout, test)
        match test:
            case Guids(guids):
                terms[GUID][test] = sorted(guids)
            case OneOf(_, wanted) if column is not None:
                terms[column][test] = fitting(wanted, column.type)
            case StartsWith() | Between() if column is not None and _sortable(test, column.type):
                intervals[column][test] = interval(test)
            case _:
                alone.append(test)
    few = [column for column, sought in intervals.items() if len(sought) <= FEW]
    alone += [test for column in few for test in intervals.pop(column)]
    return Plan(terms, intervals, alone)


def _column(layout: Layout, test: Test) -> Column | None:
    match test:
        case OneOf(field) | StartsWith(field) | Between(field):
            return layout.column(field, ROOT)
        case _:
            return None


def _sortable(test: StartsWith | Between, kind: Type) -> bool:
    """Whether the test's bounds can stand among the column's values."""
    if isinstance(test, StartsWith):
        return kind is Type.STRING
    return kind is not Type.TRUTH and fits(test.low, kind) and fits(test.high, kind)


def _alone(view: View, compiler: Compiler, test: Test) -> BitMap:
    condition = compiler.condition(Atom(test))
    if condition == FALSE:
        return BitMap()
    return union_of_chunks(
        view.arrow(f"SELECT ordinal FROM assets WHERE {condition.text}", condition.values)["ordinal"]
    )


def _by_terms(view: View, column: Column, wanted: Mapping[Test, Sequence[IndexedTerm]]) -> dict[Test, BitMap]:
    """Join the column with all wanted terms, numbered, and gather the ordinals of each number."""
    numbers = {term: number for number, term in enumerate({term for terms in wanted.values() for term in terms})}
    query = (
        f"SELECT number, list(ordinal) AS ordinals FROM {_pairs(column)} JOIN wanted ON value = term GROUP BY number"
    )
    with view.given("wanted", _numbered("term", numbers, column)):
        found = _gathered(view, query)
    empty = BitMap()
    return {test: unite(found.get(numbers[term], empty) for term in terms) for test, terms in wanted.items()}


def _by_intervals(view: View, column: Column, sought: Mapping[Test, Interval]) -> dict[Test, BitMap]:
    """Cut the column's values at all bounds and gather the ordinals between neighbours; an interval is a run of them.

    Values before the first cut get number -1. A column with several values per row is cut by its distinct values.
    """
    bounds = {bound for one in sought.values() for bound in (one.start, one.end) if bound is not None}
    numbers = {bound: number for number, bound in enumerate(sorted(bounds))}
    with view.given("cuts", _numbered("cut", numbers, column)):
        found = _gathered(view, _cut(column))
    pieces = [found.get(number, BitMap()) for number in range(-1, len(numbers))]
    return {test: _run(pieces, numbers, one) for test, one in sought.items()}


def _run(pieces: Sequence[BitMap], numbers: Mapping[IndexedTerm, int], one: Interval) -> BitMap:
    start = 0 if one.start is None else numbers[one.start] + 1
    end = len(pieces) if one.end is None else numbers[one.end] + 1
    return unite(pieces[start:end])


def _cut(column: Column) -> str:
    number = "coalesce(number, -1) AS number"
    if column.shape is Shape.SCALAR:
        joined = f"{_pairs(column)} ASOF LEFT JOIN cuts ON value >= cut WHERE value IS NOT NULL"
        return f"SELECT {number}, list(ordinal) AS ordinals FROM {joined} GROUP BY ALL"
    distinct = f"(SELECT DISTINCT value FROM {_pairs(column)})"
    words = f"(SELECT value, {number} FROM {distinct} ASOF LEFT JOIN cuts ON value >= cut)"
    return f"SELECT number, list(ordinal) AS ordinals FROM {_pairs(column)} JOIN {words} USING (value) GROUP BY number"


def _pairs(column: Column) -> str:
    value = column.name if column.shape is Shape.SCALAR else f"unnest({column.name})"
    return f"(SELECT ordinal, {value} AS value FROM assets)"


def _numbered(name: str, numbers: Mapping[IndexedTerm, int], column: Column) -> pa.Table:
    return pa.table(
        {
            name: pa.array(list(numbers), ARROW[column.type]),
            "number": pa.array(list(numbers.values()), pa.int32()),
        }
    )


def _gathered(view: View, query: str) -> dict[int, BitMap]:
    table = view.arrow(query)
    return dict(lists(table["number"], table["ordinals"]))
