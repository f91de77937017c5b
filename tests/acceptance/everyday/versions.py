"""The versions of `pyatlan` that are tried: the one of this environment, and another in one of its own."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from filelock import FileLock

HERE = Path(__file__).parent
PLACE = HERE.parents[2] / ".servers" / "pyatlan"
LOCK = HERE / "pyatlan-9.lock"
INSTALLING = 600
"""Seconds that the other version may take to be installed."""


def this() -> Path:
    """Return the Python of this environment, which has the newer version."""
    return Path(sys.executable)


def other() -> Path:
    """Return a Python that has the older version, pinned with hashes; it is set up once."""
    digest = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = PLACE / digest
    python, done = folder / "bin" / "python", folder / "done"
    PLACE.mkdir(parents=True, exist_ok=True)
    with FileLock(PLACE / "lock", timeout=2 * INSTALLING):
        if not done.exists():
            _run(sys.executable, "-m", "venv", "--clear", str(folder))
            pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
            _run(str(python), *pip, "-r", str(LOCK))
            done.touch()
    return python


VERSIONS: Mapping[str, Callable[[], Path]] = {"11.6": this, "9.10": other}


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=INSTALLING)
