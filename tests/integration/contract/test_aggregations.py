"""Aggregations: every engine finds what a server finds that is asked in the client's own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from math import isclose
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.errors import InvalidInput, InvalidSelection, LimitExceeded, MusterError, UnsupportedClause
from muster.protocols import Engine
from muster.query.aggregations import ordinals, read_aggregations, rendered
from muster.query.nodes import Exists, MatchAll, Node
from muster.query.wire import write
from tests.integration.contract.corpora import Corpus, Filled, corpora
from tests.integration.places import ENGINES, Json, OnServer, Place, UrlOf, document, place
from tests.servers import report

SOME: Corpus = {
    1: {"rows": 3, "tags": "b", "seen": "2024-02-01", "ratio": 0.5, "flag": True},
    2: {"rows": [1, 9, 1, "9"], "tags": ["a", "c"], "ratio": -2.5, "name": "two"},
    3: {"tags": "b", "flag": [False, True], "columns": [{"name": "a", "size": 1}]},
    4: {"rows": 3, "ratio": [0.25, 7], "flag": False, "seen": "2024-02-29T23:30:00Z"},
    5: {},
    6: {"rows": 2, "tags": ["a", None], "seen": ["2024-01-01", "2024-03-31T01:30:00Z"]},
    7: {"rows": -40, "tags": ["d", "e"], "seen": "2023-10-29T00:30:00Z"},
    8: {"seen": "2023-10-29T01:30:00Z", "flag": True, "ratio": 12345678.5},
}

ASKED: dict[str, Json] = {
    "terms": {"terms": {"field": "tags"}},
    "terms, two of them": {"terms": {"field": "tags", "size": 2}},
    "terms by key": {"terms": {"field": "tags", "size": 3, "order": {"_key": "desc"}}},
    "terms, rarest first": {"terms": {"field": "tags", "size": 2, "order": {"_count": "asc"}}},
    "terms of two": {"terms": {"field": "tags", "min_doc_count": 2}},
    "terms, or none": {"terms": {"field": "tags", "missing": "none"}},
    "terms, some": {"terms": {"field": "tags", "include": ["a", "e", "z"], "exclude": ["e"]}},
    "terms of numbers": {"terms": {"field": "rows", "order": [{"_count": "asc"}, {"_key": "desc"}]}},
    "terms of numbers, some": {"terms": {"field": "rows", "include": [3, 9], "missing": 0}},
    "terms of fractions": {"terms": {"field": "ratio"}},
    "terms of truths": {"terms": {"field": "flag", "missing": False}},
    "terms of dates": {"terms": {"field": "seen", "size": 3}},
    "terms of nothing": {"terms": {"field": "nowhere"}},
    "terms of nested objects": {"terms": {"field": "columns.name"}},
    "terms in terms": {"terms": {"field": "flag"}, "aggs": {"t": {"terms": {"field": "tags", "size": 1}}}},
    "missing": {"missing": {"field": "tags"}, "aggs": {"rows": {"sum": {"field": "rows"}}}},
    "filter": {"filter": {"exists": {"field": "rows"}}, "aggs": {"t": {"terms": {"field": "tags"}}}},
    "filters": {"filters": {"filters": {"z": {"term": {"tags": "a"}}, "b": {"match_none": {}}}}},
    "filters in order": {
        "filters": {"filters": [{"term": {"tags": "b"}}, {"exists": {"field": "rows"}}]},
        "aggs": {"least": {"min": {"field": "rows"}}},
    },
    "ranges": {"range": {"field": "rows", "ranges": [{"from": 3}, {"to": 3}, {"from": -50.5, "to": 9, "key": "mid"}]}},
    "ranges by name": {"range": {"field": "ratio", "ranges": [{"to": 1e7}, {"from": 0.25}], "keyed": True}},
    "ranges with average": {
        "range": {"field": "rows", "ranges": [{"to": 0}, {"from": 100}], "missing": 100},
        "aggs": {"average": {"avg": {"field": "rows"}}},
    },
    "histogram": {"histogram": {"field": "rows", "interval": 5}},
    "histogram with offset": {"histogram": {"field": "rows", "interval": 5, "offset": 2, "min_doc_count": 1}},
    "histogram by count": {
        "histogram": {"field": "rows", "interval": 0.5, "min_doc_count": 1, "order": {"_count": "desc"}}
    },
    "histogram by name": {"histogram": {"field": "ratio", "interval": 2.5, "keyed": True, "min_doc_count": 1}},
    "histogram of truths": {"histogram": {"field": "flag", "interval": 1}},
    "months": {"date_histogram": {"field": "seen", "calendar_interval": "month"}},
    "weeks": {"date_histogram": {"field": "seen", "calendar_interval": "1w", "min_doc_count": 1}},
    "quarters": {"date_histogram": {"field": "seen", "calendar_interval": "quarter", "keyed": True}},
    "years": {"date_histogram": {"field": "seen", "calendar_interval": "year", "order": {"_key": "desc"}}},
    "days in Paris": {
        "date_histogram": {"field": "seen", "calendar_interval": "day", "time_zone": "Europe/Paris", "min_doc_count": 1}
    },
    "hours in Paris": {
        "date_histogram": {
            "field": "seen",
            "calendar_interval": "hour",
            "time_zone": "Europe/Paris",
            "min_doc_count": 1,
        }
    },
    "months in Paris": {"date_histogram": {"field": "seen", "calendar_interval": "month", "time_zone": "Europe/Paris"}},
    "days with an offset": {
        "date_histogram": {"field": "seen", "calendar_interval": "day", "time_zone": "+05:30", "min_doc_count": 1}
    },
    "thirty days": {"date_histogram": {"field": "seen", "fixed_interval": "30d", "missing": "2024-01-15"}},
    "twelve hours in Paris": {
        "date_histogram": {"field": "seen", "fixed_interval": "12h", "time_zone": "Europe/Paris", "min_doc_count": 1}
    },
    "months of numbers": {"date_histogram": {"field": "rows", "calendar_interval": "month"}},
    "months with terms": {
        "date_histogram": {"field": "seen", "calendar_interval": "month"},
        "aggs": {"t": {"terms": {"field": "tags"}}, "mean": {"avg": {"field": "rows"}}},
    },
    **{
        f"{measure} of {field}": {measure: {"field": field}}
        for measure in ("avg", "sum", "min", "max", "stats")
        for field in ("rows", "ratio", "seen", "flag", "nowhere")
    },
    **{
        f"{measure} of {field}": {measure: {"field": field}}
        for measure in ("value_count", "cardinality")
        for field in ("rows", "ratio", "seen", "flag", "nowhere", "tags")
    },
    "average, or a hundred": {"avg": {"field": "rows", "missing": 100}},
    "values, or none": {"value_count": {"field": "tags", "missing": "none"}},
    "hits": {
        "top_hits": {
            "size": 2,
            "sort": [{"rows": {"order": "desc", "missing": "_last"}}, {"__ordinal": "asc"}],
            "_source": {"excludes": ["rows"]},
        }
    },
    "hits in terms": {
        "terms": {"field": "flag"},
        "aggs": {
            "top": {"top_hits": {"size": 1, "_source": {"includes": ["tag*", "ro*"]}, "sort": [{"__ordinal": "desc"}]}}
        },
    },
}
"""Aggregations in the words of clients."""

QUERIES: tuple[Node, ...] = (MatchAll(), Exists("rows"), Exists("nowhere"))


class Asked:
    """All engines with the same assets, and a server that can be asked in other words than theirs."""

    def __init__(self, filled: Filled, server: OnServer) -> None:
        self.filled = filled
        self._server = server

    def raw(self, query: Node, aggregations: Json) -> Json:
        """Return what the server answers to the client's own words."""
        said = {"query": write(query), "size": 0, "aggs": aggregations}
        return self._server.server.request("POST", f"/{self._server.alias}/_search", body=said)["aggregations"]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf) -> Iterator[Asked]:
    """All engines that can be had; skips where there is no OpenSearch."""
    with ExitStack() as stack:
        engines: dict[str, Engine] = {}
        places: dict[str, Place] = {}
        for name in ENGINES:
            try:
                places[name] = stack.enter_context(place(name, tmp_path_factory.mktemp(name), engine_url))
                engines[name] = places[name].open()
            except pytest.skip.Exception:
                continue
        server = places.get("opensearch")
        if not isinstance(server, OnServer):
            pytest.skip("no OpenSearch at hand, and nobody to differ from")
        yield Asked(Filled(engines), server)


