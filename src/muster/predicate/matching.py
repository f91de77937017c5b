"""Evaluates a formula of tests on one indexed asset."""

from collections.abc import Callable, Sequence
from typing import TypeAlias, assert_never

from muster.analysis.patterns import compiled
from muster.binding.phrases import holds, places
from muster.binding.spanning import spans
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
from muster.errors import UnsupportedClause
from muster.indexing import IndexedAsset, IndexedTerm, Tokens
from muster.query.algebra import AllOf, AnyOf, AtLeast, Atom, Not

Check: TypeAlias = Callable[[IndexedAsset], bool]

_NO_TOKENS = Tokens((), ())


class Predicate:
    """A bound selection, compiled once: call it with an asset.

    Raises:
        UnsupportedClause: the formula still holds terms that stand for others (see `muster.binding.expand`).
    """

    __slots__ = ("_check",)

    def __init__(self, bound: Bound) -> None:
        self._check = _compiled(bound)

    def __call__(self, asset: IndexedAsset) -> bool:
        """Whether the asset matches."""
        return self._check(asset)


def matches(bound: Bound, asset: IndexedAsset) -> bool:
    """Whether an asset matches a bound and expanded selection; for many assets, make a `Predicate`.

    Raises:
        UnsupportedClause: the formula still holds terms that stand for others.
    """
    return _compiled(bound)(asset)


def _compiled(bound: Bound) -> Check:
    match bound:
        case Atom(test):
            return _test(test)
        case Not(part):
            check = _compiled(part)
            return lambda asset: not check(asset)
        case AllOf(parts):
            checks = _each(parts)
            return lambda asset: all(check(asset) for check in checks)
        case AnyOf(parts):
            checks = _each(parts)
            return lambda asset: any(check(asset) for check in checks)
        case AtLeast(count, parts):
            checks = _each(parts)
            return lambda asset: sum(check(asset) for check in checks) >= count
        case _:
            assert_never(bound)


def _each(parts: Sequence[Bound]) -> tuple[Check, ...]:
    return tuple(_compiled(part) for part in parts)


def _test(test: Test) -> Check:
    match test:
        case OneOf(field, wanted):
            return lambda asset: not wanted.isdisjoint(terms(asset, field))
        case Between():
            return _between(test)
        case Present(field):
            return lambda asset: field in asset.values
        case StartsWith(field, prefix):
            return lambda asset: any(str(term).startswith(prefix) for term in terms(asset, field))
        case Pattern():
            return _pattern(test)
        case Phrase():
            return _phrase(test)
        case Spans(field, tree):
            return lambda asset: next(spans(tree, places(tokens(asset, field))), None) is not None
        case Guids(guids):
            return lambda asset: asset.guid in guids
        case Within(path, formula):
            check = _compiled(formula)
            return lambda asset: any(check(inner) for inner in asset.nested.get(path, ()))
        case Similar():
            raise _not_expanded()
        case _:
            assert_never(test)


def _between(test: Between) -> Check:
    holds_low = _low(test.low, included=test.low_included)
    holds_high = _high(test.high, included=test.high_included)
    return lambda asset: any(holds_low(term) and holds_high(term) for term in terms(asset, test.field))


def _low(low: IndexedTerm | None, *, included: bool) -> Callable[[IndexedTerm], bool]:
    """Return the test for the lower bound; texts compare by code points, which is the order of their UTF-8 bytes."""
    if low is None:
        return lambda _: True
    return (lambda term: term >= low) if included else (lambda term: term > low)  # type: ignore[operator]


def _high(high: IndexedTerm | None, *, included: bool) -> Callable[[IndexedTerm], bool]:
    if high is None:
        return lambda _: True
    return (lambda term: term <= high) if included else (lambda term: term < high)  # type: ignore[operator]


def _pattern(test: Pattern) -> Check:
    fits = fitting(test)
    return lambda asset: any(map(fits, terms(asset, test.field)))


def fitting(test: Pattern) -> Callable[[IndexedTerm], bool]:
    """Return what says whether one value fits a pattern."""
    wanted = [compiled(pattern).fullmatch for pattern in (test.pattern, *test.also)]
    banned = [compiled(pattern).fullmatch for pattern in test.never]
    return lambda term: all(match(term) for match in wanted) and not any(match(term) for match in banned)


def _phrase(test: Phrase) -> Check:
    if any(slot.expand is not None for slot in test.slots):
        raise _not_expanded()
    needed = [frozenset(slot.terms) for slot in test.slots]

    def check(asset: IndexedAsset) -> bool:
        text = tokens(asset, test.field)
        if any(slot.isdisjoint(text.terms) for slot in needed):
            return False
        return holds(test.slots, test.slop, places(text))

    return check


def _not_expanded() -> UnsupportedClause:
    return UnsupportedClause(
        "a term stands for others, which only the index knows", hint="expand the selection with its vocabulary"
    )


def terms(asset: IndexedAsset, field: str) -> tuple[IndexedTerm, ...]:
    """Return the values or tokens of a field; none when it has none."""
    value = asset.values.get(field, ())
    return value.terms if isinstance(value, Tokens) else value


def tokens(asset: IndexedAsset, field: str) -> Tokens:
    """Return the tokens of a text field; none when it has none."""
    value = asset.values.get(field, _NO_TOKENS)
    return value if isinstance(value, Tokens) else _NO_TOKENS
