"""Compound clauses, nested objects and spans as formulas, with the places of what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from muster.binding.scope import NOTHING
from muster.binding.tests import Bound, NearSpan, NotSpan, OneOf, OrSpan, Spans, TermSpan, Within, WithinSpan
from muster.errors import InvalidSelection, UnsupportedClause
from muster.query.algebra import AllOf, AnyOf, Atom, Not
from tests.unit.binding.index import bound


def has(field: str, value: str) -> Bound:
    """The test that a field has a value."""
    return Atom(OneOf(field, frozenset({value})))


def test_a_bool_becomes_a_formula_of_tests() -> None:
    """Each occurrence goes where the algebra has it, the leaves bound in place."""
    selection = {
        "bool": {
            "filter": {"term": {"type": "a"}},
            "should": [{"term": {"tags": "b"}}, {"term": {"label": "C"}}],
            "must_not": {"match_phrase": {"type": "d"}},
            "minimum_should_match": 1,
        }
    }
    expected = AllOf((has("type", "a"), AnyOf((has("tags", "b"), has("label", "c"))), Not(has("type", "d"))))
    assert bound(selection) == expected


INNER = {"term": {"columns.checks.name": "unique"}}
CHECK = Atom(Within("columns", Atom(Within("columns.checks", has("columns.checks.name", "unique")))))

NESTED: list[tuple[dict[str, Any], Bound]] = [
    (
        {"nested": {"path": "columns", "query": {"term": {"columns.name": "id"}}}},
        Atom(Within("columns", has("columns.name", "id"))),
    ),
    ({"nested": {"path": "columns", "query": {"term": {"type": "a"}}}}, Atom(Within("columns", NOTHING))),
    ({"nested": {"path": "columns", "query": INNER}}, Atom(Within("columns", NOTHING))),
    ({"nested": {"path": "columns.checks", "query": INNER}}, CHECK),
    ({"nested": {"path": "columns", "query": {"nested": {"path": "columns.checks", "query": INNER}}}}, CHECK),
    ({"nested": {"path": "other", "query": {"match_all": {}}, "ignore_unmapped": True}}, NOTHING),
]


@pytest.mark.parametrize(("selection", "expected"), NESTED, ids=str)
def test_nested_asks_each_object_alone(selection: dict[str, Any], expected: Bound) -> None:
    """Inside, only the object's own fields are seen; a deep path goes through the objects above."""
    assert bound(selection) == expected


A, B = TermSpan("a"), TermSpan("b")


def span(field: str, value: str) -> dict[str, Any]:
    """The clause of one term."""
    return {"span_term": {field: value}}


SPANS: list[tuple[dict[str, Any], Bound]] = [
    (span("name", "Order"), Atom(Spans("name", TermSpan("Order")))),
    (span("nowhere", "a"), NOTHING),
    (
        {"span_near": {"clauses": [span("name", "a"), span("name", "b")]}},
        Atom(Spans("name", NearSpan((A, B), 0, True))),
    ),
    (
        {"span_near": {"clauses": [span("name", "a"), span("name", "b")], "slop": 2, "in_order": False}},
        Atom(Spans("name", NearSpan((A, B), 2, False))),
    ),
    ({"span_near": {"clauses": [span("name", "a")], "slop": -1}}, Atom(Spans("name", A))),
    ({"span_or": {"clauses": [span("name", "a"), span("name", "b")]}}, Atom(Spans("name", OrSpan((A, B))))),
    (
        {"span_within": {"little": span("name", "a"), "big": span("name", "b")}},
        Atom(Spans("name", WithinSpan(A, B))),
    ),
    (
        {"span_not": {"include": span("name", "a"), "exclude": span("name", "b"), "dist": 2}},
        Atom(Spans("name", NotSpan(A, B, 2, 2))),
    ),
    (
        {"span_not": {"include": span("name", "a"), "exclude": span("name", "b"), "pre": 1}},
        Atom(Spans("name", NotSpan(A, B, 1, 0))),
    ),
]


@pytest.mark.parametrize(("selection", "expected"), SPANS, ids=str)
def test_spans_become_one_tree_on_one_field(selection: dict[str, Any], expected: Bound) -> None:
    """Terms are not analysed; order counts unless it is switched off."""
    assert bound(selection) == expected


@pytest.mark.parametrize(
    ("selection", "path"),
    [
        ({"bool": {"filter": [{"match_all": {}}, {"term": {"count": "x"}}]}}, "/bool/filter/1/term/count"),
        (
            {"constant_score": {"filter": {"dis_max": {"queries": [{"range": {"count": {"gt": "x"}}}]}}}},
            "/constant_score/filter/dis_max/queries/0/range/count",
        ),
        ({"bool": {"must_not": {"multi_match": {"query": "x", "fields": ["count"]}}}}, "/bool/must_not/0/multi_match"),
        ({"nested": {"path": "other", "query": {"match_all": {}}}}, "/nested"),
        (
            {"nested": {"path": "columns", "query": {"bool": {"must": {"prefix": {"count": "1"}}}}}},
            "/nested/query/bool/must/0/prefix/count",
        ),
        (span("type", "a"), "/span_term/type"),
        ({"span_or": {"clauses": [span("name", "a"), span("about", "a")]}}, "/span_or"),
    ],
    ids=str,
)
def test_a_refusal_says_where(selection: dict[str, Any], path: str) -> None:
    """The path is a JSON pointer into the canonical wire form, down to the field."""
    with pytest.raises(InvalidSelection) as refused:
        bound(selection)
    assert refused.value.path == path


def test_nested_paths_lead_further_down() -> None:
    """OpenSearch joins unrelated objects where they do not; Muster says that it does not follow."""
    outwards = {"nested": {"path": "columns", "query": {"match_all": {}}}}
    with pytest.raises(UnsupportedClause) as refused:
        bound({"nested": {"path": "columns.checks", "query": outwards}})
    assert refused.value.path == "/nested/query/nested"
