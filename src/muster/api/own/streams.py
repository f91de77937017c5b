"""Tables as streams of bytes, batch by batch: NDJSON, CSV, Parquet."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

import orjson
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from muster.service.rows import Column, Row

Batches: TypeAlias = Iterator[list[Row]]

FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a text begins with that a spreadsheet would run, or would take for one after it has dropped the blank."""

GROUP: Final = 25_000
"""Rows of a row group: enough to be read fast, and few to hold until it is written."""


def ndjson(columns: Sequence[Column], batches: Batches) -> Iterator[bytes]:
    """Yield an object a line, every column in it; null where an asset has nothing."""
    names = [column.name for column in columns]
    for some in batches:
        lines = (orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE) for row in some)
        yield b"".join(lines)


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
    return _text(value)


def parquet(columns: Sequence[Column], batches: Batches) -> Iterator[bytes]:
    """Yield a Parquet file whose columns are strings, or lists of strings; what is no text is in them as JSON."""
    kinds = [pa.list_(pa.string()) if column.many else pa.string() for column in columns]
    schema = pa.schema([(column.name, kind) for column, kind in zip(columns, kinds, strict=True)])
    sink, held, count = _Sink(), list[Any](), 0
    with ParquetWriter(sink, schema) as writer:
        for some in batches:
            held.append(_record_batch(columns, schema, some))
            count += len(some)
            if count >= GROUP:
                writer.write_table(pa.Table.from_batches(held, schema))
                held, count = [], 0
                yield sink.taken()
        writer.write_table(pa.Table.from_batches(held, schema))
    yield sink.taken()


def _record_batch(columns: Sequence[Column], schema: Any, some: Sequence[Row]) -> Any:
    values = zip(*some, strict=True)
    told = (
        [_texts(one) if column.many else _text(one) for one in of] for column, of in zip(columns, values, strict=True)
    )
    arrays = [pa.array(of, kind) for of, kind in zip(told, schema.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _texts(value: Any) -> list[str | None] | None:
    if value is None:
        return None
    return [_text(one) for one in (value if isinstance(value, list) else [value])]


def _text(value: Any) -> str | None:
    """Return a value as a text: what is none already, as JSON."""
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


class _Sink(io.RawIOBase):
    """A file that gives away what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._size

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._size += len(part)
        return len(part)

    def taken(self) -> bytes:
        """Return what was written since this was asked last."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
