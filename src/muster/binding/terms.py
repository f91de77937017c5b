"""Clauses that ask for whole values: `term`, `terms`, `ids`, `exists`."""

from collections.abc import Iterable

from muster.analysis.dates import term_dates
from muster.analysis.numbers import term_boolean, term_number
from muster.analysis.patterns import any_case
from muster.binding.scope import EVERYTHING, ID, NOTHING, Scope, asks_too_much, searchable
from muster.binding.tests import Between, Bound, Guids, OneOf, Pattern, Present
from muster.binding.values import normalized, text_of
from muster.errors import InvalidInput
from muster.fields import Field, Kind
from muster.indexing import IndexedTerm
from muster.query.algebra import Atom, any_of
from muster.query.nodes import Exists, Ids, Term, Terms, Value


def term(clause: Term, scope: Scope) -> Bound:
    """Lower `term`; on a date it is the whole unit that is written, on a number the number."""
    if clause.field == ID:
        return Atom(Guids(frozenset({text_of(clause.value)})))
    found = scope.find(clause.field)
    if found is None:
        return NOTHING
    return scope.seen(
        found, one_of(found, [clause.value], now=scope.now, case_insensitive=bool(clause.case_insensitive))
    )


def terms(clause: Terms, scope: Scope) -> Bound:
    """Lower `terms`: any of the values, each as `term` takes it."""
    if clause.field == ID:
        return Atom(Guids(frozenset(map(text_of, clause.values))))
    found = scope.find(clause.field)
    return NOTHING if found is None else scope.seen(found, one_of(found, clause.values, now=scope.now))


def ids(clause: Ids) -> Bound:
    """Lower `ids`."""
    return Atom(Guids(frozenset(clause.values)))


def exists(clause: Exists, scope: Scope) -> Bound:
    """Lower `exists`: of an object, any leaf below it; of a pattern, any field that it matches."""
    if clause.field == ID:
        return EVERYTHING
    if "*" in clause.field:
        return _exists_pattern(clause.field, scope)
    found = scope.find(clause.field)
    if found is not None:
        return scope.seen(found, Atom(Present(found.name)))
    leaves = scope.fields.match(f"{clause.field}.*") if scope.fields.is_object(clause.field) else ()
    return _any_present(leaves, scope)


def _exists_pattern(pattern: str, scope: Scope) -> Bound:
    if asks_too_much(pattern):
        raise InvalidInput(f"`{pattern}` matches more than fields of assets", hint="name the fields")
    return _any_present(scope.match(pattern), scope)


def _any_present(leaves: Iterable[Field], scope: Scope) -> Bound:
    return any_of([Atom(Present(leaf.name)) for leaf in leaves if leaf.nested == scope.nested])


def one_of(found: Field, values: Iterable[Value], *, now: int, case_insensitive: bool = False) -> Bound:
    """Return the test that a field has one of the values; the empty text of any case is none.

    Raises:
        InvalidInput: a value that the field's kind cannot take, or letters of any case where there are none.
    """
    kind = searchable(found).kind
    if case_insensitive and (kind.is_number or kind is Kind.DATE):
        raise InvalidInput(f"`{found.name}` is a {kind}, which has no case", hint="leave `case_insensitive` out")
    if kind is Kind.DATE:
        return any_of([_date(found, value, now) for value in values])
    if case_insensitive and kind is not Kind.BOOLEAN:
        texts = [str(_indexed(found, value)) for value in values]
        return any_of([Atom(Pattern(found.name, any_case(text))) for text in texts if text])
    wanted = frozenset(one for one in (_indexed(found, value) for value in values) if one is not None)
    return Atom(OneOf(found.name, wanted)) if wanted else NOTHING


def _date(found: Field, value: Value, now: int) -> Bound:
    first, last = term_dates(value, found.format, now=now)
    return Atom(Between(found.name, first, last)) if first <= last else NOTHING


def _indexed(found: Field, value: Value) -> IndexedTerm | None:
    """Return the indexed term that a value stands for, or None when no asset can have it."""
    if found.kind is Kind.BOOLEAN:
        return term_boolean(value)
    if found.kind.is_number:
        return term_number(value, found.kind)
    return normalized(found, text_of(value))
