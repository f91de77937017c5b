"""Searches that answer with sets: one alone, or those of many terms, intervals or prefixes of a field at once.

What a sweep is of is numbered in order; what it answers is a set for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar, assert_never

from muster.engines.intervals import Interval
from muster.engines.opensearch.server import Json
from muster.engines.opensearch.sets.scripts import EXPORT, export, label

M = TypeVar("M")

SETS = "sets"
"""Name of the aggregation whose buckets are the sets of a sweep."""

LARGEST = 2**53
"""Range aggregations compare doubles, which tell whole numbers apart up to here."""
MILLISECONDS = "epoch_millis"


@dataclass(frozen=True, slots=True)
class Alone:
    """One query by itself."""

    query: Json


@dataclass(frozen=True, slots=True)
class ByTerm:
    """The assets that have each of some terms, all distinct, of a keyword field at the root."""

    field: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByInterval:
    """The assets in each of some intervals of a field of whole numbers or dates; they ascend and do not overlap.

    Bounds are of at most `LARGEST` either way, those of dates not below 0.
    """

    field: str
    intervals: tuple[Interval, ...]
    dates: bool = False


@dataclass(frozen=True, slots=True)
class ByPrefix:
    """The assets with each of some prefixes of a keyword field at the root; they are in the order of `in_utf16`."""

    field: str
    prefixes: tuple[str, ...]


Sweep: TypeAlias = Alone | ByTerm | ByInterval | ByPrefix


def in_utf16(text: str) -> bytes:
    """Return the key by which Java orders strings."""
    return text.encode("utf-16-be")


def body(sweep: Sweep) -> Json:
    """Return the search; it counts exactly, so that what comes can be held against its total."""
    match sweep:
        case Alone(query):
            return _search(query, {EXPORT: export()})
        case ByTerm(field, terms):
            wanted = {"field": field, "include": terms, "size": len(terms)}
            return _search({"terms": {field: terms}}, _sets({"terms": wanted}))
        case ByInterval(field, intervals):
            ranges = [{"key": str(number), **_ends(one, "from", "to")} for number, one in enumerate(intervals)]
            return _search({"exists": {"field": field}}, _sets({"range": {"field": field, "ranges": ranges}}))
        case ByPrefix(field, prefixes):
            script = label(field, prefixes, parents(prefixes))
            wanted = {"script": script, "value_type": "long", "size": len(prefixes)}
            return _search({"exists": {"field": field}}, _sets({"terms": wanted}))
        case _:
            assert_never(sweep)


def queries(sweep: Sweep) -> list[Json]:
    """Return one query for each set."""
    match sweep:
        case Alone(query):
            return [query]
        case ByTerm(field, terms):
            return [{"term": {field: term}} for term in terms]
        case ByInterval(field, intervals, dates):
            format_ = {"format": MILLISECONDS} if dates else {}
            return [{"range": {field: {**_ends(one, "gte", "lt"), **format_}}} for one in intervals]
        case ByPrefix(field, prefixes):
            return [{"prefix": {field: prefix}} for prefix in prefixes]
        case _:
            assert_never(sweep)


def divided(sweep: Sweep, size: int) -> list[Sweep]:
    """Return sweeps of at most so many sets, whose sets one after the other are those of this one."""
    match sweep:
        case Alone():
            return [sweep]
        case ByTerm(field, terms):
            return [ByTerm(field, part) for part in _parts(terms, size)]
        case ByInterval(field, intervals, dates):
            return [ByInterval(field, part, dates) for part in _parts(intervals, size)]
        case ByPrefix(field, prefixes):
            return [ByPrefix(field, part) for part in _parts(prefixes, size)]
        case _:
            assert_never(sweep)


def parents(prefixes: Sequence[str]) -> list[int]:
    """Return for each of the prefixes, in their order, the number of the longest other one it starts with, or -1."""
    found: list[int] = []
    around: list[int] = []
    for number, prefix in enumerate(prefixes):
        while around and not prefix.startswith(prefixes[around[-1]]):
            around.pop()
        found.append(around[-1] if around else -1)
        around.append(number)
    return found


def _parts(of: tuple[M, ...], size: int) -> list[tuple[M, ...]]:
    return [of[start : start + size] for start in range(0, len(of), size)]


def _search(query: Json, aggregations: Json) -> Json:
    return {"query": query, "size": 0, "track_total_hits": True, "aggs": aggregations}


def _sets(buckets: Json) -> Json:
    return {SETS: {**buckets, "aggs": {EXPORT: export()}}}


def _ends(interval: Interval, low: str, high: str) -> Json:
    return {name: end for name, end in ((low, interval.start), (high, interval.end)) if end is not None}
