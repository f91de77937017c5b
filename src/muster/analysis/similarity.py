"""Fuzzy terms: edit distance in code points, and the expansions that Lucene keeps of a vocabulary."""

import heapq
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

MOST_EDITS = 2


def expansions(
    term: str,
    vocabulary: Iterable[str],
    *,
    distance: int,
    prefix_length: int,
    transpositions: bool,
    max_expansions: int,
) -> list[str]:
    """Return the terms of a vocabulary that a fuzzy term stands for, the best first.

    They share its first `prefix_length` code points and lie within the distance: each edit inserts, removes or replaces
    a code point, or, with `transpositions`, swaps two neighbours that nothing else changes. Better is a higher similarity, which
    is 1 - edits / the length of the shorter term; ties go by UTF-8 bytes.
    """
    shared = term[:prefix_length]
    candidates = [other for other in vocabulary if other.startswith(shared)]
    measure = OSA if transpositions else Levenshtein
    found = process.extract(
        term[len(shared) :],
        [other[len(shared) :] for other in candidates],
        scorer=measure.distance,
        score_cutoff=distance if term else 0,
        limit=None,
    )
    ranked = ((_unlikeness(term, candidates[at], count), candidates[at].encode(), at) for _, count, at in found)
    return [candidates[at] for *_, at in heapq.nsmallest(max_expansions, ranked)]


def _unlikeness(term: str, other: str, count: float) -> float:
    """Return edits per character of the shorter term; an empty term comes last."""
    return count / (min(len(term), len(other)) or 0.5) if count else 0.0
