"""Numbers and booleans against what OpenSearch indexed and found."""

import math

import pytest

from muster.analysis.numbers import (
    NEGATIVE_ZERO,
    Interval,
    index_boolean,
    index_number,
    number_range,
    term_boolean,
    term_number,
)
from muster.errors import InvalidInput
from tests.fixtures.analysis.record import CORPUS, FRACTION, facts


def _kept(number: object) -> object:
    return NEGATIVE_ZERO if isinstance(number, float) and number == 0 and math.copysign(1, number) < 0 else number


def test_every_recorded_value_is_indexed_as_recorded() -> None:
    """Documents' values become the server's numbers and booleans, or nothing."""
    rows = facts("numbers")
    assert len(rows) > 700
    for kind, coerce, value, expected in rows:
        found = index_boolean(value) if kind == "boolean" else index_number(value, kind, coerce=coerce)
        assert (found, type(found)) == (_kept(expected), type(expected)), (kind, coerce, value)


def test_every_recorded_range_holds_the_recorded_numbers() -> None:
    """A bound takes in the numbers that the server finds, and is refused where the server refuses it."""
    for kind, end, bound, expected in facts("number_ranges"):
        assert _found(kind, end, bound) == expected, (kind, end, bound)


def _found(kind: str, end: str, bound: object) -> list[str] | None:
    corpus = CORPUS["fraction" if kind in FRACTION else "whole"]
    try:
        between = number_range(kind, **{end: bound})
    except InvalidInput:
        return None
    return sorted(str(number) for number in corpus if between and _holds(between, index_number(number, kind)))


def _holds(between: Interval, number: float | None) -> bool:
    low, high = between.low, between.high
    return number is not None and (low is None or number >= low) and (high is None or number <= high)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (1.5, "long", None),
        ("1.5", "byte", None),
        ("12.0", "long", 12),
        (128, "byte", 128),
        (" 12 ", "integer", 12),
        ("0x1p3", "short", 8),
        ("1f", "double", 1.0),
        ("NaN", "integer", None),
        (0.1, "float", 0.10000000149011612),
        (-0.0, "double", NEGATIVE_ZERO),
        (0, "double", 0.0),
    ],
)
def test_terms_equal_indexed_numbers(value: object, kind: str, expected: float | None) -> None:
    """A query's value is the number that would be indexed; a fraction equals no whole number."""
    assert term_number(value, kind) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("abc", "long"),
        ("", "double"),
        (True, "integer"),
        (1e19, "long"),
        (2**31, "byte"),
        (65520, "half_float"),
        (" 12 ", "long"),
    ],
)
def test_terms_that_are_no_numbers_are_refused(value: object, kind: str) -> None:
    """Words, booleans and what is out of range are errors, not misses."""
    with pytest.raises(InvalidInput):
        term_number(value, kind)


def test_bounds_that_cross_hold_nothing() -> None:
    """A range whose ends cross has no interval; one whose ends meet has one number."""
    assert number_range("long", gt=1, lt=2) is None
    assert number_range("long", gte=1.5, lt=3) == Interval(2, 2)
    assert number_range("double", gt=0, lt=5e-324) is None


@pytest.mark.parametrize(("value", "expected"), [(True, True), ("true", True), (False, False), ("false", False)])
def test_booleans_asked(value: object, expected: bool) -> None:  # noqa: FBT001 - the value under test
    """Booleans and their texts are understood."""
    assert term_boolean(value) is expected


@pytest.mark.parametrize("value", ["", "True", 1, 0, "yes", None])
def test_other_booleans_are_refused(value: object) -> None:
    """Numbers, words and, unlike in a document, the empty text are errors."""
    with pytest.raises(InvalidInput):
        term_boolean(value)
