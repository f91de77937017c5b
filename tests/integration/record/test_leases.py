"""Leases: one at a time has a piece of work, and whoever has it next has a higher number."""

from __future__ import annotations

import pytest

from muster.membership import Fence
from muster.record import SqlRecord

HOUR = 3_600_000
NOW = 1_700_000_000_000


def taken(record: SqlRecord, holder: str, at: int, lasting: int = 30_000) -> int | None:
    """Take the work at a time, and return the number under which it is held; None where somebody else has it."""
    fence = record.lease("work", holder, at=at, until=at + lasting)
    assert fence is None or fence.name == "work"
    return None if fence is None else fence.number


def test_one_has_it_until_it_is_over(record: SqlRecord) -> None:
    """It is renewed under the same number; who comes after the end has the next one."""
    assert [taken(record, "ann", NOW), taken(record, "bob", NOW + 29_999), taken(record, "ann", NOW + 20_000)] == [
        1,
        None,
        1,
    ]
    assert [
        taken(record, "bob", NOW + 49_999),
        taken(record, "bob", NOW + 50_000),
        taken(record, "ann", NOW + 50_000),
    ] == [
        None,
        2,
        None,
    ]


def test_who_lets_it_go_is_followed_at_once(record: SqlRecord) -> None:
    """One that is somebody else's by now stays theirs."""
    assert taken(record, "ann", NOW) == 1
    record.release(Fence("work", 1))
    assert taken(record, "bob", NOW) == 2
    record.release(Fence("work", 1))
    assert taken(record, "ann", NOW) is None


@pytest.mark.parametrize(("back", "number"), [(0, None), (20_000, None), (30_001, 2), (HOUR, 2)])
def test_a_clock_that_was_set_back_makes_no_lease_longer(record: SqlRecord, back: int, number: int | None) -> None:
    """One that would last for more than twice its time is over; a clock that is a little behind another's ends none."""
    assert taken(record, "ann", NOW) == 1
    assert taken(record, "bob", NOW - back) == number


def test_who_had_it_when_the_clock_was_set_back_goes_on(record: SqlRecord) -> None:
    """Under the same number, for as long as it is renewed."""
    assert [taken(record, "ann", NOW), taken(record, "ann", NOW - HOUR), taken(record, "bob", NOW - HOUR)] == [
        1,
        1,
        None,
    ]
