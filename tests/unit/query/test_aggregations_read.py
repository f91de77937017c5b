"""Aggregations in OpenSearch's words, and what of them is refused."""

from __future__ import annotations

from typing import Any

import pytest

from muster.errors import InvalidInput, InvalidSelection, LimitExceeded, UnsupportedClause
from muster.query.aggregations import Aggregation, read_aggregations
from muster.query.aggregations.nodes import (
    By,
    ByQueries,
    ByQuery,
    ByRange,
    ByTerm,
    DateHistogram,
    Histogram,
    Measure,
    Metric,
    Order,
    Span,
    Stats,
    TopHits,
    Unit,
    Without,
)
from muster.query.nodes import MatchAll, Term
from muster.query.sorting import Sort

READ: list[tuple[Any, Aggregation]] = [
    ({"terms": {"field": "f"}}, ByTerm("f")),
    (
        {"terms": {"field": "f", "size": 3, "order": {"_key": "asc"}, "min_doc_count": 2, "shard_size": 9}},
        ByTerm("f", 3, (Order(By.KEY),), 2),
    ),
    (
        {"terms": {"field": "f", "missing": "-", "include": ["a"], "exclude": ["b"]}, "meta": {"any": 1}},
        ByTerm("f", missing="-", include=("a",), exclude=("b",)),
    ),
    (
        {"terms": {"field": "f"}, "aggregations": {"m": {"avg": {"field": "g"}}}},
        ByTerm("f", inside={"m": Metric(Measure.AVERAGE, "g")}),
    ),
    ({"terms": {"field": "f"}, "aggs": {}}, ByTerm("f")),
    ({"terms": {"field": "f"}, "order": [{"_key": "desc"}]}, ByTerm("f", order=(Order(By.KEY, descending=True),))),
    ({"cardinality": {"field": "f", "precision_threshold": 100}}, Metric(Measure.DISTINCT, "f")),
    ({"stats": {"field": "f", "missing": 0}}, Stats("f", 0)),
    ({"missing": {"field": "f"}}, Without("f")),
    ({"filter": {"term": {"f": "x"}}}, ByQuery(Term("f", "x"))),
    ({"filters": {"filters": {"b": {"match_all": {}}}}}, ByQueries((MatchAll(),), ("b",))),
    ({"filters": {"filters": [{"match_all": {}}]}}, ByQueries((MatchAll(),), None)),
    (
        {"range": {"field": "f", "ranges": [{"from": 5}, {"to": 5, "key": "low"}, {"from": 1, "to": 2}]}},
        ByRange("f", (Span(high=5, key="low"), Span(1, 2), Span(low=5))),
    ),
    ({"histogram": {"field": "f", "interval": 5, "min_doc_count": 1}}, Histogram("f", 5.0, least=1)),
    (
        {"date_histogram": {"field": "f", "calendar_interval": "1M", "time_zone": "+01:00"}},
        DateHistogram("f", Unit.MONTH, zone="+01:00"),
    ),
    ({"date_histogram": {"field": "f", "calendar_interval": "minute"}}, DateHistogram("f", Unit.MINUTE)),
    ({"date_histogram": {"field": "f", "fixed_interval": "90m"}}, DateHistogram("f", fixed=5_400_000)),
    ({"top_hits": {}}, TopHits()),
    (
        {"top_hits": {"size": 1, "from": 0, "_source": {"includes": ["a", "b"]}, "sort": ["g"]}},
        TopHits(1, (Sort("g"),), ("a", "b")),
    ),
    ({"top_hits": {"_source": "a"}}, TopHits(includes=("a",))),
    ({"top_hits": {"_source": {"excludes": "b"}}}, TopHits(excludes=("b",))),
    ({"top_hits": {"_source": False}}, TopHits(source=False)),
]


@pytest.mark.parametrize(("value", "expected"), READ)
def test_an_aggregation_is_read(value: Any, expected: Aggregation) -> None:
    """Each kind with its options; what only tunes a server is passed over."""
    assert read_aggregations({"it": value}) == {"it": expected}


