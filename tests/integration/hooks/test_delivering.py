"""Webhooks are told of events in order, at least once, whatever becomes of receivers and of who tells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.product import Product
from muster.catalog.writing import Transaction, Write
from muster.errors import RecordUnavailable
from muster.hook import Interest, OfDomain, OfProduct, Status
from muster.membership import EventKind
from muster.protocols import Answer, Target
from muster.service.hooks import delivering
from muster.service.hooks.addresses import Allowed
from muster.service.hooks.attempts import GONE
from muster.service.hooks.delivering import LEASE
from muster.service.hooks.subscribing import Changes, Out, Wanted, change, redeliver, replay, subscribe
from muster.service.telling import page
from muster.views import events as views
from tests.integration.hooks.telling import HOUR, SECOND, Telling, worker
from tests.integration.receiver import Received, Receiver, Reply


def moved(one: Product, domain: str) -> Transaction:
    """Return what takes a product to another domain."""
    found = one.entity
    draft = replace(found.draft(), key=Key("DataProduct", f"default/domain/{domain}/product/{found.name}"))
    return Transaction((Write(draft, found.ordinal, found.version),))


def failing(*numbers: int, code: int = 500) -> Callable[[Received], Reply]:
    """Answer with an error to some events."""
    return lambda one: Reply(code, b"not now") if one.number in numbers else Reply()


def test_every_event_is_told_once_in_order_and_signed(telling: Telling, receiver: Receiver) -> None:
    """As `GET /api/v1/events` tells it, under the same id."""
    one, two = telling.product("P"), telling.product("Q")
    hook = telling.hook(receiver)
    telling.move(one, times=3)
    telling.move(two, times=2)
    telling.move(one, held="look")
    assert telling.round() == 1
    assert receiver.numbers == [1, 2, 3, 4, 5, 6]
    assert all(came.is_signed(hook.secret) for came in receiver.received)
    told = page(telling.work, 0, 100, Interest()).shown
    assert [came.event for came in receiver.received] == [views.event(event) for event in told]
    assert [came.id for came in receiver.received] == [event.id for event in told]
    assert {came.headers["content-type"] for came in receiver.received} == {
        "application/cloudevents+json; charset=UTF-8"
    }
    assert [(found.number, found.status, found.tries, found.code) for found in telling.deliveries(hook)] == [
        (number, Status.DELIVERED, 1, 204) for number in range(1, 7)
    ]
    assert telling.read(hook).position == 6
    assert telling.round() == 0


def test_it_begins_with_what_happens_next_or_where_it_is_told_to(telling: Telling, receiver: Receiver) -> None:
    """Each hook by itself."""
    one = telling.product()
    telling.move(one, times=3)
    telling.hook(receiver)
    telling.round()
    assert receiver.numbers == []
    telling.hook(receiver, after=1)
    telling.round()
    assert receiver.numbers == [2, 3]


def test_later_events_wait_for_one_that_fails(telling: Telling, receiver: Receiver) -> None:
    """It is tried again when its time has come, later each time; then all go on in order."""
    one = telling.product()
    hook = telling.hook(receiver)
    telling.move(one, times=4)
    receiver.reply = failing(2)
    telling.round()
    assert receiver.numbers == [1, 2]
    assert telling.round() == 0
    for wait in (SECOND, 2 * SECOND):
        telling.clock.time += wait
        telling.round()
    assert receiver.numbers == [1, 2, 2, 2]
    (waiting,) = [found for found in telling.deliveries(hook) if found.status is Status.WAITING]
    assert (waiting.number, waiting.tries, waiting.code, waiting.said) == (2, 3, 500, "not now")
    assert waiting.due is not None
    assert 2 * SECOND <= waiting.due - telling.clock() <= 4 * SECOND
    receiver.reply = failing()
    telling.clock.time += 4 * SECOND
    telling.round()
    assert receiver.numbers == [1, 2, 2, 2, 2, 3, 4]
    assert len({came.id for came in receiver.received if came.number == 2}) == 1
    assert len({came.body for came in receiver.received if came.number == 2}) == 1


def test_each_try_is_signed_anew(telling: Telling, receiver: Receiver) -> None:
    """With the time that it is sent at, so that an old one cannot be sent again by somebody else."""
    one = telling.product()
    hook = telling.hook(receiver)
    telling.move(one)
    receiver.reply = failing(1)
    telling.round()
    telling.clock.time += 60 * SECOND
    telling.round()
    first, second = receiver.received
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 60
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert all(came.is_signed(hook.secret) for came in receiver.received)


def test_hooks_do_not_wait_for_each_other(telling: Telling, receiver: Receiver) -> None:
    """One whose receiver is down keeps nobody."""
    one = telling.product()
    down = telling.hook(Receiver(1))
    hook = telling.hook(receiver)
    telling.move(one, times=2)
    telling.round()
    assert receiver.numbers == [1, 2]
    assert (telling.read(down).position, telling.read(hook).position) == (0, 2)
    (waiting,) = telling.deliveries(down)
    assert (waiting.number, waiting.code) == (1, None)
    assert waiting.said.startswith("ConnectError")


def test_what_fails_too_often_is_a_dead_letter(telling: Telling, receiver: Receiver) -> None:
    """It is kept, and the next event is told."""
    one = telling.product()
    hook = telling.hook(receiver)
    telling.move(one, times=3)
    receiver.reply = failing(2)
    for _ in range(4):
        telling.round()
        telling.clock.time += HOUR
    assert receiver.numbers == [1, 2, 2, 2, 2, 3]
    assert [(found.number, found.status) for found in telling.deliveries(hook)] == [
        (1, Status.DELIVERED),
        (2, Status.DEAD),
        (3, Status.DELIVERED),
    ]
    assert telling.round() == 0


def test_a_dead_letter_is_delivered_when_somebody_asks(telling: Telling, receiver: Receiver) -> None:
    """Beside what happens: later events do not wait for it, and it has all its tries again."""
    one = telling.product()
    hook = telling.hook(receiver)
    telling.move(one, times=2)
    receiver.reply = failing(1)
    for _ in range(4):
        telling.round()
        telling.clock.time += HOUR
    assert receiver.numbers == [1, 1, 1, 1, 2]
    redeliver(telling.work, hook.guid, 1)
    telling.move(one)
    telling.round()
    assert receiver.numbers[5:] == [1, 3]
    receiver.reply = failing()
    telling.clock.time += HOUR
    telling.round()
    assert receiver.numbers[7:] == [1]
    assert [found.status for found in telling.deliveries(hook)] == [Status.DELIVERED] * 3
    assert telling.read(hook).position == 3
    redeliver(telling.work, hook.guid, 2)
    telling.round()
    assert receiver.numbers[8:] == [2]


def test_a_replay_tells_everything_since_once_more(telling: Telling, receiver: Receiver) -> None:
    """In order and under the same ids, dead letters among them; what waited waits no longer."""
    one = telling.product()
    hook = telling.hook(receiver)
    telling.move(one, times=5)
    receiver.reply = failing(3)
    for _ in range(4):
        telling.round()
        telling.clock.time += HOUR
    ids = {came.number: came.id for came in receiver.received}
    receiver.reply = failing()
    receiver.received.clear()
    replay(telling.work, hook.guid, 1)
    telling.round()
    assert receiver.numbers == [2, 3, 4, 5]
    assert all(came.id == ids[came.number] for came in receiver.received)
    assert [found.status for found in telling.deliveries(hook)] == [Status.DELIVERED] * 5


def test_a_hook_that_is_paused_misses_nothing(telling: Telling, receiver: Receiver) -> None:
    """It goes on from where it was."""
    one = telling.product()
    hook = telling.hook(receiver)
    assert change(telling.work, telling.out, hook.guid, Changes(paused=True)).paused == "by ada"
    telling.move(one, times=2)
    assert telling.round() == 0
    assert change(telling.work, telling.out, hook.guid, Changes(paused=False)).paused is None
    telling.round()
    assert receiver.numbers == [1, 2]


def test_a_receiver_that_is_gone_pauses_its_hook(telling: Telling, receiver: Receiver) -> None:
    """As the scheme has it; what it did not take is told when somebody resumes it."""
    one = telling.product()
    hook = telling.hook(receiver)
    telling.move(one, times=2)
    receiver.reply = failing(1, code=410)
    telling.round()
    telling.clock.time += HOUR
    assert telling.round() == 0
    assert (telling.read(hook).paused, telling.read(hook).position) == (GONE, 0)
    receiver.reply = failing()
    change(telling.work, telling.out, hook.guid, Changes(paused=False))
    telling.round()
    assert receiver.numbers == [1, 1, 2]


def test_what_is_none_of_its_own_is_not_told(telling: Telling, receiver: Receiver) -> None:
    """By product, by domain and what is below it, by type; a product that moves to another domain goes along."""
    work = telling.work
    work.record.write([EntityDraft(Key("DataDomain", "default/domain/a"), {"name": "a"})], by="ada", at=1)
    domain = work.record.entity("default/domain/a").guid
    within, beside = telling.product("P", "a"), telling.product("Q", "ab")
    hooks = {
        "product": telling.hook(receiver, scope=OfProduct(beside.entity.guid)),
        "domain": telling.hook(receiver, scope=OfDomain(domain)),
        "held": telling.hook(receiver, kinds=frozenset((EventKind.HELD,))),
        "nowhere": telling.hook(receiver, scope=OfDomain("no such domain")),
    }
    telling.move(within)
    telling.move(beside)
    telling.move(within, held="look")
    telling.round()
    told = {name: [found.number for found in telling.deliveries(hook)] for name, hook in hooks.items()}
    assert told == {"product": [2], "domain": [1, 3], "held": [3], "nowhere": []}
    assert telling.read(hooks["product"]).position == 2


def test_a_hook_comes_past_what_it_does_not_want(
    telling: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Noted now and then, so that it need not be looked through again."""
    monkeypatch.setattr(delivering, "SKIPPED", 3)
    one = telling.product()
    hook = telling.hook(receiver, kinds=frozenset((EventKind.HELD,)))
    telling.move(one, times=2)
    telling.round()
    assert telling.read(hook).position == 0
    telling.move(one)
    telling.round()
    assert telling.read(hook).position == 3
    telling.move(one, held="look")
    telling.round()
    assert receiver.numbers == [4]


