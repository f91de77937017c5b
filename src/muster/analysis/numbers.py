"""Numbers and booleans as an index holds them, and the bounds that a query's values stand for.

`kind` is one of `byte`, `short`, `integer`, `long`, `half_float`, `float`, `double`. Values are those of parsed JSON; a
text is read as Java reads a number. Negative zero is another number than zero, just below it, and kept as `NEGATIVE_ZERO`.
"""

import json
import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from muster.errors import InvalidInput

Number: TypeAlias = int | float


@dataclass(frozen=True, slots=True)
class Interval:
    """Indexed values from `low` to `high`, both included; `None` is open."""

    low: Number | None
    high: Number | None


_WHOLE: Mapping[str, tuple[int, int]] = {
    "byte": (-(1 << 7), (1 << 7) - 1),
    "short": (-(1 << 15), (1 << 15) - 1),
    "integer": (-(1 << 31), (1 << 31) - 1),
    "long": (-(1 << 63), (1 << 63) - 1),
}
_PACKED: Mapping[str, tuple[str, str]] = {"float": ("<f", "<I"), "double": ("<d", "<Q")}
"""Formats of a value and of its bits."""

NEGATIVE_ZERO = math.nextafter(0.0, -1.0)
"""Stands for -0.0, which compares equal to 0.0 nearly everywhere, but not in an index."""

_FLOAT_TEXT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_HEX_TEXT = re.compile(r"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+")
_DECIMAL_TEXT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_JAVA_BLANKS = "".join(map(chr, range(33)))
_DIGITS_OF_A_LONG = 19


def _java_double(text: str) -> float:
    """Read a text as `Double.parseDouble` does.

    Raises:
        ValueError: not a number.
    """
    text = text.strip(_JAVA_BLANKS)
    if text.lstrip("+-") in {"NaN", "Infinity"} and len(text) - len(text.lstrip("+-")) < 2:
        return float(text)
    bare = text[:-1] if text[-1:] in {"f", "F", "d", "D"} else text
    if _HEX_TEXT.fullmatch(bare):
        return float.fromhex(bare)
    if not _FLOAT_TEXT.fullmatch(bare):
        raise ValueError(text)
    return float(bare)


def _java_long(text: str) -> int:
    """Read a text as a decimal number and drop its fraction; ValueError when it is none, or far too large."""
    if not _DECIMAL_TEXT.fullmatch(text):
        raise ValueError(text)
    number = Decimal(text)
    if number.adjusted() >= _DIGITS_OF_A_LONG:
        raise OverflowError(text)
    return 0 if number.adjusted() < 0 else int(number)


def _whole(value: str | Number, kind: str) -> int:
    """Return a whole number, its fraction dropped; a text for the small kinds is a double first, NaN being 0."""
    if isinstance(value, str) and kind == "long":
        return _java_long(value)
    number = _java_double(value) if isinstance(value, str) else value
    return 0 if number != number else int(number)  # noqa: PLR0124 - NaN


def _rounded(value: Number, kind: str) -> float:
    """Return the nearest number that the floating point kind can hold; OverflowError when it is too large."""
    number = float(value)
    if not math.isfinite(number):
        raise OverflowError(number)
    if kind != "double":
        number = _packed(number, "<f") if kind == "float" else _packed(_packed(number, "<f"), "<e")
    return _signed(number)


def _packed(number: float, format_: str) -> float:
    return float(struct.unpack(format_, struct.pack(format_, number))[0])


def _signed(number: float) -> float:
    return NEGATIVE_ZERO if number == 0.0 and math.copysign(1, number) < 0 else number


def written(value: str | Number) -> str | Number:
    """Return an indexed value as it is written: `NEGATIVE_ZERO` is -0.0, every other is itself."""
    return -0.0 if value == NEGATIVE_ZERO else value


