"""What judged: lines that tests leave during a run, printed together at its end."""

from __future__ import annotations

import collections
import json

from tests.servers import run


def say(name: str, text: str) -> None:
    """Leave a line saying that `name` took part: its version, where it came from."""
    _leave(name, text, counts=False)


def missing(name: str, why: str) -> None:
    """Leave a line saying that `name` did not take part, and why."""
    _leave(name, f"did not run: {why}", counts=False)


def count(name: str, what: str) -> None:
    """Add one to a number of cases, printed as `NAME: 12 WHAT`."""
    _leave(name, what, counts=True)


def lines() -> list[str]:
    """Each different line once, with its number where it counts, in the order of names, of the whole run."""
    file = run.folder() / "report.jsonl"
    if not file.exists():
        return []
    entries = collections.Counter(tuple(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines())
    return sorted(f"{name}: {f'{number} ' if counts else ''}{text}" for (name, text, counts), number in entries.items())


def _leave(name: str, text: str, *, counts: bool) -> None:
    """Append one line; a short append is whole, so workers do not mix theirs."""
    with (run.folder() / "report.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps([name, text, counts]) + "\n")
