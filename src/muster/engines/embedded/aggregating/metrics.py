"""What is measured of the assets of each bucket."""

from collections.abc import Sequence
from typing import Any

from muster.analysis.numbers import written
from muster.engines.aggregable import ANY_VALUE, known, too_many
from muster.engines.embedded.aggregating.scope import Scope
from muster.engines.embedded.aggregating.values import Values, values
from muster.engines.embedded.paging import key, order
from muster.fields import Fields
from muster.query.aggregations import MOST_BUCKETS
from muster.query.aggregations.nodes import Measure, Metric, Stats, TopHits
from muster.query.aggregations.results import Hits, Number, Summary, TopHit

_SUM = "fsum(value::DOUBLE)"
_SQL = {
    Measure.AVERAGE: f"{_SUM} / count(value)",
    Measure.SUM: _SUM,
    Measure.LEAST: "min(value)::DOUBLE",
    Measure.GREATEST: "max(value)::DOUBLE",
    Measure.VALUES: "count(value)",
    Measure.DISTINCT: "count(DISTINCT value)",
}
_OF_NOTHING = {Measure.SUM: 0.0, Measure.VALUES: 0, Measure.DISTINCT: 0}
"""What a measure is over no values, where it is something."""

_SUMMARY = (Measure.VALUES, Measure.LEAST, Measure.GREATEST, Measure.AVERAGE, Measure.SUM)


def metric(scope: Scope, fields: Fields, wanted: Metric) -> list[Number]:
    """Return the number of each bucket."""
    numbers = wanted.measure not in ANY_VALUE
    read = values(scope.view.state.layout, fields, wanted.field, wanted.missing, numbers=numbers)
    found = {bucket: _plain(value) for bucket, value in _measured(scope, read, (wanted.measure,))}
    nothing = _OF_NOTHING.get(wanted.measure)
    return [_number(read, found.get(bucket, nothing), written_out=numbers) for bucket in range(scope.size)]


def _number(read: Values, value: float | None, *, written_out: bool) -> Number:
    return Number(value, read.text(value) if written_out and value is not None else None)


def stats(scope: Scope, fields: Fields, wanted: Stats) -> list[Summary]:
    """Return the summary of each bucket."""
    read = values(scope.view.state.layout, fields, wanted.field, wanted.missing, numbers=True)
    found = {bucket: _summary(read, row) for bucket, *row in _measured(scope, read, _SUMMARY)}
    return [found.get(bucket, Summary(0, None, None, None, 0.0)) for bucket in range(scope.size)]


def _summary(read: Values, row: Sequence[Any]) -> Summary:
    count, least, greatest, average, total = row[0], *(_plain(value) for value in row[1:])
    named = {"min": least, "max": greatest, "avg": average, "sum": total}
    texts = {name: text for name, value in named.items() if (text := read.text(value)) is not None}
    return Summary(count, least, greatest, average, total, texts)


def _plain(value: float) -> Any:
    return written(value)


def _measured(scope: Scope, read: Values, measures: Sequence[Measure]) -> list[tuple[Any, ...]]:
    columns = ", ".join(_SQL[measure] for measure in measures)
    query = f"SELECT bucket, {columns} FROM {scope.name} JOIN {read.relation.text} USING (ordinal) GROUP BY bucket"
    return scope.view.rows(query, read.relation.values)


def top_hits(scope: Scope, fields: Fields, wanted: TopHits) -> list[Hits]:
    """Return the first assets of each bucket.

    Raises:
        LimitExceeded: too many in all.
    """
    if min(wanted.size, 1) * scope.size > MOST_BUCKETS:
        raise too_many()
    totals = dict(scope.view.rows(f"SELECT bucket, count(*) FROM {scope.name} GROUP BY bucket"))
    hits: dict[int, list[TopHit]] = {}
    for bucket, ordinal, *row in _first(scope, fields, wanted):
        hits.setdefault(bucket, []).append(TopHit(ordinal, _all_keys(wanted, fields, row)))
    return [Hits(totals.get(bucket, 0), tuple(hits.get(bucket, ()))) for bucket in range(scope.size)]


def _first(scope: Scope, fields: Fields, wanted: TopHits) -> list[tuple[Any, ...]]:
    sorts = known(wanted.sort, fields)
    keys = [f"{key(scope.view.state.layout, sort)} AS k{number}" for number, sort in enumerate(sorts)]
    inner = f"(SELECT {', '.join(['ordinal', *keys])} FROM assets)"
    columns = ", ".join(["bucket", "ordinal", *(f"k{number}" for number in range(len(keys)))])
    place = f"row_number() OVER (PARTITION BY bucket ORDER BY {order(sorts)})"
    joined = f"SELECT {columns}, {place} AS place FROM {scope.name} JOIN {inner} USING (ordinal)"
    query = f"SELECT {columns} FROM ({joined}) WHERE place <= ? ORDER BY bucket, place LIMIT {MOST_BUCKETS + 1}"
    rows = scope.view.rows(query, [wanted.size])
    if len(rows) > MOST_BUCKETS:
        raise too_many()
    return rows


def _all_keys(wanted: TopHits, fields: Fields, row: Sequence[Any]) -> tuple[Any, ...]:
    """Return a value for every key that was asked for; one that orders nothing has none."""
    given = iter(row)
    return tuple(next(given) if fields.get(sort.field) is not None else None for sort in wanted.sort)