def index_number(value: object, kind: str, *, coerce: bool = True) -> Number | None:
    """Return the number that is indexed for a document's value; None when it is malformed and indexes nothing.

    With `coerce`, texts are read as numbers, and whole kinds drop a fraction.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float) or (isinstance(value, str) and not coerce):
        return None
    try:
        return _indexed(value, kind, coerce=coerce)
    except (ValueError, OverflowError):
        return None


def _indexed(value: str | Number, kind: str, *, coerce: bool) -> Number | None:
    if kind not in _WHOLE:
        return _rounded(_java_double(value) if isinstance(value, str) else value, kind)
    number = _whole(value, kind)
    low, high = _WHOLE[kind]
    counted = value if kind == "integer" and isinstance(value, float) else number
    return number if low <= counted <= high and (coerce or number == value) else None


def _asked(value: object) -> str | Number:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidInput(f"`{json.dumps(value)}` is not a number", hint="give a number")
    return value


def _asked_whole(value: str | Number, kind: str) -> tuple[int, float]:
    """Return the number without its fraction, and the fraction with its sign (0.0 for none).

    Raises:
        InvalidInput: not a number, or beyond 32 bits for a small kind, 64 for `long`.
    """
    low, high = _WHOLE["long" if kind == "long" else "integer"]
    try:
        double = _java_double(value) if isinstance(value, str) else value
        number = _whole(value, kind)
    except OverflowError as error:
        raise _out_of_range(value, kind) from error
    except ValueError as error:
        raise _not_a_number(value) from error
    fraction = math.fmod(double, 1) if isinstance(double, float) else 0.0
    if not low <= number <= high or (kind != "long" and not low <= double <= high and not math.isnan(double)):
        raise _out_of_range(value, kind)
    return number, fraction


def _asked_fraction(value: str | Number, kind: str) -> float:
    """Return the number as the floating point kind holds it.

    Raises:
        InvalidInput: not a number, or too large for the kind.
    """
    try:
        return _rounded(_java_double(value) if isinstance(value, str) else value, kind)
    except OverflowError as error:
        raise _out_of_range(value, kind) from error
    except ValueError as error:
        raise _not_a_number(value) from error


def _out_of_range(value: str | Number, kind: str) -> InvalidInput:
    return InvalidInput(f"`{value}` is out of range for `{kind}`", hint="leave the bound out, or give a smaller number")


def _not_a_number(value: str | Number) -> InvalidInput:
    return InvalidInput(f"`{value}` is not a number", hint="give a number")


def _has_fraction(value: str | Number) -> bool:
    try:
        double = _java_double(value) if isinstance(value, str) else value
    except ValueError as error:
        raise _not_a_number(value) from error
    return isinstance(double, float) and (not math.isfinite(double) or double % 1 != 0)


def term_number(value: object, kind: str) -> Number | None:
    """Return the indexed number that equals a query's value; None when no asset can have it.

    Raises:
        InvalidInput: the value is not a number, or out of the range of the kind (32 bits for small whole kinds).
    """
    asked = _asked(value)
    if kind not in _WHOLE:
        return _asked_fraction(asked, kind)
    return None if _has_fraction(asked) else _asked_whole(asked, kind)[0]


def number_range(
    kind: str, *, gt: object = None, gte: object = None, lt: object = None, lte: object = None
) -> Interval | None:
    """Return the indexed numbers between a query's bounds; None when no asset can lie between them.

    Raises:
        InvalidInput: a bound is not a number, or out of the range of the kind (32 bits for small whole kinds).
    """
    step = _whole_bound if kind in _WHOLE else _fraction_bound
    lows = [step(_asked(value), kind, 1, out=out) for value, out in ((gt, True), (gte, False)) if value is not None]
    highs = [step(_asked(value), kind, -1, out=out) for value, out in ((lt, True), (lte, False)) if value is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return None if low is not None and high is not None and low > high else Interval(low, high)


def _whole_bound(value: str | Number, kind: str, direction: int, *, out: bool) -> Number:
    """Return the first whole number inside a bound; `direction` points inside, `out` says the bound itself is not."""
    number, fraction = _asked_whole(value, kind)
    if fraction == 0.0:
        return number + direction if out else number
    return number + direction if fraction * direction > 0 else number


def _fraction_bound(value: str | Number, kind: str, direction: int, *, out: bool) -> Number:
    """Return the first number inside a bound; those of `half_float` are rounded to `float` only."""
    if kind == "double" and not math.isfinite(unbounded := _unbounded(value)):
        return math.inf if math.isnan(unbounded) else unbounded
    number = _asked_fraction(value, kind)
    if kind == "half_float":
        number, kind = _asked_fraction(value, "float"), "float"
    return _next(number, kind, direction) if out else number


def _unbounded(value: str | Number) -> float:
    try:
        return _java_double(value) if isinstance(value, str) else float(value)
    except OverflowError:
        return math.copysign(math.inf, 1 if isinstance(value, int) and value > 0 else -1)
    except ValueError as error:
        raise _not_a_number(value) from error


def _next(number: float, kind: str, direction: int) -> float:
    """Return the neighbour of a number among those that the kind can hold."""
    if number == NEGATIVE_ZERO:
        return 0.0 if direction > 0 else -_least(kind) + NEGATIVE_ZERO
    if number == 0.0:
        return _least(kind) if direction > 0 else NEGATIVE_ZERO
    value, bits = _PACKED[kind]
    pattern = struct.unpack(bits, struct.pack(value, number))[0]
    away = 1 if (number > 0) == (direction > 0) else -1
    return _signed(float(struct.unpack(value, struct.pack(bits, pattern + away))[0]))


def _least(kind: str) -> float:
    """Return the positive number next to zero."""
    value, bits = _PACKED[kind]
    return float(struct.unpack(value, struct.pack(bits, 1))[0])


def index_boolean(value: object) -> bool | None:
    """Return the boolean that is indexed for a document's value; None when it is malformed and indexes nothing.

    The texts `true`, `false` and, for false, the empty text count; numbers do not.
    """
    return value if isinstance(value, bool) else _BOOLEANS.get(value) if isinstance(value, str) else None


_BOOLEANS: Mapping[str, bool] = {"true": True, "false": False, "": False}


def term_boolean(value: object) -> bool:
    """Return the boolean that a query's value stands for.

    Raises:
        InvalidInput: neither true nor false.
    """
    found = index_boolean(value) if value != "" else None
    if found is None:
        raise InvalidInput(f"`{value}` is neither true nor false", hint="use `true` or `false`")
    return found
