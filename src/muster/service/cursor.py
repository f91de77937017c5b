"""Opaque cursors: where a page ended, bound to the question that was paged."""

import base64
import binascii
import hashlib
import json
from typing import Any

from muster.errors import InvalidInput


def fingerprint(*parts: object) -> str:
    """Return a short digest of what is being paged, so that a cursor cannot be used for another question."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def encode(question: str, after: tuple[Any, ...]) -> str:
    """Return the cursor for the page that follows."""
    text = json.dumps([question, list(after)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(question: str, cursor: str) -> tuple[Any, ...]:
    """Return where the page before ended.

    Raises:
        InvalidInput: not a cursor, or one of another question.
    """
    try:
        asked, after = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError) as error:
        raise InvalidInput("that is not a cursor", hint="pass on `next` of the page before, unchanged") from error
    if asked != question or not isinstance(after, list):
        raise InvalidInput(
            "the cursor belongs to another question",
            hint="keep product, mode, sort and filters the same from page to page, or start again without a cursor",
        )
    return tuple(after)