def answered(engine: Engine, corpus: Corpus, query: Node, aggregations: Json) -> Json:
    """Return what an engine finds, written as OpenSearch writes it."""
    wanted = read_aggregations(aggregations)
    documents = {ordinal: {"__guid": f"g{ordinal}", "__ordinal": ordinal, **one} for ordinal, one in corpus.items()}
    return rendered(wanted, engine.aggregate(query, wanted, now=0), documents.get)


def same(one: Any, other: Any) -> bool:
    """Whether two answers are the same, numbers as near as their sums may be in another order; ids aside."""
    match one, other:
        case dict(), dict():
            keys = (one.keys() | other.keys()) - {"_index", "_id", "_version", "_seq_no"}
            return all(key in one and key in other and same(one[key], other[key]) for key in keys)
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case ((int() | float()), (int() | float())):
            return isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
        case _:
            return bool(one == other)


@pytest.mark.parametrize("name", ASKED)
def test_every_engine_finds_what_the_server_answers(asked: Asked, name: str) -> None:
    """To one aggregation of every kind and option, keys and texts and orders of buckets too."""
    asked.filled.fill(SOME)
    for query in QUERIES:
        expected = asked.raw(query, {"it": ASKED[name]})
        for engine in asked.filled.engines.values():
            found = answered(engine, SOME, query, {"it": ASKED[name]})
            assert same(found, expected), f"{engine}\n{query}\n{found}\n{expected}"


