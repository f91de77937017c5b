"""Date formats by name and by pattern, as regular expressions whose groups are the parts of a date."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from muster.analysis.dates_zones import DAY, HOUR, MINUTE, SECOND, Zone, days_of, zone
from muster.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says: a local time, and the zone when it names one."""

    local: int
    zone: Zone | None = None


Parser: TypeAlias = Callable[[str, bool], Parsed | None]
"""Takes a text and whether missing parts are filled upward; None when the text is not of the format."""

_YEAR = r"(?P<year>\d{4}|\+\d{5,9}|-\d{4,9})"
_YEAR_OF_ERA = r"(?P<year>(?!0000)\d{4}|\+\d{5,9})"
_ZONE = (
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d(?::\d\d)?)?"
    r"|(?:UTC|GMT|UT)(?:[+-]\d\d:\d\d(?::\d\d)?)?|(?!(?:UTC|GMT|UT)[+-])[A-Za-z][A-Za-z0-9~/._+-]+)"
)
_STRICT = (
    rf"{_YEAR}(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?"
    rf"(?:T(?:(?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{{1,9}}))?)?)?{_ZONE}?)?)?)?"
)
_LAX = (
    r"(?P<year>-?\d{1,5})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?"
    r"(?:T(?:(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    rf"{_ZONE}?)?)?)?)?"
)
_DATE = rf"{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)"
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"

_NAMED: Mapping[str, str] = {
    "strict_date_optional_time": _STRICT,
    "date_optional_time": _LAX,
    "strict_date_time": rf"{_DATE}T{_CLOCK}(?:\.(?P<fraction>\d{{1,9}}))?{_ZONE}",
    "strict_date_time_no_millis": rf"{_DATE}T{_CLOCK}{_ZONE}",
    "strict_year": _YEAR,
    "strict_year_month": rf"{_YEAR}-(?P<month>\d\d)",
    "basic_date": r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
}

_IMPOSSIBLE: Mapping[str, re.Pattern[str]] = {
    "strict_date_optional_time": re.compile(r"-\d{10}", re.ASCII),
    "strict_year": re.compile(r"-\d{10}", re.ASCII),
    "uuuu": re.compile(r"-\d{10,19}", re.ASCII),
}
"""Years beyond the calendar, by format: they are refused without a look at the alternatives behind it."""

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)} | {
    name[:3]: number for number, name in enumerate(_MONTHS, 1)
}

_LETTERS: Mapping[str, str] = {
    "yyyy": _YEAR_OF_ERA,
    "uuuu": _YEAR,
    "MMMM": rf"(?P<month>{'|'.join(_MONTHS)})",
    "MMM": rf"(?P<month>{'|'.join(name[:3] for name in _MONTHS)})",
    "MM": r"(?P<month>\d\d)",
    "M": r"(?P<month>\d{1,19})",
    "dd": r"(?P<day>\d\d)",
    "d": r"(?P<day>\d{1,19})",
    "HH": r"(?P<hour>\d\d)",
    "H": r"(?P<hour>\d{1,19})",
    "mm": r"(?P<minute>\d\d)",
    "m": r"(?P<minute>\d{1,19})",
    "ss": r"(?P<second>\d\d)",
    "s": r"(?P<second>\d{1,19})",
    "Z": r"(?P<zone>[+-]\d{4})",
    "XXX": r"(?P<zone>Z|[+-]\d\d:\d\d)",
    "XX": r"(?P<zone>Z|[+-]\d{4})",
    "X": r"(?P<zone>Z|[+-]\d\d(?:\d\d)?)",
}
_PATTERN_PART = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']")


@lru_cache(maxsize=256)
def parsers(format_: str) -> tuple[Parser, ...]:
    """Return the parsers of a format's alternatives (`||`), in order; one raises ValueError for what no other may take.

    Raises:
        InvalidInput: a name or pattern letter that is not supported.
    """
    return tuple(_parser(one) for one in format_.split("||"))


