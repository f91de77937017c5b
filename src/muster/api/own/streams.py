"""Tables as streams of bytes, batch by batch: NDJSON, Parquet."""

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import orjson
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from muster.service.rows import Column, Row
from muster.views.sheets import Batches, text_of

GROUP: Final = 25_000
"""Rows of a row group: enough to be read fast, and few to hold until it is written."""


def ndjson(columns: Sequence[Column], batches: Batches) -> Iterator[bytes]:
    """Yield an object a line, every column in it; null where an asset has nothing."""
    names = [column.name for column in columns]
    for some in batches:
        lines = (orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE) for row in some)
        yield b"".join(lines)


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
        [_texts(one) if column.many else text_of(one) for one in of] for column, of in zip(columns, values, strict=True)
    )
    arrays = [pa.array(of, kind) for of, kind in zip(told, schema.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _texts(value: Any) -> list[str | None] | None:
    if value is None:
        return None
    return [text_of(one) for one in (value if isinstance(value, list) else [value])]


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
