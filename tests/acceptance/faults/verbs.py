"""The command line in a process of its own, with its index on a server."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from tests.acceptance import command
from tests.acceptance.faults.scene import Scene


def start(scene: Scene, *words: str, timeout: float = 20.0) -> subprocess.Popen[str]:
    """Start `muster` and come back at once; `timeout` is that of its requests."""
    return command.start(scene.data, *words, settings=_settings(scene, timeout))


def run(scene: Scene, *words: str, code: int = 0, timeout: float = 20.0) -> tuple[str, str]:
    """Run `muster` to its end, hold it to an exit code, and return what it printed: results, and all else."""
    done = command.run(scene.data, *words, code=code, settings=_settings(scene, timeout))
    return done.stdout, done.stderr


def _settings(scene: Scene, timeout: float) -> Mapping[str, str]:
    return {"MUSTER_ENGINE_URL": scene.url, "MUSTER_ENGINE_TIMEOUT": str(timeout)}
