"""Tables as CSV, batch by batch."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

import orjson

from muster.service.rows import Column, Row

Batches: TypeAlias = Iterator[list[Row]]

FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a text begins with that a spreadsheet would run, or would take for one after it has dropped the blank."""


def csv_text(columns: Sequence[Column], batches: Batches) -> Iterator[bytes]:
    """Yield CSV as RFC 4180 has it, in UTF-8: the names of the columns, then a row each; empty where there is nothing.

    A text that a spreadsheet would take for a formula has a `'` before it. What is neither text nor nothing is JSON.
    """
    yield _lines([[column.name for column in columns]])
    for some in batches:
        yield _lines(some)


def _lines(rows: Sequence[Sequence[Any]]) -> bytes:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([_cell(value) for value in row] for row in rows)
    return lines.getvalue().encode()


def _cell(value: Any) -> str | None:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULAS) else value
    return text_of(value)


def text_of(value: Any) -> str | None:
    """Return a value as a text: what is none already, as JSON."""
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()
