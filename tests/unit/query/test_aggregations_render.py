"""Results in OpenSearch's JSON: keys without types, documents projected."""

from __future__ import annotations

from typing import Any

import pytest

from muster.query.aggregations import Aggregation, Result, ordinals, rendered
from muster.query.aggregations.nodes import (
    ByQueries,
    ByQuery,
    ByRange,
    ByTerm,
    Histogram,
    Measure,
    Metric,
    Span,
    Stats,
    TopHits,
)
from muster.query.aggregations.render import projected
from muster.query.aggregations.results import Bucket, Buckets, End, Hits, Number, Single, Summary, TopHit, size
from muster.query.aggregations.texts import of_boolean, of_date, of_number
from muster.query.nodes import MatchAll
from muster.query.sorting import Sort

AVERAGE = Metric(Measure.AVERAGE, "rows")
COLUMNS = [{"name": "a", "size": 1}, {"name": "b"}]
DOCUMENTS: dict[int, dict[str, Any]] = {4: {"__guid": "g4", "name": "four", "rows": 4, "columns": COLUMNS}}

WRITTEN: list[tuple[Aggregation, Result, Any]] = [
    (AVERAGE, Number(1.5), {"value": 1.5}),
    (AVERAGE, Number(None), {"value": None}),
    (AVERAGE, Number(0.0, "1970-01-01T00:00:00.000Z"), {"value": 0.0, "value_as_string": "1970-01-01T00:00:00.000Z"}),
    (
        Stats("rows"),
        Summary(0, None, None, None, 0.0),
        {"count": 0, "min": None, "max": None, "avg": None, "sum": 0.0},
    ),
    (
        ByTerm("tags", inside={"m": AVERAGE}),
        Buckets((Bucket(2, "a", inside={"m": Number(2.0)}),), others=3, error=0),
        {
            "doc_count_error_upper_bound": 0,
            "sum_other_doc_count": 3,
            "buckets": [{"key": "a", "doc_count": 2, "m": {"value": 2.0}}],
        },
    ),
    (
        ByTerm("flag"),
        Buckets((Bucket(2, 1, "true"),), others=0, error=0),
        {
            "doc_count_error_upper_bound": 0,
            "sum_other_doc_count": 0,
            "buckets": [{"key": 1, "key_as_string": "true", "doc_count": 2}],
        },
    ),
    (ByQuery(MatchAll(), {"m": AVERAGE}), Single(7, {"m": Number(1.0)}), {"doc_count": 7, "m": {"value": 1.0}}),
    (
        ByQueries((MatchAll(),), ("all",)),
        Buckets((Bucket(7, "all"),)),
        {"buckets": {"all": {"doc_count": 7}}},
    ),
    (ByQueries((MatchAll(),), None), Buckets((Bucket(7),)), {"buckets": [{"doc_count": 7}]}),
    (
        ByRange("rows", (Span(1, 2),), keyed=True),
        Buckets((Bucket(1, "1.0-2.0", low=End(1.0), high=End(2.0)),)),
        {"buckets": {"1.0-2.0": {"from": 1.0, "to": 2.0, "doc_count": 1}}},
    ),
    (
        Histogram("rows", 5, keyed=True),
        Buckets((Bucket(1, 1e7),)),
        {"buckets": {"1.0E7": {"key": 1e7, "doc_count": 1}}},
    ),
    (
        TopHits(includes=("name",)),
        Hits(9, (TopHit(4), TopHit(5))),
        {
            "hits": {
                "total": {"value": 9, "relation": "eq"},
                "max_score": 1.0,
                "hits": [{"_id": "g4", "_score": 1.0, "_source": {"name": "four"}}],
            }
        },
    ),
    (
        TopHits(sort=(Sort("rows"),), source=False),
        Hits(1, (TopHit(4, (4,)),)),
        {
            "hits": {
                "total": {"value": 1, "relation": "eq"},
                "max_score": None,
                "hits": [{"_id": "g4", "_score": None, "sort": [4]}],
            }
        },
    ),
]


@pytest.mark.parametrize(("wanted", "result", "expected"), WRITTEN)
def test_a_result_is_written_as_opensearch_writes_it(wanted: Aggregation, result: Result, expected: Any) -> None:
    """Null where nothing was measured; an asset that is gone meanwhile is in no hits."""
    assert rendered({"it": wanted}, {"it": result}, DOCUMENTS.get) == {"it": expected}


PROJECTED: list[tuple[tuple[str, ...], tuple[str, ...], Any]] = [
    ((), (), {"a": 1, "b": {"c": 2, "d": [3]}, "e": [{"f": 4, "g": 5}]}),
    (("a",), (), {"a": 1}),
    (("b",), ("b.d",), {"b": {"c": 2}}),
    (("b.c", "e.f"), (), {"b": {"c": 2}, "e": [{"f": 4}]}),
    (("*",), ("e",), {"a": 1, "b": {"c": 2, "d": [3]}}),
    (("?", "[ab]"), (), {}),
]


@pytest.mark.parametrize(("includes", "excludes", "expected"), PROJECTED)
def test_a_document_is_projected(includes: tuple[str, ...], excludes: tuple[str, ...], expected: Any) -> None:
    """By paths and patterns; a whole object by its own name, objects in lists too, `*` alone is a pattern."""
    content = {"a": 1, "b": {"c": 2, "d": [3]}, "e": [{"f": 4, "g": 5}]}
    assert projected(content, includes, excludes) == expected


def test_results_tell_their_assets_and_their_size() -> None:
    """Inside of buckets too; one bucket by itself counts as one."""
    hits = Hits(9, (TopHit(4), TopHit(5)))
    results: dict[str, Result] = {
        "t": Buckets((Bucket(1, "a", inside={"h": hits}), Bucket(1, "b"))),
        "f": Single(3, {"h": Hits(1, (TopHit(6),))}),
        "m": Number(1.0),
    }
    assert (list(ordinals(results)), size(results)) == ([4, 5, 6], 6)


def test_numbers_dates_and_booleans_are_written_as_java_writes_them() -> None:
    """Plain from a thousandth to ten million, times to the millisecond with their offset."""
    numbers = (0.0, -1.5, 0.001, 0.0001, 9_999_999.0, 1e7, -1.25e-10, 123456789012.0)
    written = ["0.0", "-1.5", "0.001", "1.0E-4", "9999999.0", "1.0E7", "-1.25E-10", "1.23456789012E11"]
    assert [of_number(number) for number in numbers] == written
    assert [of_date(0), of_date(-62_135_596_800_000)] == ["1970-01-01T00:00:00.000Z", "0001-01-01T00:00:00.000Z"]
    assert of_date(0, -12_600_000) == "1969-12-31T20:30:00.000-03:30"
    assert of_date(10**17) == "100000000000000000"
    assert [of_boolean(0.0), of_boolean(0.5)] == ["false", "true"]
