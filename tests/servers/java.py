"""Finds a JDK new enough for a search server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_VERSION = 21

_USUAL_FOLDERS = (
    Path("/usr/lib/jvm"),
    Path("/usr/java"),
    Path("/opt"),
    Path("/Library/Java/JavaVirtualMachines"),
    Path("~/.sdkman/candidates/java").expanduser(),
    Path("~/.jdks").expanduser(),
)


def home() -> Path | None:
    """The home of the first JDK of version 21 or later: `JAVA_HOME`, the usual folders, then `PATH`."""
    return next((candidate for candidate in _candidates() if _version(candidate) >= LEAST_VERSION), None)


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    for folder in _USUAL_FOLDERS:
        if folder.is_dir():
            yield from sorted(folder.iterdir(), reverse=True)
            yield from sorted(folder.glob("*/Contents/Home"), reverse=True)
    if found := shutil.which("java"):
        yield Path(found).resolve().parent.parent


def _version(candidate: Path) -> int:
    """The feature version of the JDK at `candidate`, 0 where there is none."""
    java = candidate / "bin" / "java"
    if not java.is_file():
        return 0
    said = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False, timeout=30).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found.group(1)) if found else 0
