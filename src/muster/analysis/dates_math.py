"""Date math: what follows an anchor, such as `+1M-7d/d`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from muster.analysis.dates_zones import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Zone,
    date_of,
    days_of,
    instant_of,
    local_of,
    plus_months,
)

_STEP = re.compile(r"([+-])(\d*)([yMwdhHms])|/([yMwdhHms])", re.ASCII)
_LARGEST = (1 << 31) - 1
_EXACT: Mapping[str, int] = {"h": HOUR, "H": HOUR, "m": MINUTE, "s": SECOND}
_CALENDAR: Mapping[str, Callable[[int, int], int]] = {
    "y": lambda local, count: plus_months(local, 12 * count),
    "M": plus_months,
    "w": lambda local, count: local + 7 * count * DAY,
    "d": lambda local, count: local + count * DAY,
}


def _start_of_year(local: int) -> int:
    return days_of(date_of(local // DAY)[0], 1, 1) * DAY


def _start_of_month(local: int) -> int:
    year, month, _ = date_of(local // DAY)
    return days_of(year, month, 1) * DAY


_STARTS: Mapping[str, Callable[[int], int]] = {
    "y": _start_of_year,
    "M": _start_of_month,
    "w": lambda local: (local // DAY - (local // DAY + 3) % 7) * DAY,
    "d": lambda local: local // DAY * DAY,
    "h": lambda local: local // HOUR * HOUR,
    "H": lambda local: local // HOUR * HOUR,
    "m": lambda local: local // MINUTE * MINUTE,
    "s": lambda local: local // SECOND * SECOND,
}


@dataclass(frozen=True, slots=True)
class _Step:
    """Move by `count` units, or round to the unit when `count` is None."""

    unit: str
    count: int | None


def calculate(instant: int, math: str, where: Zone, *, round_up: bool) -> int:
    """Return the instant that date math leads to, on the clocks of a zone; ValueError when it is malformed.

    A rounding leads to the first millisecond of the unit, or with `round_up` to the last.
    """
    for step in _steps(math):
        if step.count is not None:
            instant = _moved(instant, step.unit, step.count, where)
        else:
            start = _changed(instant, where, _STARTS[step.unit])
            instant = _moved(start, step.unit, 1, where) - 1 if round_up else start
    return instant


def _steps(math: str) -> list[_Step]:
    steps, at = [], 0
    while at < len(math):
        match = _STEP.match(math, at)
        if match is None:
            raise ValueError(math)
        sign, count, unit, rounded = match.groups()
        size = int(count or 1) if sign else 0
        if size > _LARGEST:
            raise ValueError(math)
        steps.append(_Step(rounded, None) if rounded else _Step(unit, -size if sign == "-" else size))
        at = match.end()
    return steps


def _moved(instant: int, unit: str, count: int, where: Zone) -> int:
    if unit in _EXACT:
        return instant + count * _EXACT[unit]
    return _changed(instant, where, lambda local: _CALENDAR[unit](local, count))


def _changed(instant: int, where: Zone, change: Callable[[int], int]) -> int:
    local = local_of(instant, where)
    return instant_of(change(local), where, prefer=local - instant)
