"""How OpenSearch writes numbers, dates and booleans beside their values."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN = (1e-3, 1e7)
"""Java writes numbers from here to there without an exponent."""


def of_number(value: float) -> str:
    """Write a fraction as Java does.

    >>> of_number(10), of_number(0.5), of_number(12345678)
    ('10.0', '0.5', '1.2345678E7')
    """
    value = float(value)
    if value == 0 or _PLAIN[0] <= abs(value) < _PLAIN[1]:
        return repr(value)
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    first, *rest = map(str, digits)
    return f"{'-' if sign else ''}{first}.{''.join(rest) or '0'}E{int(exponent) + len(rest)}"


def of_boolean(value: float) -> str:
    """Write a boolean that is kept as a number; what lies between is true."""
    return "true" if value else "false"


def of_date(milliseconds: float, offset: int = 0) -> str:
    """Write a time on the clocks of an offset, both in milliseconds; one beyond the calendar as its number.

    >>> of_date(0), of_date(-1, 3_600_000)
    ('1970-01-01T00:00:00.000Z', '1970-01-01T00:59:59.999+01:00')
    """
    whole = int(milliseconds)
    try:
        local = _EPOCH + timedelta(milliseconds=whole + offset)
    except OverflowError:
        return str(whole)
    return f"{local.year:04}-{local:%m-%dT%H:%M:%S}.{local.microsecond // 1000:03}{_zone(offset)}"


def _zone(offset: int) -> str:
    if not offset:
        return "Z"
    minutes = abs(offset) // 60_000
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
