"""Time zones and calendar arithmetic on milliseconds, for any year.

A *local* time is counted in milliseconds since 1970-01-01T00:00 on the clocks of its zone. What Python's calendar cannot hold
(years beyond 1 to 9999) goes by the cycle of 400 years.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

Zone: TypeAlias = int | ZoneInfo
"""A fixed offset in milliseconds, or a named zone."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097
_EPOCH = date(1970, 1, 1).toordinal()
_WIDEST = 18 * HOUR
_OFFSET = re.compile(r"([+-])(\d{1,2})(?::?(\d\d)(?::?(\d\d))?)?", re.ASCII)
_ABSENT = frozenset({"EST", "MST", "HST", "ROC", "Factory", "localtime", "posixrules"})
"""Names that Java does not know."""


def days_of(year: int, month: int, day: int) -> int:
    """Return the days since 1970-01-01; ValueError for a day that is not there."""
    cycles, rest = divmod(year, _CYCLE_YEARS)
    return date(rest + _CYCLE_YEARS, month, day).toordinal() - _EPOCH + (cycles - 1) * _CYCLE_DAYS


def date_of(days: int) -> tuple[int, int, int]:
    """Return year, month and day of the days since 1970-01-01."""
    cycles, rest = divmod(days + _EPOCH - 1, _CYCLE_DAYS)
    found = date.fromordinal(rest + 1)
    return found.year + cycles * _CYCLE_YEARS, found.month, found.day


def plus_months(local: int, months: int) -> int:
    """Move by months; a day that the month does not have becomes its last."""
    days, clock = divmod(local, DAY)
    year, month, day = date_of(days)
    year, month = divmod(year * 12 + month - 1 + months, 12)
    first = days_of(year, month + 1, 1)
    following = days_of(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + day, following) * DAY - DAY + clock


@lru_cache(maxsize=256)
def zone(text: str) -> Zone:
    """Return the zone of a name or offset, as Java's `ZoneId.of` reads it; ValueError when there is none."""
    if text == "Z":
        return 0
    for prefix in ("UTC", "GMT", "UT"):
        if text.startswith(prefix) and text[len(prefix) : len(prefix) + 1] in {"", "+", "-"}:
            return zone(text[len(prefix) :] or "Z")
    if match := _OFFSET.fullmatch(text):
        return offset(match)
    if text in _ABSENT or text not in available_timezones():
        raise ValueError(text)
    return _named(text)


def _named(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except ZoneInfoNotFoundError as error:
        raise ValueError(text) from error


def offset(match: re.Match[str]) -> int:
    """Return the milliseconds of a matched offset: sign, hours, minutes, seconds; ValueError beyond 18 hours."""
    sign, hours, minutes, seconds = match.groups()
    if int(minutes or 0) > 59 or int(seconds or 0) > 59:
        raise ValueError(match.group())
    size = int(hours) * HOUR + int(minutes or 0) * MINUTE + int(seconds or 0) * SECOND
    if size > _WIDEST:
        raise ValueError(match.group())
    return -size if sign == "-" else size


def instant_of(local: int, where: Zone, *, prefer: int | None = None) -> int:
    """Return the instant of a local time.

    A time that clocks skip moves on by the gap. A time that they show twice is the earlier one, or that with the offset
    `prefer`.
    """
    if isinstance(where, int):
        return local - where
    early = _offset_at(local, partial(datetime.replace, tzinfo=where, fold=0))
    late = _offset_at(local, partial(datetime.replace, tzinfo=where, fold=1))
    return local - (late if prefer == late < early else early)


def local_of(instant: int, where: Zone) -> int:
    """Return the local time of an instant."""
    if isinstance(where, int):
        return instant + where
    utc = ZoneInfo("UTC")
    return instant + _offset_at(instant, lambda moment: moment.replace(tzinfo=utc).astimezone(where))


def _offset_at(millis: int, place: Callable[[datetime], datetime]) -> int:
    days, clock = divmod(millis, DAY)
    year, month, day = date_of(days)
    if not 2 <= year <= 9998:
        year = 2 if year < 2 else 9600 - _CYCLE_YEARS + year % _CYCLE_YEARS
    shift = place(datetime(year, month, day) + timedelta(milliseconds=clock)).utcoffset()  # noqa: DTZ001 - placed here
    return round(shift.total_seconds() * 1000) if shift is not None else 0
