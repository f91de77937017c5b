"""An OpenSearch node from Maven Central, run as a child process on a free loopback port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable

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


def start(jdk: Path, folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A started node that answers, and its address; it keeps its files in `folder`."""
    base_port = _free_base_port()
    url = f"http://127.0.0.1:{base_port + 1}"
    log = folder / "node.log"
    with log.open("wb") as output:
        node = subprocess.Popen(_command(jdk, folder, base_port), stdout=output, stderr=subprocess.STDOUT, cwd=folder)
    try:
        _await(lambda: _answers(url), node)
    except NodeDied as why:
        stop(node)
        message = f"the OpenSearch node {why}; the end of its log:\n{_tail(log)}"
        raise NodeDied(message) from None
    except BaseException:  # told to end while it starts: it must not stay behind
        stop(node)
        raise
    return node, url


def stop(node: subprocess.Popen[bytes]) -> None:
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
        message = f"could not be fetched with Maven:\n{done.stdout[-_LOG_TAIL:]}{done.stderr[-_LOG_TAIL:]}"
        raise NodeDied(message)


def _command(jdk: Path, folder: Path, base_port: int) -> list[str]:
    java = [str(jdk / "bin" / "java"), "-Xms512m", "-Xmx1g", "-cp", f"{libraries(jdk)}/*", _MAIN_CLASS]
    # A cluster name of its own keeps the node from joining another one on this machine.
    own_cluster = ["-clusterName", f"muster-tests-{os.getpid()}"]
    return [*java, "-basePath", str(folder / "node"), "-numOfNode", "1", "-baseHttpPort", str(base_port), *own_cluster]


def _free_base_port() -> int:
    """A base port the runner accepts (9200 to 9298) whose neighbour, where HTTP will be, is free."""
    for base_port in _BASE_PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", base_port + 1)):
                return base_port
    message = "found no free port between 9201 and 9299"
    raise NodeDied(message)


def _await(ready: Callable[[], bool], node: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not ready():
        if node.poll() is not None:
            message = f"ended with code {node.returncode} while starting"
            raise NodeDied(message)
        if time.monotonic() > deadline:
            message = f"did not answer within {_START_SECONDS} seconds"
            raise NodeDied(message)
        time.sleep(0.2)


def _answers(url: str) -> bool:
    health = f"{url}/_cluster/health?wait_for_status=yellow&timeout=1s"
    try:
        with urllib.request.urlopen(health, timeout=5) as response:  # noqa: S310 (always http to this machine)
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:]
