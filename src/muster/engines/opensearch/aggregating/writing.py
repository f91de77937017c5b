"""The search that asks a server for aggregations: only what was read and understood is written."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, assert_never

from muster.engines.aggregable import known
from muster.engines.opensearch.pages import BUCKETS, key
from muster.engines.opensearch.server import ORDINAL, Json
from muster.fields import Fields
from muster.query.aggregations import Aggregation, Aggregations
from muster.query.aggregations.nodes import (
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
    Without,
)
from muster.query.nodes import Node

Wire: TypeAlias = Callable[[Node], Json]
"""Writes a clause in the words of the server."""

PRECISE = 40_000
"""Up to so many distinct values a server counts nearly all: the most that it can be told."""


def body(query: Json, wanted: Aggregations, fields: Fields, wire: Wire) -> dict[str, Any]:
    """Return the search for aggregations: no hits, none counted."""
    return {"query": query, "size": 0, "track_total_hits": False, "aggs": _named(wanted, fields, wire)}


def _named(wanted: Aggregations, fields: Fields, wire: Wire) -> Json:
    return {name: _one(one, fields, wire) for name, one in wanted.items()}


def _one(wanted: Aggregation, fields: Fields, wire: Wire) -> Json:
    name, said = _said(wanted, fields, wire)
    if isinstance(wanted, Metric | Stats | TopHits) or not wanted.inside:
        return {name: said}
    return {name: said, "aggs": _named(wanted.inside, fields, wire)}


def _said(wanted: Aggregation, fields: Fields, wire: Wire) -> tuple[str, Json]:
    match wanted:
        case Metric(measure=measure):
            precise = {"precision_threshold": PRECISE} if measure is Measure.DISTINCT else {}
            return measure.value, {**_values(wanted), **precise}
        case Stats():
            return "stats", _values(wanted)
        case TopHits(size=size, sort=sorts):
            order = [*map(key, known(sorts, fields)), {ORDINAL: "asc"}]
            return "top_hits", {"size": size, "sort": order, "_source": False}
        case ByTerm():
            return "terms", _terms(wanted)
        case Without(field=field):
            return "missing", {"field": field}
        case ByQuery(query=query):
            return "filter", wire(query)
        case ByQueries(queries=queries):
            return "filters", {"filters": [wire(query) for query in queries]}
        case ByRange(spans=spans):
            return "range", {**_values(wanted), "ranges": [_span(one) for one in spans]}
        case Histogram():
            return "histogram", {**_intervals(wanted), "interval": wanted.interval, "offset": wanted.offset}
        case DateHistogram():
            return "date_histogram", _dates(wanted)
        case _:
            assert_never(wanted)


def _values(wanted: Metric | Stats | ByTerm | ByRange | Histogram | DateHistogram) -> Json:
    missing = {} if wanted.missing is None else {"missing": wanted.missing}
    return {"field": wanted.field, **missing}


def _terms(wanted: ByTerm) -> Json:
    """Ask shards for as many values as they may give, where there is nothing to be made for each of them."""
    included = {} if wanted.include is None else {"include": wanted.include}
    excluded = {"exclude": wanted.exclude} if wanted.exclude else {}
    return {
        **_values(wanted),
        **included,
        **excluded,
        **({} if wanted.inside else {"shard_size": BUCKETS}),
        "size": wanted.size,
        "min_doc_count": wanted.least,
        "order": _orders(wanted.order),
    }


def _intervals(wanted: Histogram | DateHistogram) -> Mapping[str, Any]:
    return {**_values(wanted), "min_doc_count": wanted.least, "order": _orders(wanted.order)}


def _dates(wanted: DateHistogram) -> Json:
    unit = {"fixed_interval": f"{wanted.fixed}ms"} if wanted.unit is None else {"calendar_interval": f"1{wanted.unit}"}
    zone = {} if wanted.zone is None else {"time_zone": wanted.zone}
    return {**_intervals(wanted), **unit, **zone}


def _orders(orders: Sequence[Order]) -> list[Json]:
    return [{one.by.value: "desc" if one.descending else "asc"} for one in orders]


def _span(one: Span) -> Json:
    said = {"from": one.low, "to": one.high, "key": one.key}
    return {name: value for name, value in said.items() if value is not None}
