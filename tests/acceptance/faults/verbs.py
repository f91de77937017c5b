"""The command line in a process of its own, with its index on a server."""

from __future__ import annotations

import subprocess
import sys

from tests.acceptance.command import environment
from tests.acceptance.faults.scene import Scene


def start(scene: Scene, *words: str, timeout: float = 20.0) -> subprocess.Popen[str]:
    """Start `muster` and come back at once; `timeout` is that of its requests."""
    settings = {"MUSTER_ENGINE_URL": scene.url, "MUSTER_ENGINE_TIMEOUT": str(timeout)}
    return subprocess.Popen(
        [sys.executable, "-m", "muster", *words],
        env=environment(scene.data) | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(scene: Scene, *words: str, code: int = 0, timeout: float = 20.0) -> tuple[str, str]:
    """Run `muster` to its end, hold it to an exit code, and return what it printed: results, and all else."""
    process = start(scene, *words, timeout=timeout)
    said = process.communicate(timeout=120)
    assert process.returncode == code, f"muster {' '.join(words)} ended with {process.returncode}\n{said[0]}\n{said[1]}"
    assert "Traceback" not in said[1]
    return said
