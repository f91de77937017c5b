"""Guards take what moves within ten minutes for one change: in however many parts it comes, no product shrinks by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from muster.membership import Outcome, Trigger
from muster.policy import Manual, Policy
from muster.service import judging
from muster.service.ingest import ingest
from muster.service.keeping.due import AGAIN
from muster.service.keeping.keeper import LEASE, Keeper
from muster.service.sync import sync
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock
from tests.integration.places import EMBEDDED
from tests.integration.rounds import kept
from tests.integration.verified import VERIFIED, begin, last, page, table

pytestmark = pytest.mark.parametrize("engine_setting", [EMBEDDED], indirect=True)

MINUTE = 60_000
MANY, PART = 900, 200


@pytest.fixture
def shop(work: Workspace) -> Workspace:
    """A product of nine hundred verified tables."""
    begin(work)
    ingest(work, [table(f"t{number}") for number in range(MANY - 3)])
    return work


def withdraw(work: Workspace, part: int, *, back: bool = False) -> None:
    """Let the certificate of a part of the tables be a draft, or verified again."""
    numbers = range(part * PART, (part + 1) * PART)
    ingest(work, [table(f"t{number}", "VERIFIED" if back else "DRAFT") for number in numbers])


def total(work: Workspace) -> int:
    """Return how many members are stored."""
    return page(work).total


def by_one(work: Workspace, clock: SetClock) -> Callable[[], None]:
    """Follow changes by one process."""
    del clock
    keeper = Keeper(work)
    return lambda: kept(keeper)


def by_many(work: Workspace, clock: SetClock) -> Callable[[], None]:
    """Follow changes by another process each time, which takes over when the one before is dead."""

    def go() -> None:
        clock.time += LEASE + 1
        kept(Keeper(work))

    return go


def by_sync(work: Workspace, clock: SetClock) -> Callable[[], None]:
    """Sync the product, which is for somebody to say."""
    work.record.put_policy("", Policy(schedule=Manual()), by="ada", at=clock())

    def go() -> None:
        list(sync(work))

    return go


@pytest.mark.parametrize("way", [by_one, by_many, by_sync])
def test_a_change_that_comes_in_parts_is_held_when_it_is_too_much(
    way: Callable[[Workspace, SetClock], Callable[[], None]], shop: Workspace, clock: SetClock
) -> None:
    """And stays so, however long it waits and whatever else changes: nothing of it is let through later."""
    go = way(shop, clock)
    go()
    for part in range(3):
        clock.time += MINUTE
        withdraw(shop, part)
        go()
    held = last(shop)
    assert (held.outcome, total(shop)) == (Outcome.HELD, 500)
    assert held.held_because == "it would move 600 assets within 10m, of 900 members"

    for number in range(15):
        clock.time += AGAIN + 1
        ingest(shop, [table(f"new{number}")])
        go()
        assert (last(shop).outcome, total(shop)) == (Outcome.HELD, 500)


def test_who_approves_it_answers_for_it(shop: Workspace, clock: SetClock) -> None:
    """What moves after that is counted from there."""
    keeper = Keeper(shop)
    kept(keeper)
    for part in range(3):
        withdraw(shop, part)
        kept(keeper)
    judging.approve(shop, shop.record.product(VERIFIED), last(shop).number, judging.Judgement())
    clock.time += 1
    ingest(shop, [table("new")])
    kept(keeper)
    assert (last(shop).trigger, total(shop)) == (Trigger.INCREMENTAL, 301)


def test_who_forces_it_answers_for_it(shop: Workspace, clock: SetClock) -> None:
    """That it was forced is told with the run."""
    keeper = Keeper(shop)
    kept(keeper)
    for part in range(3):
        withdraw(shop, part)
    (done,) = sync(shop, [VERIFIED], force=True)
    assert (done.run.outcome, done.run.trigger) == (Outcome.APPLIED, Trigger.FORCED)
    clock.time += 1
    ingest(shop, [table("new")])
    kept(keeper)
    assert (last(shop).outcome, total(shop)) == (Outcome.APPLIED, 301)


def test_what_comes_slowly_is_followed(shop: Workspace, clock: SetClock) -> None:
    """Parts that are further apart are changes by themselves."""
    keeper = Keeper(shop)
    kept(keeper)
    for part in range(3):
        clock.time += 11 * MINUTE
        withdraw(shop, part)
        kept(keeper)
    assert (last(shop).outcome, total(shop)) == (Outcome.APPLIED, 300)


def test_who_is_back_does_not_count(shop: Workspace, clock: SetClock) -> None:
    """A part that leaves and comes back again and again is one part."""
    keeper = Keeper(shop)
    kept(keeper)
    for _ in range(3):
        for back in (False, True):
            clock.time += 1
            withdraw(shop, 0, back=back)
            kept(keeper)
    clock.time += 1
    withdraw(shop, 1)
    kept(keeper)
    assert (last(shop).outcome, total(shop)) == (Outcome.APPLIED, 700)


def test_a_product_is_filled_in_parts(work: Workspace, clock: SetClock) -> None:
    """One that had no members has nothing to lose."""
    begin(work)
    ingest(work, [table(name, "DRAFT") for name in "abc"])
    keeper = Keeper(work)
    kept(keeper)
    for part in range(4):
        clock.time += 1
        withdraw(work, part, back=True)
        kept(keeper)
    assert (last(work).outcome, total(work)) == (Outcome.APPLIED, 4 * PART)
