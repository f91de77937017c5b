"""The `match` family, `multi_match` and `simple_query_string` as tests."""

from __future__ import annotations

from typing import Any

import pytest

from muster.binding.scope import EVERYTHING, NOTHING
from muster.binding.tests import Bound, OneOf, Phrase, Similar, Slot, StartsWith
from muster.errors import InvalidSelection, UnsupportedClause
from muster.query.algebra import AllOf, AnyOf, AtLeast, Atom, Not
from tests.unit.binding.index import bound


def word(field: str, term: str | int) -> Bound:
    """The test that a field has a term."""
    return Atom(OneOf(field, frozenset({term})))


def phrase(field: str, *terms: str, slop: int = 0) -> Bound:
    """The test for terms one after the other."""
    return Atom(Phrase(field, tuple(Slot(at, (term,)) for at, term in enumerate(terms)), slop))


A, B, C = (word("name", term) for term in "abc")

MATCH: list[tuple[dict[str, Any], Bound]] = [
    ({"name": "A b"}, AnyOf((A, B))),
    ({"name": {"query": "a b", "operator": "AND"}}, AllOf((A, B))),
    ({"name": {"query": "a b c", "minimum_should_match": 2}}, AtLeast(2, (A, B, C))),
    ({"name": {"query": "a b", "minimum_should_match": 3}}, NOTHING),
    ({"name": {"query": "a", "minimum_should_match": 3}}, A),
    ({"name": {"query": "a b", "minimum_should_match": 0}}, AnyOf((A, B))),
    ({"name": {"query": "a b", "operator": "and", "minimum_should_match": 1}}, NOTHING),
    ({"name": {"query": "a b", "operator": "and", "minimum_should_match": "100%"}}, AllOf((A, B))),
    ({"name": {"query": "a a b", "minimum_should_match": 2}}, AtLeast(2, (A, A, B))),
    ({"name": "!?"}, NOTHING),
    ({"name": {"query": "!?", "zero_terms_query": "all"}}, EVERYTHING),
    ({"type": {"query": "", "zero_terms_query": "all"}}, word("type", "")),
    ({"title": "running"}, word("title", "run")),
    ({"type": "Order Items"}, word("type", "Order Items")),
    ({"type": {"query": "Order Items", "analyzer": "standard"}}, AnyOf((word("type", "order"), word("type", "items")))),
    ({"label": "CAFE"}, word("label", "cafe")),
    ({"count": "12"}, word("count", 12)),
    ({"count": {"query": "abc", "lenient": True}}, NOTHING),
    ({"name": {"query": "order", "fuzziness": "AUTO"}}, Atom(Similar("name", "order", 1, 0, True, 50))),
    ({"nowhere": {"query": "", "zero_terms_query": "all"}}, NOTHING),
]


@pytest.mark.parametrize(("clause", "expected"), MATCH, ids=str)
def test_match_asks_for_the_analysed_words(clause: dict[str, Any], expected: Bound) -> None:
    """Text is analysed, other kinds take it as one term; the minimum counts what is optional, of several words."""
    assert bound({"match": clause}) == expected


PHRASES: list[tuple[dict[str, Any], Bound]] = [
    ({"match_phrase": {"name": "a b"}}, phrase("name", "a", "b")),
    ({"match_phrase": {"name": {"query": "a b", "slop": 2}}}, phrase("name", "a", "b", slop=2)),
    ({"match_phrase": {"name": "a"}}, A),
    ({"match_phrase": {"type": "a b"}}, word("type", "a b")),
    (
        {"match_phrase": {"name": {"query": "a the b", "analyzer": "stop"}}},
        B,
    ),
    (
        {"match_phrase": {"name": {"query": "x of the y", "analyzer": "stop"}}},
        Atom(Phrase("name", (Slot(0, ("x",)), Slot(3, ("y",))))),
    ),
    ({"match_phrase_prefix": {"name": "a b"}}, Atom(Phrase("name", (Slot(0, ("a",)), Slot(1, ("b",), 50))))),
    (
        {"match_phrase_prefix": {"name": {"query": "b", "max_expansions": 0}}},
        Atom(Phrase("name", (Slot(0, ("b",), 1),))),
    ),
]


