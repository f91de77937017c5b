"""Run the command line as people do: in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def environment(data: Path) -> dict[str, str]:
    """Return the environment of a run: nothing of the caller's settings, one data folder, no colours."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    return clean | {
        "MUSTER_DATA": str(data),
        "MUSTER_USER": "tester",
        "NO_COLOR": "1",
        "COLUMNS": "200",
        "TERM": "dumb",
    }


def start(data: Path, *words: str) -> subprocess.Popen[str]:
    """Start `muster` and come back at once."""
    return subprocess.Popen(
        [sys.executable, "-m", "muster", *words],
        env=environment(data),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(
    data: Path, *words: str, stdin: str = "", code: int = 0, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `muster` to its end and hold it to an exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "muster", *words],
        env=environment(data) | dict(settings or {}),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, (
        f"muster {' '.join(words)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    )
    assert "Traceback" not in done.stderr
    return done


def answer(data: Path, *words: str, code: int = 0) -> Any:
    """Run a reading verb with `--json` and return what it printed."""
    return json.loads(run(data, *words, "--json", code=code).stdout)
