"""One test run: the folder its processes share, and the keeper of its server."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from filelock import FileLock

from tests.servers import answer

_FOLDER_VARIABLE = "MUSTER_TEST_RUN_FOLDER"
_LEADER_VARIABLE = "MUSTER_TEST_RUN_LEADER"
_ROOT = Path(__file__).parents[2]
_LEAST_PATIENCE_SECONDS = 0.1


def begin() -> None:
    """Make this process the leader of a run; the workers it starts find the run in their environment."""
    os.environ[_FOLDER_VARIABLE] = tempfile.mkdtemp(prefix="muster-tests-")
    os.environ[_LEADER_VARIABLE] = str(os.getpid())


def folder() -> Path:
    """The folder that the processes of this run share."""
    return Path(os.environ[_FOLDER_VARIABLE])


def opensearch() -> answer.Answer:
    """Where this run's OpenSearch is, having it started first if nobody has yet."""
    place = folder() / "opensearch.json"
    with FileLock(str(folder() / "opensearch.lock")):
        return answer.read(place) or _start_keeper(place)


def end() -> None:
    """End the run's server and forget the run; only its leader does so."""
    pid_file = folder() / "keeper.pid"
    if pid_file.exists():
        _end_process(int(pid_file.read_text(encoding="utf-8")))
    shutil.rmtree(folder(), ignore_errors=True)


def _start_keeper(place: Path) -> answer.Answer:
    command = [sys.executable, "-m", "tests.servers.keeper", str(folder()), os.environ[_LEADER_VARIABLE]]
    with (folder() / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    (folder() / "keeper.pid").write_text(str(keeper.pid), encoding="utf-8")
    while keeper.poll() is None and not place.exists():
        time.sleep(_LEAST_PATIENCE_SECONDS)
    keeper.returncode = 0  # it stays on purpose: `end` stops it, and forgetting it here is no mistake to warn of
    said = (folder() / "keeper.log").read_text(encoding="utf-8", errors="replace")
    return answer.read(place) or answer.Broken(f"the keeper of the server ended early:\n{said}")


def _end_process(pid: int) -> None:
    """Send TERM and wait until the process is gone, so that nothing outlives the run."""
    try:
        os.kill(pid, signal.SIGTERM)
        while not _reaped(pid):
            time.sleep(_LEAST_PATIENCE_SECONDS)
    except ProcessLookupError:
        return


def _reaped(pid: int) -> bool:
    """Whether the process is gone; collects it when it is our child, else looks whether it still exists."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        os.kill(pid, 0)
        return False
