"""`term`, `terms`, `ids` and `exists` as tests."""

from __future__ import annotations

from typing import Any

import pytest

from muster.binding.scope import EVERYTHING, NOTHING
from muster.binding.tests import Between, Bound, Guids, OneOf, Pattern, Present, Within
from muster.errors import InvalidSelection, UnsupportedClause
from muster.query.algebra import AnyOf, Atom
from tests.unit.binding.index import bound


def one_of(field: str, *terms: str | float | bool) -> Bound:
    """The test that a field has one of the terms."""
    return Atom(OneOf(field, frozenset(terms)))


DAY = 86_400_000
MARCH = 1_709_251_200_000

LOWERED: list[tuple[dict[str, Any], Bound]] = [
    ({"term": {"type": "Table"}}, one_of("type", "Table")),
    ({"term": {"type": 12}}, one_of("type", "12")),
    ({"term": {"type": 1.50}}, one_of("type", "1.5")),
    ({"term": {"type": 1e10}}, one_of("type", "1.0E10")),
    ({"term": {"type": 0.0001}}, one_of("type", "1.0E-4")),
    ({"term": {"type": True}}, one_of("type", "true")),
    ({"term": {"label": "CAFE"}}, one_of("label", "cafe")),
    ({"term": {"name": "Order"}}, one_of("name", "Order")),
    ({"term": {"type": {"value": "aB1", "case_insensitive": True}}}, Atom(Pattern("type", "(?s)[aA][bB]1"))),
    ({"term": {"type": {"value": "", "case_insensitive": True}}}, NOTHING),
    ({"term": {"count": "12"}}, one_of("count", 12)),
    ({"term": {"count": 12.5}}, NOTHING),
    ({"term": {"score": 1}}, one_of("score", 1.0)),
    ({"term": {"verified": "true"}}, one_of("verified", True)),
    ({"term": {"updated": "2024-03-01"}}, Atom(Between("updated", MARCH, MARCH + DAY - 1))),
    ({"term": {"nowhere": "x"}}, NOTHING),
    ({"term": {"owner": "x"}}, NOTHING),
    ({"term": {"columns.name": "x"}}, NOTHING),
    ({"term": {"_id": "a"}}, Atom(Guids(frozenset({"a"})))),
    ({"terms": {"type": ["a", 1, True]}}, one_of("type", "a", "1", "true")),
    ({"terms": {"count": ["1", 2.5, 3]}}, one_of("count", 1, 3)),
    ({"terms": {"type": []}}, NOTHING),
    (
        {"terms": {"updated": ["2024-03-01", "2024-03-02"]}},
        AnyOf(
            (
                Atom(Between("updated", MARCH, MARCH + DAY - 1)),
                Atom(Between("updated", MARCH + DAY, MARCH + 2 * DAY - 1)),
            )
        ),
    ),
    ({"ids": {"values": ["a", "b"]}}, Atom(Guids(frozenset({"a", "b"})))),
    ({"exists": {"field": "name"}}, Atom(Present("name"))),
    ({"exists": {"field": "owner"}}, AnyOf((Atom(Present("owner.age")), Atom(Present("owner.name"))))),
    ({"exists": {"field": "ty*"}}, Atom(Present("type"))),
    ({"exists": {"field": "columns"}}, NOTHING),
    ({"exists": {"field": "nowhere"}}, NOTHING),
    ({"exists": {"field": "_id"}}, EVERYTHING),
    (
        {"nested": {"path": "columns", "query": {"exists": {"field": "columns"}}}},
        Atom(Within("columns", Atom(Present("columns.name")))),
    ),
]


@pytest.mark.parametrize(("selection", "expected"), LOWERED, ids=str)
def test_clauses_become_tests_of_indexed_values(selection: dict[str, Any], expected: Bound) -> None:
    """Values are coerced and normalized by the kind of the field; what no asset can have is nothing."""
    assert bound(selection) == expected


@pytest.mark.parametrize(
    ("selection", "path"),
    [
        ({"term": {"count": "abc"}}, "/term/count"),
        ({"term": {"count": {"value": 1, "case_insensitive": True}}}, "/term/count"),
        ({"term": {"updated": "yesterday"}}, "/term/updated"),
        ({"term": {"verified": "yes"}}, "/term/verified"),
        ({"term": {"hidden": "x"}}, "/term/hidden"),
        ({"terms": {"count": [1, "x"]}}, "/terms/count"),
        ({"exists": {"field": "*"}}, "/exists"),
    ],
    ids=str,
)
def test_values_that_the_kind_cannot_take_are_refused(selection: dict[str, Any], path: str) -> None:
    """The refusal names the clause down to its field."""
    with pytest.raises(InvalidSelection) as refused:
        bound(selection)
    assert refused.value.path == path


@pytest.mark.parametrize(
    ("selection", "path"),
    [
        ({"term": {"_index": "x"}}, "/term/_index"),
        ({"exists": {"field": "*version"}}, "/exists"),
        ({"multi_match": {"query": "x", "fields": ["*d"]}}, "/multi_match"),
    ],
    ids=str,
)
def test_what_is_not_kept_is_said_to_be_unsupported(selection: dict[str, Any], path: str) -> None:
    """OpenSearch's own fields about a document are not silently empty, nor passed over by a pattern."""
    with pytest.raises(UnsupportedClause) as refused:
        bound(selection)
    assert refused.value.path == path
