"""An OpenSearch node from Maven Central, run as a child process on a free loopback port."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_POM = Path(__file__).with_name("pom.xml")
_CACHE = Path(__file__).parents[2] / ".servers"
_MAIN_CLASS = "org.codelibs.opensearch.runner.OpenSearchRunner"
_BASE_PORTS = range(9298, 9199, -1)
_START_SECONDS = 180
_STOP_SECONDS = 20
_LOG_TAIL = 4000


class NodeDied(Exception):
    """The node ended, or did not answer in time; the message holds the tail of its log."""


def libraries(jdk: Path) -> Path:
    """The folder of the node's jars, fetched with Maven at the first use and kept between runs."""
    folder = _CACHE / f"opensearch-{version()}"
    with FileLock(_lock_beside(folder)):
        if not (folder / "complete").exists():
            _copy_dependencies(jdk, folder / "lib")
            (folder / "complete").touch()
    return folder / "lib"


def version() -> str:
    """The version of the node's Maven artifact, as `pom.xml` names it."""
    return _POM.read_text(encoding="utf-8").rpartition("<version>")[2].partition("</version>")[0]


@contextlib.contextmanager
def running(jdk: Path, folder: Path) -> Iterator[str]:
    """The address of a node that answers, which ends with the context; it keeps its files in `folder`.

    Raises:
        NodeDied: it could not be fetched, ended while starting, or did not answer in time.
    """
    libraries(jdk)
    with _reserved_base_port() as base_port:
        log = folder / "node.log"
        with log.open("wb") as output:
            command = _command(jdk, folder, base_port)
            node = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=folder)
        try:
            url = f"http://127.0.0.1:{base_port + 1}"
            _await(lambda: _answers(url), node, log)
            yield url
        finally:
            _stop(node)


def _stop(node: subprocess.Popen[bytes]) -> None:
    """Ask the node to end, and end it if it does not."""
    node.terminate()
    try:
        node.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        node.kill()
        node.wait()


def _lock_beside(folder: Path) -> str:
    folder.parent.mkdir(parents=True, exist_ok=True)
    return str(folder.with_suffix(".lock"))


def _copy_dependencies(jdk: Path, into: Path) -> None:
    maven = shutil.which("mvn") or "mvn"
    command = [maven, "-q", "-B", "-f", str(_POM), "dependency:copy-dependencies", f"-DoutputDirectory={into}"]
    environment = {**os.environ, "JAVA_HOME": str(jdk)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NodeDied(f"Maven could not fetch the node:\n{done.stdout[-_LOG_TAIL:]}{done.stderr[-_LOG_TAIL:]}")


def _command(jdk: Path, folder: Path, base_port: int) -> list[str]:
    java = [str(jdk / "bin" / "java"), "-Xms512m", "-Xmx1g", "-cp", f"{libraries(jdk)}/*", _MAIN_CLASS]
    # A cluster name of its own keeps the node from joining another one on this machine.
    own_cluster = ["-clusterName", _cluster()]
    return [*java, "-basePath", str(folder / "node"), "-numOfNode", "1", "-baseHttpPort", str(base_port), *own_cluster]


def _cluster() -> str:
    return f"muster-tests-{os.getpid()}"


@contextlib.contextmanager
def _reserved_base_port() -> Iterator[int]:
    """A base port the runner accepts (9200 to 9298) whose neighbour, where HTTP will be, is free.

    A node listens only seconds after its port was chosen, so a lock keeps other runs on this machine from it.
    """
    for base_port in _BASE_PORTS:
        lock = FileLock(str(Path(tempfile.gettempdir()) / f"muster-tests-port-{base_port}.lock"))
        with contextlib.suppress(Timeout, PermissionError), lock.acquire(blocking=False):
            if not _is_taken(base_port + 1):
                yield base_port
                return
    raise NodeDied("found no free port between 9201 and 9299")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _await(ready: Callable[[], bool], node: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not ready():
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
            return bool(json.load(response)["cluster_name"] == _cluster())
    except OSError:
        return False


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:]
