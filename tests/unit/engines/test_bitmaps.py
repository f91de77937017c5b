"""Member sets go to Arrow and back unchanged."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from muster.engines.embedded.bitmaps import from_arrow, lists, to_arrow, union_of_chunks, unite

SETS = st.frozensets(st.integers(0, 2**32 - 1), max_size=20).map(BitMap)


@settings(deadline=None)
@given(SETS)
def test_a_set_survives_arrow(members: BitMap) -> None:
    """What goes to Arrow comes back the same."""
    assert from_arrow(to_arrow(members)) == members


@given(SETS, st.integers(0, 5))
def test_a_slice_counts_from_its_offset(members: BitMap, start: int) -> None:
    """A sliced array is read from its own start."""
    assert from_arrow(to_arrow(members)[start:]) == BitMap(list(members)[start:])


@given(st.lists(SETS, max_size=4))
def test_chunks_and_lists_are_read_whole(sets: list[BitMap]) -> None:
    """A chunked column is one set, a column of lists one set per row."""
    chunks = pa.chunked_array([to_arrow(one) for one in sets], pa.uint32())
    assert union_of_chunks(chunks) == unite(sets)
    rows = pa.array([list(one) for one in sets], pa.list_(pa.uint32()))
    numbers = pa.array(range(len(sets)), pa.int32())
    halves = [pa.chunked_array([column[:1], column[1:]]) for column in (numbers, rows)]
    assert dict(lists(*halves)) == dict(enumerate(sets))
