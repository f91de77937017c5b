"""Every test means the same in SQL, in a condition of others, and among many at once."""

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.binding.tests import (
    Between,
    Guids,
    NearSpan,
    OneOf,
    Pattern,
    Phrase,
    Present,
    Slot,
    Spans,
    StartsWith,
    TermSpan,
    Test,
    Within,
)
from muster.engines.embedded import writing
from muster.engines.embedded.store import Store
from muster.indexing import IndexedAsset
from muster.query.algebra import AllOf, AnyOf, AtLeast, Atom, Formula, Not
from tests.integration.embedded import ask, asset, memory, text

INNER = (
    IndexedAsset("g1", {"o.x": ("p",), "o.y": (1,)}, {"o.i": (IndexedAsset("g1", {"o.i.z": (1,)}, {}),)}),
    IndexedAsset("g1", {"o.x": ("q",), "o.y": (2,)}, {"o.i": (IndexedAsset("g1", {"o.i.z": (2,)}, {}),)}),
)
ASSETS = {
    1: IndexedAsset("g1", {"k": ("a",), "n": (1,), "t": text("big red dog"), "s": ("one",)}, {"o": INNER}),
    2: IndexedAsset("g2", {"k": ("b", "c"), "n": (5, 9), "t": text("red big dog dog")}, {}),
    3: IndexedAsset("g3", {"f": (2.5,), "b": (True,), "t": text(""), "s": ("o\nne",)}, {}),
    4: IndexedAsset("g4", {"k": ("äb",), "f": (-1.0,), "b": (False,), "s": ("Zwei",)}, {}),
    5: IndexedAsset("g5", {}, {"o": (IndexedAsset("g5", {"o.x": ("p",), "o.y": (2,)}, {}),)}),
}
MANY = frozenset(f"x{number}" for number in range(40))


def one(field: str, *terms: str | float) -> Formula[Test]:
    """Return the test that a field has one of these terms."""
    return Atom(OneOf(field, frozenset(terms)))


