"""Where tests find an OpenSearch: an address in the environment, Docker, or a node from Maven Central."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

import docker  # type: ignore[import-untyped]
from docker.errors import DockerException  # type: ignore[import-untyped]
from testcontainers.opensearch import OpenSearchContainer

from tests.servers import java, node
from tests.servers.answer import Absent, Answer, Broken, Running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URL_VARIABLE = "MUSTER_TEST_OPENSEARCH_URL"
_IMAGE = "opensearchproject/opensearch:3.8.0"


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Answer]:
    """An OpenSearch for as long as the context lasts, or why there is none; a node keeps its files in `folder`."""
    if url := os.environ.get(URL_VARIABLE):
        yield Running(url, f"${URL_VARIABLE}")
    elif _docker_answers():
        with _container() as answer:
            yield answer
    else:
        with _own_node(folder) as answer:
            yield answer


def _docker_answers() -> bool:
    try:
        client = docker.from_env(timeout=5)
        return bool(client.ping())
    except DockerException:
        return False


@contextlib.contextmanager
def _container() -> Iterator[Answer]:
    with OpenSearchContainer(_IMAGE, security_enabled=False) as container:
        config = container.get_config()
        yield Running(f"http://{config['host']}:{config['port']}", "Docker")


@contextlib.contextmanager
def _own_node(folder: Path) -> Iterator[Answer]:
    jdk = java.home()
    if jdk is None or shutil.which("mvn") is None:
        lacking = f"a JDK {java.LEAST_VERSION} or later" if jdk is None else "`mvn`"
        yield Absent(f"${URL_VARIABLE} is not set, no Docker daemon answers, and there is no {lacking}")
        return
    try:
        with node.running(jdk, folder) as url:
            yield Running(url, "Maven")
    except node.NodeDied as died:
        yield Broken(str(died))
