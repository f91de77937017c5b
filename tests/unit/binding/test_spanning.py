"""Spans over positions. What is expected was read off a real Lucene."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.binding.phrases import holds, places
from muster.binding.spanning import spans
from muster.binding.tests import NearSpan, NotSpan, OrSpan, Slot, SpanTree, TermSpan, WithinSpan
from tests.unit.binding.test_phrases import text

A, B, C = TermSpan("a"), TermSpan("b"), TermSpan("c")


def near(*parts: SpanTree, slop: int = 0, in_order: bool = True) -> SpanTree:
    """Spans close to each other."""
    return NearSpan(parts, slop, in_order)


CASES: list[tuple[SpanTree, str, list[tuple[int, int]]]] = [
    (A, "a x a", [(0, 1), (2, 3)]),
    (OrSpan((B, A)), "a b a", [(0, 1), (1, 2), (2, 3)]),
    (near(A, B), "a b", [(0, 2)]),
    (near(A, B), "b a", []),
    (near(A, B), "a x b", []),
    (near(A, B, slop=1), "a x b a b", [(0, 3), (3, 5)]),
    (near(A, B, C, slop=1), "a x b c", [(0, 4)]),
    (near(A, B, C, slop=1), "a x b x c", []),
    (near(A, B, in_order=False), "b a", [(0, 2)]),
    (near(A, A, in_order=False), "a", [(0, 1)]),
    (near(A, A), "a x a", []),
    (near(A, A), "a a", [(0, 2)]),
    (near(OrSpan((A, B)), C, slop=1), "a b c", [(0, 3), (1, 3)]),
    (WithinSpan(A, near(B, C, slop=3)), "b a c a", [(1, 2)]),
    (WithinSpan(A, near(B, C, slop=3)), "a b c", []),
    (NotSpan(A, B, 0, 0), "a b", [(0, 1)]),
    (NotSpan(A, B, 0, 1), "a b", []),
    (NotSpan(A, B, 1, 0), "b a x a", [(3, 4)]),
    (NotSpan(near(A, C, slop=2), B, 0, 0), "a b c a c", [(3, 5)]),
    (NotSpan(A, C, 3, 3), "a b", [(0, 1)]),
]


@pytest.mark.parametrize(("tree", "words", "expected"), CASES, ids=str)
def test_spans_are_found_as_lucene_finds_them(tree: SpanTree, words: str, expected: list[tuple[int, int]]) -> None:
    """Each span with its start and the position after its end, in order."""
    assert list(spans(tree, places(text(words)))) == expected


@given(
    st.lists(st.sampled_from("abc"), min_size=2, max_size=3, unique=True),
    st.lists(st.sampled_from("abcx"), max_size=9),
)
def test_near_without_slop_is_an_exact_phrase(phrase: list[str], words: list[str]) -> None:
    """Both ways to ask for words side by side agree."""
    where = places(text(" ".join(words)))
    found = next(spans(near(*map(TermSpan, phrase)), where), None) is not None
    assert found is holds([Slot(at, (term,)) for at, term in enumerate(phrase)], 0, where)
