"""Webhooks of a real service: whatever becomes of a receiver, or of the service, everything arrives, in order."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import pytest

from tests.acceptance.events.moving import Json, Moving, moving
from tests.acceptance.events.told import first_seen
from tests.acceptance.serving import free_port
from tests.integration.receiver import Receiver, Reply, receiving


def assert_told(service: Moving, receiver: Receiver, hook: Json) -> None:
    """Hold what came to what was committed: each run once by its id, in order, without a gap in any product."""
    wanted = [one for one in service.events() if one["musternumber"] > hook["position"]]
    came = first_seen(receiver.received)
    assert [one.event for one in came] == wanted
    assert all(one.is_signed(hook["secret"]) for one in receiver.received)
    sequences: dict[str, list[int]] = defaultdict(list)
    for event in wanted:
        sequences[event["subject"]].append(int(event["sequence"]))
    for some in sequences.values():
        assert some == list(range(some[0], some[0] + len(some)))


def settled(receiver: Receiver, count: int) -> None:
    """Wait until so many different events have come."""
    receiver.wait(lambda found: len({one.id for one in found.received}) >= count, 60)
    time.sleep(0.3)
    assert len({one.id for one in receiver.received}) == count


def test_every_run_is_told_once(service: Moving, receiver: Receiver) -> None:
    """Of several products, soon after it was committed; runs that change nothing are not told."""
    service.product("Q")
    hook = service.hook(receiver.url)
    runs = [service.move(name) for name in ("P", "Q", "P", "Q", "Q")]
    service.ask("POST", "/dataProducts/Home.Q/sync")
    began = time.monotonic()
    settled(receiver, 5)
    assert time.monotonic() - began < 5
    assert [one.event["data"]["run"]["run"] for one in receiver.received] == runs
    assert_told(service, receiver, hook)


def test_a_receiver_that_is_down_misses_nothing(service: Moving) -> None:
    """All of it comes when it is up."""
    port = free_port()
    hook = service.hook(f"http://127.0.0.1:{port}/in")
    for _ in range(3):
        service.move("P")
    time.sleep(1)
    with receiving(port=port) as receiver:
        settled(receiver, 3)
        assert receiver.numbers == sorted(receiver.numbers)
        assert_told(service, receiver, hook)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500, b"not now"),
        Reply(503, headers={"Retry-After": "1"}),
        Reply(404),
        Reply(302, headers={"Location": "/elsewhere"}),
        Reply(204, wait=1.5),
        Reply(500, b"x" * 100_000),
    ],
    ids=["500", "retry-after", "404", "redirect", "slow", "talkative"],
)
def test_what_is_not_taken_comes_again(service: Moving, receiver: Receiver, reply: Reply) -> None:
    """Until it is; later events wait meanwhile, and what was redirected is not followed."""
    hook = service.hook(receiver.url)
    answers = [reply, reply]
    receiver.reply = lambda _: answers.pop() if answers else Reply()
    first, second = service.move("P"), service.move("P")
    settled(receiver, 2)
    assert [one.event["data"]["run"]["run"] for one in receiver.received] == [first, first, first, second]
    assert {one.path for one in receiver.received} == {"/in"}
    assert_told(service, receiver, hook)
    told = service.ask("GET", f"/webhooks/{hook['id']}/deliveries")["data"]
    assert [(one["status"], one["tries"]) for one in told] == [("delivered", 1), ("delivered", 3)]


def test_an_answer_that_comes_twice_counts_once(service: Moving, receiver: Receiver) -> None:
    """The second one is no answer to anything."""
    hook = service.hook(receiver.url)
    receiver.reply = lambda _: Reply(200, b"fine", twice=True)
    for _ in range(3):
        service.move("P")
    settled(receiver, 3)
    assert len(receiver.received) == 3
    assert_told(service, receiver, hook)


def test_dead_letters_are_seen_and_sent_again(tmp_path: Path, receiver: Receiver) -> None:
    """One that fails for good lets the others by; somebody looks, and has it sent once more."""
    with moving(tmp_path / "data", {"MUSTER_HOOKS_TRIES": "2"}) as service:
        service.product("P")
        hook = service.hook(receiver.url)
        path = f"/webhooks/{hook['id']}/deliveries"
        receiver.reply = lambda one: Reply(500, b"never") if one.number == 2 else Reply()
        runs = [service.move("P") for _ in range(3)]
        settled(receiver, 3)
        (dead,) = service.ask("GET", path, params={"status": "dead"})["data"]
        assert (dead["number"], dead["tries"], dead["code"], dead["said"]) == (2, 2, 500, "never")
        receiver.reply = lambda _: Reply()
        service.ask("POST", f"{path}/2/redeliver", code=202)
        receiver.wait(lambda found: found.numbers == [1, 2, 2, 3, 2])
        receiver.received.clear()
        service.ask("POST", f"/webhooks/{hook['id']}/replay", {"after": 0})
        settled(receiver, 3)
        assert [one.event["data"]["run"]["run"] for one in receiver.received] == runs
        assert hook["secret"] not in service.one.log.read_text()


def test_a_service_that_stops_does_not_wait_for_a_receiver(tmp_path: Path, receiver: Receiver) -> None:
    """It breaks off what is being sent, which comes again after the next start."""
    with moving(tmp_path / "data", {"MUSTER_HOOKS_TIMEOUT": "60"}) as service:
        service.product("P")
        hook = service.hook(receiver.url)
        receiver.reply = lambda _: Reply(wait=20)
        service.move("P")
        receiver.wait(lambda found: len(found.received) == 1)
        began = time.monotonic()
        assert service.one.stop() == 0
        assert time.monotonic() - began < 10
        receiver.reply = lambda _: Reply()
        service.one.start()
        receiver.wait(lambda found: len(found.received) == 2)
        assert_told(service, receiver, hook)
