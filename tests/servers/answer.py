"""What comes of looking for a server: one is running, none can be had here, or one broke while starting."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from pathlib import Path


@dataclasses.dataclass(frozen=True, slots=True)
class Running:
    """A server that answers at `url`; `origin` says where it comes from."""

    url: str
    origin: str


@dataclasses.dataclass(frozen=True, slots=True)
class Absent:
    """No server can be had on this machine, for this reason: tests that need one are skipped."""

    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Broken:
    """A server should have started and did not, for this reason: tests that need it fail."""

    reason: str


Answer = Running | Absent | Broken

_BY_STATE: dict[str, type[Answer]] = {"running": Running, "absent": Absent, "broken": Broken}


def write(answer: Answer, file: Path) -> None:
    """Write `answer` so that a reader sees either the whole of it or no file."""
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps({"state": _state(answer), **dataclasses.asdict(answer)}), encoding="utf-8")
    partial.replace(file)


def read(file: Path) -> Answer | None:
    """The answer in `file`; None while it is not there."""
    if not file.exists():
        return None
    content = json.loads(file.read_text(encoding="utf-8"))
    return _BY_STATE[content.pop("state")](**content)


def _state(answer: Answer) -> str:
    match answer:
        case Running():
            return "running"
        case Absent():
            return "absent"
        case Broken():
            return "broken"
        case _:
            assert_never(answer)
