"""Run the command line as people do: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.acceptance import warm

PLAIN = {"NO_COLOR": "1", "TERM": "dumb"}
"""No colours, whatever the terminal."""
ENDING = 120.0
"""Seconds that a run may take."""


def environment(data: Path) -> dict[str, str]:
    """Return the environment of a run: nothing of the caller's settings, one data folder, no colours, long lines."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    return clean | PLAIN | {"COLUMNS": "200", "MUSTER_DATA": str(data), "MUSTER_USER": "tester"}


def start(data: Path, *words: str, settings: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start `muster` as people do, and come back at once."""
    return subprocess.Popen(
        [sys.executable, "-m", "muster", *words],
        env=environment(data) | dict(settings or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def begin(data: Path, *words: str, settings: Mapping[str, str] | None = None) -> warm.Process:
    """Start `muster` as `run` does, and come back at once; what it prints is not kept."""
    own, nowhere = environment(data) | dict(settings or {}), Path(os.devnull)
    return warm.Process(warm.Start(words, own, (nowhere, nowhere, nowhere), Path.cwd()))


def run(
    data: Path, *words: str, stdin: str = "", code: int = 0, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `muster` to its end and hold it to an exit code."""
    done = ended(words, environment(data) | dict(settings or {}), stdin)
    assert done.returncode == code, (
        f"muster {' '.join(words)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    )
    assert "Traceback" not in done.stderr
    return done


def ended(
    words: tuple[str, ...], environment: Mapping[str, str], stdin: str = "", *, together: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run `muster` to its end; both outputs may come together, as a terminal shows them."""
    with tempfile.TemporaryDirectory() as folder:
        given, out, err = (Path(folder, name) for name in ("in", "out", "err"))
        given.write_text(stdin, encoding="utf-8")
        files = (given, out, out if together else err)
        process = warm.Process(warm.Start(words, environment, files, Path.cwd()))
        try:
            code = process.wait(ENDING)
        finally:
            process.kill()
        told = ("" if not path.exists() else path.read_bytes().decode() for path in (out, err))
        return subprocess.CompletedProcess(words, code, *told)


def answer(data: Path, *words: str, code: int = 0, settings: Mapping[str, str] | None = None) -> Any:
    """Run a verb with `--json` and return what it printed."""
    return json.loads(run(data, *words, "--json", code=code, settings=settings).stdout)
