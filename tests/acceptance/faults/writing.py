"""A process that writes into a record, and nowhere else, until it is told to end.

    python -m tests.acceptance.faults.writing RECORD SEED

It tags tables now Gold, now Plain, gives them attributes of new names, and archives some: every change moves something.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from muster.protocols import Record
from muster.record import open_record
from tests.acceptance.faults.scene import TABLES, Scene, drafts

PAUSE = 0.03
_ROOT = Path(__file__).parents[3]


def write(record: Record, luck: random.Random, round_: int) -> None:
    """Write one round of changes."""
    some = luck.sample(range(2 * TABLES), 12)
    tag = luck.choice(("Gold", "Plain"))
    named = {f"found_{round_ % 40}": round_, "description": f"round {round_}"}
    written = record.write(drafts(some, tag, **named), by="writer", at=round_)
    if round_ % 5 == 0:
        record.archive(written.updated[:2], by="writer", at=round_)


@contextmanager
def going_on(scene: Scene, seed: int) -> Iterator[None]:
    """Let another process write into the record of a scene while the context lasts."""
    command = [sys.executable, "-m", "tests.acceptance.faults.writing", str(scene.data / "record.db"), str(seed)]
    process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.DEVNULL)
    try:
        yield
        assert process.poll() is None, "the writer ended by itself"
    finally:
        process.terminate()
        assert process.wait(30) == 0


def main(path: str, seed: str) -> None:
    """Write until told to end."""
    told, luck, round_ = threading.Event(), random.Random(seed), 0
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    with closing(open_record(f"sqlite:///{path}")) as record:
        while not told.wait(PAUSE):
            round_ += 1
            write(record, luck, round_)


if __name__ == "__main__":
    main(*sys.argv[1:])
