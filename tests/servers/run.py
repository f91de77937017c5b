"""One test run: the folder its processes share, and the keepers of its servers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
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


def server(name: str, *, soon: Iterable[str] = ()) -> answer.Answer:
    """Where this run's server of that name is, having started it first if nobody has yet.

    Those that will be asked for `soon` are started beside it, since a cold start takes half a minute.
    """
    for each in {name, *soon}:
        _start_keeper(each)
    return _told(name)


def end() -> None:
    """End the run's servers and forget the run; only its leader does so."""
    keepers = [int(file.read_text(encoding="utf-8")) for file in folder().glob("*.pid")]
    for pid in keepers:
        _terminate(pid)
    for pid in keepers:
        _await_end(pid)
    shutil.rmtree(folder(), ignore_errors=True)


def _start_keeper(name: str) -> None:
    """Start the keeper of a server; whoever comes first does."""
    pid_file = folder() / f"{name}.pid"
    with FileLock(str(folder() / f"{name}.lock")):
        if not pid_file.exists():
            pid_file.write_text(str(_keeper(name)), encoding="utf-8")


def _keeper(name: str) -> int:
    command = [sys.executable, "-m", "tests.servers.keeper", name, str(folder()), os.environ[_LEADER_VARIABLE]]
    with (folder() / f"{name}-keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    keeper.returncode = 0  # it stays on purpose: `end` stops it, and forgetting it here is no mistake to warn of
    return keeper.pid


def _told(name: str) -> answer.Answer:
    """What the keeper of a server found, once it has."""
    place, pid = folder() / f"{name}.json", int((folder() / f"{name}.pid").read_text(encoding="utf-8"))
    while not place.exists() and not _gone(pid):
        time.sleep(_LEAST_PATIENCE_SECONDS)
    said = (folder() / f"{name}-keeper.log").read_text(encoding="utf-8", errors="replace")
    return answer.read(place) or answer.Broken(f"the keeper of the server ended early:\n{said}")


def _terminate(pid: int) -> None:
    if not _gone(pid):
        os.kill(pid, signal.SIGTERM)


def _await_end(pid: int) -> None:
    """Wait until the process is gone, so that nothing outlives the run."""
    while not _gone(pid):
        time.sleep(_LEAST_PATIENCE_SECONDS)


def _gone(pid: int) -> bool:
    """Whether the process is no more; collects it when it is our child, else looks whether it still exists."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return not _exists(pid)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
