"""Spans and points of time as people write them."""

from datetime import UTC, datetime, timedelta

from muster.errors import InvalidInput

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def span(text: str) -> int:
    """Return a span such as `30s`, `10m`, `12h`, `7d` or `2w` in milliseconds.

    Raises:
        InvalidInput: it is none.
    """
    number, unit = text[:-1], text[-1:]
    if not number.isdecimal() or unit not in UNITS:
        raise InvalidInput(f"`{text}` is not a span of time", hint="write 30s, 10m, 12h, 7d or 2w")
    return round(timedelta(**{UNITS[unit]: int(number)}).total_seconds() * 1000)


def moment(text: str, now: int) -> int:
    """Return a point of time in ms since 1970: a span from now, or an ISO date or time (UTC where it says no zone).

    Raises:
        InvalidInput: it is neither.
    """
    if text[:-1].isdecimal() and text[-1:] in UNITS:
        return now + span(text)
    try:
        said = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"`{text}` is not a time", hint="write 30d, 12h, or an ISO date or time") from error
    return round((said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp() * 1000)