def _parser(name: str) -> Parser:
    if name in _EPOCHS:
        return _EPOCHS[name]
    expression = re.compile(_NAMED.get(name) or _of_pattern(name), re.ASCII)
    impossible = _IMPOSSIBLE.get(name)

    def parse(text: str, round_up: bool) -> Parsed | None:  # noqa: FBT001 - one signature for all formats
        if impossible is not None and impossible.fullmatch(text):
            raise ValueError(text)
        match = expression.fullmatch(text)
        return _filled(match.groupdict(), round_up=round_up) if match else None

    return parse


def _of_pattern(pattern: str) -> str:
    parts, at = [], 0
    while at < len(pattern):
        match = _PATTERN_PART.match(pattern, at)
        if match is None:
            raise _unsupported(pattern)
        parts.append(_piece(match, pattern))
        at = match.end()
    if not any("<year>" in part for part in parts):
        raise _unsupported(pattern)
    return "".join(parts)


def _piece(match: re.Match[str], pattern: str) -> str:
    text = match.group()
    if match.group(2) is None:
        return re.escape(text if match.group(1) is None else match.group(1).replace("''", "'") or "'")
    if text.strip("S") == "" and len(text) <= 9:
        return rf"(?P<fraction>\d{{{len(text)}}})"
    if text not in _LETTERS:
        raise _unsupported(pattern)
    return _LETTERS[text]


def _unsupported(pattern: str) -> InvalidInput:
    return InvalidInput(
        f"date format `{pattern}` is not supported",
        hint=f"use {', '.join([*_NAMED, *_EPOCHS])} or a pattern such as `yyyy-MM-dd HH:mm:ss`",
    )


def _filled(parts: Mapping[str, str | None], *, round_up: bool) -> Parsed | None:
    try:
        days = days_of(int(parts["year"] or 0), _month(parts.get("month")), int(parts.get("day") or 1))
        return Parsed(days * DAY + _clock(parts, round_up=round_up), _zone(parts.get("zone")))
    except ValueError:
        return None


def _month(text: str | None) -> int:
    if text is None:
        return 1
    return _MONTH_NUMBERS[text] if text.isalpha() else int(text)


def _zone(text: str | None) -> Zone | None:
    return None if text is None else zone(text)


def _clock(parts: Mapping[str, str | None], *, round_up: bool) -> int:
    missing = {"hour": 23, "minute": 59, "second": 59} if round_up else {"hour": 0, "minute": 0, "second": 0}
    hour, minute, second = (int(parts.get(name) or default) for name, default in missing.items())
    fraction = parts.get("fraction")
    millis = int(fraction.ljust(3, "0")[:3]) if fraction is not None else 999 * round_up
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(hour, minute, second)
    return hour * HOUR + minute * MINUTE + second * SECOND + millis


_MILLIS = re.compile(r"(-?)(\d{1,19})(?:(\.)(\d{0,6}))?", re.ASCII)
_SECONDS = re.compile(r"(-?)(\d{1,19})(?:(\.)(\d{0,9}))?", re.ASCII)
_LARGEST = (1 << 63) - 1


def _epoch_millis(text: str, round_up: bool) -> Parsed | None:  # noqa: FBT001 - one signature for all formats
    """A fraction of a negative number counts away from zero, and one that is missing is filled that way."""
    match = _MILLIS.fullmatch(text)
    if match is None or int(match[2]) > _LARGEST:
        return None
    sign, whole, point, fraction = match.groups()
    beyond = round_up if point is None else int(fraction or 0) > 0
    return Parsed(-int(whole) - beyond if sign else int(whole))


def _epoch_second(text: str, round_up: bool) -> Parsed | None:  # noqa: FBT001 - one signature for all formats
    """The fraction counts forward, also behind a negative number; `-0` is refused."""
    match = _SECONDS.fullmatch(text)
    if match is None or int(match[2]) > _LARGEST // SECOND or (match[1] and int(match[2]) == 0):
        return None
    sign, whole, point, fraction = match.groups()
    millis = 999 * round_up if point is None else int(fraction.ljust(3, "0")[:3])
    return Parsed((-int(whole) if sign else int(whole)) * SECOND + millis)


_EPOCHS: Mapping[str, Parser] = {"epoch_millis": _epoch_millis, "epoch_second": _epoch_second}