_words = st.sampled_from(("name.keyword", "tags", "extra.word.keyword"))
_numbers = st.sampled_from(("rows", "seen", "ratio", "score", "flag", "extra.level", "extra.share", "extra.sure"))
_anything = st.one_of(_words, _numbers)
_directions = st.sampled_from(("asc", "desc"))
_orders = st.one_of(
    st.builds(lambda way: {"_key": way}, _directions), st.builds(lambda way: {"_count": way}, _directions)
)


def _of(kind: str, required: dict[str, Any], optional: dict[str, Any] | None = None) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({kind: st.fixed_dictionaries(required, optional=optional or {})})


_measures = st.one_of(
    *(_of(kind, {"field": _numbers}) for kind in ("min", "max")),
    *(_of(kind, {"field": _anything}) for kind in ("cardinality", "value_count")),
)
_terms = _of(
    "terms",
    {"field": _anything, "size": st.sampled_from((1, 2, 100))},
    {"order": _orders, "min_doc_count": st.sampled_from((1, 2))},
)
_spans = st.lists(
    st.sampled_from(({"to": 1}, {"from": 1}, {"from": -1, "to": 2.5}, {"from": 0, "to": 0}, {"from": 2e9})),
    min_size=1,
    max_size=3,
    unique_by=str,
)
_dates = _of(
    "date_histogram",
    {"field": st.just("seen"), "min_doc_count": st.just(1)},
    {"time_zone": st.sampled_from(("UTC", "-03:30", "Europe/Paris", "America/St_Johns", "Asia/Kathmandu"))},
)
_interval = st.one_of(
    st.builds(lambda unit: {"calendar_interval": unit}, st.sampled_from(("1h", "1d", "week", "month", "1q", "year"))),
    st.builds(lambda size: {"fixed_interval": size}, st.sampled_from(("36h", "10d", "1000d"))),
)


