"""Numbers and booleans as an index holds them, and the bounds that a query's values stand for.

`kind` is one of `byte`, `short`, `integer`, `long`, `half_float`, `float`, `double`.
"""

from dataclasses import dataclass

Number = int | float


@dataclass(frozen=True, slots=True)
class Interval:
    """Indexed values from `low` to `high`, both included; `None` is open."""

    low: Number | None
    high: Number | None


def index_number(value: object, kind: str, *, coerce: bool = True) -> Number | None:
    """Return the number that is indexed for a document's value; None when it is malformed and indexes nothing."""
    raise NotImplementedError


def term_number(value: object, kind: str) -> Number | None:
    """Return the indexed number that equals a query's value; None when no asset can have it.

    Raises:
        InvalidInput: the value is not a number.
    """
    raise NotImplementedError


def number_range(
    kind: str, *, gt: object = None, gte: object = None, lt: object = None, lte: object = None
) -> Interval | None:
    """Return the indexed numbers between a query's bounds; None when no asset can lie between them.

    Raises:
        InvalidInput: a bound is not a number.
    """
    raise NotImplementedError


def index_boolean(value: object) -> bool | None:
    """Return the boolean that is indexed for a document's value; None when it is malformed and indexes nothing."""
    raise NotImplementedError


def term_boolean(value: object) -> bool:
    """Return the boolean that a query's value stands for.

    Raises:
        InvalidInput: neither true nor false.
    """
    raise NotImplementedError
