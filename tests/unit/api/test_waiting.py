"""Requests that wait for events: woken when something happens, bounded in number, let go when the service stops."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from muster.api.statuses import TooManyWaiting
from muster.api.waiting import Waiters
from muster.errors import RecordUnavailable


class Counter:
    """A record's last event, how often it was asked for, and whether it is away."""

    def __init__(self) -> None:
        self.last = 0
        self.asked = 0
        self.away = False

    def __call__(self) -> int:
        """Return the number of the last event."""
        self.asked += 1
        if self.away:
            raise RecordUnavailable("away")
        return self.last


async def waited(waiters: Waiters, number: int, seconds: float) -> tuple[bool, float]:
    """Wait, and return whether there was something and how long that took."""
    began = time.monotonic()
    with waiters.place():
        return await waiters.later(number, seconds), time.monotonic() - began


def test_what_is_there_already_is_told_at_once() -> None:
    """Without a pause."""
    counter = Counter()
    counter.last = 5
    found, took = asyncio.run(waited(Waiters(counter, 1), 4, 5))
    assert found
    assert took < 0.5


def test_who_waits_is_woken_when_something_happens() -> None:
    """All of them, within half a second; one look is for all."""
    counter = Counter()

    async def many() -> list[tuple[bool, float]]:
        waiters = Waiters(counter, 1000)
        threading.Timer(0.6, setattr, (counter, "last", 1)).start()
        return await asyncio.gather(*(waited(waiters, 0, 30) for _ in range(1000)))

    found = asyncio.run(many())
    assert all(there for there, _ in found)
    assert max(took for _, took in found) < 1.6
    assert counter.asked < 20


def test_who_waits_in_vain_is_told_so_in_time() -> None:
    """An event that was seen before counts for nobody."""
    counter = Counter()
    counter.last = 3
    found, took = asyncio.run(waited(Waiters(counter, 1), 3, 0.4))
    assert not found
    assert 0.4 <= took < 1.0


def test_nobody_looks_while_nobody_waits() -> None:
    """The record is asked for those who wait only."""
    counter = Counter()

    async def some() -> int:
        waiters = Waiters(counter, 1)
        await waited(waiters, 0, 0.3)
        await asyncio.sleep(0.4)
        before = counter.asked
        await asyncio.sleep(0.6)
        assert counter.asked == before
        await waited(waiters, 0, 0.3)
        return counter.asked - before

    assert asyncio.run(some()) > 0


def test_a_record_that_is_away_is_asked_again() -> None:
    """Who waits hears of what happened when it is back."""
    counter = Counter()
    counter.away = True

    async def back() -> tuple[bool, float]:
        threading.Timer(0.5, setattr, (counter, "away", False)).start()
        threading.Timer(0.5, setattr, (counter, "last", 1)).start()
        return await waited(Waiters(counter, 1), 0, 10)

    found, took = asyncio.run(back())
    assert found
    assert took < 2


def test_only_so_many_may_wait() -> None:
    """A place is free again when somebody leaves, whatever made them."""

    async def full() -> None:
        waiters = Waiters(Counter(), 2)
        with waiters.place(), waiters.place():
            with pytest.raises(TooManyWaiting, match="2 requests wait for events already"):
                waiters.refuse_more()
            with pytest.raises(TooManyWaiting), waiters.place():
                pass
        with pytest.raises(ZeroDivisionError), waiters.place():
            raise ZeroDivisionError
        waiters.refuse_more()

    asyncio.run(full())


def test_stopping_lets_everybody_go() -> None:
    """At once; who comes afterwards does not wait."""

    async def stopping() -> None:
        waiters = Waiters(Counter(), 9)
        asyncio.get_running_loop().call_later(0.3, waiters.stop)
        found = await asyncio.gather(*(waited(waiters, 0, 30) for _ in range(3)))
        assert [there for there, _ in found] == [False] * 3
        assert max(took for _, took in found) < 1.0
        assert (await waited(waiters, 0, 30))[1] < 0.5

    asyncio.run(stopping())
