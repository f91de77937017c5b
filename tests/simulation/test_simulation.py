"""Following changes ends at the same members as evaluating everything, whatever happened meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pyroaring import BitMap

from muster.membership import resolve
from muster.policy import Policy
from muster.service.evaluate import evaluate
from muster.service.keeping.due import AGAIN
from muster.service.keeping.keeper import Keeper
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock
from tests.integration.places import EMBEDDED
from tests.simulation.world import World

PRODUCTS, ASSETS = (
    int(os.environ.get(f"MUSTER_SIMULATE_{name}", usual)) for name, usual in (("PRODUCTS", 40), ("ASSETS", 400))
)
STEPS = int(os.environ.get("MUSTER_SIMULATE", "120"))
SEED, SEEDS = int(os.environ.get("MUSTER_SEED", "1")), int(os.environ.get("MUSTER_SIMULATE_SEEDS", "1"))
OPEN = Policy(percent=1e9, least=10**9, may_empty=True)
"""Guards that hold nothing: what they hold is another matter."""


def kept(keeper: Keeper) -> None:
    """Do rounds until nothing is waiting."""
    while (done := keeper.step()) is None or done.more:
        pass


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("engine_setting", [EMBEDDED, "opensearch"], indirect=True)
@pytest.mark.parametrize("seed", range(SEED, SEED + SEEDS))
def test_followed_members_are_those_of_a_full_evaluation(work: Workspace, clock: SetClock, seed: int) -> None:
    """After each batch of whatever happened, product by product."""

    def pass_time(milliseconds: int) -> None:
        clock.time += milliseconds

    work.record.put_policy("", OPEN, by="sim", at=1)
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


def differing(work: Workspace) -> Iterator[tuple[str, str, list[int], list[int]]]:
    """Yield the products whose stored members are not those of now: name, query, who is too many, who is missing."""
    products = list(work.record.products())
    generations = work.record.generations([one.entity.guid for one in products])
    standings = work.record.standings([one.entity.guid for one in products])
    for product, evaluated in zip(products, evaluate(work, products, now=work.clock()), strict=True):
        guid = product.entity.guid
        assert isinstance(evaluated.selected, BitMap)
        live = resolve(evaluated.selected, standings.get(guid, ()), work.clock())
        stored = generations[guid].members if guid in generations else BitMap()
        if stored != live:
            yield product.entity.name, product.selection.wire, list(stored - live)[:5], list(live - stored)[:5]
