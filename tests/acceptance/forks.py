"""Scripts of other people's clients: loading such a client takes longer than most of what is done with it.

A script runs in a process of its own, in the client's own environment, with the client loaded.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

_FORKED = Path(__file__).parent / "forked.py"


@dataclass(frozen=True, slots=True)
class Ask:
    """What to run, in which environment, and for how long at most."""

    script: str
    environment: Mapping[str, str]
    seconds: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a script ended, and what it printed to both outputs."""

    code: int
    out: str
    err: str


class Forks:
    """A process that has loaded a client, from which scripts fork."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, ask: Ask) -> Ended:
        """Run a script to its end."""
        asking, answering = self._process.stdin, self._process.stdout
        assert asking is not None
        assert answering is not None
        asking.write(json.dumps(asdict(ask)) + "\n")
        asking.flush()
        return Ended(**json.loads(answering.readline()))


@contextmanager
def forking(python: Path, *modules: str) -> Iterator[Forks]:
    """Load modules in another Python, and let scripts fork from it until the end of the block."""
    command = [str(python), "-W", "ignore", str(_FORKED), *modules]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Forks(process)
        assert process.stdin is not None
        process.stdin.close()
