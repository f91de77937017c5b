"""Under which keys the assets of a scope come: one relation for each kind of bucket."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pyarrow as pa
from pyroaring import BitMap

from muster.engines.aggregable import stand_in, too_many
from muster.engines.embedded.aggregating import dates
from muster.engines.embedded.aggregating.scope import Assigned, Scope
from muster.engines.embedded.aggregating.values import Values
from muster.engines.embedded.bitmaps import to_arrow
from muster.engines.embedded.sql import Condition, fitting
from muster.query.aggregations import MOST_BUCKETS
from muster.query.aggregations.nodes import ByRange, ByTerm, DateHistogram, Histogram
from muster.query.nodes import Value


@contextmanager
def by_term(scope: Scope, wanted: ByTerm, read: Values) -> Iterator[Assigned]:
    """Yield the assets under each of their values, those left out that are not wanted."""
    conditions, given = ["TRUE"], list(read.relation.values)
    for listed, word in ((wanted.include, "IN"), (wanted.exclude or None, "NOT IN")):
        if listed is not None:
            conditions.append(f"value {word} (SELECT unnest(?::{read.type}[]))")
            given.append(_terms(read, listed))
    text = (
        f"(SELECT bucket, value AS key, ordinal FROM {scope.name} JOIN {read.relation.text} USING (ordinal) "
        f"WHERE {' AND '.join(conditions)})"
    )
    yield Assigned(Condition(text, tuple(given)))


def _terms(read: Values, listed: Sequence[Value]) -> list[Value]:
    return list(fitting(frozenset(stand_in(read.field, one, numbers=False) for one in listed), read.type))


@contextmanager
def by_range(scope: Scope, wanted: ByRange, read: Values) -> Iterator[Assigned]:
    """Yield the assets under the number of each span that one of their values is in."""
    spans = pa.table(
        {
            "span": pa.array(range(len(wanted.spans)), pa.int64()),
            "low": pa.array([one.low for one in wanted.spans], pa.float64()),
            "high": pa.array([one.high for one in wanted.spans], pa.float64()),
        }
    )
    with scope.view.given(f"{scope.name}_spans", spans) as name:
        inside = "(low IS NULL OR value::DOUBLE >= low) AND (high IS NULL OR value::DOUBLE < high)"
        yield _once(scope, read, "span", f"JOIN {name} ON {inside}")


@contextmanager
def by_number(scope: Scope, wanted: Histogram, read: Values) -> Iterator[Assigned]:
    """Yield the assets under the number of each interval that one of their values is in."""
    key = f"floor((value::DOUBLE - {wanted.offset!r}) / {wanted.interval!r})"
    yield _once(scope, read, key)


@contextmanager
def by_date(scope: Scope, wanted: DateHistogram, read: Values) -> Iterator[Assigned]:
    """Yield the assets under the time at which each unit began that one of their values is in.

    Where units begin is settled once for each local time and offset that values have.
    """
    starts, ahead = zip(*dates.offsets(wanted.zone), strict=True)
    clocks = pa.table({"since": pa.array(starts, pa.int64()), "ahead": pa.array(ahead, pa.int64())})
    with scope.view.given(f"{scope.name}_clocks", clocks) as name:
        local = f"(SELECT ordinal, trunc(value)::BIGINT AS time FROM {read.relation.text})"
        begun = f"SELECT ordinal, {dates.start(wanted, '(time + ahead)')} AS begun, ahead"
        cut = Condition(f"({begun} FROM {local} ASOF JOIN {name} ON time >= since)", read.relation.values)
        with scope.view.given(f"{scope.name}_begins", _begins(scope, wanted, cut)) as begins:
            joined = f"{cut.text} JOIN {begins} USING (begun, ahead)"
            cut = Condition(f"(SELECT ordinal, moment AS value FROM {joined})", cut.values)
            yield _once(scope, replace(read, relation=cut), "value")


def _begins(scope: Scope, wanted: DateHistogram, cut: Condition) -> pa.Table:
    query = (
        f"SELECT DISTINCT begun, ahead FROM {scope.name} JOIN {cut.text} USING (ordinal) WHERE begun IS NOT NULL "
        f"LIMIT {2 * MOST_BUCKETS + 1}"
    )
    rows = scope.view.rows(query, cut.values)
    if len(rows) > 2 * MOST_BUCKETS:
        raise too_many()
    return pa.table(
        {
            "begun": pa.array([begun for begun, _ in rows], pa.int64()),
            "ahead": pa.array([ahead for _, ahead in rows], pa.int64()),
            "moment": pa.array([dates.instant(wanted, begun, ahead) for begun, ahead in rows], pa.int64()),
        }
    )


@contextmanager
def by_set(scope: Scope, sets: Sequence[BitMap]) -> Iterator[Assigned]:
    """Yield the assets under the number of each set that they are in."""
    numbers = [pa.repeat(pa.scalar(number, pa.int64()), len(one)) for number, one in enumerate(sets)]
    rows = pa.table(
        {
            "key": pa.chunked_array(numbers, pa.int64()),
            "ordinal": pa.chunked_array([to_arrow(one) for one in sets], pa.uint32()),
        }
    )
    with scope.view.given(f"{scope.name}_sets", rows) as name:
        yield Assigned(Condition(f"(SELECT bucket, key, ordinal FROM {scope.name} JOIN {name} USING (ordinal))"))


@contextmanager
def without(scope: Scope, read: Values) -> Iterator[Assigned]:
    """Yield the assets that have no value under 0."""
    absent = f"ordinal NOT IN (SELECT ordinal FROM {read.relation.text})"
    text = f"(SELECT bucket, 0 AS key, ordinal FROM {scope.name} WHERE {absent})"
    yield Assigned(Condition(text, read.relation.values))


def _once(scope: Scope, read: Values, key: str, joined: str = "") -> Assigned:
    """Return the assets under a key of their values, each once where several values may have the same."""
    distinct = "DISTINCT " if read.many else ""
    text = (
        f"(SELECT {distinct}bucket, {key} AS key, ordinal "
        f"FROM {scope.name} JOIN {read.relation.text} USING (ordinal) {joined})"
    )
    return Assigned(Condition(text, read.relation.values))
