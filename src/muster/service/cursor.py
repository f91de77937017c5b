"""Opaque cursors: where a page ended, bound to the question that was paged."""

import base64
import binascii
import hashlib
import json
import math
from typing import Any

from muster.errors import InvalidInput

UNCHANGED = "pass on `next` of the page before, unchanged"
NUMBERS = range(-(1 << 63), 1 << 63)
ORDINALS = range(1 << 32)


def fingerprint(*parts: object) -> str:
    """Return a short digest of what is being paged, so that a cursor cannot be used for another question."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def encode(question: str, after: tuple[Any, ...]) -> str:
    """Return the cursor for the page that follows."""
    text = json.dumps([question, list(after)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(question: str, cursor: str, keys: int = 0) -> tuple[Any, ...]:
    """Return where the page before ended: the values of so many keys of an order, and an ordinal.

    Raises:
        InvalidInput: not a cursor, or one of another question.
    """
    try:
        asked, after = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError) as error:
        raise InvalidInput("that is not a cursor", hint=UNCHANGED) from error
    if not (isinstance(after, list) and all(map(_is_value, after)) and _is_ordinal(after[-1:])):
        raise InvalidInput("that is not a cursor", hint=UNCHANGED)
    if asked != question or len(after) != keys + 1:
        raise InvalidInput(
            "the cursor belongs to another question",
            hint="keep product, mode, sort and filters the same from page to page, or start again without a cursor",
        )
    return tuple(after)


def _is_value(value: object) -> bool:
    match value:
        case str():
            return not any("\ud800" <= char <= "\udfff" for char in value)
        case int():
            return value in NUMBERS
        case float():
            return math.isfinite(value)
        case _:
            return value is None


def _is_ordinal(last: list[object]) -> bool:
    return [type(value) for value in last] == [int] and last[0] in ORDINALS
