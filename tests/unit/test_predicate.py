"""Formulas of tests on one indexed asset."""

from __future__ import annotations

import pytest

from muster.binding.scope import EVERYTHING, NOTHING
from muster.binding.tests import (
    Between,
    Bound,
    Guids,
    NearSpan,
    OneOf,
    Pattern,
    Phrase,
    Present,
    Similar,
    Slot,
    Spans,
    StartsWith,
    TermSpan,
    Within,
)
from muster.errors import UnsupportedClause
from muster.indexing import IndexedAsset, Tokens
from muster.predicate import Predicate, matches
from muster.query.algebra import AllOf, AnyOf, AtLeast, Atom, Not

COLUMNS = (
    IndexedAsset("g", {"columns.name": ("id",), "columns.order": (1,)}, {}),
    IndexedAsset("g", {"columns.name": ("email",), "columns.order": (2,)}, {}),
)
ASSET = IndexedAsset(
    "g",
    {
        "type": ("Table",),
        "tags": ("x", "yé"),
        "count": (1, 10),
        "verified": (False,),
        "name": Tokens(("order", "items", "order"), (0, 1, 103)),
        "note": Tokens((), ()),
    },
    {"columns": COLUMNS},
)


def one_of(field: str, *terms: str | float | bool) -> Bound:
    """The test that a field has one of the terms."""
    return Atom(OneOf(field, frozenset(terms)))


def phrase(*terms: str, slop: int = 0) -> Bound:
    """The test for words of the name, one after the other."""
    return Atom(Phrase("name", tuple(Slot(at, (term,)) for at, term in enumerate(terms)), slop))


YES = one_of("type", "Table")
NO = one_of("type", "View")

HOLDS: list[Bound] = [
    EVERYTHING,
    YES,
    one_of("tags", "z", "x"),
    one_of("verified", False),
    one_of("name", "items"),
    Atom(Between("count", 2, None)),
    Atom(Between("count", 1, 1)),
    Atom(Between("tags", "y", "z", False, False)),
    Atom(Between("name", "o", None)),
    Atom(Present("note")),
    Atom(StartsWith("type", "Ta")),
    Atom(StartsWith("tags", "")),
    Atom(Pattern("tags", "(?s)y.")),
    Atom(Pattern("tags", "(?s).*", ("(?s)y.",), ("(?s)x",))),
    phrase("order", "items"),
    phrase("items", "order", slop=101),
    Atom(Phrase("name", (Slot(0, ("a", "order")), Slot(1, ("items",))))),
    Atom(Spans("name", NearSpan((TermSpan("order"), TermSpan("items")), 0, True))),
    Atom(Guids(frozenset({"g", "h"}))),
    Atom(Within("columns", AllOf((one_of("columns.name", "id"), one_of("columns.order", 1))))),
    Atom(Within("columns", Not(one_of("columns.name", "id")))),
    Atom(Within("columns", Atom(Guids(frozenset({"g"}))))),
    Not(NO),
    AllOf((YES, YES)),
    AnyOf((NO, YES)),
    AtLeast(2, (YES, NO, YES)),
]

FAILS: list[Bound] = [
    NOTHING,
    NO,
    one_of("missing", "x"),
    one_of("note", "x"),
    Atom(Between("count", 2, 9)),
    Atom(Between("count", 10, None, False, True)),
    Atom(Between("missing", None, None)),
    Atom(Between("note", None, None)),
    Atom(Present("missing")),
    Atom(StartsWith("type", "ta")),
    Atom(StartsWith("missing", "")),
    Atom(Pattern("type", "(?s)Tab")),
    Atom(Pattern("tags", "(?s).*", (), ("(?s)x", "(?s)y.*"))),
    phrase("items", "order"),
    phrase("order", "missing"),
    Atom(Spans("name", NearSpan((TermSpan("items"), TermSpan("order")), 100, True))),
    Atom(Guids(frozenset({"h"}))),
    Atom(Within("columns", AllOf((one_of("columns.name", "id"), one_of("columns.order", 2))))),
    Atom(Within("columns", YES)),
    Atom(Within("missing", EVERYTHING)),
    Not(YES),
    AllOf((YES, NO)),
    AnyOf((NO, NO)),
    AtLeast(2, (YES, NO, NO)),
]


@pytest.mark.parametrize("bound", HOLDS, ids=str)
def test_tests_that_hold(bound: Bound) -> None:
    """Some value suffices; nested objects are asked one by one."""
    assert matches(bound, ASSET)


@pytest.mark.parametrize("bound", FAILS, ids=str)
def test_tests_that_fail(bound: Bound) -> None:
    """What is not there matches nothing, not even open bounds; conditions on one object are not met by two."""
    assert not matches(bound, ASSET)


def test_a_predicate_is_compiled_once_and_asked_often() -> None:
    """The same formula answers for each asset by itself."""
    predicate = Predicate(AllOf((YES, Not(one_of("tags", "x")))))
    other = IndexedAsset("h", {"type": ("Table",)}, {})
    assert [predicate(ASSET), predicate(other), predicate(ASSET)] == [False, True, False]


@pytest.mark.parametrize(
    "bound",
    [Atom(Similar("name", "ordr", 1, 0, True, 50)), Atom(Phrase("name", (Slot(0, ("or",), 50),)))],
    ids=str,
)
def test_terms_that_stand_for_others_must_be_expanded_first(bound: Bound) -> None:
    """One asset alone does not know the vocabulary, so that it does not guess."""
    with pytest.raises(UnsupportedClause):
        Predicate(bound)
