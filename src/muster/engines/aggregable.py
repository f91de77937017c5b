"""What assets can be aggregated by, alike on every engine."""

from typing import assert_never

from muster.analysis.dates_zones import zone
from muster.engines.order import ordering
from muster.errors import InvalidInput, LimitExceeded, UnsupportedClause
from muster.fields import Field, Fields, Kind
from muster.indexing import IndexedTerm
from muster.indexing.converters import converter
from muster.query.aggregations import MOST_BUCKETS, Aggregation, Aggregations
from muster.query.aggregations.nodes import (
    ByQueries,
    ByQuery,
    ByRange,
    ByTerm,
    DateHistogram,
    Histogram,
    Measure,
    Metric,
    Stats,
    TopHits,
    Without,
)
from muster.query.nodes import Value
from muster.query.sorting import Sort

ANY_VALUE = frozenset({Measure.VALUES, Measure.DISTINCT})
"""What can be measured of words as well."""


def check(wanted: Aggregations, fields: Fields) -> None:
    """See that every aggregation, those inside of others too, can be asked of its field; no field at all has no values.

    Raises:
        UnsupportedClause: values of text, or numbers wanted of keywords; an order that assets do not have.
        InvalidInput: a value that its field cannot hold, a time zone where there are no dates.
    """
    for one in wanted.values():
        _check(one, fields)
        if not isinstance(one, Metric | Stats | TopHits):
            check(one.inside, fields)


def known(sorts: tuple[Sort, ...], fields: Fields) -> tuple[Sort, ...]:
    """Return the keys of an order that some asset can have a value of."""
    return tuple(sort for sort in sorts if fields.get(sort.field) is not None)


def stand_in(field: Field | None, value: Value, *, numbers: bool) -> IndexedTerm:
    """Return the term that stands in where an asset has none; `numbers` says what a field is that no asset has.

    Raises:
        InvalidInput: the field cannot hold it.
    """
    if field is None:
        return _number(value) if numbers else value if isinstance(value, str) else str(value)
    if field.kind in {Kind.DATE, Kind.BOOLEAN} and not isinstance(value, str | bool):
        return bool(value) if field.kind is Kind.BOOLEAN else int(value)
    found = converter(field)((value,))
    if not isinstance(found, tuple) or not found:
        raise InvalidInput(
            f"`{field.name}` cannot hold `{value}`", hint=f"write a value of the kind `{field.kind.value}`"
        )
    return found[0]


def too_many() -> LimitExceeded:
    """Return the error of an answer that is too large."""
    return LimitExceeded(
        f"more than {MOST_BUCKETS:,} buckets and hits in them",
        hint="ask for a smaller `size`, a longer interval, or a narrower query",
    )


def _number(value: Value) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise InvalidInput(f"`{value}` is no number", hint="write a number") from error


def _check(one: Aggregation, fields: Fields) -> None:
    match one:
        case Metric(measure=measure):
            _check_field(one.field, one.missing, fields, numbers=measure not in ANY_VALUE)
        case Stats() | ByRange() | Histogram():
            _check_field(one.field, one.missing, fields, numbers=True)
        case DateHistogram():
            _check_field(one.field, one.missing, fields, numbers=True)
            _check_zone(one, fields)
        case ByTerm():
            _check_field(one.field, one.missing, fields, numbers=False)
        case Without():
            _check_field(one.field, None, fields, numbers=False)
        case TopHits(sort=sorts):
            for sort in known(sorts, fields):
                ordering(sort, fields)
        case ByQuery() | ByQueries():
            pass
        case _:
            assert_never(one)


def _check_field(name: str, missing: Value | None, fields: Fields, *, numbers: bool) -> None:
    field = fields.get(name)
    if field is not None and field.kind is Kind.TEXT:
        raise UnsupportedClause(
            f"`{name}` is text: its words are not aggregated", hint="aggregate by its `.keyword` field"
        )
    if numbers and field is not None and field.kind is Kind.KEYWORD:
        raise UnsupportedClause(f"`{name}` holds no numbers", hint="use `terms`, `value_count` or `cardinality`")
    if missing is not None:
        stand_in(field, missing, numbers=numbers)


def _check_zone(one: DateHistogram, fields: Fields) -> None:
    if one.zone is None:
        return
    field = fields.get(one.field)
    if field is not None and field.kind is not Kind.DATE:
        raise InvalidInput(
            f"`{one.field}` is no date, and has no time zone", hint=f"use `{one.field}.date` if it is there"
        )
    try:
        zone(one.zone)
    except ValueError as error:
        raise InvalidInput(f"time zone `{one.zone}` is not known", hint="use `+01:00` or `Europe/Paris`") from error
