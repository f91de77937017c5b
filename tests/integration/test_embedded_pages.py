"""Pages, tallies and vocabularies of the embedded engine."""

from collections.abc import Iterator
from typing import Any

import pytest
from pyroaring import BitMap

from muster.binding.tests import OneOf
from muster.engines.embedded import queries, values, writing
from muster.engines.embedded.store import Store
from muster.errors import InvalidInput, UnsupportedClause
from muster.protocols import Page
from muster.query.algebra import AllOf, Atom
from muster.query.sorting import Sort
from tests.integration.embedded import asset, memory, text


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """Six assets with and without values to order by."""
    made = memory()
    batch = {
        1: asset({"n": (3,), "k": ("b",), "t": text("red red dog")}),
        2: asset({"n": (1, 9), "k": ("a", "c")}),
        3: asset({"k": ("b",)}, o=[{"o.x": ("p",)}, {"o.x": ("p",)}]),
        4: asset({"n": (3,), "t": text("red")}),
        5: asset({}),
        6: asset({"n": (2,), "k": ("a",)}),
    }
    writing.write(made, batch, 1)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ((), [1, 2, 3, 4, 5, 6]),
        ((Sort("n"),), [2, 6, 1, 4, 3, 5]),
        ((Sort("n", descending=True),), [2, 1, 4, 6, 3, 5]),
        ((Sort("k"), Sort("n", descending=True)), [2, 6, 1, 3, 4, 5]),
        ((Sort("k", descending=True), Sort("n")), [2, 1, 3, 6, 4, 5]),
        ((Sort("unseen"),), [1, 2, 3, 4, 5, 6]),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 4, 6])
def test_pages_walk_through_the_order(store: Store, sort: tuple[Sort, ...], expected: list[int], size: int) -> None:
    """Least value up, greatest value down, missing last, ties by ordinal; pages meet without gap or overlap."""
    walked: list[int] = []
    after: tuple[Any, ...] | None = None
    with store.view() as view:
        while found := queries.search(view, AllOf(()), Page(size, sort, after), None).hits:
            walked += [hit.ordinal for hit in found]
            after = found[-1].after
    assert walked == expected


def test_a_page_has_the_exact_total_of_what_it_is_narrowed_to(store: Store) -> None:
    """The total counts the whole result within the set, whatever the size of the page."""
    with store.view() as view:
        found = queries.search(view, Atom(OneOf("k", frozenset("ab"))), Page(1), BitMap([2, 3, 5]))
    assert (found.total, [hit.ordinal for hit in found.hits]) == (2, [2])


def test_an_order_by_text_is_refused(store: Store) -> None:
    """Tokens have no order; the hint names a field that has."""
    with store.view() as view, pytest.raises(UnsupportedClause, match="`t`"):
        queries.search(view, AllOf(()), Page(1, (Sort("t"),)), None)


def test_a_cursor_of_another_order_is_refused(store: Store) -> None:
    """`after` has one value per key and the ordinal."""
    with store.view() as view, pytest.raises(InvalidInput, match="2 values, got 1"):
        queries.search(view, AllOf(()), Page(1, (Sort("n"),), (1,)), None)


@pytest.mark.parametrize(
    ("field", "members", "expected"),
    [
        ("k", None, [("a", 2), ("b", 2), ("c", 1)]),
        ("k", [1, 2], [("a", 1), ("b", 1), ("c", 1)]),
        ("n", None, [(3, 2), (1, 1), (2, 1), (9, 1)]),
        ("t", None, [("red", 2), ("dog", 1)]),
        ("o.x", None, [("p", 1)]),
        ("unseen", None, []),
    ],
)
def test_values_are_counted_by_asset(
    store: Store, field: str, members: list[int] | None, expected: list[tuple[Any, int]]
) -> None:
    """An asset counts once per value, however often a text or its objects repeat it; most frequent first."""
    with store.view() as view:
        narrowed = None if members is None else BitMap(members)
        assert values.tally(view, field, 10, narrowed) == expected
        assert values.tally(view, field, 1, narrowed) == expected[:1]


def test_a_vocabulary_holds_each_term_once(store: Store) -> None:
    """The distinct terms of a field; none for a field never seen."""
    with store.view() as view:
        found = {field: sorted(values.vocabulary(view, field)) for field in ("t", "k", "o.x", "unseen")}
    assert found == {"t": ["dog", "red"], "k": ["a", "b", "c"], "o.x": ["p"], "unseen": []}
