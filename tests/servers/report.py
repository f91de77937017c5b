"""What judged: lines that tests leave during a run, printed together at its end."""

from __future__ import annotations

import json

from tests.servers import run


def say(name: str, text: str) -> None:
    """Leave a line saying that `name` took part: its version, what it judged."""
    _leave("ran", name, text)


def missing(name: str, why: str) -> None:
    """Leave a line saying that `name` did not take part, and why."""
    _leave("did not run", name, why)


def lines() -> list[str]:
    """Each different line once, in the order of names, from every process of the run."""
    file = run.folder() / "report.jsonl"
    if not file.exists():
        return []
    entries = {tuple(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()}
    return [f"{name}: {state}: {text}" for name, state, text in sorted(entries)]


def _leave(state: str, name: str, text: str) -> None:
    """Append one line; a short append is whole, so workers do not mix theirs."""
    with (run.folder() / "report.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps([name, state, text]) + "\n")
