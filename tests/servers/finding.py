"""Where a server comes from: an address in the environment, Docker, or a node from Maven Central."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.servers import container, java
from tests.servers.answer import Absent, Answer, Broken, Running
from tests.servers.elasticsearch import ELASTICSEARCH
from tests.servers.kinds import Kind
from tests.servers.node import NodeDied
from tests.servers.opensearch import OPENSEARCH

KINDS = {kind.name: kind for kind in (OPENSEARCH, ELASTICSEARCH)}
"""Every kind of server by its name."""


@contextlib.contextmanager
def served(kind: Kind, folder: Path) -> Iterator[Answer]:
    """A server for as long as the context lasts, or why there is none; a node keeps its files in `folder`."""
    if url := os.environ.get(kind.url_variable):
        yield Running(url, f"${kind.url_variable}")
        return
    with started(kind, folder) as answer:
        yield answer


@contextlib.contextmanager
def started(kind: Kind, folder: Path) -> Iterator[Answer]:
    """A server of our own for as long as the context lasts, or why there is none."""
    jdk = java.home()
    if container.daemon_answers():
        starting, origin = kind.container(), "Docker"
    elif jdk is not None and shutil.which("mvn"):
        starting, origin = kind.node(jdk, folder), "Maven"
    else:
        lacking = f"a JDK {java.LEAST_VERSION} or later" if jdk is None else "`mvn`"
        yield Absent(f"${kind.url_variable} is not set, no Docker daemon answers, and there is no {lacking}")
        return
    with contextlib.ExitStack() as stack:
        try:
            answer: Answer = Running(stack.enter_context(starting), origin)
        except NodeDied as died:
            answer = Broken(str(died))
        yield answer