def phrase(*words: str, slop: int = 0) -> Formula[Test]:
    """Return the test that `t` holds these words as a phrase."""
    return Atom(Phrase("t", tuple(Slot(place, (word,)) for place, word in enumerate(words)), slop))


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A store with the assets above."""
    made = memory()
    writing.write(made, ASSETS, 1)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (AllOf(()), [1, 2, 3, 4, 5]),
        (AnyOf(()), []),
        (one("k", "a"), [1]),
        (one("k", "a", "c"), [1, 2]),
        (Atom(OneOf("k", MANY | {"c"})), [2]),
        (Atom(OneOf("s", MANY | {"one"})), [1]),
        (Atom(OneOf("t", MANY | {"red"})), [1, 2]),
        (one("k", 1, True), []),
        (one("k"), []),
        (one("n", 1, 9.0), [1, 2]),
        (one("f", -1), [4]),
        (one("b", False), [4]),
        (one("b", 0), []),
        (one("unseen", "a"), []),
        (one("o.x", "p"), []),
        (one("t", "dog"), [1, 2]),
        (Atom(Present("k")), [1, 2, 4]),
        (Atom(Present("t")), [1, 2, 3]),
        (Not(Atom(Present("k"))), [3, 5]),
        (Not(one("k", "a")), [2, 3, 4, 5]),
        (Not(Not(one("k", "a"))), [1]),
        (Not(AllOf((one("k", "a"), one("n", 5)))), [1, 2, 3, 4, 5]),
        (Not(AnyOf((one("k", "a"), one("f", 2.5)))), [2, 4, 5]),
        (AtLeast(2, (one("k", "a", "b"), one("n", 1, 5), Not(one("f", 2.5)))), [1, 2]),
        (Atom(Between("n", 2, 5)), [2]),
        (Atom(Between("n", 5, 9, low_included=False, high_included=False)), []),
        (Atom(Between("n", None, 1)), [1]),
        (Atom(Between("n", 1.5, None)), [2]),
        (Atom(Between("n", None, None)), [1, 2]),
        (Atom(Between("f", -1.0, 2.5, low_included=False)), [3]),
        (Atom(Between("b", False, False)), [4]),
        (Atom(Between("s", "Z", "o")), [4]),
        (Atom(Between("k", "z", None)), [4]),
        (Atom(Between("n", "1", None)), []),
        (Atom(Between("s", 1, None)), []),
        (Atom(Between("n", 5, 2**63 - 1)), [2]),
        (Atom(Between("n", 2**63 - 1, None, low_included=False)), []),
        (Atom(StartsWith("n", "1")), []),
        (Atom(Pattern("f", ".*")), []),
        (Atom(StartsWith("s", "o")), [1, 3]),
        (Atom(StartsWith("k", "ä")), [4]),
        (Atom(StartsWith("k", "")), [1, 2, 4]),
        (Atom(StartsWith("t", "do")), [1, 2]),
        (Atom(StartsWith("unseen", "")), []),
        (Atom(Pattern("s", "o.*")), [1]),
        (Atom(Pattern("s", "(?s)o.*")), [1, 3]),
        (Atom(Pattern("s", "(?i)z.*")), [4]),
        (Atom(Pattern("s", "on")), []),
        (Atom(Pattern("k", "[a-c]", also=("[b-c]",), never=("b",))), [2]),
        (Atom(Pattern("s", "(?s).*", never=("one",))), [3, 4]),
        (phrase("big", "red"), [1]),
        (phrase("red", "big", "dog"), [2]),
        (phrase("big", "dog", slop=1), [1, 2]),
        (phrase("dog", "dog"), [2]),
        (Not(phrase("big", "red")), [2, 3, 4, 5]),
        (Atom(Spans("t", NearSpan((TermSpan("red"), TermSpan("dog")), 0, in_order=True))), [1]),
        (Atom(Spans("unseen", TermSpan("red"))), []),
        (Atom(Guids(frozenset({"g2", "g5", "g9"}))), [2, 5]),
        (Atom(Within("o", AllOf((one("o.x", "p"), one("o.y", 1))))), [1]),
        (Atom(Within("o", AllOf((one("o.x", "p"), one("o.y", 2))))), [5]),
        (Atom(Within("o", Not(one("o.x", "p")))), [1]),
        (Not(Atom(Within("o", one("o.x", "p")))), [2, 3, 4]),
        (Atom(Within("o", AllOf(()))), [1, 5]),
        (Atom(Within("o", one("k", "a"))), []),
        (Atom(Within("o", Atom(Guids(frozenset({"g5"}))))), [5]),
        (Atom(Within("o.i", one("o.i.z", 2))), [1]),
        (Atom(Within("o", AllOf((one("o.x", "q"), Atom(Within("o.i", one("o.i.z", 2))))))), [1]),
        (Atom(Within("o", AllOf((one("o.x", "p"), Atom(Within("o.i", one("o.i.z", 2))))))), []),
        (Atom(Within("o", Not(Atom(Within("o.i", AllOf(())))))), [5]),
        (Atom(Within("o.i", Atom(Within("o", AllOf(()))))), []),
        (Atom(Within("unseen", AllOf(()))), []),
    ],
    ids=str,
)
def test_a_formula_finds_its_assets(store: Store, formula: Formula[Test], expected: list[int]) -> None:
    """Counted, fetched and posted, a formula has exactly these ordinals."""
    assert ask(store, [formula]) == [expected]


def test_many_intervals_are_cut_in_one_pass(store: Store) -> None:
    """Enough prefixes and ranges of one column to sort it give what each gives alone, on scalars, lists and texts."""
    fields, prefixes = ("s", "k", "t"), ("", "o", "on", "one", "p", "ä", "r")
    tests: list[Formula[Test]] = [Atom(StartsWith(*pair)) for pair in product(fields, prefixes)]
    lows, highs = (None, 1, 1.5, 5, 2**63 - 1), (None, 4, 5, 9, 2**63 - 1)
    tests += [Atom(Between("n", *bounds, low_included=False)) for bounds in product(lows, highs)]
    assert ask(store, tests)[:7] == [[1, 3, 4], [1, 3], [1], [1], [], [], []]


@pytest.mark.parametrize("compound", [AnyOf, AllOf, lambda parts: AtLeast(2, parts), lambda parts: Not(AnyOf(parts))])
def test_a_formula_of_a_thousand_tests_is_answered(
    store: Store, compound: Callable[[tuple[Formula[Test], ...]], Formula[Test]]
) -> None:
    """However many clauses there are, one by one and within an object, the answer is that of a few."""
    few = (one("k", "a"), one("n", 1), one("n", 5))
    many = (*few, *(one("k", f"none{number}") for number in range(1000)))
    if compound is AllOf:
        many = tuple(Not(part) for part in many[3:])
    expected = ask(store, [AllOf(()) if compound is AllOf else compound(few)])
    assert ask(store, [compound(many)]) == expected
    inside = (one("o.x", "p"), one("o.y", 1), *(one("o.x", f"none{number}") for number in range(1000)))
    assert ask(store, [Atom(Within("o", AtLeast(2, inside)))]) == [[1]]


def test_a_phrase_of_any_length_is_answered() -> None:
    """Phrases and spans of thousands of words, the same one or all different, find the text that has them."""
    different, same = tuple(f"w{number}" for number in range(20_000)), ("dog",) * 20_000
    made = memory()
    writing.write(made, {1: asset({"t": text(" ".join(different))}), 2: asset({"t": text(" ".join(same))})}, 1)
    near = NearSpan(tuple(map(TermSpan, different[:1000])), 0, in_order=True)
    wrong = (*different[:-2], "w19999", "w19998")
    formulas = [phrase(*different), phrase(*wrong), phrase(*same), phrase(*same, "dog"), Atom(Spans("t", near))]
    assert ask(made, formulas) == [[1], [], [2], [], [1]]


def test_the_ends_of_a_column_of_whole_numbers_are_found() -> None:
    """The least and the greatest number of 64 bits are values like others; beyond them there is none."""
    made = memory()
    writing.write(made, {1: asset({"n": (-(2**63),)}), 2: asset({"n": (2**63 - 1,)})}, 1)
    asked = (-(2**63), 2**63 - 1, -(2**63) - 1, 2**63)
    assert ask(made, [one("n", number) for number in asked]) == [[1], [2], [], []]
    assert ask(made, [Atom(Between("n", -(2**63), 0)), Atom(Between("n", None, -(2**63)))]) == [[1], [1]]


VALUES = st.lists(st.sampled_from("abcd"), max_size=2, unique=True).map(tuple)
CORPORA = st.lists(st.tuples(VALUES, st.none() | st.integers(0, 3), st.lists(VALUES, max_size=2)), max_size=6)
ATOMS: st.SearchStrategy[Formula[Test]] = st.one_of(
    st.frozensets(st.sampled_from("abcde"), max_size=3).map(lambda terms: Atom(OneOf("k", terms))),
    st.integers(0, 3).map(lambda low: Atom(Between("n", low, None))),
    st.sampled_from([Atom(Present("k")), Atom(Present("n")), Atom(Within("o", one("o.x", "a")))]),
)


def compounds(parts: st.SearchStrategy[Formula[Test]]) -> st.SearchStrategy[Formula[Test]]:
    """Return formulas made of these."""
    some = st.lists(parts, max_size=3).map(tuple)
    at_least = st.lists(parts, min_size=3, max_size=4).map(lambda found: AtLeast(2, tuple(found)))
    return st.one_of(parts.map(Not), some.map(AllOf), some.map(AnyOf), at_least)


@pytest.fixture(scope="module")
def scratch() -> Iterator[Store]:
    """A store to fill anew."""
    made = memory()
    yield made
    made.close()


@settings(max_examples=60, deadline=None)
@given(CORPORA, st.lists(st.recursive(ATOMS, compounds, max_leaves=6), min_size=1, max_size=4))
def test_one_condition_and_many_sets_agree(
    scratch: Store,
    corpus: list[tuple[tuple[str, ...], int | None, list[tuple[str, ...]]]],
    formulas: list[Formula[Test]],
) -> None:
    """A formula as one SQL condition has the members of its tests' sets combined: truth has two values only."""
    batch = {}
    for ordinal, (keys, number, objects) in enumerate(corpus):
        values = ({"k": keys} if keys else {}) | ({} if number is None else {"n": (number,)})
        batch[ordinal] = asset(values, o=[{"o.x": found} for found in objects if found])
    writing.clear(scratch)
    writing.write(scratch, batch, 1)
    ask(scratch, formulas)
