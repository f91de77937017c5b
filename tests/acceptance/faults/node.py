"""A real OpenSearch of the test's own, which may be killed."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.servers import java, node, opensearch, report

_START_SECONDS = 120
_LACKING = f"a node that can be killed needs a JDK {java.LEAST_VERSION} or later and `mvn`"


@dataclass
class Node:
    """A node by its command; each start is on the same folder and port."""

    command: Sequence[str]
    folder: Path
    url: str
    _process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self, least: str = "yellow") -> None:
        """Start it, and wait until it answers and is at least of that colour."""
        launch = node.Launch(self.command, self.folder, lambda: self.url)
        with (self.folder / "opensearch.log").open("ab") as output:
            self._process = node._started(launch, output.fileno())
        health = f"{self.url}/_cluster/health?wait_for_status={least}&timeout=1s"
        deadline = time.monotonic() + _START_SECONDS
        while not _answers(health):
            assert self._process.poll() is None, "the node ended while starting"
            assert time.monotonic() < deadline, "the node did not answer in time"
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as a loss of power does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def shard(self, index_uuid: str, number: int) -> Path:
        """Return the folder of a shard."""
        (found,) = self.folder.glob(f"**/indices/{index_uuid}/{number}")
        return found


def _answers(health: str) -> bool:
    try:
        with urllib.request.urlopen(health, timeout=5):  # noqa: S310 (always http to this machine)
            return True
    except OSError:
        return False


@contextlib.contextmanager
def killable(folder: Path) -> Iterator[Node]:
    """A node that answers, ended with the context; skips where none can be had."""
    jdk = java.home()
    if jdk is None or not shutil.which("mvn"):
        report.missing("faults of a node", _LACKING)
        pytest.skip(_LACKING)
    with opensearch._reserved_base_port() as base_port:
        command = opensearch._command(jdk, opensearch._libraries(jdk), folder / "node", base_port)
        made = Node(command, folder, f"http://127.0.0.1:{base_port + 1}")
        try:
            made.start()
            yield made
        finally:
            made.kill()
