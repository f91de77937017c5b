"""Killed at any point, Muster loses nothing and doubles nothing."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from muster.bootstrap import open_workspace
from muster.cli import INTERRUPTED
from muster.query.nodes import MatchAll
from muster.service import resolve
from muster.settings import Settings
from tests.acceptance import shop
from tests.acceptance.command import begin, run, start

KILLS = int(os.environ.get("MUSTER_KILLS", "100"))
SEED = int(os.environ.get("MUSTER_SEED", "1"))
BETWEEN_CHECKS = 4


def kill(data: Path, times: int, longest: float, luck: random.Random, *words: str) -> None:
    """Start a command again and again and kill it at random moments, until it was killed so many times while running."""
    while times:
        process = begin(data, *words)
        time.sleep(luck.uniform(0.05, longest))
        times -= process.poll() is None
        process.kill()
        process.wait(30)


def seconds(data: Path, *words: str) -> float:
    """Run a command to its end and return how long it took."""
    began = time.monotonic()
    run(data, *words)
    return time.monotonic() - began


def assert_whole(data: Path, step: int) -> None:
    """Hold record, index and stored membership to what the step says."""
    with open_workspace(Settings(data=data)) as work:
        tables = [one for batch in work.record.scan() for one in batch if one.key.type_name == "Table"]
        product = work.record.product("Gold tables")
        _, _, stored = resolve.members(work, "Gold tables", resolve.Stored())
        names = {one.key.qualified_name for one in work.record.entities(list(stored))}

        assert len(tables) == len({one.key.qualified_name for one in tables}) == shop.ASSETS
        assert {one.key.qualified_name for one in tables if "Gold" in one.tags} == shop.gold(step)
        assert work.engine.count(MatchAll(), now=0) == sum(map(len, work.record.scan()))
        assert names == shop.gold(step)
        assert resolve.live_members(work, product) == stored
        assert all(one.version <= step + 1 for one in tables)


@pytest.mark.timeout(1800)
def test_killed_at_random_points_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """After each series of kills in import, projection and sync, finishing the work gives exactly the expected members."""
    luck, data = random.Random(SEED), tmp_path / "data"
    print(f"{KILLS} kills, MUSTER_SEED={SEED}")
    importing = seconds(data, "import", "ndjson", str(shop.write(tmp_path, 0)))
    run(data, "product", "create", "Gold tables", "type:Table tag:Gold")
    syncing = seconds(data, "sync")
    for step in range(1, KILLS // BETWEEN_CHECKS + 1):
        source = str(shop.write(tmp_path, step))
        kill(data, BETWEEN_CHECKS // 2, importing, luck, "import", "ndjson", source)
        importing = seconds(data, "import", "ndjson", source)
        kill(data, BETWEEN_CHECKS // 2, syncing, luck, "sync", "--force")
        syncing = seconds(data, "sync", "--force")

        assert_whole(data, step)


@pytest.mark.parametrize("after", [0.0, 0.3, 1.0])
def test_interrupted_an_import_says_nothing_and_goes_on_later(tmp_path: Path, after: float) -> None:
    """Ctrl-C ends with 130 and without a traceback; what was committed stays, and the same import does the rest."""
    data, source = tmp_path / "data", str(shop.write(tmp_path, 0))
    process = start(data, "import", "ndjson", source)
    while not (data / "owner").exists():
        time.sleep(0.01)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()

    over = {0, -signal.SIGINT}  # it was done, or done but for the interpreter's own end
    assert process.returncode == INTERRUPTED or (process.returncode in over and after > 0)
    assert "Traceback" not in said
    run(data, "import", "ndjson", source)
    run(data, "doctor")
