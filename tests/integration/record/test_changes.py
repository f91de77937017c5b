"""The change log: in order, without gaps, each entity once."""

from itertools import pairwise

import pytest

from muster.protocols import Change
from muster.record import SqlRecord
from tests.integration.record.samples import table, tables


def test_log_tells_each_last_change_in_order(record: SqlRecord) -> None:
    """Created, updated, archived: the entity is given as it is now, once, where it last changed."""
    record.write([table("a"), table("b"), table("c")], by="ann", at=1)
    record.write([table("a", x=1), table("b")], by="ann", at=2)
    record.archive([3], by="ann", at=3)
    a, b, c = record.entities([1, 2, 3])
    assert record.changes(0, 10) == [Change(2, 2, b), Change(4, 1, a), Change(5, 3, c)]
    assert record.changes(2, 1) == [Change(4, 1, a)]
    assert record.changes(4, 10) == [Change(5, 3, c)]
    assert record.changes(5, 10) == []
    assert record.position() == 5


def test_superseded_changes_do_not_use_up_the_limit(record: SqlRecord) -> None:
    """However long the run of changes that later ones replace, a page is full until the log ends."""
    for at in range(6):
        record.write(tables(50, x=at), by="ann", at=at)
    record.write([table("last")], by="ann", at=9)
    assert [change.number for change in record.changes(0, 50)] == list(range(251, 301))
    assert [change.number for change in record.changes(300, 50)] == [301]


@pytest.mark.parametrize("size", [1, 7, 5000])
def test_numbers_have_no_gaps(record: SqlRecord, size: int) -> None:
    """Following the log page by page reaches every entity, whatever the size of a page."""
    record.write(tables(60), by="ann", at=1)
    record.write(tables(30, x=1), by="ann", at=2)
    place, found = 0, []
    while page := record.changes(place, size):
        found += page
        place = page[-1].number
    assert sorted(change.ordinal for change in found) == list(range(1, 61))
    assert all(before.number + 1 == after.number for before, after in pairwise(found))
