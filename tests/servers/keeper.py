"""A process that keeps one server running for a test run: started by the first test that needs it.

    python -m tests.servers.keeper NAME RUN_FOLDER PID

The server belongs to this process and not to a test worker, because workers come and go. It ends on TERM,
or when the process PID (the one that leads the run) is gone, however that happened.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from tests.servers import answer, finding

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that ask a process to end."""

_POLL_SECONDS = 0.5


def keep(name: str, run: Path, leader: int) -> None:
    """Serve until told to end, having written in `run` where the server is or why there is none."""
    for ending in ENDINGS:
        signal.signal(ending, leave)
    with finding.served(finding.KINDS[name], run) as found:
        answer.write(found, run / f"{name}.json")
        while isinstance(found, answer.Running) and _alive(leader):
            time.sleep(_POLL_SECONDS)
    if not _alive(leader):
        shutil.rmtree(run, ignore_errors=True)


def leave(_signal: int, _frame: FrameType | None) -> None:
    """End the process in the ordinary way, once, so that what it holds is let go."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    sys.exit(0)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