@st.composite
def _cut_dates(draw: st.DrawFn) -> Json:
    said = draw(_dates)
    return {"date_histogram": {**said["date_histogram"], **draw(_interval)}}


_buckets = st.one_of(
    _terms,
    _of("missing", {"field": _anything}),
    _of("range", {"field": _numbers, "ranges": _spans}),
    _of(
        "histogram",
        {
            "field": st.sampled_from(("rows", "flag")),
            "interval": st.sampled_from((1, 2.5)),
            "min_doc_count": st.just(1),
        },
        {"offset": st.sampled_from((0.5, -1))},
    ),
    _cut_dates(),
    st.just({"filter": {"exists": {"field": "tags"}}}),
    st.just({"filters": {"filters": {"a": {"term": {"tags": "a"}}, "b": {"exists": {"field": "rows"}}}}}),
)


@st.composite
def _aggregations(draw: st.DrawFn) -> Json:
    """One or two aggregations, up to three within each other."""
    named: Json = {}
    for name in draw(st.sampled_from(("x", "xy"))):
        said = draw(st.one_of(_buckets, _buckets, _measures))
        if not said.keys() & {"min", "max", "cardinality", "value_count"}:
            inner = draw(_buckets)
            said = {
                **said,
                "aggs": {"inside": {**inner, "aggs": {"least": draw(_measures)}}, "beside": draw(_measures)},
            }
        named[name] = said
    return named


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), corpus=corpora)
def test_every_engine_finds_what_the_server_answers_to_anything(
    asked: Asked, data: st.DataObject, corpus: Corpus
) -> None:
    """Over random assets, aggregations within each other and queries."""
    asked.filled.fill(corpus)
    for _ in range(4):
        said = data.draw(_aggregations())
        query: Node = data.draw(st.sampled_from(QUERIES))
        expected = asked.raw(query, said)
        for name, engine in asked.filled.engines.items():
            found = answered(engine, corpus, query, said)
            assert same(found, expected), f"{name}\n{said}\n{found}\n{expected}"
            report.count(f"contract, {name}", "random aggregations are answered as OpenSearch does")


def terms(*buckets: tuple[Any, int], others: int = 0, **inside: Any) -> Json:
    """Return the answer to `terms`."""
    rows = [{"key": key, "doc_count": count, **inside} for key, count in buckets]
    return {"doc_count_error_upper_bound": 0, "sum_other_doc_count": others, "buckets": rows}


FOUND: list[tuple[Json, Json]] = [
    ({"terms": {"field": "tags", "size": 2}}, terms(("a", 2), ("b", 2), others=3)),
    (
        {"terms": {"field": "tags", "include": ["c"]}, "aggs": {"most": {"max": {"field": "rows"}}}},
        terms(("c", 1), most={"value": 9.0}),
    ),
    ({"terms": {"field": "nowhere"}}, terms()),
    ({"terms": {"field": "nowhere", "missing": "none"}}, terms(("none", 8))),
    ({"avg": {"field": "nowhere"}}, {"value": None}),
    ({"sum": {"field": "nowhere"}}, {"value": 0.0}),
    ({"avg": {"field": "nowhere", "missing": 2}}, {"value": 2.0}),
    ({"cardinality": {"field": "tags"}}, {"value": 5}),
    (
        {"date_histogram": {"field": "seen", "calendar_interval": "month", "min_doc_count": 2}},
        {
            "buckets": [
                {"key": 1_696_118_400_000, "key_as_string": "2023-10-01T00:00:00.000Z", "doc_count": 2},
                {"key": 1_706_745_600_000, "key_as_string": "2024-02-01T00:00:00.000Z", "doc_count": 2},
            ]
        },
    ),
    (
        {"histogram": {"field": "rows", "interval": 4, "min_doc_count": 1}},
        {
            "buckets": [
                {"key": -40.0, "doc_count": 1},
                {"key": 0.0, "doc_count": 4},
                {"key": 8.0, "doc_count": 1},
            ]
        },
    ),
]


