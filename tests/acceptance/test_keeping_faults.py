"""Whoever keeps memberships right is frozen, or has no index for a while: everything is followed in the end, and once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from muster.errors import EngineUnavailable, RecordUnavailable
from muster.membership import Decision
from muster.policy import Policy
from muster.service.decide import Given, decide
from muster.service.keeping.keeper import Keeper
from muster.service.keeping.loop import keep, until_settled
from muster.service.workspace import Workspace
from tests.acceptance.faults import scene as scenes
from tests.acceptance.faults.kept import hold_kept
from tests.acceptance.faults.node import Node, killable
from tests.acceptance.faults.scene import PRODUCT, ROOT, TABLES, Scene
from tests.acceptance.faults.working import LEASE, working
from tests.integration.conftest import SetClock

SEED = int(os.environ.get("MUSTER_SEED", "1"))
MINUTE = 60_000
FREEZES = 3
WAIT = 60.0
OPEN = Policy(percent=1e9, least=10**9, may_empty=True)


def change(work: Workspace, luck: random.Random, number: int) -> None:
    """Change the catalog, and decide about a table."""
    scenes.write(work, luck.sample(range(TABLES), 5), luck.choice(("Gold", "Plain")), description=f"{number}")
    about = f"{ROOT}/table_{luck.randrange(TABLES):05}"
    decide(work, PRODUCT, [about], luck.choice(list(Decision)), Given(f"decision {number}"))


def followed(work: Workspace, seconds: float = WAIT) -> bool:
    """Whether memberships come to follow all that there is within so many seconds."""
    until, position = time.monotonic() + seconds, work.record.position()
    while work.record.followed().position < position:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def prepared(scene: Scene, stack: ExitStack) -> Workspace:
    """Return a catalog with a product whose runs nobody holds."""
    work = stack.enter_context(scene.opened())
    scenes.prepare(work)
    work.record.put_policy("", OPEN, by="ada", at=work.clock())
    return work


def frozen(worker: subprocess.Popen[bytes], work: Workspace) -> None:
    """Freeze a worker in the middle of whatever it does, but for a transaction of the record, which would stop all others."""
    while True:
        worker.send_signal(signal.SIGSTOP)
        try:
            work.record.lease("look", "test", at=0, until=1)
        except RecordUnavailable:
            worker.send_signal(signal.SIGCONT)
            time.sleep(0.01)
        else:
            return


@pytest.mark.timeout(600)
def test_one_that_was_frozen_does_no_harm_when_it_wakes_up(scene: Scene) -> None:
    """Another takes over meanwhile; the first one commits nothing of what it had begun, and takes its turn again later."""
    luck = random.Random(SEED)
    with ExitStack() as stack:
        work = prepared(scene, stack)
        workers = [stack.enter_context(working(scene)) for _ in range(2)]
        for number in range(FREEZES):
            one = workers[number % 2]
            for _ in range(luck.randrange(1, 4)):
                change(work, luck, number)
            time.sleep(luck.uniform(0, 0.5))
            frozen(one, work)
            change(work, luck, number)
            assert followed(work)
            one.send_signal(signal.SIGCONT)
            change(work, luck, number)
            assert followed(work)
        time.sleep(2 * LEASE / 1000)
        assert followed(work)
        hold_kept(work)


@dataclass
class Outage:
    """A minute without a node, by a clock that goes on as the keeper waits; stops it when all is followed."""

    work: Workspace
    node: Node
    clock: SetClock
    complaints: int = 0

    def __post_init__(self) -> None:
        """Begin it."""
        self.node.kill()
        self.ends: int | None = self.clock.time + MINUTE

    def pause(self, seconds: float) -> bool:
        """Let the time pass; True when it is over and all is followed."""
        self.clock.time += max(1, round(1000 * seconds))
        if self.ends is not None and self.clock.time >= self.ends:
            self.node.start()
            self.ends = None
        return self.ends is None and self.work.record.followed().position == self.work.record.position()


@pytest.mark.timeout(600)
def test_a_minute_without_an_index_is_caught_up(tmp_path: Path) -> None:
    """The keeper says so, waits, and goes on by itself; what changes and is decided meanwhile is followed."""
    luck, clock = random.Random(SEED), SetClock()
    with killable(tmp_path) as node, ExitStack() as stack:
        scene = Scene(tmp_path / "data", f"opensearch://{urlsplit(node.url).netloc}/assets")
        work = replace(prepared(scene, stack), clock=clock)
        list(until_settled(Keeper(work)))
        outage = Outage(work, node, clock)
        for done in keep(Keeper(work), outage.pause):
            if isinstance(done, EngineUnavailable):
                outage.complaints += 1
                change(work, luck, outage.complaints)
        assert outage.complaints > 3
        hold_kept(work)
