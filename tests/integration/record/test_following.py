"""How far memberships have followed the change log, and what was the case then."""

from __future__ import annotations

import pytest

from muster.errors import Conflict, Overtaken
from muster.membership import Fence, Followed, Seen
from muster.record import SqlRecord
from tests.integration.record.samples import made, proposal


def test_who_follows_changes_leaves_word_of_what_was_the_case(record: SqlRecord) -> None:
    """The last word counts; one that is late has none."""
    first = record.lease("memberships", "ann", at=0, until=10)
    assert (first, record.seen()) == (Fence("memberships", 1), Seen())
    for one in (Seen(0, frozenset("ab")), Seen(7, frozenset("bc")), Seen(8), Seen(8, frozenset("c"))):
        record.see(one, first)
        assert record.seen() == one
    record.lease("memberships", "bob", at=10, until=20)
    with pytest.raises(Overtaken):
        record.see(Seen(), first)
    assert record.seen() == Seen(8, frozenset("c"))


def leased(record: SqlRecord) -> Fence:
    """Take the work of following changes."""
    fence = record.lease("memberships", "ann", at=0, until=10)
    assert fence is not None
    return fence


def test_who_was_synced_meanwhile_missed_what_was_followed(record: SqlRecord) -> None:
    """But for those whose run saw as much, those that are moved with it, and those that were synced before."""
    fence = leased(record)
    before, late, level, moved = (made(record, name) for name in ("before", "late", "level", "moved"))
    record.commit([proposal(before, [1], position=1)])
    seen = record.last_run()
    record.commit([proposal(late, [1], position=4), proposal(level, [1], position=9), proposal(moved, [1], position=4)])
    record.advance([proposal(moved, [1, 2], [1], position=9)], Followed(9, 50), seen=seen, fence=fence)
    assert record.followed() == Followed(9, 50)
    assert record.missed() == {late.entity.guid: Followed(0, 0)}


def test_a_run_that_was_held_meanwhile_is_not_passed_over(record: SqlRecord) -> None:
    """Nothing is stored, and nothing counts as followed."""
    fence, one = leased(record), made(record, "one")
    record.commit([proposal(one, [1], position=1)])
    seen = record.last_run()
    record.commit([proposal(one, [2], [1], position=2, held_because="it would move 2 assets")])
    with pytest.raises(Conflict, match="held"):
        record.advance([proposal(one, [1, 2], [1], position=9)], Followed(9, 50), seen=seen, fence=fence)
    assert record.followed() == Followed(0, 0)
    record.advance([], Followed(9, 50), seen=seen, fence=fence)
    assert record.missed() == {}


def test_a_run_that_had_seen_less_than_was_followed_missed_it(record: SqlRecord) -> None:
    """Until a later one has seen it; a held one has no say."""
    fence, one = leased(record), made(record, "one")
    record.advance([], Followed(9, 50), seen=0, fence=fence)
    record.commit([proposal(one, [1], position=9)])
    for position, held, missed in ((4, "", True), (12, "why", True), (12, "", False), (8, "", True), (9, "", False)):
        record.commit([proposal(one, [1, 2] if held else [1], [1], position=position, held_because=held)])
        assert bool(record.missed()) is missed


def test_what_is_missed_from_now_on_was_right_until_now(record: SqlRecord) -> None:
    """But for products that do not follow changes, and those that missed some before."""
    fence, names = leased(record), ("follows", "apart", "late")
    follows, apart, late = (made(record, name).entity.guid for name in names)
    record.advance([], Followed(9, 50), seen=0, fence=fence)
    record.see(Seen(0, frozenset([apart])), fence)
    record.commit([proposal(record.product("late"), [1], position=4)])
    record.miss([follows, apart, late])
    assert record.missed() == {follows: Followed(9, 50), apart: Followed(0, 0), late: Followed(0, 0)}
