"""Spans and points of time as people write them."""

from datetime import UTC, datetime, timedelta
from typing import Final

from muster.errors import InvalidInput

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

LAST: Final = 253_402_300_799_999
"""The last moment that can be told, in ms since 1970: the end of the year 9999."""


def is_span(text: str) -> bool:
    """Whether this is a span, however long."""
    return text.isascii() and text[:-1].isdecimal() and text[-1:] in UNITS


def span(text: str) -> int:
    """Return a span such as `30s`, `10m`, `12h`, `7d` or `2w` in milliseconds.

    Raises:
        InvalidInput: it is none, or longer than can be told.
    """
    if not is_span(text):
        raise InvalidInput(f"`{text}` is not a span of time", hint="write 30s, 10m, 12h, 7d or 2w")
    try:
        return round(timedelta(**{UNITS[text[-1]]: int(text[:-1])}).total_seconds() * 1000)
    except (OverflowError, ValueError) as error:
        raise InvalidInput(f"`{text:.20}` is too long a span of time", hint="write 30s, 10m, 12h, 7d or 2w") from error


def told(milliseconds: int) -> str:
    """Return a span as `span` reads it, in the longest unit up to days that tells it exactly; `1.5s` where none does."""
    lengths = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000}
    exact = next((unit for unit, length in lengths.items() if not milliseconds % length), None)
    return f"{milliseconds / 1000:g}s" if exact is None else f"{milliseconds // lengths[exact]}{exact}"


def moment(said: str | int, now: int) -> int:
    """Return a point of time in ms since 1970: a span from now, an ISO date or time (UTC where it says no zone), or such ms.

    Raises:
        InvalidInput: it is none of these, or later than can be told.
    """
    found = said if isinstance(said, int) else _read(said, now)
    if not 0 <= found <= LAST:
        raise InvalidInput("a time is between 1970 and the end of 9999")
    return found


def _read(text: str, now: int) -> int:
    if is_span(text):
        return now + span(text)
    try:
        said = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"`{text}` is not a time", hint="write 30d, 12h, or an ISO date or time") from error
    return round((said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp() * 1000)
