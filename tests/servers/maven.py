"""Fetches what nodes are made of from Maven Central, and keeps it between runs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from tests.servers.node import NodeDied

_POMS = Path(__file__).with_name("poms")
_CACHE = Path(__file__).parents[2] / ".servers"
_TAIL = 4000


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` of the cache, filled by `make` at the first use; one process fills it, the others wait."""
    folder = _CACHE / name
    _CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(str(_CACHE / f"{name}.lock")):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            (folder / "complete").touch()
    return folder


def pom(name: str) -> Path:
    """The project file that names what a node is made of."""
    return _POMS / f"{name}.xml"


def run(jdk: Path, name: str, *arguments: str) -> None:
    """Run Maven on the project file `name`.

    Raises:
        NodeDied: Maven failed; the message holds the end of what it said.
    """
    call([shutil.which("mvn") or "mvn", "-q", "-B", "-f", str(pom(name)), *arguments], jdk)


def call(command: list[str], jdk: Path) -> None:
    """Run a tool of the JDK or one that needs it.

    Raises:
        NodeDied: the tool failed; the message holds the end of what it said.
    """
    environment = {**os.environ, "JAVA_HOME": str(jdk)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = f"{done.stdout[-_TAIL:]}{done.stderr[-_TAIL:]}"
        raise NodeDied(f"{Path(command[0]).name} ended with code {done.returncode}:\n{said}")