TERMS = {"field": "f"}
REFUSED: list[tuple[Any, type[InvalidInput], str]] = [
    ([], InvalidInput, ""),
    ({"a": 1}, InvalidInput, "/a"),
    ({"a": {}}, InvalidInput, "/a"),
    ({"a[b]": {"terms": TERMS}}, InvalidInput, "/a[b]"),
    ({"a": {"terms": TERMS, "avg": TERMS}}, InvalidInput, "/a"),
    ({"a": {"terms": TERMS, "aggs": {}, "aggregations": {}}}, InvalidInput, "/a/aggregations"),
    ({"a": {"avg": TERMS, "order": [{"_key": "asc"}]}}, UnsupportedClause, "/a/avg/order"),
    ({"a": {"avg": TERMS, "aggs": {"b": {"avg": TERMS}}}}, InvalidInput, "/a/avg"),
    ({"a": {"composite": {}}}, UnsupportedClause, "/a/composite"),
    ({"a": {"scripted_metric": {"map_script": "x"}}}, UnsupportedClause, "/a/scripted_metric"),
    ({"a": {"terms": {"script": "x"}}}, UnsupportedClause, "/a/terms/script"),
    ({"a": {"terms": {}}}, InvalidInput, "/a/terms"),
    ({"a": {"terms": {"field": 1}}}, InvalidInput, "/a/terms/field"),
    ({"a": {"terms": {**TERMS, "size": 0}}}, InvalidInput, "/a/terms/size"),
    ({"a": {"terms": {**TERMS, "size": 10_001}}}, LimitExceeded, "/a/terms/size"),
    ({"a": {"terms": {**TERMS, "min_doc_count": 0}}}, UnsupportedClause, "/a/terms/min_doc_count"),
    ({"a": {"terms": {**TERMS, "include": "a.*"}}}, UnsupportedClause, "/a/terms/include"),
    ({"a": {"terms": {**TERMS, "include": [[]]}}}, InvalidInput, "/a/terms/include/0"),
    ({"a": {"terms": {**TERMS, "order": {"price": "asc"}}}}, UnsupportedClause, "/a/terms/order"),
    ({"a": {"terms": {**TERMS, "order": {"_key": "up"}}}}, UnsupportedClause, "/a/terms/order"),
    ({"a": {"terms": {**TERMS, "value_type": "long"}}}, UnsupportedClause, "/a/terms/value_type"),
    ({"a": {"range": TERMS}}, InvalidInput, "/a/range"),
    ({"a": {"range": {**TERMS, "ranges": [{"from": "x"}]}}}, InvalidInput, "/a/range/ranges/0/from"),
    ({"a": {"histogram": {**TERMS, "interval": 0}}}, InvalidInput, "/a/histogram/interval"),
    ({"a": {"date_histogram": TERMS}}, InvalidInput, "/a/date_histogram"),
    (
        {"a": {"date_histogram": {**TERMS, "calendar_interval": "2M"}}},
        InvalidInput,
        "/a/date_histogram/calendar_interval",
    ),
    ({"a": {"date_histogram": {**TERMS, "fixed_interval": "1M"}}}, InvalidInput, "/a/date_histogram/fixed_interval"),
    ({"a": {"date_histogram": {**TERMS, "interval": "1d"}}}, UnsupportedClause, "/a/date_histogram/interval"),
    ({"a": {"top_hits": {"size": 101}}}, LimitExceeded, "/a/top_hits/size"),
    ({"a": {"top_hits": {"from": 1}}}, UnsupportedClause, "/a/top_hits/from"),
    ({"a": {"top_hits": {"sort": [{"_script": {}}]}}}, UnsupportedClause, "/a/top_hits/sort/0/_script"),
    ({"a": {"top_hits": {"script_fields": {}}}}, UnsupportedClause, "/a/top_hits/script_fields"),
    ({"a": {"filter": {"script": {}}}}, UnsupportedClause, "/a/filter/script"),
    ({"a": {"filter": {"terms": 1}}}, InvalidSelection, "/a/filter/terms"),
    ({"a": {"filters": {"filters": {}}}}, UnsupportedClause, "/a/filters"),
    ({str(number): {"avg": TERMS} for number in range(51)}, LimitExceeded, ""),
]


@pytest.mark.parametrize(("value", "kind", "path"), REFUSED)
def test_what_is_not_served_is_refused_where_it_stands(value: Any, kind: type[InvalidInput], path: str) -> None:
    """With the pointer to it, and what to do instead."""
    with pytest.raises(kind) as caught:
        read_aggregations(value, "/aggs")
    assert (type(caught.value), caught.value.path, bool(caught.value.hint)) == (kind, f"/aggs{path}", True)


def test_aggregations_lie_four_deep_at_most() -> None:
    """Each level multiplies the buckets of the one around it."""
    value: Any = {"a": {"terms": TERMS}}
    for _ in range(3):
        value = {"a": {"terms": TERMS, "aggs": value}}
    assert read_aggregations(value).keys() == {"a"}
    with pytest.raises(LimitExceeded) as caught:
        read_aggregations({"a": {"terms": TERMS, "aggs": value}})
    assert caught.value.path == "/a/aggs/a/aggs/a/aggs/a/aggs"
