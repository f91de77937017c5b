"""Reading everything takes the memory of a batch, not that of the record."""

import os
import tracemalloc

import pytest
from pyroaring import BitMap

from muster.record import SqlRecord
from tests.integration.record.samples import tables

ENTITIES = int(os.environ.get("MUSTER_TEST_STREAMED", "10000"))
PADDING = "x" * 1000
MOST_BYTES = 8_000_000


@pytest.fixture
def filled(record: SqlRecord) -> SqlRecord:
    """A record of many entities of a kilobyte each; `MUSTER_TEST_STREAMED` sets how many."""
    drafts = tables(ENTITIES, padding=PADDING)
    for start in range(0, ENTITIES, 5000):
        record.write(drafts[start : start + 5000], by="ann", at=1)
    return record


def test_streams_take_the_memory_of_a_batch(filled: SqlRecord) -> None:
    """Scan, guids, rows and the change log, page by page: each peaks far below what the record holds."""
    for count in (_scan, _guids, _rows, _changes):
        tracemalloc.start()
        assert count(filled) == ENTITIES
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < MOST_BYTES


def _scan(record: SqlRecord) -> int:
    return sum(len(batch) for batch in record.scan(batch=1000))


def _guids(record: SqlRecord) -> int:
    return sum(1 for _ in record.guids(BitMap(range(ENTITIES + 1))))


def _rows(record: SqlRecord) -> int:
    return sum(map(len, record.rows(BitMap(range(ENTITIES + 1)), ["padding"])))


def _changes(record: SqlRecord) -> int:
    place = count = 0
    while page := record.changes(place, 1000):
        place, count = page[-1].number, count + len(page)
    return count
