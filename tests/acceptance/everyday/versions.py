"""The versions of `pyatlan` that are tried: the one of this environment, and another in one of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.acceptance.environments import python_with

LOCK = Path(__file__).parent / "pyatlan-9.lock"


def this() -> Path:
    """Return the Python of this environment, which has the newer version."""
    return Path(sys.executable)


def other() -> Path:
    """Return a Python that has the older version."""
    return python_with("pyatlan", LOCK)


VERSIONS: Mapping[str, Callable[[], Path]] = {"11.6": this, "9.10": other}
