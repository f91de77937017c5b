"""OpenSearch: the image, and a node from Maven Central."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from filelock import FileLock, Timeout

from tests.servers import container, maven
from tests.servers.kinds import Kind
from tests.servers.node import Launch, NodeDied, cluster, running

_HEAP = os.environ.get("MUSTER_TEST_HEAP", "1g")
"""How much memory a node may use for its objects; a million assets take 3g."""
_QUICK = () if "MUSTER_TEST_HEAP" in os.environ else ("-XX:TieredStopAtLevel=1",)
"""A node of a test run is gone before it is worth to compile it well; one that is measured has a heap of its own.

It keeps the collector that it comes with: its memory breaker counts what another one has not collected yet.
"""
_IMAGE = "opensearchproject/opensearch:3.8.0"
_CONTAINER = {
    "discovery.type": "single-node",
    "DISABLE_INSTALL_DEMO_CONFIG": "true",
    "DISABLE_SECURITY_PLUGIN": "true",
    "OPENSEARCH_JAVA_OPTS": f"-Xms{_HEAP} -Xmx{_HEAP}",
}
_MAIN_CLASS = "org.codelibs.opensearch.runner.OpenSearchRunner"
_BASE_PORTS = range(9298, 9199, -1)


def _container() -> AbstractContextManager[str]:
    return container.running(_IMAGE, _CONTAINER)


@contextlib.contextmanager
def _node(jdk: Path, folder: Path) -> Iterator[str]:
    libraries = _libraries(jdk)
    with _reserved_base_port() as base_port:
        command = _command(jdk, libraries, folder / "node", base_port)
        url = f"http://127.0.0.1:{base_port + 1}"
        with running(Launch(command, folder, lambda: url), folder / "opensearch.log") as answering:
            yield answering


OPENSEARCH = Kind("opensearch", "OpenSearch", "MUSTER_TEST_OPENSEARCH_URL", _container, _node)


def _libraries(jdk: Path) -> Path:
    """The folder of the node's jars."""
    version = maven.pom("opensearch").read_text(encoding="utf-8").rpartition("<version>")[2].partition("</version>")[0]

    def fill(folder: Path) -> None:
        maven.run(jdk, "opensearch", "dependency:copy-dependencies", f"-DoutputDirectory={folder / 'lib'}")

    return maven.kept(f"opensearch-{version}", fill) / "lib"


def _command(jdk: Path, libraries: Path, home: Path, base_port: int) -> list[str]:
    java = [str(jdk / "bin" / "java"), *_QUICK, "-Xms512m", f"-Xmx{_HEAP}", "-cp", f"{libraries}/*", _MAIN_CLASS]
    port = ["-numOfNode", "1", "-baseHttpPort", str(base_port)]
    return [*java, "-basePath", str(home), *port, "-clusterName", cluster()]


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
