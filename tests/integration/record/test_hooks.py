"""Hooks and their deliveries as the record keeps them: who is late sets nothing back."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from muster.errors import Conflict, NotFound, Overtaken
from muster.hook import EVERY, Delivery, Everything, Former, Hook, OfDomain, OfProduct, Scope, Status
from muster.membership import EventKind, Fence
from muster.record import SqlRecord, hooks, open_record

SECRET = "whsec_c2VjcmV0"  # noqa: S105 - of a test


def a_hook(guid: str = "h", **other: Any) -> Hook:
    """Return a hook that is told everything, from event 10 on."""
    said: dict[str, Any] = {
        "guid": guid,
        "url": "https://example.org/in",
        "secret": SECRET,
        "scope": Everything(),
        "kinds": EVERY,
        "description": "for tests",
        "position": 10,
        "created_at": 5,
        "created_by": "ann",
    }
    return Hook(**said | other)


def a_delivery(number: int, status: Status = Status.DELIVERED, **other: Any) -> Delivery:
    """Return a delivery to hook `h` at time 100."""
    return Delivery(**{"hook": "h", "number": number, "status": status, "tries": 1, "at": 100, "code": 200} | other)


def leased(record: SqlRecord, holder: str = "me", at: int = 0) -> Fence:
    """Take the lease for ten milliseconds."""
    fence = record.lease("hooks", holder, at=at, until=at + 10)
    assert fence is not None
    return fence


@pytest.mark.parametrize("scope", [Everything(), OfDomain("d"), OfProduct("p")])
@pytest.mark.parametrize("kinds", [EVERY, frozenset((EventKind.HELD,))])
def test_a_hook_comes_back_as_it_went_in(record: SqlRecord, scope: Scope, kinds: frozenset[EventKind]) -> None:
    """With its secret, which is needed to sign, but never shown by whoever prints a hook."""
    one = a_hook(scope=scope, kinds=kinds, paused="by ann")
    record.add_hook(one)
    assert record.hook("h") == one
    assert record.hook("h").secret == SECRET
    assert SECRET not in repr(one)


def test_a_secret_that_is_changed_leaves_all_else(record: SqlRecord) -> None:
    """The one before is known until its time; what else is changed meanwhile does not bring it back."""
    before = a_hook()
    record.add_hook(before)
    changed = record.rotate_hook("h", "whsec_bmV3", until=500)
    assert changed == replace(before, secret="whsec_bmV3", former=Former(SECRET, 500))  # noqa: S106 - of a test
    assert record.hook("h") == changed
    assert record.change_hook(replace(before, description="other")) == replace(changed, description="other", epoch=2)
    assert record.rewind_hook("h", 0).former == Former(SECRET, 500)
    assert record.rotate_hook("h", "whsec_bGFzdA==", until=900).former == Former("whsec_bmV3", 900)


def test_hooks_are_listed_oldest_first(record: SqlRecord) -> None:
    """And one that is deleted is gone, with its deliveries."""
    for guid, at in (("b", 2), ("a", 1), ("c", 3)):
        record.add_hook(a_hook(guid, created_at=at))
    record.settle(leased(record), a_hook("b", position=11), a_delivery(11, hook="b"))
    record.delete_hook("b")
    assert [one.guid for one in record.hooks()] == ["a", "c"]
    assert record.open_deliveries(10) == []
    for call in (record.hook, record.delete_hook, lambda guid: record.deliveries(guid, limit=1)):
        with pytest.raises(NotFound, match="there is no webhook `b`"):
            call("b")


def test_what_people_change_makes_an_epoch(record: SqlRecord) -> None:
    """Position and secret stay; what waited for a further try is tried anew; the slower of two is told so."""
    record.add_hook(a_hook())
    fence = leased(record)
    record.settle(fence, a_hook(), a_delivery(11, Status.WAITING, due=500, code=500))
    changed = record.change_hook(a_hook(url="https://example.org/new", secret="", position=99, paused="by bob"))
    assert changed == a_hook(url="https://example.org/new", paused="by bob", epoch=2)
    assert record.hook("h") == changed
    assert record.deliveries("h", limit=9) == []
    with pytest.raises(Conflict, match="somebody else changed this webhook meanwhile"):
        record.change_hook(a_hook(description="late"))
    with pytest.raises(NotFound):
        record.change_hook(a_hook("nobody"))


def test_a_delivery_takes_its_hook_on(record: SqlRecord) -> None:
    """Position, state and delivery are stored together; a later try takes the place of the one before."""
    record.add_hook(a_hook())
    fence = leased(record)
    record.settle(fence, a_hook(), a_delivery(11, Status.WAITING, due=500, code=None, said="no answer"))
    assert record.hook("h").position == 10
    record.settle(fence, a_hook(position=11), a_delivery(11, tries=2))
    record.settle(fence, a_hook(position=20))
    record.settle(fence, a_hook(position=20, paused="gone"))
    assert (record.hook("h").position, record.hook("h").paused) == (20, "gone")
    assert record.deliveries("h", limit=9) == [a_delivery(11, tries=2)]


@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("an epoch that is over", {"epoch": 1, "position": 30}),
        ("a position behind", {"epoch": 2, "position": 19}),
        ("a hook that is gone", {"guid": "gone", "epoch": 2, "position": 30}),
    ],
)
def test_who_is_late_sets_nothing_back(record: SqlRecord, why: str, other: dict[str, Any]) -> None:
    """Neither the hook nor its deliveries."""
    del why
    record.add_hook(a_hook())
    record.rewind_hook("h", 20)
    with pytest.raises(Overtaken, match="the webhook was changed meanwhile"):
        record.settle(leased(record), a_hook(**other), a_delivery(30))
    assert record.hook("h") == a_hook(position=20, epoch=2)
    assert record.deliveries("h", limit=9) == []


def test_who_lost_the_lease_stores_nothing(url: str) -> None:
    """The one who has it now goes on, in another process too."""
    with closing(open_record(url)) as record, closing(open_record(url)) as other:
        record.add_hook(a_hook())
        late = leased(record)
        assert other.lease("hooks", "you", at=5, until=15) is None
        current = leased(other, "you", at=11)
        other.settle(current, a_hook(position=12), a_delivery(12))
        with pytest.raises(Overtaken, match="somebody else has taken over `hooks`"):
            record.settle(late, a_hook(position=13), a_delivery(13))
        assert record.hook("h").position == 12
        assert [one.number for one in record.deliveries("h", limit=9)] == [12]


def test_a_replay_forgets_what_comes_after(record: SqlRecord) -> None:
    """Dead letters before it stay; nothing waits any longer, wherever it stood."""
    record.add_hook(a_hook())
    fence = leased(record)
    record.settle(fence, a_hook(position=11), a_delivery(11, Status.DEAD, code=500))
    record.settle(fence, a_hook(position=12), a_delivery(12))
    record.settle(fence, a_hook(position=12), a_delivery(13, Status.WAITING, due=9))
    assert record.rewind_hook("h", 11) == a_hook(position=11, epoch=2)
    assert record.hook("h").position == 11
    assert [one.number for one in record.deliveries("h", limit=9)] == [11]
    record.settle(fence, a_hook(position=11, epoch=2), a_delivery(12, Status.WAITING, due=9))
    record.rewind_hook("h", 50)
    assert [one.number for one in record.deliveries("h", limit=9)] == [11]


def test_deliveries_are_listed_latest_first(record: SqlRecord) -> None:
    """By status, and page by page."""
    record.add_hook(a_hook())
    record.add_hook(a_hook("other"))
    fence = leased(record)
    for number in range(11, 17):
        status = Status.DEAD if number % 2 else Status.DELIVERED
        record.settle(fence, a_hook(position=number), a_delivery(number, status))

    def numbers(**which: Any) -> list[int]:
        return [one.number for one in record.deliveries("h", **which)]

    assert numbers(limit=3) == [16, 15, 14]
    assert numbers(limit=3, before=14) == [13, 12, 11]
    assert numbers(limit=9, status=Status.DEAD) == [15, 13, 11]
    assert numbers(limit=1, status=Status.DEAD, before=15) == [13]
    assert record.deliveries("other", limit=9) == []


def test_what_a_hook_has_come_past_waits_no_longer(record: SqlRecord) -> None:
    """Of that hook; dead letters stay."""
    for guid in ("h", "other"):
        record.add_hook(a_hook(guid))
    fence = leased(record)
    record.settle(fence, a_hook(position=11), a_delivery(11, Status.DEAD))
    record.settle(fence, a_hook(position=11), a_delivery(12, Status.WAITING, due=9))
    record.settle(fence, a_hook("other", position=11), a_delivery(12, Status.WAITING, due=9, hook="other"))
    record.settle(fence, a_hook(position=12))
    assert [one.hook for one in record.open_deliveries(9)] == ["other"]
    assert [one.number for one in record.deliveries("h", limit=9)] == [11]


def test_only_so_many_that_went_well_are_kept(record: SqlRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last ones; dead letters stay until somebody deletes the hook."""
    monkeypatch.setattr(hooks, "KEPT", 3)
    record.add_hook(a_hook())
    fence = leased(record)
    record.settle(fence, a_hook(position=11), a_delivery(11, Status.DEAD))
    for number in range(12, 18):
        record.settle(fence, a_hook(position=number), a_delivery(number))
    assert [one.number for one in record.deliveries("h", limit=99)] == [17, 16, 15, 11]


