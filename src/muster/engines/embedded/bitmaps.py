"""Member sets as roaring bitmaps, and as the Arrow arrays that DuckDB reads and writes."""

from array import array
from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyroaring import BitMap

WIDTH = 4
"""Bytes of one ordinal."""


def from_arrow(ordinals: pa.Array) -> BitMap:
    """Return the set of an array of 32 bit ordinals, in whatever order they are."""
    return _of_bytes(_bytes(ordinals))


def union_of_chunks(ordinals: pa.ChunkedArray) -> BitMap:
    """Return the set of a column."""
    return unite(from_arrow(chunk) for chunk in ordinals.chunks)


def lists(numbers: pa.ChunkedArray, ordinals: pa.ChunkedArray) -> Iterator[tuple[int, BitMap]]:
    """Yield the set of each row of a column of lists, with the row's number."""
    for some, rows in zip(numbers.chunks, ordinals.chunks, strict=True):
        offsets, content = rows.offsets.to_pylist(), _bytes(rows.values)
        bounds = zip(some.to_pylist(), offsets, offsets[1:], strict=False)
        for number, start, end in bounds:
            yield number, _of_bytes(content[start * WIDTH : end * WIDTH])


def to_arrow(members: BitMap) -> pa.Array:
    """Return a set as an array of ordinals, without a Python object each."""
    return pa.Array.from_buffers(pa.uint32(), len(members), [None, pa.py_buffer(members.to_array())])


def unite(sets: Iterable[BitMap]) -> BitMap:
    """Return the union of any number of sets."""
    found = list(sets)
    return BitMap.union(*found) if found else BitMap()


def _of_bytes(content: memoryview) -> BitMap:
    ordinals = array("I")
    ordinals.frombytes(content)
    return BitMap(ordinals)


def _bytes(ordinals: pa.Array) -> memoryview:
    if not len(ordinals):
        return memoryview(b"")
    start = ordinals.offset * WIDTH
    return memoryview(ordinals.buffers()[1])[start : start + len(ordinals) * WIDTH]
