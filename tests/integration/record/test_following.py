"""How far memberships have followed the change log, and what was the case then."""

from __future__ import annotations

import pytest

from muster.errors import Overtaken
from muster.membership import Fence, Seen
from muster.record import SqlRecord


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
