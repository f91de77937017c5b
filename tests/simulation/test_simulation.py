"""Following changes ends at the same members as evaluating everything, whatever happened meanwhile."""

from __future__ import annotations

import os

import pytest

from muster.membership import Guard
from muster.policy import Policy
from muster.service.keeping.due import AGAIN
from muster.service.keeping.keeper import Keeper
from muster.service.resolve import live_members
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock
from tests.simulation.world import World

PRODUCTS, ASSETS, STEPS = 30, 300, int(os.environ.get("MUSTER_SIMULATE", "300"))
SEED = int(os.environ.get("MUSTER_SEED", "1"))
OPEN = Guard(percent=1e9, least=10**9, may_empty=True)


def kept(keeper: Keeper) -> None:
    """Do rounds until nothing is waiting."""
    while (done := keeper.step()) is None or done.more:
        pass


@pytest.mark.parametrize("seed", range(SEED, SEED + 3))
def test_followed_members_are_those_of_a_full_evaluation(work: Workspace, clock: SetClock, seed: int) -> None:
    """After each batch of whatever happened, product by product."""

    def pass_time(milliseconds: int) -> None:
        clock.time += milliseconds

    work.record.put_policy("", Policy(percent=1e9, least=10**9, may_empty=True), by="sim", at=1)
    world = World(work, seed, pass_time)
    world.begin(ASSETS, PRODUCTS)
    keeper, happened = Keeper(work), list[str]()
    kept(keeper)
    for number in range(STEPS):
        happened.append(world.step())
        if number % 10 == 9:
            clock.time += AGAIN + 1
            kept(keeper)
            wrong = list(differing(work))
            assert not wrong, (seed, number, happened[-10:], wrong[:3])


def differing(work: Workspace):  # type: ignore[no-untyped-def]
    """Yield the products whose stored members are not those of now."""
    for product in work.record.products():
        generation = work.record.generations([product.entity.guid]).get(product.entity.guid)
        live = live_members(work, product)
        stored = generation.members if generation else None
        if stored != live:
            extra = [] if stored is None else list(stored - live)[:5]
            yield product.entity.name, product.selection.wire, extra, list(live - (stored or set()))[:5]
