"""Dates: formats, date math and rounding, in milliseconds since 1970-01-01 UTC."""

DEFAULT_FORMAT = "strict_date_optional_time||epoch_millis"


def index_date(value: object, format_: str = DEFAULT_FORMAT) -> int | None:
    """Return the time that is indexed for a document's value; None when it is malformed and indexes nothing."""
    raise NotImplementedError


def bound(
    value: object, format_: str = DEFAULT_FORMAT, *, now: int, round_up: bool, time_zone: str | None = None
) -> int:
    """Return the time that a bound of a query stands for.

    Missing parts and `/d` roundings are filled to the first millisecond, or with `round_up` to the last one: `gt` and
    `lte` round up, `gte` and `lt` down.

    Raises:
        InvalidInput: the value is not a date of this format, or the format or time zone is unknown.
    """
    raise NotImplementedError


def date_range(  # noqa: PLR0913 - the parts of a range clause
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

    Raises:
        InvalidInput: a bound is not a date of this format, or the format or time zone is unknown.
    """
    raise NotImplementedError


def term_dates(value: object, format_: str = DEFAULT_FORMAT, *, now: int) -> tuple[int, int]:
    """Return the first and the last millisecond that a `term` on a date stands for, both included.

    Raises:
        InvalidInput: the value is not a date of this format.
    """
    raise NotImplementedError
