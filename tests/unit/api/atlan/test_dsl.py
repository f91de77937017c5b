"""Bodies of searches as clients send them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from muster.api.atlan.dsl import read
from muster.errors import InvalidInput, LimitExceeded, UnknownField, UnsupportedClause
from muster.query.aggregations.nodes import ByTerm
from muster.query.limits import DEFAULT
from muster.query.nodes import Bool, MatchAll, Nested, SpanTerm, Term
from muster.query.sorting import Sort
from muster.service.search import Search

STATE = {"term": {"__state": {"value": "ACTIVE"}}}

READ: list[tuple[dict[str, Any], Search]] = [
    ({}, Search()),
    ({"query": None, "from": None, "size": None, "sort": None, "aggregations": None, "search_after": None}, Search()),
    (
        {"from": 0, "size": 300, "aggregations": {}, "track_total_hits": True, "query": STATE, "sort": []},
        Search(Term("__state", "ACTIVE"), 0, 300),
    ),
    (
        {"query": {"bool": {"filter": {"bool": {"filter": [STATE]}}}}},
        Search(Bool(filter=(Bool(filter=(Term("__state", "ACTIVE"),)),))),
    ),
    ({"post_filter": STATE}, Search(MatchAll(), post_filter=Term("__state", "ACTIVE"))),
    ({"sort": [{"__guid": {"order": "asc"}}], "search_after": ["x"]}, Search(sort=(Sort("__guid"),), after=("x",))),
    ({"size": 0, "aggs": {"t": {"terms": {"field": "f"}}}}, Search(size=0, aggregations={"t": ByTerm("f")})),
    ({"_source": False, "highlight": {}, "track_scores": True, "whatever": [1]}, Search()),
]


@pytest.mark.parametrize(("dsl", "expected"), READ)
def test_a_search_is_read(dsl: dict[str, Any], expected: Search) -> None:
    """What is not said is OpenSearch's default; what has no effect is passed over."""
    assert read({"dsl": dsl, "requestMetadata": {"saveSearchLog": False}}, DEFAULT).search == expected


def test_what_clients_write_otherwise_than_opensearch_is_read() -> None:
    """Atlan's Python client says `score_more`, and wraps spans in `span`."""
    nested = {"nested": {"path": "p", "query": {"match_all": {}}, "score_more": "ChildScoreMode.MAX"}}
    span = {"span": {"span_term": {"f": "v"}}}
    assert read({"dsl": {"query": nested}}, DEFAULT).search.query == Nested("p", MatchAll(), score_mode="max")
    assert read({"dsl": {"query": span}}, DEFAULT).search.query == SpanTerm("f", "v")


REFUSED: list[tuple[Any, type[InvalidInput], str]] = [
    ([], InvalidInput, ""),
    ({"dsl": 1}, InvalidInput, "/dsl"),
    ({"dsl": {"from": -1}}, InvalidInput, "/dsl/from"),
    ({"dsl": {"from": True}}, InvalidInput, "/dsl/from"),
    ({"dsl": {"size": "ten"}}, InvalidInput, "/dsl/size"),
    ({"dsl": {"query": []}}, InvalidInput, "/dsl/query"),
    ({"dsl": {"query": {}}}, InvalidInput, "/dsl/query"),
    ({"dsl": {"query": {"bool": {"filter": [{"script": {}}]}}}}, UnsupportedClause, "/dsl/query/bool/filter/0/script"),
    ({"dsl": {"post_filter": {"term": {}}}}, InvalidInput, "/dsl/post_filter/term"),
    ({"dsl": {"sort": [{"_script": {}}]}}, UnsupportedClause, "/dsl/sort/0/_script"),
    ({"dsl": {"aggs": {"a": {"terms": {}}}}}, InvalidInput, "/dsl/aggs/a/terms"),
    ({"dsl": {"aggs": {"a": {"x": 1}}, "aggregations": {"a": {"x": 1}}}}, InvalidInput, "/dsl/aggs"),
    ({"dsl": {"search_after": "x"}}, InvalidInput, "/dsl/search_after"),
    ({"dsl": {"search_after": []}}, InvalidInput, "/dsl/search_after"),
    ({"dsl": {"search_after": [{}]}}, InvalidInput, "/dsl/search_after"),
    ({"dsl": {"search_after": ["x"], "from": 1}}, InvalidInput, "/dsl/from"),
    ({"dsl": {"collapse": {"field": "f"}}}, UnsupportedClause, "/dsl/collapse"),
    ({"dsl": {"min_score": 1}}, UnsupportedClause, "/dsl/min_score"),
    ({"dsl": {"script_fields": {}}}, UnsupportedClause, "/dsl/script_fields"),
    ({"dsl": {}, "attributes": "name"}, InvalidInput, "/attributes"),
    ({"dsl": {}, "relationAttributes": [1]}, InvalidInput, "/relationAttributes/0"),
    ({"dsl": {}, "showSearchMetadata": "yes"}, InvalidInput, "/showSearchMetadata"),
    ({"dsl": {"size": 10_001}}, LimitExceeded, "/dsl/size"),
]


@pytest.mark.parametrize(("body", "kind", "path"), REFUSED)
def test_what_cannot_be_read_is_refused_where_it_stands(body: Any, kind: type[InvalidInput], path: str) -> None:
    """With a JSON pointer into the body."""
    with pytest.raises(kind) as caught:
        read(body, DEFAULT)
    assert (type(caught.value) is UnknownField, caught.value.path) == (False, path)


def test_the_answer_repeats_what_the_next_request_is_made_from() -> None:
    """The `dsl` as text with its page, names and flags as they came, and nothing else: a null may trip a client."""
    dsl = {"query": STATE, "sort": [{"__guid": {"order": "asc"}}]}
    body = {
        "dsl": dsl,
        "attributes": ["classifications", "name"],
        "relationAttributes": [],
        "excludeClassifications": False,
        "excludeMeanings": None,
        "classificationNames": None,
        "requestMetadata": {"utmTags": []},
    }
    echo = dict(read(body, DEFAULT).echo)
    assert json.loads(echo.pop("query")) == {"from": 0, "size": 10, **dsl}
    assert echo == {"attributes": ["classifications", "name"], "excludeClassifications": False}


def test_what_is_told_of_hits_is_what_was_asked_for() -> None:
    """Names of attributes, of related entities' ones, and what flags leave out; `name` always."""
    asked = read({"dsl": {}, "attributes": ["links"], "relationAttributes": ["name"], "excludeMeanings": True}, DEFAULT)
    shown = asked.projection
    assert (shown.attributes, shown.related, shown.meanings) == (
        frozenset({"links", "name", "qualifiedName"}),
        ("name",),
        False,
    )
    assert asked.metadata is False
    assert read({"dsl": {}, "showSearchMetadata": True}, DEFAULT).metadata is True
