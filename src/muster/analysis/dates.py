"""Dates: formats, date math and rounding, in milliseconds since 1970-01-01 UTC."""

from collections.abc import Sequence
from functools import lru_cache

from muster.analysis.dates_formats import Parsed, parsers
from muster.analysis.dates_math import calculate
from muster.analysis.dates_zones import Zone, instant_of, zone
from muster.errors import InvalidInput

DEFAULT_FORMAT = "strict_date_optional_time||epoch_millis"

_EARLIEST = -(1 << 63)

_LONGEST = 256
"""A longer text is no date."""


def check_format(format_: str) -> None:
    """Complain about a format that is not supported.

    Raises:
        InvalidInput: a name or pattern letter that is not supported.
    """
    parsers(format_)


def index_date(value: object, format_: str = DEFAULT_FORMAT) -> int | None:
    """Return the time that is indexed for a document's value; None when it is malformed and indexes nothing.

    A number is read as its text in JSON: `2024` is a year in the default format, `1706694000000` milliseconds, and so is
    `2024.0`.
    """
    text = str(value) if isinstance(value, float) else _text(value)
    return None if text is None else _indexed(text, format_)


@lru_cache(maxsize=1 << 16)
def _indexed(text: str, format_: str) -> int | None:
    try:
        parsed = _parse(text, format_, round_up=False)
    except ValueError:
        return None
    return None if parsed is None else _instant(parsed, 0)


def _text(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value)
    return text if len(text) <= _LONGEST else None


def _parse(text: str, format_: str, *, round_up: bool) -> Parsed | None:
    attempts = (parse(text, round_up) for parse in parsers(format_))
    return next((parsed for parsed in attempts if parsed is not None), None)


def _instant(parsed: Parsed, where: Zone) -> int:
    """Return the time; one that 64 bits cannot hold is the nearest that they can."""
    instant = instant_of(parsed.local, where if parsed.zone is None else parsed.zone)
    return min(max(instant, _EARLIEST), -_EARLIEST - 1)


def bound(
    value: object, format_: str = DEFAULT_FORMAT, *, now: int, round_up: bool, time_zone: str | None = None
) -> int:
    """Return the time that a bound of a query stands for.

    Anchors are `now` and a date before `||`. Missing parts of a date without math are filled to the first millisecond, or
    with `round_up` to 23:59:59.999 of the first month and day. Roundings such as `/M` lead to the first or last millisecond
    of the unit. The time zone is that of dates which name none, epoch numbers included, and of the clocks that math runs on.

    Raises:
        InvalidInput: the value is not a date of this format, or the format or time zone is unknown.
    """
    text = _text(value)
    where = _time_zone(time_zone)
    if text is None:
        raise _not_a_date(value, format_)
    try:
        return _bound(text, format_, where, now=now, round_up=round_up)
    except (ValueError, OverflowError) as error:
        raise _not_a_date(value, format_) from error


def _bound(text: str, format_: str, where: Zone, *, now: int, round_up: bool) -> int:
    if text.startswith("now"):
        return calculate(now, text[3:], where, round_up=round_up)
    anchor, bars, math = text.partition("||")
    parsed = _parse(anchor, format_, round_up=round_up and not bars)
    if parsed is None:
        raise ValueError(anchor)
    return calculate(_instant(parsed, where), math, where, round_up=round_up)


def _time_zone(text: str | None) -> Zone:
    try:
        return zone(text or "Z")
    except ValueError as error:
        raise InvalidInput(f"time zone `{text}` is not known", hint="use `+01:00` or `Europe/Paris`") from error


def _not_a_date(value: object, format_: str) -> InvalidInput:
    return InvalidInput(
        f"`{value}` is not a date of format `{format_}`", hint="use `2024-01-31`, or date math as in `now-7d/d`"
    )


def date_range(
    format_: str = DEFAULT_FORMAT,
    *,
    now: int,
    gt: object = None,
    gte: object = None,
    lt: object = None,
    lte: object = None,
    time_zone: str | None = None,
) -> tuple[int | None, int | None]:
    """Return the first and the last millisecond of a range, both included; None is open.

    `gt` and `lte` round up, `gte` and `lt` down. The first may lie after the last: no time is between them.

    Raises:
        InvalidInput: a bound is not a date of this format, or the format or time zone is unknown.
    """

    def ends(out: object, included: object, step: int, *, up: bool) -> Sequence[int]:
        asked = ((out, up, step), (included, not up, 0))
        return [
            bound(value, format_, now=now, round_up=round_up, time_zone=time_zone) + move
            for value, round_up, move in asked
            if value is not None
        ]

    low = max(ends(gt, gte, 1, up=True), default=None)
    return low, min(ends(lt, lte, -1, up=False), default=None)


def term_dates(value: object, format_: str = DEFAULT_FORMAT, *, now: int) -> tuple[int, int]:
    """Return the first and the last millisecond that a `term` on a date stands for, both included.

    Raises:
        InvalidInput: the value is not a date of this format.
    """
    return bound(value, format_, now=now, round_up=False), bound(value, format_, now=now, round_up=True)