def test_what_is_to_be_tried_comes_by_when_it_is_due(record: SqlRecord) -> None:
    """Of all hooks, what waits and what was asked for; what is done is not among it."""
    record.add_hook(a_hook())
    record.add_hook(a_hook("other"))
    fence = leased(record)
    record.settle(fence, a_hook(position=11), a_delivery(11, Status.DEAD))
    record.settle(fence, a_hook(position=12), a_delivery(12))
    record.settle(fence, a_hook(position=12), a_delivery(13, Status.WAITING, due=900))
    record.settle(fence, a_hook("other"), a_delivery(13, Status.WAITING, due=300, hook="other"))
    record.redeliver("h", 11, at=600)
    found = record.open_deliveries(9)
    assert [(one.hook, one.number, one.due) for one in found] == [("other", 13, 300), ("h", 11, 600), ("h", 13, 900)]
    assert record.open_deliveries(1) == found[:1]


def test_redelivering_begins_the_tries_anew(record: SqlRecord) -> None:
    """Of a dead letter, or of one that went well; one that waits already is left alone, and an unknown one is not found."""
    record.add_hook(a_hook())
    fence = leased(record)
    dead = a_delivery(11, Status.DEAD, tries=12, code=500, said="no")
    record.settle(fence, a_hook(position=11), dead)
    asked = record.redeliver("h", 11, at=600)
    assert asked == replace(dead, status=Status.AGAIN, tries=0, due=600)
    with pytest.raises(Conflict, match="event 11 is going to be delivered already"):
        record.redeliver("h", 11, at=700)
    with pytest.raises(NotFound, match="there is no delivery of event 12"):
        record.redeliver("h", 12, at=700)
    with pytest.raises(NotFound, match="there is no webhook `nobody`"):
        record.redeliver("nobody", 11, at=700)
    record.settle(fence, a_hook(position=11), a_delivery(11))
    assert record.redeliver("h", 11, at=800).status is Status.AGAIN
    assert record.hook("h").position == 11
