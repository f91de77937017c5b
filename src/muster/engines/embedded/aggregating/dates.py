"""Dates cut into units of the calendar, or into equal lengths, on the clocks of a time zone."""

from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache

from muster.analysis.dates_math import calculate
from muster.analysis.dates_zones import DAY, HOUR, MINUTE, SECOND, Zone, days_of, instant_of, local_of, zone
from muster.query.aggregations.nodes import DateHistogram, Unit

_MONDAY = 3 * DAY
"""From a Monday to 1970-01-01."""
_EQUAL: Mapping[Unit, tuple[int, int]] = {
    Unit.SECOND: (SECOND, 0),
    Unit.MINUTE: (MINUTE, 0),
    Unit.HOUR: (HOUR, 0),
    Unit.DAY: (DAY, 0),
    Unit.WEEK: (7 * DAY, _MONDAY),
}
"""Units of equal length, with where they begin."""
_PARTS: Mapping[Unit, str] = {Unit.MONTH: "month", Unit.QUARTER: "quarter", Unit.YEAR: "year"}
_STEPS: Mapping[Unit, str] = {unit: f"+1{unit.value}" for unit in Unit} | {Unit.QUARTER: "+3M"}

_FROM, _TO = days_of(1900, 1, 1) * DAY, days_of(2100, 1, 1) * DAY
"""Changes of clocks between these are known; before and after, clocks stay as they are there."""
EARLIEST = -(1 << 63)
_MOST = 9_000_000_000_000_000
"""The calendar of SQL ends a little further."""


def start(wanted: DateHistogram, local: str) -> str:
    """Return the SQL of the local time at which the unit around a local time began; NULL beyond the calendar."""
    if wanted.unit is not None and wanted.unit in _PARTS:
        part = _PARTS[wanted.unit]
        return f"CASE WHEN abs({local}) < {_MOST} THEN epoch_ms(date_trunc('{part}', epoch_ms({local}))) END"
    size, shift = _EQUAL[wanted.unit] if wanted.unit is not None else (wanted.fixed or 1, 0)
    return f"{local} - ((({local} + {shift}) % {size}) + {size}) % {size}"


def following(wanted: DateHistogram, key: int) -> int:
    """Return the key after this one."""
    where = zone(wanted.zone or "Z")
    if wanted.unit is not None:
        return calculate(key, _STEPS[wanted.unit], where, round_up=False)
    return instant_of(local_of(key, where) + (wanted.fixed or 1), where)


def instant(wanted: DateHistogram, local: int, offset: int) -> int:
    """Return the time of a local time, which some value with this offset is in the unit of."""
    return instant_of(local, zone(wanted.zone or "Z"), prefer=offset)


def offset_at(wanted: DateHistogram, key: int) -> int:
    """Return what clocks are ahead of UTC at a time."""
    return local_of(key, zone(wanted.zone or "Z")) - key


@lru_cache(maxsize=64)
def offsets(name: str | None) -> tuple[tuple[int, int], ...]:
    """Return from which time on clocks are how far ahead of UTC, all in milliseconds, the earliest first."""
    where = zone(name or "Z")
    found = [(EARLIEST, _ahead(_FROM, where))]
    if isinstance(where, int):
        return tuple(found)
    for day in range(_FROM, _TO, DAY):
        after = _ahead(day + DAY, where)
        if after != found[-1][1]:
            found.append((_change(day, where, found[-1][1]), after))
    return tuple(found)


def _change(day: int, where: Zone, before: int) -> int:
    """Return when, within a day, clocks left an offset."""
    return day + bisect_left(range(DAY), 1, key=lambda clock: _ahead(day + clock, where) != before)


def _ahead(time: int, where: Zone) -> int:
    return local_of(time, where) - time
