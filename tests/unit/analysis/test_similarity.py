"""Edit distance and the expansions of fuzzy terms. What is expected was read off a real Lucene."""

from __future__ import annotations

import pytest

from muster.analysis.similarity import expansions


@pytest.mark.parametrize(
    ("term", "other", "with_swaps", "without"),
    [
        ("order", "order", 0, 0),
        ("order", "ordre", 1, 2),
        ("order", "oder", 1, 1),
        ("ca", "abc", 3, 3),
        ("日本", "本日", 1, 2),
        ("😀a", "a😀", 1, 2),
    ],
)
def test_edits_are_counted_in_code_points(term: str, other: str, with_swaps: int, without: int) -> None:
    """A swap of neighbours is one edit where transpositions count, and is not edited again."""
    assert edits(term, other, transpositions=True) == with_swaps
    assert edits(term, other, transpositions=False) == without


def edits(term: str, other: str, *, transpositions: bool) -> int:
    """The least distance at which one term stands for the other."""
    return next(
        distance
        for distance in range(10)
        if expansions(
            term, [other], distance=distance, prefix_length=0, transpositions=transpositions, max_expansions=1
        )
    )


WORDS = ["order", "orders", "ordre", "oder", "border", "or", "o", "", "order item", "Order"]


@pytest.mark.parametrize(
    ("term", "distance", "prefix_length", "most", "expected"),
    [
        ("order", 1, 0, 50, ["order", "Order", "border", "orders", "ordre", "oder"]),
        ("order", 1, 0, 2, ["order", "Order"]),
        ("order", 1, 2, 50, ["order", "orders", "ordre"]),
        ("order", 2, 9, 50, ["order", "orders"]),
        ("o", 1, 0, 50, ["o", "or", ""]),
        ("", 1, 0, 50, [""]),
        ("zzz", 2, 0, 50, []),
    ],
)
def test_the_most_similar_terms_come_first(
    term: str, distance: int, prefix_length: int, most: int, expected: list[str]
) -> None:
    """Fewest edits for the length of the shorter term, then order of bytes; the prefix is shared as far as it goes."""
    found = expansions(
        term, WORDS, distance=distance, prefix_length=prefix_length, transpositions=True, max_expansions=most
    )
    assert found == expected
