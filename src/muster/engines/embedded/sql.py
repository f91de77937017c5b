"""From a formula of tests to a SQL condition.

SQL has a third truth value: a test on a missing value is NULL. `AND`, `OR` and `WHERE` carry NULL as they carry
false, so that it has to be settled only where a truth is turned around or counted: there stands `IS NOT TRUE`, or
`CASE WHEN`. Names of columns and tables are ours, every value is a bound parameter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

from muster.binding.tests import (
    Between,
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
from muster.engines.embedded.layout import ROOT, Column, Layout, Shape, Table, Type
from muster.engines.intervals import LARGEST
from muster.indexing import IndexedTerm
from muster.query.algebra import AllOf, AnyOf, AtLeast, Atom, Formula, Not

FEW = 8
"""Up to so many terms stand in the condition itself; more are hashed once."""


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL text with the values of its question marks, in order."""

    text: str
    values: tuple[Any, ...] = ()


TRUE = Condition("TRUE")
FALSE = Condition("FALSE")

Verified: TypeAlias = Mapping[tuple[str, "Phrase | Spans"], str]
"""The relation that holds the keys of the rows that pass, for each test that SQL cannot ask, by path."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles formulas against one layout."""

    layout: Layout
    verified: Verified

    def condition(self, formula: Formula[Test], path: str = ROOT) -> Condition:
        """Return the condition that holds for the rows of `path` that satisfy the formula."""
        match formula:
            case Atom(test):
                return self._test(test, path)
            case Not(part):
                return _around("({}) IS NOT TRUE", [self.condition(part, path)])
            case AllOf(parts):
                return _joined(" AND ", [self.condition(part, path) for part in parts], TRUE)
            case AnyOf(parts):
                return _joined(" OR ", [self.condition(part, path) for part in parts], FALSE)
            case AtLeast(count, parts):
                return _threshold(count, [self.condition(part, path) for part in parts])
            case _:
                assert_never(formula)

    def _test(self, test: Test, path: str) -> Condition:
        match test:
            case Within():
                return self._within(test, path)
            case Guids(guids):
                return self._guids(guids, path)
            case Phrase() | Spans():
                return Condition(f"{self.layout.tables[path].key} IN (SELECT key FROM {self.verified[path, test]})")
            case Similar():
                raise ValueError("a fuzzy term must be expanded before it is compiled")
            case OneOf() | Between() | Present() | StartsWith() | Pattern():
                column = self.layout.column(test.field, path)
                return FALSE if column is None else _value(test, column, self.layout.tables[path])
            case _:
                assert_never(test)

    def _guids(self, guids: frozenset[str], path: str) -> Condition:
        if path == ROOT:
            return _among("guid", sorted(guids), Type.STRING)
        inner = _among("guid", sorted(guids), Type.STRING)
        name = self.layout.tables[path].name
        return _around(f"{name}.ordinal IN (SELECT assets.ordinal FROM assets WHERE {{}})", [inner])

    def _within(self, test: Within, path: str) -> Condition:
        """Step outwards from the objects that satisfy the formula to the rows of `path`."""
        table = self.layout.tables.get(test.path)
        if table is None or not self._is_below(table, path):
            return FALSE
        inner = self.condition(test.formula, test.path)
        while path not in {table.parent, ROOT}:
            outer = self.layout.tables[table.parent]
            inner = _around(f"{outer.key} IN (SELECT {table.name}.parent FROM {table.name} WHERE {{}})", [inner])
            table = outer
        link = "ordinal" if path == ROOT else "parent"
        selected = f"SELECT {table.name}.{link} FROM {table.name} WHERE {{}}"
        return _around(f"{self.layout.tables[path].key} IN ({selected})", [inner])

    def _is_below(self, table: Table, path: str) -> bool:
        while table.path != ROOT:
            if table.parent == path:
                return True
            table = self.layout.tables[table.parent]
        return False


def _value(test: OneOf | Between | Present | StartsWith | Pattern, column: Column, table: Table) -> Condition:
    match test:
        case Present():
            return Condition(f"{column.name} IS NOT NULL")
        case OneOf(_, terms):
            return _one_of(fitting(terms, column.type), column, table)
        case Between(_, low, high) if any(_is_other(bound, column) for bound in (low, high)):
            return FALSE
        case Between():
            return _some(column, lambda value: _between(value, test))
        case StartsWith() | Pattern() if column.type is not Type.STRING:
            return FALSE
        case StartsWith(_, prefix):
            return _some(column, lambda value: Condition(f"starts_with({value}, ?)", (prefix,)))
        case Pattern():
            return _some(column, lambda value: _pattern(value, test))
        case _:
            assert_never(test)


