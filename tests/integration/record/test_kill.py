"""A writer that is killed leaves whole batches behind, and nothing else."""

import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from functools import reduce
from operator import or_
from pathlib import Path
from random import Random

from pyroaring import BitMap

from muster.packing import digest
from muster.record import SqlRecord, open_record
from tests.integration.record.samples import made
from tests.integration.record.writer import BATCH

ROOT = Path(__file__).parents[3]
ROUNDS = 4


def test_killed_writer_loses_and_doubles_nothing(url: str) -> None:
    """Every acknowledged batch is there, every batch is whole, the log has no gap, and runs add up to members."""
    with closing(open_record(url)) as record:
        made(record, "p")
    random, acknowledged = Random(7), 0
    for seed in range(ROUNDS):
        acknowledged += _write_and_kill(url, str(seed), random)
        with closing(open_record(url)) as record:
            with record._database.writing():
                """PostgreSQL may still be ending what the killed process began; a writer's turn comes after that."""
            _check(record, acknowledged, seed + 1)


def _write_and_kill(url: str, seed: str, random: Random) -> int:
    """Let a writer finish a few batches, and kill it a moment later; return how many it said were safe."""
    command = [sys.executable, "-m", "tests.integration.record.writer", url, seed]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(random.randint(2, 6))]
        time.sleep(random.uniform(0, 0.03))
        writer.kill()
        told += writer.stdout.readlines()
    assert writer.returncode == -signal.SIGKILL
    assert [int(line) for line in told] == list(range(len(told)))
    return len(told)


def _check(record: SqlRecord, acknowledged: int, rounds: int) -> None:
    batches = Counter(
        entity.key.qualified_name.rpartition("/")[0]
        for some in record.scan()
        for entity in some
        if entity.key.type_name == "Table"
    )
    assert set(batches.values()) == {BATCH}
    assert acknowledged <= len(batches) <= acknowledged + rounds
    changes = record.changes(0, 1_000_000)
    assert [change.number for change in changes] == list(range(1, len(batches) * BATCH + 2))
    _check_membership(record, acknowledged)


def _check_membership(record: SqlRecord, acknowledged: int) -> None:
    guid = next(record.products()).entity.guid
    runs, generation = record.runs(guid, limit=1_000_000), record.generations([guid])[guid]
    assert [run.number for run in runs] == list(range(len(runs), 0, -1))
    assert len(runs) >= acknowledged
    joined = reduce(or_, (move.joined for run in runs for move in record.moves(guid, run.number)), BitMap())
    assert (generation.run, generation.digest, generation.members) == (runs[0].number, digest(joined), joined)
