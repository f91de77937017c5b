"""Terms that stand for others, replaced by those others, given the terms that the index holds."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import TypeAlias

from muster.analysis.similarity import expansions
from muster.binding.tests import Bound, OneOf, Phrase, Similar, Slot, Test, Within
from muster.query.algebra import AnyOf, Atom, atoms, substitute

Vocabulary: TypeAlias = Callable[[str], Iterable[str]]
"""Takes a field to all its distinct terms in the index, in any order."""


def expand(bound: Bound, vocabulary: Vocabulary) -> Bound:
    """Return the formula with fuzzy terms and the open slots of phrases replaced by the terms they stand for.

    A term that stands for none leaves its test with nothing to find. Each field's vocabulary is asked for once.
    """
    remembered = cache(lambda field: tuple(vocabulary(field)))
    return substitute(bound, lambda test: _expanded(test, remembered))


def is_open(bound: Bound) -> bool:
    """Whether a formula has terms that stand for others, so that it means nothing without a vocabulary."""
    return any(map(_is_open, atoms(bound)))


def _is_open(test: Test) -> bool:
    match test:
        case Similar():
            return True
        case Phrase(slots=slots):
            return any(slot.expand is not None for slot in slots)
        case Within(formula=formula):
            return is_open(formula)
        case _:
            return False


def _expanded(test: Test, vocabulary: Vocabulary) -> Bound:
    match test:
        case Similar():
            return _one_of(test.field, _similar(test, vocabulary))
        case Phrase():
            return _phrase(test, vocabulary)
        case Within(path, formula):
            return Atom(Within(path, substitute(formula, lambda inner: _expanded(inner, vocabulary))))
        case _:
            return Atom(test)


def _similar(test: Similar, vocabulary: Vocabulary) -> list[str]:
    return expansions(
        test.term,
        vocabulary(test.field),
        distance=test.distance,
        prefix_length=test.prefix_length,
        transpositions=test.transpositions,
        max_expansions=test.max_expansions,
    )


def _phrase(test: Phrase, vocabulary: Vocabulary) -> Bound:
    slots = tuple(_slot(slot, test.field, vocabulary) for slot in test.slots)
    if len(slots) == 1 or not all(slot.terms for slot in slots):
        return _one_of(test.field, slots[0].terms if len(slots) == 1 else ())
    return Atom(replace(test, slots=slots))


def _slot(slot: Slot, field: str, vocabulary: Vocabulary) -> Slot:
    if slot.expand is None:
        return slot
    starting = (term for term in vocabulary(field) if term.startswith(slot.terms[0]))
    return Slot(slot.position, tuple(heapq.nsmallest(slot.expand, starting, key=str.encode)))


def _one_of(field: str, terms: Iterable[str]) -> Bound:
    wanted = frozenset(terms)
    return Atom(OneOf(field, wanted)) if wanted else AnyOf(())
