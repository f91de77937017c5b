"""Terms that stand for others, replaced by what the index holds."""

from __future__ import annotations

from muster.binding.expand import expand
from muster.binding.scope import NOTHING
from muster.binding.tests import Bound, OneOf, Phrase, Similar, Slot, Within
from muster.query.algebra import AllOf, Atom, Not

WORDS = ("item", "items", "order", "orders", "ordre", "odor", "zebra", "Ärger")


def vocabulary(field: str) -> tuple[str, ...]:
    """The terms of the only field there is."""
    return WORDS if field == "name" else ()


def similar(term: str, most: int = 50) -> Bound:
    """A fuzzy term, one edit apart."""
    return Atom(Similar("name", term, 1, 0, True, most))


def one_of(*terms: str) -> Bound:
    """The test for terms."""
    return Atom(OneOf("name", frozenset(terms)))


def open_phrase(*terms: str, expand: int = 50) -> Bound:
    """A phrase whose last word is open."""
    *before, last = terms
    slots = [Slot(at, (term,)) for at, term in enumerate(before)]
    return Atom(Phrase("name", (*slots, Slot(len(before), (last,), expand))))


def test_a_fuzzy_term_becomes_the_terms_it_stands_for() -> None:
    """All terms within the distance, or the best of them: fewest edits per letter, then in order of bytes."""
    assert expand(similar("order"), vocabulary) == one_of("order", "orders", "ordre")
    assert expand(similar("order", 2), vocabulary) == one_of("order", "orders")
    assert expand(similar("xxxxx"), vocabulary) == NOTHING


def test_an_open_slot_becomes_the_terms_that_start_so() -> None:
    """The first terms in order of bytes; where there are none, the phrase finds nothing."""
    expected = Atom(Phrase("name", (Slot(0, ("item",)), Slot(1, ("odor", "order", "orders", "ordre")))))
    assert expand(open_phrase("item", "o"), vocabulary) == expected
    assert expand(open_phrase("item", "o", expand=1), vocabulary) == Atom(
        Phrase("name", (Slot(0, ("item",)), Slot(1, ("odor",))))
    )
    assert expand(open_phrase("item", "q"), vocabulary) == NOTHING
    assert expand(open_phrase("it"), vocabulary) == one_of("item", "items")


def test_expansion_goes_everywhere() -> None:
    """Inside complements, intersections and nested objects alike; what stands for itself stays."""
    bound: Bound = AllOf((Not(similar("item")), Atom(Within("columns", similar("zebro"))), one_of("a")))
    expected: Bound = AllOf((Not(one_of("item", "items")), Atom(Within("columns", one_of("zebra"))), one_of("a")))
    assert expand(bound, vocabulary) == expected


def test_each_vocabulary_is_asked_for_once() -> None:
    """Many fuzzy terms of one field read its terms one time."""
    asked: list[str] = []

    def counted(field: str) -> tuple[str, ...]:
        asked.append(field)
        return vocabulary(field)

    expand(AllOf((similar("item"), similar("order"), open_phrase("item", "o"))), counted)
    assert asked == ["name"]
