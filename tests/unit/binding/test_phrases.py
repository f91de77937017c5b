"""Phrases over positions. What is expected was read off a real Lucene."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.binding.phrases import holds, places
from muster.binding.tests import Slot
from muster.indexing import Tokens


def text(words: str) -> Tokens:
    """A text by its words; `|` stands for the gap between two values, here 3 positions."""
    terms, positions, at = [], [], 0
    for word in words.split():
        if word == "|":
            at += 3
            continue
        terms.append(word)
        positions.append(at)
        at += 1
    return Tokens(tuple(terms), tuple(positions))


def slots(words: str) -> tuple[Slot, ...]:
    """A phrase by its words; `a/b` is either, `_` a gap."""
    return tuple(Slot(at, tuple(word.split("/"))) for at, word in enumerate(words.split()) if word != "_")


CASES = [
    ("a b", 0, "a b", True),
    ("a b", 0, "b a", False),
    ("a b", 1, "a x b", True),
    ("a b", 1, "b a", False),
    ("a b", 2, "b a", True),
    ("a b", 0, "a | b", False),
    ("a b", 2, "a | b", False),
    ("a b", 3, "a | b", True),
    ("a _ b", 0, "a x b", True),
    ("a _ b", 0, "a b", False),
    ("a _ b", 1, "a b", True),
    ("a b/c", 0, "x a c", True),
    ("a/b c", 1, "b x c", True),
    ("a a", 0, "a", False),
    ("a a", 5, "a", False),
    ("a a", 1, "a x a", True),
    ("a b a", 3, "a b", False),
    ("a b a", 0, "a b a", True),
    ("a b a", 2, "a a b", True),
    ("a/b b/c", 2, "b", False),
    ("a/b b/c", 2, "c b", True),
    ("a b c", 3, "c b a", False),
    ("a b c", 4, "c b a", True),
]


@pytest.mark.parametrize(("phrase", "slop", "words", "expected"), CASES)
def test_phrases_are_found_as_lucene_finds_them(phrase: str, slop: int, words: str, *, expected: bool) -> None:
    """Moves are counted over all words, words that repeat need tokens of their own, gaps count."""
    assert holds(slots(phrase), slop, places(text(words))) is expected


words = st.lists(st.sampled_from("abcx"), min_size=1, max_size=9).map(" ".join)
phrases = st.lists(st.sampled_from("abc"), min_size=2, max_size=4).map(" ".join)


@given(phrases, words)
def test_an_exact_phrase_is_a_run_of_words(phrase: str, document: str) -> None:
    """Without slop, the phrase stands in the text as it is."""
    assert holds(slots(phrase), 0, places(text(document))) is (f" {phrase} " in f" {document} ")


@given(phrases, words, st.integers(0, 6))
def test_more_slop_never_finds_less(phrase: str, document: str, slop: int) -> None:
    """What is found with some slop is found with more."""
    where = places(text(document))
    assert holds(slots(phrase), slop, where) <= holds(slots(phrase), slop + 1, where)
