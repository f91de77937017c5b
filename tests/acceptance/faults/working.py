"""A process that keeps memberships right with a lease that is soon over, until it is told to end.

python -m tests.acceptance.faults.working DATA ENGINE_URL
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from muster.service.keeping.keeper import Keeper
from muster.service.keeping.loop import keep
from tests.acceptance.faults.scene import Scene

LEASE = 2_000
"""Milliseconds: a test does not wait half a minute until somebody takes over."""
_ROOT = Path(__file__).parents[3]


@contextmanager
def working(scene: Scene) -> Iterator[subprocess.Popen[bytes]]:
    """Let another process keep memberships right while the context lasts."""
    command = [sys.executable, "-m", "tests.acceptance.faults.working", str(scene.data), scene.url]
    process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.DEVNULL)
    try:
        yield process
        assert process.poll() is None, "the worker ended by itself"
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        assert process.wait(60) == 0


def main(data: str, url: str) -> None:
    """Work until told to end."""
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    with Scene(Path(data), url).opened() as work:
        for _ in keep(Keeper(work, lease=LEASE), told.wait):
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])