def _is_other(bound: IndexedTerm | None, column: Column) -> bool:
    """Whether a bound can not be compared with the column's values: text with numbers."""
    return bound is not None and isinstance(bound, str) != (column.type is Type.STRING)


def fitting(terms: frozenset[IndexedTerm], kind: Type) -> list[IndexedTerm]:
    """Return the terms that a column of this type can hold, in an order that is the same for the same terms."""
    if kind is Type.WHOLE:
        terms = frozenset(int(term) if isinstance(term, float) and term.is_integer() else term for term in terms)
    return sorted(term for term in terms if fits(term, kind))


def fits(term: IndexedTerm | None, kind: Type) -> bool:
    """Whether a column of this type can hold the term as it is; None is no term and fits everywhere."""
    match term:
        case None:
            return True
        case bool():
            return kind is Type.TRUTH
        case str():
            return kind is Type.STRING
        case int():
            return kind in {Type.WHOLE, Type.FRACTION} and -LARGEST - 1 <= term <= LARGEST
        case float():
            return kind is Type.FRACTION


def _one_of(terms: Sequence[IndexedTerm], column: Column, table: Table) -> Condition:
    if not terms:
        return FALSE
    if column.shape is Shape.SCALAR:
        return _among(column.name, terms, column.type)
    if len(terms) <= FEW:
        return _joined(" OR ", [Condition(f"list_contains({column.name}, ?)", (term,)) for term in terms], FALSE)
    values = f"SELECT {table.key} AS key, unnest({column.name}) AS value FROM {table.name}"
    among = _among("value", terms, column.type)
    return _around(f"{table.key} IN (SELECT key FROM ({values}) WHERE {{}})", [among])


def _among(value: str, terms: Sequence[IndexedTerm], kind: Type) -> Condition:
    if len(terms) <= FEW:
        return Condition(f"{value} IN ({', '.join('?' * len(terms))})", tuple(terms)) if terms else FALSE
    return Condition(f"{value} IN (SELECT unnest(?::{kind}[]))", (list(terms),))


def _some(column: Column, condition: Callable[[str], Condition]) -> Condition:
    """Ask the one value of a row, or each of its values."""
    if column.shape is Shape.SCALAR:
        return condition(column.name)
    return _around(f"len(list_filter({column.name}, lambda x: {{}})) > 0", [condition("x")])


def _between(value: str, test: Between) -> Condition:
    bounds = [
        (f"{value} {'>=' if test.low_included else '>'} ?", test.low),
        (f"{value} {'<=' if test.high_included else '<'} ?", test.high),
    ]
    said = [Condition(text, (bound,)) for text, bound in bounds if bound is not None]
    return _joined(" AND ", said, Condition(f"{value} IS NOT NULL"))


def _pattern(value: str, test: Pattern) -> Condition:
    matches = Condition(f"regexp_full_match({value}, ?)")
    wanted = [Condition(matches.text, (pattern,)) for pattern in (test.pattern, *test.also)]
    unwanted = [Condition(f"NOT {matches.text}", (pattern,)) for pattern in test.never]
    return _joined(" AND ", wanted + unwanted, TRUE)


def _joined(word: str, parts: Sequence[Condition], empty: Condition) -> Condition:
    if not parts:
        return empty
    values = tuple(value for part in parts for value in part.values)
    return Condition(word.join(f"({part.text})" for part in parts), values)


def _threshold(count: int, parts: Sequence[Condition]) -> Condition:
    """Add up a list: a long chain of `+` would be too deep an expression."""
    counted = ", ".join(f"CASE WHEN {part.text} THEN 1 ELSE 0 END" for part in parts)
    values = tuple(value for part in parts for value in part.values)
    return Condition(f"list_sum([{counted}]) >= ?", (*values, count))


def _around(text: str, parts: Sequence[Condition]) -> Condition:
    """Put conditions in the places of a text."""
    return Condition(
        text.format(*(part.text for part in parts)), tuple(value for part in parts for value in part.values)
    )
