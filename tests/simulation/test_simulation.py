"""Following changes ends at the same members as evaluating everything, whatever happened meanwhile."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

import pytest

from muster.policy import Policy
from muster.service.keeping.audit import audit
from muster.service.keeping.due import AGAIN
from muster.service.keeping.keeper import Keeper
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock
from tests.integration.places import EMBEDDED
from tests.integration.rounds import kept
from tests.simulation.truth import Ledger, differing
from tests.simulation.world import World

PRODUCTS, ASSETS = (
    int(os.environ.get(f"MUSTER_SIMULATE_{name}", usual)) for name, usual in (("PRODUCTS", 40), ("ASSETS", 400))
)
MOST = int(os.environ.get("MUSTER_SIMULATE_BATCH", "40"))
"""Things that happen between two looks at everything, at most; few of them more often than many."""
TELL = 20
"""Looks until it is told how far it is."""
CHANGES = int(os.environ.get("MUSTER_SIMULATE", "400"))
SEED, SEEDS = int(os.environ.get("MUSTER_SEED", "1")), int(os.environ.get("MUSTER_SIMULATE_SEEDS", "1"))
OPEN = Policy(percent=1e9, least=10**9, may_empty=True)
"""Guards that hold nothing: what they hold is another matter."""


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
    keeper, ledger, begun, began = Keeper(work), Ledger(work, world.deeds), work.record.position(), time.monotonic()
    for number, steps in enumerate(sizes(world.drawn)):
        happened = [world.step() for _ in range(steps)]
        world.sync()
        wrong = [*ledger.read()]
        clock.time += AGAIN + 1
        kept(keeper)
        wrong += [*differing(work), *ledger.read()]
        assert not wrong, (seed, number, " ".join(happened), wrong[:3])
        changes = work.record.position() - begun
        if number % TELL == 0 or changes >= CHANGES:
            tell(changes, ledger, time.monotonic() - began)
        if changes >= CHANGES:
            break
    assert keeper.fence is not None
    assert audit(work, keeper.fence).differences == ()


def sizes(drawn: random.Random) -> Iterator[int]:
    """Yield how many things happen until the next look, first of all none."""
    yield 0
    while True:
        yield round(MOST ** drawn.random())


def tell(changes: int, ledger: Ledger, seconds: float) -> None:
    """Say how far it is."""
    held = f"{changes:,} changes in {seconds:,.0f} s, no membership differed after any of {ledger.deeds.turn:,} looks"
    print(f"{held}; {ledger.moves:,} causes could be, {ledger.certain:,} of them no other", flush=True)
