"""One page of a result, and the counts of a set by the values of a field."""

from collections.abc import Sequence
from typing import Any

from muster.engines.opensearch.server import ORDINAL, Json
from muster.engines.order import ordering
from muster.errors import InvalidInput
from muster.fields import Field, Fields, Kind
from muster.protocols import Digest, Found, Hit, Page
from muster.query.sorting import Sort

BUCKETS = 65_535
"""Most buckets that a server makes for one request."""

INFINITIES = ("Infinity", "-Infinity")
"""The sort values of assets that have no fraction to be sorted by."""


def page_body(query: Json, page: Page, fields: Fields) -> dict[str, Any]:
    """Return the search for one page: ordered, exact in its total, nothing but sort values in its hits.

    Raises:
        InvalidInput: `after` is not of this order.
        UnknownField: an order by a field that no asset can have.
        UnsupportedClause: an order by a text field, or by one of nested objects.
    """
    ordered = [ordering(sort, fields) for sort in page.sort]
    body = {
        "query": query,
        "from": page.offset,
        "size": page.size,
        "sort": [*map(key, page.sort), {ORDINAL: "asc"}],
        "track_total_hits": True,
        "_source": False,
    }
    if page.after is None:
        return body
    _check(page.after, ordered)
    return {**body, "search_after": list(page.after)}


def key(sort: Sort) -> Json:
    """Order by a field: of several values the least counts, or the greatest when descending."""
    missing = "_first" if sort.missing_first else "_last"
    return {sort.field: {"order": "desc" if sort.descending else "asc", "missing": missing}}


def _check(after: Sequence[Any], ordered: Sequence[Field]) -> None:
    """See that a server can go on from there: it trips over some values that it gave no hit."""
    if len(after) != len(ordered) + 1:
        raise InvalidInput(f"`after` needs {len(ordered) + 1} values, got {len(after)}")
    for field, value in zip(ordered, after, strict=False):
        if not _ends_a_page(field.kind, value):
            raise InvalidInput(f"`after` has no value of `{field.name}`", hint="pass on that of the page before")


def _ends_a_page(kind: Kind, value: Any) -> bool:
    """Whether a hit can have this sort value; where an asset has none, it is the last of its kind."""
    if isinstance(value, bool):
        return False
    if kind is Kind.KEYWORD:
        return value is None or isinstance(value, str)
    return isinstance(value, int) or (kind.is_fraction and (isinstance(value, float) or value in INFINITIES))


def found(answer: Any, page: Page) -> Found:
    """Read a page; on a point in time, a server may add a sort value of its own."""
    keys = len(page.sort) + 1
    values = [tuple(hit["sort"][:keys]) for hit in answer["hits"].get("hits", [])]
    return Found(answer["hits"]["total"]["value"], tuple(Hit(after[-1], after) for after in values))


def values_body(query: Json, field: Field, limit: int) -> dict[str, Any]:
    """Return the search that counts assets by the values of a field, most frequent first, then by value.

    Shards are asked for as many values as they may give: fewer would make the counts of several shards inexact.
    """
    size = min(limit, BUCKETS)
    terms = {"field": field.name, "size": size, "shard_size": BUCKETS}
    if field.nested is None:
        counted: Json = {"terms": {**terms, "order": [{"_count": "desc"}, {"_key": "asc"}]}}
        return _counting(query, {"values": counted})
    counted = {
        "terms": {**terms, "order": [{"assets": "desc"}, {"_key": "asc"}]},
        "aggs": {"assets": {"reverse_nested": {}}},
    }
    return _counting(query, {"inside": {"nested": {"path": field.nested}, "aggs": {"values": counted}}})


def _counting(query: Json, aggregations: Json) -> dict[str, Any]:
    return {"query": query, "size": 0, "track_total_hits": False, "aggs": aggregations}


def values(answer: Any, field: Field) -> list[tuple[Any, int]]:
    """Read counts by value."""
    aggregations = answer["aggregations"]
    buckets: Sequence[Any] = (aggregations if field.nested is None else aggregations["inside"])["values"]["buckets"]
    return [(_value(bucket, field), bucket.get("assets", bucket)["doc_count"]) for bucket in buckets]


def _value(bucket: Any, field: Field) -> Any:
    return bucket["key"] == 1 if field.kind is Kind.BOOLEAN else bucket["key"]


def digests_body(span: int, checksum: str) -> dict[str, Any]:
    """Return the search that counts assets and sums their checksums by range of ordinals."""
    ranges = {"histogram": {"field": ORDINAL, "interval": span, "min_doc_count": 1}}
    return _counting({"match_all": {}}, {"ranges": {**ranges, "aggs": {"sum": {"sum": {"field": checksum}}}}})


def digests(answer: Any, span: int) -> dict[int, Digest]:
    """Read counts and sums by range."""
    buckets = answer["aggregations"]["ranges"]["buckets"]
    return {int(one["key"]) // span: Digest(one["doc_count"], int(one["sum"]["value"])) for one in buckets}