def test_a_hook_has_turns(telling: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """One with much to be told does not keep others from theirs; it goes on in its next."""
    monkeypatch.setattr(delivering, "TURN", 3)
    monkeypatch.setattr(delivering, "AT_ONCE", 2)
    one = telling.product()
    telling.hook(receiver)
    telling.move(one, times=7)
    came = []
    while telling.round():
        came.append(len(receiver.received))
    assert came == [3, 6, 7]
    assert receiver.numbers == [1, 2, 3, 4, 5, 6, 7]


def test_products_that_are_deleted_are_told_of(telling: Telling, receiver: Receiver) -> None:
    """Their events happened."""
    one = telling.product()
    telling.hook(receiver)
    telling.move(one)
    telling.work.record.delete_product(one.entity.guid, by="ada", at=telling.clock())
    telling.round()
    assert receiver.numbers == [1]
    assert receiver.received[0].event["data"]["product"]["guid"] == one.entity.guid


def test_what_is_kept_no_more_is_not_told(telling: Telling, receiver: Receiver) -> None:
    """Neither in its turn, nor when it is tried again, nor when somebody asks for it; the next one is."""
    one = telling.product()
    hook = telling.hook(receiver)
    telling.move(one)
    telling.round()
    receiver.reply = failing(2)
    telling.move(one, times=4)
    telling.round()
    telling.work.record.trim({one.entity.guid: 2})
    redeliver(telling.work, hook.guid, 1)
    telling.clock.time += HOUR
    telling.round()
    assert receiver.numbers == [1, 2, 4, 5]
    assert [(found.number, found.status) for found in telling.deliveries(hook)] == [
        (1, Status.DEAD),
        (4, Status.DELIVERED),
        (5, Status.DELIVERED),
    ]
    telling.clock.time += HOUR
    assert telling.round() == 0


def test_what_waits_and_is_wanted_no_more_is_let_go(telling: Telling, receiver: Receiver) -> None:
    """A product that went to another domain meanwhile: nothing waits for its event, though nothing came after it."""
    record = telling.work.record
    record.write([EntityDraft(Key("DataDomain", "default/domain/a"), {"name": "a"})], by="ada", at=1)
    one = telling.product("P", "a")
    hook = telling.hook(receiver, scope=OfDomain(record.entity("default/domain/a").guid))
    telling.move(one)
    receiver.reply = failing(1)
    telling.round()
    record.transact(moved(one, "b"), by="ada", at=telling.clock())
    telling.clock.time += HOUR
    telling.round()
    assert (receiver.numbers, telling.read(hook).position) == ([1], 1)
    assert telling.deliveries(hook) == []
    assert telling.round() == 0


class Forgetful:
    """A record that goes away just when it is to note how a delivery went: as if the process were killed there."""

    def __init__(self, record: object) -> None:
        self._record = record
        self.down = True

    def __getattr__(self, name: str) -> object:
        return getattr(self._record, name)

    def settle(self, *_: object) -> None:
        """Fail once."""
        if self.down:
            self.down = False
            raise RecordUnavailable("gone")
        self._record.settle(*_)  # type: ignore[attr-defined]


def test_what_was_answered_but_not_noted_is_told_again(telling: Telling, receiver: Receiver) -> None:
    """Under the same id, and nothing after it is missing or out of order."""
    one = telling.product()
    telling.hook(receiver)
    telling.move(one, times=3)
    telling.deliverer.work = replace(telling.work, record=Forgetful(telling.work.record))  # type: ignore[arg-type]
    with pytest.raises(RecordUnavailable):
        telling.round()
    telling.round()
    assert receiver.numbers == [1, 1, 2, 3]
    assert receiver.received[0].id == receiver.received[1].id


def test_one_worker_tells_until_it_is_gone(telling: Telling, receiver: Receiver) -> None:
    """Another takes over when it lets the lease go, or lets it run out."""
    one = telling.product()
    telling.hook(receiver)
    second, third = (worker(telling.work, telling.out) for _ in range(2))
    telling.move(one)
    telling.round()
    telling.move(one)
    assert second.turns() == []
    telling.deliverer.close()
    telling.clock.time += delivering.RENEWED
    assert telling.round(second) == 1
    telling.move(one)
    telling.clock.time += LEASE
    assert telling.round(third) == 1
    assert receiver.numbers == [1, 2, 3]


def test_a_worker_that_is_late_sets_nothing_back(telling: Telling, receiver: Receiver) -> None:
    """What it was about when its lease ran out is told by the other, and what it notes does not count."""
    one = telling.product()
    hook = telling.hook(receiver)
    telling.move(one, times=3)
    second, (turn,) = worker(telling.work, telling.out), telling.deliverer.turns()

    def slow(_: Received) -> Reply:
        if len(receiver.received) == 0:
            receiver.reply = failing(3)
            telling.clock.time += LEASE
            telling.round(second)
        return Reply()

    receiver.reply = slow
    telling.deliverer.take(turn, lambda: False)
    assert sorted(receiver.numbers) == [1, 1, 2, 3]
    assert telling.read(hook).position == 2
    assert [(found.number, found.status) for found in telling.deliveries(hook)] == [
        (1, Status.DELIVERED),
        (2, Status.DELIVERED),
        (3, Status.WAITING),
    ]


def test_what_people_change_meanwhile_counts(telling: Telling, receiver: Receiver) -> None:
    """A replay that is asked for while something is sent is not undone by the note of it."""
    one = telling.product()
    hook = telling.hook(receiver)
    telling.move(one, times=2)
    telling.round()

    def asking(_: Received) -> Reply:
        receiver.reply = failing()
        replay(telling.work, hook.guid, 0)
        return Reply()

    receiver.reply = asking
    telling.move(one)
    telling.round()
    assert receiver.numbers == [1, 2, 3]
    assert telling.read(hook).position == 0
    telling.round()
    assert receiver.numbers == [1, 2, 3, 1, 2, 3]


class Rebound:
    """What sends, where a name leads somewhere else each time it is looked up."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.sent = list[Sequence[str]]()

    def addresses(self, _: Target) -> list[str]:
        """Return what is next."""
        return self._answers.pop(0)

    def post(self, _: Target, addresses: Sequence[str], __: Mapping[str, str], ___: bytes) -> Answer:
        """Note where to."""
        self.sent.append(addresses)
        return Answer(204, "")

    def close(self) -> None:
        """Do nothing."""


def test_a_name_that_leads_inside_by_now_is_sent_nothing(telling: Telling) -> None:
    """It is looked up for every message, and what is found then is looked at before anything is sent there."""
    one, sender = telling.product(), Rebound(["93.184.216.34"], ["8.8.8.8"], ["8.8.8.8", "127.0.0.1"])
    out = Out(sender, Allowed())
    hook = subscribe(telling.work, out, Wanted("https://receiver.example/in"))
    telling.move(one, times=2)
    telling.round(worker(telling.work, out))
    assert sender.sent == [["8.8.8.8"]]
    _, waiting = telling.deliveries(hook)
    assert (waiting.status, waiting.code) == (Status.WAITING, None)
    assert waiting.said == "`receiver.example` is not on the open internet"


def test_nothing_is_noted_of_what_was_broken_off(telling: Telling, receiver: Receiver) -> None:
    """The service stops: it is no try of the receiver's."""
    one = telling.product()
    hook = telling.hook(receiver)
    telling.move(one)
    telling.out.sender.close()
    telling.round()
    assert telling.deliveries(hook) == []
    assert telling.read(hook).position == 0
