"""Aggregations over a set of assets: each is asked once for all buckets that it is in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

from pyroaring import BitMap

from muster.engines.aggregable import check, too_many
from muster.engines.embedded.aggregating import buckets, dates, keys, metrics, scope
from muster.engines.embedded.aggregating.scope import Assigned, Counted, Scope
from muster.engines.embedded.aggregating.values import Values, values
from muster.engines.embedded.store import View
from muster.fields import Fields
from muster.query.aggregations import MOST_BUCKETS, Aggregation, Aggregations, Result, Results
from muster.query.aggregations.nodes import (
    ByQueries,
    ByQuery,
    ByRange,
    ByTerm,
    DateHistogram,
    Histogram,
    Metric,
    Stats,
    TopHits,
    Without,
)
from muster.query.aggregations.results import Bucket, Buckets, Single
from muster.query.nodes import Node

Members: TypeAlias = Callable[[Node], BitMap]
"""Returns the assets that match, of the same view."""

Chosen: TypeAlias = list[list[Counted]]
"""The keys of each bucket, in the order of the answer."""


def aggregate(view: View, fields: Fields, members: BitMap, wanted: Aggregations, ask: Members) -> Results:
    """Return what aggregations find over a set of assets.

    Raises:
        UnsupportedClause: values of text, or numbers wanted of what holds none.
        LimitExceeded: too many buckets, or hits in them.
    """
    check(wanted, fields)
    with scope.whole(view, members) as everything:
        return _Run(fields, ask).results(everything, wanted)[0]


@dataclass(slots=True)
class _Run:
    """Counts, in `made`, the buckets and hits of one search."""

    fields: Fields
    ask: Members
    made: int = 0

    def results(self, on: Scope, wanted: Aggregations) -> list[Results]:
        """Return the results for each bucket of a scope."""
        found = {name: self._one(on, one) for name, one in wanted.items()}
        return [{name: some[bucket] for name, some in found.items()} for bucket in range(on.size)]

    def _one(self, on: Scope, wanted: Aggregation) -> Sequence[Result]:
        match wanted:
            case Metric():
                return metrics.metric(on, self.fields, wanted)
            case Stats():
                return metrics.stats(on, self.fields, wanted)
            case TopHits():
                hits = metrics.top_hits(on, self.fields, wanted)
                self._make(sum(len(one.hits) for one in hits))
                return hits
            case ByTerm():
                return self._by_term(on, wanted)
            case ByQuery() | Without():
                return self._single(on, wanted)
            case ByQueries() | ByRange() | Histogram() | DateHistogram():
                return self._several(on, wanted)
            case _:
                assert_never(wanted)

    def _by_term(self, on: Scope, wanted: ByTerm) -> list[Buckets]:
        read = self._values(on, wanted, numbers=False)
        with keys.by_term(on, wanted, read) as assigned:
            chosen, others = self._terms(on, assigned, wanted)
            inside = self._inside(on, assigned, chosen, wanted.inside)
        return [
            Buckets(tuple(buckets.term(read, one, next(inside)) for one in some), others.get(bucket, 0), 0)
            for bucket, some in enumerate(chosen)
        ]

    def _terms(self, on: Scope, assigned: Assigned, wanted: ByTerm) -> tuple[Chosen, dict[int, int]]:
        """Return the first keys of each bucket, and how many assets the others have together."""
        counted = f"SELECT bucket, key, count(*) AS n FROM {assigned.relation.text} GROUP BY ALL HAVING n >= ?"
        place = f"row_number() OVER (PARTITION BY bucket ORDER BY {buckets.order(wanted.order)}) AS place"
        total = "sum(n) OVER (PARTITION BY bucket) AS total"
        query = (
            f"SELECT bucket, key, n, total::BIGINT FROM (SELECT *, {place}, {total} FROM ({counted})) "
            f"WHERE place <= ? ORDER BY bucket, place LIMIT {MOST_BUCKETS + 1}"
        )
        rows = on.view.rows(query, [*assigned.relation.values, wanted.least, wanted.size])
        self._make(len(rows))
        chosen: Chosen = [[] for _ in range(on.size)]
        others: dict[int, int] = {}
        for bucket, key, count, all_together in rows:
            chosen[bucket].append(Counted(key, count))
            others[bucket] = others.get(bucket, all_together) - count
        return chosen, others

    def _single(self, on: Scope, wanted: ByQuery | Without) -> list[Single]:
        with self._assigned(on, wanted) as assigned:
            counts = self._counts(on, assigned)
            chosen = [[Counted(0, some.get(0, 0))] for some in counts]
            self._make(len(chosen))
            inside = self._inside(on, assigned, chosen, wanted.inside)
        return [Single(one.count, next(inside)) for (one,) in chosen]

    def _several(self, on: Scope, wanted: ByQueries | ByRange | Histogram | DateHistogram) -> list[Buckets]:
        with self._assigned(on, wanted) as assigned:
            chosen = [self._chosen(wanted, some) for some in self._counts(on, assigned)]
            inside = self._inside(on, assigned, chosen, wanted.inside)
        bucket = self._bucket(on, wanted)
        return [Buckets(tuple(bucket(one, next(inside)) for one in some)) for some in chosen]

    @contextmanager
    def _assigned(self, on: Scope, wanted: Aggregation) -> Iterator[Assigned]:
        match wanted:
            case ByQuery(query=query):
                kind = keys.by_set(on, [self.ask(query)])
            case ByQueries(queries=queries):
                kind = keys.by_set(on, [self.ask(query) for query in queries])
            case Without():
                kind = keys.without(on, values(on.view.state.layout, self.fields, wanted.field, numbers=False))
            case ByRange():
                kind = keys.by_range(on, wanted, self._values(on, wanted, numbers=True))
            case Histogram():
                kind = keys.by_number(on, wanted, self._values(on, wanted, numbers=True))
            case DateHistogram():
                kind = keys.by_date(on, wanted, self._values(on, wanted, numbers=True))
            case _:
                raise TypeError("that has no such buckets")
        with kind as assigned:
            yield assigned

    def _values(self, on: Scope, wanted: ByTerm | ByRange | Histogram | DateHistogram, *, numbers: bool) -> Values:
        return values(on.view.state.layout, self.fields, wanted.field, wanted.missing, numbers=numbers)

    def _counts(self, on: Scope, assigned: Assigned) -> list[dict[Any, int]]:
        """Return for each bucket how many assets come under each key."""
        query = f"SELECT bucket, key, count(*) FROM {assigned.relation.text} GROUP BY ALL LIMIT {MOST_BUCKETS + 1}"
        rows = on.view.rows(query, assigned.relation.values)
        if len(rows) > MOST_BUCKETS:
            raise too_many()
        counts: list[dict[Any, int]] = [{} for _ in range(on.size)]
        for bucket, key, count in rows:
            counts[bucket][key] = count
        return counts

    def _chosen(self, wanted: Aggregation, counts: Mapping[Any, int]) -> list[Counted]:
        """Return the keys of one bucket in the order of the answer, those without assets where they belong to it."""
        match wanted:
            case ByQueries(queries=parts) | ByRange(spans=parts):
                chosen = [Counted(number, counts.get(number, 0)) for number in range(len(parts))]
            case Histogram(least=least) | DateHistogram(least=least):
                wanted_keys = sorted(counts) if least else self._without_gaps(wanted, sorted(counts))
                many = [Counted(key, counts.get(key, 0)) for key in wanted_keys if counts.get(key, 0) >= least]
                chosen = buckets.ordered(many, wanted.order)
            case _:
                raise TypeError("that has no such buckets")
        self._make(len(chosen))
        return chosen

    def _without_gaps(self, wanted: Histogram | DateHistogram, found: Sequence[Any]) -> list[Any]:
        """Return keys, and those between them.

        Raises:
            LimitExceeded: too many.
        """
        filled: list[Any] = list(found[:1])
        while filled and filled[-1] < found[-1]:
            filled.append(filled[-1] + 1 if isinstance(wanted, Histogram) else dates.following(wanted, filled[-1]))
            if self.made + len(filled) > MOST_BUCKETS:
                raise too_many()
        return filled

    def _inside(self, on: Scope, assigned: Assigned, chosen: Chosen, wanted: Aggregations) -> Iterator[Results]:
        """Yield what is found inside of each of the chosen keys, one after the other."""
        number = sum(map(len, chosen))
        if not wanted or not number:
            return iter([{}] * number)
        with scope.within(on, assigned, chosen) as below:
            return iter(self.results(below, wanted))

    def _bucket(
        self, on: Scope, wanted: ByQueries | ByRange | Histogram | DateHistogram
    ) -> Callable[[Counted, Results], Bucket]:
        """Return how a key becomes a bucket."""
        match wanted:
            case ByQueries(names=names):
                return lambda one, inside: Bucket(one.count, names[int(one.key)] if names else None, inside=inside)
            case ByRange(spans=spans):
                read = self._values(on, wanted, numbers=True)
                return lambda one, inside: buckets.spanned(read, spans[int(one.key)], one, inside)
            case Histogram():
                read = self._values(on, wanted, numbers=True)
                return lambda one, inside: buckets.numbered(read, wanted, one, inside)
            case DateHistogram():
                read = self._values(on, wanted, numbers=True)
                return lambda one, inside: buckets.dated(read, wanted, one, inside)
            case _:
                assert_never(wanted)

    def _make(self, number: int) -> None:
        self.made += number
        if self.made > MOST_BUCKETS:
            raise too_many()
