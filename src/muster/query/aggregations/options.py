"""What the options of aggregations may be: each kind of value with its complaint."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from muster.errors import InvalidInput, LimitExceeded, UnsupportedClause
from muster.query.aggregations.nodes import MOST_BUCKETS, By, Order, Span, Unit
from muster.query.naming import Place
from muster.query.nodes import Value
from muster.query.sorting import Sort, read_sorts
from muster.query.wire.kinds import shown

Reader: TypeAlias = Callable[[Any, Place], Any]

MOST_HITS = 100
MOST_LISTED = 10_000
_LARGEST = 2**31 - 1
_FIXED = re.compile(r"([1-9][0-9]{0,9})(ms|s|m|h|d)", re.ASCII)
_MILLISECONDS: Mapping[str, int] = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_UNITS: Mapping[str, Unit] = {spelled: unit for unit in Unit for spelled in (f"1{unit.value}", unit.name.lower())}


def wrong(at: Place, message: str, hint: str) -> InvalidInput:
    """Return the complaint about a place."""
    return InvalidInput(message, path=str(at), hint=hint)


def refused(at: Place, message: str, hint: str) -> UnsupportedClause:
    """Return the refusal of what OpenSearch has and is not served here."""
    return UnsupportedClause(message, path=str(at), hint=hint)


def name(value: Any, at: Place) -> str:
    """Read the name of a field."""
    if isinstance(value, str) and value:
        return value
    raise wrong(at, f"needs the name of a field, got {shown(value)}", "write it in quotes")


def flag(value: Any, at: Place) -> bool:
    """Read true or false."""
    if isinstance(value, bool):
        return value
    raise wrong(at, f"needs true or false, got {shown(value)}", "write `true` or `false`")


def scalar(value: Any, at: Place) -> Value:
    """Read one value."""
    if isinstance(value, str | int | float):
        return value
    raise wrong(at, f"needs one value, got {shown(value)}", "write text, a number or a boolean")


def number(value: Any, at: Place) -> float:
    """Read a number."""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise wrong(at, f"needs a number, got {shown(value)}", "write a number such as `1.5`")


def above_zero(value: Any, at: Place) -> float:
    """Read a number above 0."""
    if (read := number(value, at)) > 0:
        return read
    raise wrong(at, f"needs a number above 0, got {shown(value)}", "write a number such as `1.5`")


def whole(least: int, most: int) -> Reader:
    """Return how to read a whole number of at least and at most so much."""

    def read(value: Any, at: Place) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise wrong(at, f"needs a whole number of at least {least}, got {shown(value)}", "write such a number")
        if value > most:
            raise LimitExceeded(f"{value:,} is more than {most:,}", path=str(at), hint=f"ask for at most {most:,}")
        return value

    return read


buckets = whole(1, MOST_BUCKETS)
hits = whole(0, MOST_HITS)
count = whole(0, _LARGEST)


def count_of_terms(value: Any, at: Place) -> int:
    """Read the least count of a term; 0 would list values that no asset has."""
    if (read := int(count(value, at))) > 0:
        return read
    raise refused(at, "values that no asset has are not listed", "ask for 1 or more")


def values(value: Any, at: Place) -> tuple[Value, ...]:
    """Read a list of exact values."""
    if not isinstance(value, list):
        raise refused(at, f"values are listed one by one, got {shown(value)}", "write a list of values")
    if len(value) > MOST_LISTED:
        raise LimitExceeded(f"{len(value):,} values; the limit is {MOST_LISTED:,}", path=str(at), hint="name fewer")
    return tuple(scalar(one, at / position) for position, one in enumerate(value))


def orders(value: Any, at: Place) -> tuple[Order, ...]:
    """Read an order of buckets: one object, or a list of them."""
    listed = value if isinstance(value, list) else [value]
    return tuple(_order(one, at) for one in listed)


def _order(value: Any, at: Place) -> Order:
    match value:
        case {"_count": str(direction), **rest} if not rest and direction in _DIRECTIONS:
            return Order(By.COUNT, _DIRECTIONS[direction])
        case {"_key": str(direction), **rest} if not rest and direction in _DIRECTIONS:
            return Order(By.KEY, _DIRECTIONS[direction])
        case _:
            raise refused(
                at, "buckets are ordered by `_count` or `_key`", 'write `{"_count": "desc"}` or `{"_key": "asc"}`'
            )


_DIRECTIONS: Mapping[str, bool] = {"asc": False, "desc": True}


def spans(value: Any, at: Place) -> tuple[Span, ...]:
    """Read ranges: from the least on, as OpenSearch answers them."""
    if not isinstance(value, list) or not value:
        raise wrong(at, f"needs a list of ranges, got {shown(value)}", 'write `[{"from": 0, "to": 10}]`')
    if len(value) > MOST_LISTED:
        raise LimitExceeded(f"{len(value):,} ranges; the limit is {MOST_LISTED:,}", path=str(at), hint="name fewer")
    read = [_span(one, at / position) for position, one in enumerate(value)]
    return tuple(sorted(read, key=lambda one: (_or(one.low, -math.inf), _or(one.high, math.inf))))


def _or(end: float | None, open_: float) -> float:
    return open_ if end is None else end


def _span(value: Any, at: Place) -> Span:
    if not isinstance(value, dict) or set(value) - {"from", "to", "key"}:
        raise wrong(at, "a range has `from`, `to` and `key`", 'write `{"from": 0, "to": 10}`')
    ends = {end: number(value[end], at / end) for end in ("from", "to") if value.get(end) is not None}
    key = value.get("key")
    return Span(ends.get("from"), ends.get("to"), None if key is None else name(key, at / "key"))


def unit(value: Any, at: Place) -> Unit:
    """Read a unit of the calendar."""
    if isinstance(value, str) and value in _UNITS:
        return _UNITS[value]
    raise wrong(at, f"is no unit of the calendar: {shown(value)}", f"known are {', '.join(_UNITS)}")


def milliseconds(value: Any, at: Place) -> int:
    """Read a length of time."""
    found = _FIXED.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise wrong(at, f"is no length of time: {shown(value)}", "write one such as `30m`, `12h` or `7d`")
    return int(found[1]) * _MILLISECONDS[found[2]]


def sorts(value: Any, at: Place) -> tuple[Sort, ...]:
    """Read the order of hits."""
    return read_sorts(value, str(at))


def source(value: Any, at: Place) -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
    """Read what hits show: whether anything, what of it, and what not."""
    match value:
        case bool():
            return value, (), ()
        case str() | list():
            return True, _patterns(value, at), ()
        case dict() if not set(value) - {"includes", "excludes", "include", "exclude"}:
            kept = [_patterns(one, at / key) for key, one in value.items() if key.startswith("include")]
            left = [_patterns(one, at / key) for key, one in value.items() if key.startswith("exclude")]
            return True, sum(kept, ()), sum(left, ())
        case _:
            raise wrong(at, f"needs names of attributes, got {shown(value)}", 'write `{"includes": ["name"]}`')


def _patterns(value: Any, at: Place) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(name(one, at / position) for position, one in enumerate(listed))


def zero(value: Any, at: Place) -> None:
    """Read a beginning that can only be the first."""
    if value != 0:
        raise refused(at, "hits of a bucket begin with the first", "leave it out, and ask for a larger `size`")


def refusal(message: str, hint: str) -> Reader:
    """Return how to refuse an option."""

    def refuse(_value: Any, at: Place) -> Any:
        raise refused(at, message, hint)

    return refuse
