"""What aggregations find: one result per kind of answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never


@dataclass(frozen=True, slots=True)
class Number:
    """One number, None over no values; `text` is what a date or a boolean is written as."""

    value: float | None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """How many values, and what of them; all but count and sum are None over no values.

    `texts` are those of the numbers, by their names on the wire, where the field is a date or a boolean.
    """

    count: int
    least: float | None
    greatest: float | None
    average: float | None
    total: float
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TopHit:
    """One asset of a bucket, with the values that it was ordered by."""

    ordinal: int
    sort: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """The first assets of a bucket of `total`."""

    total: int
    hits: tuple[TopHit, ...]


@dataclass(frozen=True, slots=True)
class End:
    """One end of a span; `text` is how a date or a boolean is written."""

    value: float
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket of several: what it is of, how many assets it has, and what was found inside.

    `text` is how a date or a boolean key is written.
    """

    count: int
    key: str | float | None = None
    text: str | None = None
    low: "End | None" = None
    high: "End | None" = None
    inside: "Results" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Buckets:
    """Several buckets in order.

    Of terms, `others` is the number of values of assets that are in none of the buckets, and `error` by how many a
    count may be too low: never any, unless an index is in several shards. Both are None where keys are not terms.
    """

    buckets: tuple[Bucket, ...]
    others: int | None = None
    error: int | None = None


@dataclass(frozen=True, slots=True)
class Single:
    """One bucket by itself."""

    count: int
    inside: "Results" = field(default_factory=dict)


Result: TypeAlias = Number | Summary | Hits | Buckets | Single
Results: TypeAlias = Mapping[str, Result]


def ordinals(results: Results) -> Iterator[int]:
    """Yield the assets of all hits, those inside of buckets among them."""
    for result in results.values():
        match result:
            case Hits(hits=hits):
                yield from (hit.ordinal for hit in hits)
            case Buckets(buckets=buckets):
                for bucket in buckets:
                    yield from ordinals(bucket.inside)
            case Single(inside=inside):
                yield from ordinals(inside)
            case Number() | Summary():
                pass
            case _:
                assert_never(result)


def size(results: Results) -> int:
    """Return the number of buckets and hits in all."""
    found = 0
    for result in results.values():
        match result:
            case Hits(hits=hits):
                found += len(hits)
            case Buckets(buckets=buckets):
                found += len(buckets) + sum(size(bucket.inside) for bucket in buckets)
            case Single(inside=inside):
                found += 1 + size(inside)
            case Number() | Summary():
                pass
            case _:
                assert_never(result)
    return found