@pytest.mark.parametrize(("selection", "expected"), PHRASES, ids=str)
def test_phrases_keep_the_places_of_words(selection: dict[str, Any], expected: Bound) -> None:
    """Dropped words leave gaps; one word is a term; the last word of a phrase prefix is open."""
    assert bound(selection) == expected


MULTI: list[tuple[dict[str, Any], Bound]] = [
    ({"query": "a", "fields": ["name", "about^2"]}, AnyOf((A, word("about", "a")))),
    ({"query": "a", "fields": ["nowhere"], "zero_terms_query": "all"}, NOTHING),
    ({"query": "!", "fields": ["name", "nowhere"], "zero_terms_query": "all"}, EVERYTHING),
    (
        {"query": "a b", "fields": ["name", "about"], "operator": "and"},
        AnyOf((AllOf((A, B)), AllOf((word("about", "a"), word("about", "b"))))),
    ),
    (
        {"query": "a b", "fields": ["name", "about"], "operator": "and", "type": "cross_fields"},
        AllOf((AnyOf((A, word("about", "a"))), AnyOf((B, word("about", "b"))))),
    ),
    ({"query": "a b", "fields": ["name"], "type": "phrase"}, phrase("name", "a", "b")),
    ({"query": "a b", "fields": ["name"], "type": "bool_prefix"}, AnyOf((A, Atom(StartsWith("name", "b"))))),
    ({"query": "a b ", "fields": ["name"], "type": "bool_prefix"}, AnyOf((A, B))),
    ({"query": "a", "fields": ["type"], "type": "bool_prefix"}, Atom(StartsWith("type", "a"))),
    ({"query": "1", "fields": ["count"], "type": "bool_prefix"}, word("count", 1)),
    ({"query": "a", "fields": ["na*"]}, AnyOf((A, word("name.keyword", "a")))),
    ({"query": "a", "fields": ["count", "name"], "lenient": True}, AnyOf((NOTHING, A))),
]


@pytest.mark.parametrize(("clause", "expected"), MULTI, ids=str)
def test_multi_match_goes_by_field_or_by_word(clause: dict[str, Any], expected: Bound) -> None:
    """Each field takes the whole text, save in `cross_fields`, where fields of one analyzer share each word."""
    assert bound({"multi_match": clause}) == expected


SIMPLE: list[tuple[str, Bound]] = [
    ("a b", AnyOf((A, B))),
    ("a + b", AllOf((A, B))),
    ("a | b + c", AllOf((AnyOf((A, B)), C))),
    ("a + b | c", AnyOf((AllOf((A, B)), C))),
    ("a + (b | c)", AllOf((A, AnyOf((B, C))))),
    ("-a", Not(A)),
    ("a + -b", AllOf((A, Not(B)))),
    ("--a", A),
    ("- a", A),
    ("A*", Atom(StartsWith("name", "a"))),
    ("a\\*", A),
    ("ab~1", Atom(Similar("name", "ab", 1, 0, True, 50))),
    ("ab~", Atom(Similar("name", "ab", 2, 0, True, 50))),
    ("ab~0", word("name", "ab")),
    ('"a b"', phrase("name", "a", "b")),
    ('"a b"~2', phrase("name", "a", "b", slop=2)),
    ('"a b"~', phrase("name", "a", "b")),
    ('"a b', AnyOf((A, B))),
    ("(a b", AnyOf((A, B))),
    ("a) b", AnyOf((A, B))),
    ('a + "" b', AnyOf((A, B))),
    ("a + () b", AnyOf((A, B))),
    ("!! a", A),
    ("", NOTHING),
    ("!!", NOTHING),
    ("*", EVERYTHING),
    (" * ", EVERYTHING),
]


@pytest.mark.parametrize(("text", "expected"), SIMPLE, ids=repr)
def test_simple_query_string_reads_what_a_person_types(text: str, expected: Bound) -> None:
    """Operators go in the order of writing; what makes no sense is passed over."""
    assert bound({"simple_query_string": {"query": text, "fields": ["name"]}}) == expected


