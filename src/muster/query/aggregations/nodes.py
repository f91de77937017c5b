"""The aggregations of a search: frozen nodes in one closed union, no logic.

Names and defaults are OpenSearch's. Those with `inside` make buckets, in each of which further ones count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from enum import StrEnum
from typing import TypeAlias

from muster.query.nodes import Node, Value
from muster.query.sorting import Sort

MOST_BUCKETS = 10_000
"""Buckets of one search, all aggregations together; as many hits may be in them."""


class Measure(StrEnum):
    """What is measured of all values together."""

    AVERAGE = "avg"
    SUM = "sum"
    LEAST = "min"
    GREATEST = "max"
    VALUES = "value_count"
    DISTINCT = "cardinality"


class By(StrEnum):
    """What buckets are ordered by."""

    COUNT = "_count"
    KEY = "_key"


class Unit(StrEnum):
    """A unit of the calendar."""

    SECOND = "s"
    MINUTE = "m"
    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "M"
    QUARTER = "q"
    YEAR = "y"


@dataclass(frozen=True, slots=True)
class Order:
    """One key of an order of buckets; those that tie go by their keys, upwards."""

    by: By
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """One number over all values of a field; `missing` stands in where an asset has none."""

    measure: Measure
    field: str
    missing: Value | None = None


@dataclass(frozen=True, slots=True)
class Stats:
    """Count, least, greatest, average and sum of the values of a field at once."""

    field: str
    missing: Value | None = None


@dataclass(frozen=True, slots=True)
class TopHits:
    """The first assets of each bucket; sort keys that no asset has order nothing."""

    size: int = 3
    sort: tuple[Sort, ...] = ()
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    source: bool = True


@dataclass(frozen=True, slots=True)
class ByTerm:
    """A bucket for each value of a field; `include` and `exclude` are exact values, nothing named is everything."""

    field: str
    size: int = 10
    order: tuple[Order, ...] = (Order(By.COUNT, descending=True),)
    least: int = 1
    missing: Value | None = None
    include: tuple[Value, ...] | None = None
    exclude: tuple[Value, ...] = ()
    inside: "Aggregations" = made(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Without:
    """One bucket of the assets that have no value (`missing` on the wire)."""

    field: str
    inside: "Aggregations" = made(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ByQuery:
    """One bucket of the assets that match (`filter`)."""

    query: Node
    inside: "Aggregations" = made(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ByQueries:
    """A bucket for each query (`filters`); by name, or in order where they have none: `names` is None then."""

    queries: tuple[Node, ...]
    names: tuple[str, ...] | None
    inside: "Aggregations" = made(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from `low` up to, without, `high`; None is open."""

    low: float | None = None
    high: float | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ByRange:
    """A bucket for each span of numbers."""

    field: str
    spans: tuple[Span, ...]
    keyed: bool = False
    missing: Value | None = None
    inside: "Aggregations" = made(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Histogram:
    """A bucket for each interval of numbers that has at least `least` assets; 0 fills the gaps between others."""

    field: str
    interval: float
    offset: float = 0.0
    least: int = 0
    order: tuple[Order, ...] = (Order(By.KEY),)
    keyed: bool = False
    missing: Value | None = None
    inside: "Aggregations" = made(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DateHistogram:
    """A bucket for each unit of the calendar (`unit`), or each so many milliseconds (`fixed`), on the clocks of a zone."""

    field: str
    unit: Unit | None = None
    fixed: int | None = None
    zone: str | None = None
    least: int = 0
    order: tuple[Order, ...] = (Order(By.KEY),)
    keyed: bool = False
    missing: Value | None = None
    inside: "Aggregations" = made(default_factory=dict)


Aggregation: TypeAlias = (
    Metric | Stats | TopHits | ByTerm | Without | ByQuery | ByQueries | ByRange | Histogram | DateHistogram
)
Aggregations: TypeAlias = Mapping[str, Aggregation]
"""Aggregations by the name that the answer has for each."""
