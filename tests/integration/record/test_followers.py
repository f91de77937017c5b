"""Who follows what: kept beside entities, on both databases."""

import pytest

from muster.catalog.entity import Status
from muster.catalog.writing import Transaction, Write
from muster.errors import NotFound
from muster.record import SqlRecord
from tests.integration.record.samples import tables


def test_followers_come_in_the_order_in_which_they_did(record: SqlRecord) -> None:
    """Of each entity; those at one time by name; entities without any are left out."""
    record.write(tables(3), by="ann", at=1)
    for ordinal, name, at in ((1, "cy", 5), (1, "bob", 7), (1, "ann", 7), (2, "ann", 6)):
        assert record.follow(ordinal, name, at=at) is True

    assert record.followers([1, 2, 3, 77]) == {1: ("cy", "ann", "bob"), 2: ("ann",)}
    assert record.followers([2]) == {2: ("ann",)}
    assert record.followers([]) == {}


def test_to_follow_twice_is_to_follow(record: SqlRecord) -> None:
    """The first time counts; who does not follow stops nothing."""
    record.write(tables(1), by="ann", at=1)
    assert [record.follow(1, name, at=at) for name, at in (("ann", 1), ("bob", 2), ("ann", 3))] == [True, True, False]
    assert record.followers([1]) == {1: ("ann", "bob")}
    assert [record.unfollow(1, name) for name in ("ann", "ann", "nobody")] == [True, False, False]
    assert record.unfollow(77, "ann") is False
    assert record.followers([1]) == {1: ("bob",)}


def test_names_are_told_apart_to_the_letter(record: SqlRecord) -> None:
    """Whatever is in them."""
    names = ("Ann", "ann", "änn", "a'; DROP TABLE followers; --", "😀", " ")
    record.write(tables(1), by="ann", at=1)
    for at, name in enumerate(names):
        record.follow(1, name, at=at)

    assert record.followers([1]) == {1: names}


def test_following_is_no_change(record: SqlRecord) -> None:
    """It makes no version, and who follows changes hears nothing of it."""
    record.write(tables(1), by="ann", at=1)
    before, position = record.entities([1]), record.position()
    record.follow(1, "ann", at=9)

    assert (record.entities([1]), record.position()) == (before, position)


def test_what_is_archived_keeps_its_followers_and_what_is_gone_takes_none(record: SqlRecord) -> None:
    """Who is not there, or purged, is followed by nobody new."""
    record.write(tables(2), by="ann", at=1)
    record.follow(1, "ann", at=1)
    record.archive([1], by="ann", at=2)
    assert record.followers([1]) == {1: ("ann",)}
    assert record.follow(1, "bob", at=3)
    (second,) = record.entities([2])
    record.transact(Transaction((Write(second.draft(), 2, second.version, Status.PURGED),)), by="ann", at=4)

    for ordinal in (2, 77):
        with pytest.raises(NotFound, match=f"there is no entity with ordinal {ordinal}"):
            record.follow(ordinal, "ann", at=5)
    assert record.followers([2]) == {}


def test_followers_of_many_are_read_at_once(record: SqlRecord) -> None:
    """However many: more than a statement holds parameters."""
    record.write(tables(2), by="ann", at=1)
    record.follow(2, "ann", at=1)

    assert record.followers(range(1, 70_000)) == {2: ("ann",)}
