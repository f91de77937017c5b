"""Environments of their own for clients whose packages do not go with those of this one: set up once, pinned with hashes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

PLACE = Path(__file__).parents[2] / ".servers"
INSTALLING = 600
"""Seconds that an environment may take to be installed."""


def python_with(name: str, lock: Path, *flags: str) -> Path:
    """Return a Python that has what a lock file names, below `.servers/NAME`; `flags` are more words for pip."""
    said = (lock.read_bytes(), sys.version.encode(), *(flag.encode() for flag in flags))
    folder = PLACE / name / hashlib.sha256(b"".join(said)).hexdigest()[:12]
    python, done = folder / "bin" / "python", folder / "done"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / "lock", timeout=2 * INSTALLING):
        if not done.exists():
            _run(sys.executable, "-m", "venv", "--clear", str(folder))
            pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
            _run(str(python), *pip, *flags, "-r", str(lock))
            done.touch()
    return python


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=INSTALLING)
