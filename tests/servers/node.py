"""A search server as a child process: started, awaited, stopped."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

_START_SECONDS = 180
_STOP_SECONDS = 20
_LOG_TAIL = 4000


class NodeDied(Exception):
    """A node could not be made, ended, or did not answer in time; the message holds the tail of its log."""


@dataclasses.dataclass(frozen=True, slots=True)
class Launch:
    """How a node is started, and where it answers."""

    command: Sequence[str]
    folder: Path
    url: Callable[[], str | None]
    """The node's address, None while it is not yet known."""
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Variables beside those of this process."""
    user: int | None = None
    """The user and group to run as, None for our own."""


def cluster() -> str:
    """The name of this process's cluster: its own, so that nodes on one machine neither join nor are mistaken."""
    return f"muster-tests-{os.getpid()}"


@contextlib.contextmanager
def running(launch: Launch, log: Path) -> Iterator[str]:
    """The address of a node that answers, which ends with the context; what it says goes to `log`.

    Raises:
        NodeDied: it ended while starting, or did not answer in time.
    """
    with log.open("wb") as output:
        node = _started(launch, output.fileno())
    try:
        yield _awaited(launch, node, log)
    finally:
        _stop(node)


def _started(launch: Launch, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        launch.command,
        cwd=launch.folder,
        env={**os.environ, **launch.environment},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        user=launch.user,
        group=launch.user,
        extra_groups=None if launch.user is None else [],
    )


def _awaited(launch: Launch, node: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        if (url := launch.url()) is not None and _answers(url):
            return url
        if node.poll() is not None:
            raise NodeDied(
                f"the node ended with code {node.returncode} while starting; the end of its log:\n{_tail(log)}"
            )
        if time.monotonic() > deadline:
            raise NodeDied(f"the node did not answer in {_START_SECONDS} seconds; the end of its log:\n{_tail(log)}")
        time.sleep(0.2)


def _answers(url: str) -> bool:
    """Whether our own node answers there, and not one of somebody else."""
    health = f"{url}/_cluster/health?wait_for_status=yellow&timeout=1s"
    try:
        with urllib.request.urlopen(health, timeout=5) as response:  # noqa: S310 (always http to this machine)
            return bool(json.load(response)["cluster_name"] == cluster())
    except OSError:
        return False


def _stop(node: subprocess.Popen[bytes]) -> None:
    """Ask the node to end, and end it if it does not."""
    node.terminate()
    try:
        node.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        node.kill()
        node.wait()


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:]
