"""How keys become buckets, and in which order."""

from collections.abc import Sequence

from muster.engines.embedded.aggregating import dates
from muster.engines.embedded.aggregating.scope import Counted
from muster.engines.embedded.aggregating.values import Values
from muster.query.aggregations import Results, texts
from muster.query.aggregations.nodes import By, DateHistogram, Histogram, Order, Span
from muster.query.aggregations.results import Bucket, End


def order(orders: Sequence[Order]) -> str:
    """Return the order in SQL of keys (`key`) and their counts (`n`)."""
    columns = {By.COUNT: "n", By.KEY: "key"}
    said = [f"{columns[one.by]} {'DESC' if one.descending else 'ASC'}" for one in orders]
    return ", ".join([*said, "key ASC"])


def ordered(many: list[Counted], orders: Sequence[Order]) -> list[Counted]:
    """Return keys, which ascend, in the order that is wanted."""
    for one in reversed(orders):
        many.sort(key=lambda row: row.count if one.by is By.COUNT else row.key, reverse=one.descending)
    return many


def term(read: Values, one: Counted, inside: Results) -> Bucket:
    """Return the bucket of a term."""
    text = None if isinstance(one.key, str) else read.text(one.key)
    return Bucket(one.count, read.key(one.key), text, inside=inside)


def spanned(read: Values, span: Span, one: Counted, inside: Results) -> Bucket:
    """Return the bucket of a span."""
    low, high = (None if end is None else End(end, read.text(end)) for end in (span.low, span.high))
    named = "-".join("*" if end is None else end.text or texts.of_number(end.value) for end in (low, high))
    return Bucket(one.count, span.key or named, low=low, high=high, inside=inside)


def numbered(read: Values, wanted: Histogram, one: Counted, inside: Results) -> Bucket:
    """Return the bucket of an interval of numbers, whose key is its number."""
    key = float(one.key) * wanted.interval + wanted.offset
    return Bucket(one.count, key, read.text(key), inside=inside)


def dated(read: Values, wanted: DateHistogram, one: Counted, inside: Results) -> Bucket:
    """Return the bucket of a unit of time."""
    key = int(one.key)
    return Bucket(one.count, key, read.text(key, dates.offset_at(wanted, key)), inside=inside)