@pytest.fixture
def counting(there: Place) -> Engine:
    """An engine with eight assets."""
    engine = there.open()
    engine.apply([document(ordinal, **one) for ordinal, one in SOME.items()], position=1)
    return engine


def test_assets_are_counted_and_measured(counting: Engine) -> None:
    """An asset counts once in a bucket however many of its values are there; over no values there is no average."""
    for asked_for, expected in FOUND:
        assert answered(counting, SOME, MatchAll(), {"it": asked_for}) == {"it": expected}, asked_for


REFUSED: list[tuple[Json, type[MusterError]]] = [
    ({"terms": {"field": "name"}}, UnsupportedClause),
    ({"missing": {"field": "name"}}, UnsupportedClause),
    ({"value_count": {"field": "name"}}, UnsupportedClause),
    ({"sum": {"field": "tags"}}, UnsupportedClause),
    ({"histogram": {"field": "tags", "interval": 1}}, UnsupportedClause),
    ({"date_histogram": {"field": "tags", "calendar_interval": "1d"}}, UnsupportedClause),
    ({"date_histogram": {"field": "seen", "calendar_interval": "1d", "time_zone": "Mars"}}, InvalidInput),
    ({"date_histogram": {"field": "rows", "calendar_interval": "1d", "time_zone": "+01:00"}}, InvalidInput),
    ({"avg": {"field": "rows", "missing": "none"}}, InvalidInput),
    ({"avg": {"field": "nowhere", "missing": "none"}}, InvalidInput),
    ({"terms": {"field": "seen", "missing": "someday"}}, InvalidInput),
    ({"top_hits": {"sort": ["name"]}}, UnsupportedClause),
    ({"filter": {"exists": {"field": "rows"}}, "aggs": {"in": {"terms": {"field": "name"}}}}, UnsupportedClause),
    ({"filter": {"nested": {"path": "nowhere", "query": {"match_all": {}}}}}, InvalidSelection),
    ({"histogram": {"field": "rows", "interval": 0.001}}, LimitExceeded),
    ({"date_histogram": {"field": "seen", "fixed_interval": "1s"}}, LimitExceeded),
]


def test_what_has_no_answer_is_refused_alike(counting: Engine) -> None:
    """Values of text, numbers of words, values that a field cannot hold, more buckets than there may be; with a hint."""
    for wanted, kind in REFUSED:
        with pytest.raises(kind) as caught:
            answered(counting, SOME, MatchAll(), {"it": wanted})
        assert (type(caught.value), bool(caught.value.hint)) == (kind, True), wanted


def test_hits_in_buckets_are_bounded(there: Place) -> None:
    """Ten thousand of them and of buckets in all, however they come about."""
    engine = there.open()
    engine.apply([document(one, tags=[f"t{one % 120}"], rows=one) for one in range(12_000)], position=1)
    top = {"top_hits": {"size": 100}}
    for inside, size in (({"hits": top}, 120), ({"rows": {"terms": {"field": "rows", "size": 200}}}, 120)):
        wanted = read_aggregations({"it": {"terms": {"field": "tags", "size": size}, "aggs": inside}})
        with pytest.raises(LimitExceeded):
            engine.aggregate(MatchAll(), wanted, now=0)
    wanted = read_aggregations({"it": {"terms": {"field": "tags", "size": 90}, "aggs": {"hits": top}}})
    assert len(list(ordinals(engine.aggregate(MatchAll(), wanted, now=0)))) == 9_000


def test_aggregations_of_an_empty_index_have_no_values(there: Place) -> None:
    """Asked before anything was written: no buckets, nulls and zeros."""
    engine = there.open()
    for name, wanted in ASKED.items():
        found = engine.aggregate(MatchAll(), read_aggregations({"it": wanted}), now=0)
        assert list(ordinals(found)) == [], name