OPTIONS: list[tuple[dict[str, Any], Bound]] = [
    ({"query": "a b", "default_operator": "and"}, AllOf((A, B))),
    ({"query": "a b c", "minimum_should_match": 2}, AtLeast(2, (A, B, C))),
    ({"query": "a-b", "minimum_should_match": 2}, AllOf((A, B))),
    ({"query": "a-b", "fields": ["name^2"], "minimum_should_match": 2}, AnyOf((A, B))),
    ({"query": "-a", "minimum_should_match": 2}, NOTHING),
    ({"query": "a + b", "minimum_should_match": 1}, NOTHING),
    ({"query": "a|b", "flags": "NONE"}, AnyOf((A, B))),
    ({"query": "-a", "flags": "AND|OR"}, A),
    ({"query": "a-b*", "analyze_wildcard": True}, AnyOf((A, Atom(StartsWith("name", "b"))))),
    ({"query": '"a b"', "quote_field_suffix": ".keyword"}, word("name.keyword", "a b")),
    ({"query": "1*", "fields": ["count"], "lenient": True}, NOTHING),
]


@pytest.mark.parametrize(("clause", "expected"), OPTIONS, ids=str)
def test_options_of_simple_query_string(clause: dict[str, Any], expected: Bound) -> None:
    """A minimum counts the clauses at the top, unless a boost is around them; flags switch operators off."""
    assert bound({"simple_query_string": {"fields": ["name"], **clause}}) == expected


@pytest.mark.parametrize(
    "selection",
    [
        {"match": {"count": "abc"}},
        {"match": {"name": {"query": "a", "operator": "xor"}}},
        {"match": {"name": {"query": "a", "zero_terms_query": "some"}}},
        {"match": {"name": {"query": "a", "analyzer": "missing"}}},
        {"match": {"name": {"query": "a", "max_expansions": 0}}},
        {"match": {"count": {"query": 1, "fuzziness": 1}}},
        {"match_phrase": {"name": {"query": "a b", "slop": -1}}},
        {"match_phrase": {"type": {"query": "a b", "analyzer": "standard"}}},
        {"match_phrase_prefix": {"type": "a"}},
        {"multi_match": {"query": "a", "fields": ["name", "count"]}},
        {"multi_match": {"query": "a", "fields": ["name^x"]}},
        {"multi_match": {"query": "a", "fields": ["name"], "type": "some"}},
        {"multi_match": {"query": "a", "fields": ["name"], "type": "phrase", "fuzziness": 1}},
        {"simple_query_string": {"query": "a", "fields": ["count"]}},
        {"simple_query_string": {"query": "a*", "fields": ["count"]}},
        {"simple_query_string": {"query": "a", "fields": ["name"], "flags": "SOME"}},
    ],
    ids=lambda selection: str(selection)[:90],
)
def test_what_the_server_refuses_is_refused(selection: dict[str, Any]) -> None:
    """A field that cannot take the text refuses it, unless the clause is lenient; options have their values."""
    with pytest.raises(InvalidSelection) as refused:
        bound(selection)
    assert refused.value.path is not None


def test_groups_have_a_bottom() -> None:
    """Parentheses without end are refused in bounded time, not followed."""
    assert bound({"simple_query_string": {"query": "(" * 90 + "a" + ")" * 90, "fields": ["name"]}}) == A
    with pytest.raises(UnsupportedClause):
        bound({"simple_query_string": {"query": "(" * 9000 + "a" + ")" * 9000, "fields": ["name"]}})


def test_long_texts_have_a_limit() -> None:
    """As many words as the server takes, and not one more; parentheses that never close cost no more than others."""
    words = " ".join(f"w{number}" for number in range(1024))
    assert len(bound({"match": {"name": words}}).parts) == 1024  # type: ignore[union-attr]
    for clause in (
        {"match": {"name": f"{words} x"}},
        {"simple_query_string": {"query": f"{words} x", "fields": ["name"]}},
    ):
        with pytest.raises(InvalidSelection):
            bound(clause)
    assert bound({"simple_query_string": {"query": "(" * 200_000 + "a", "fields": ["name"]}}) == A
