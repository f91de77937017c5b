"""Processes that begin with everything of Muster loaded: each forks from one that has loaded it.

A process of its own is what a test of the command line wants; loading a thousand modules anew for each of a thousand
runs is most of what they would take. What is forked has its own arguments, environment, folder and files, and ends
with its own exit code. That `muster` loads what it needs is for the tests that start it as people do.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

_LOADED = "tests.acceptance.loaded"


@dataclass(frozen=True, slots=True)
class Start:
    """How `muster` starts: what it reads is the first of the files, and to the others it writes both outputs."""

    words: tuple[str, ...]
    environment: Mapping[str, str]
    files: tuple[Path, Path, Path]
    folder: Path


class Process:
    """One that was started, as `subprocess.Popen` has it."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._process: ForkServerProcess = _CONTEXT.Process(target=_become, args=(start,))
        self._process.start()

    def poll(self) -> int | None:
        """Its exit code, None while it runs; negative the signal that ended it."""
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Wait until it ends, and return its exit code."""
        self._process.join(timeout)
        if (code := self.poll()) is None:
            raise subprocess.TimeoutExpired(self._start.words, timeout)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it ended."""
        if self.poll() is None and self._process.pid is not None:
            os.kill(self._process.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def _forking() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_LOADED])
    return context


_CONTEXT = _forking()


def _become(start: Start) -> None:
    """Be `muster`, in the process that was forked."""
    from muster.cli import main  # noqa: PLC0415 - there it is loaded already

    os.environ.clear()
    os.environ.update(start.environment)
    os.chdir(start.folder)
    for number, path in enumerate(start.files):
        with path.open("ab" if number else "rb") as file:
            os.dup2(file.fileno(), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, "w" if number else "r", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115 - until it ends
        for number in range(3)
    )
    sys.argv = ["muster", *start.words]
    main()
