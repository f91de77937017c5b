"""The examples of a page: what is typed and what it prints, what is run as Python."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(console|python)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"\bexit=(\d+)")
_ANYTHING = "…"


@dataclass(frozen=True, slots=True)
class Command:
    """One `$ muster …` of a console block: its words, the exit code, the lines it prints and where it stands."""

    words: tuple[str, ...]
    code: int
    prints: tuple[str, ...]
    line: int

    def printed(self, text: str) -> bool:
        """Tell whether a text is what the page shows: `…` is anything, alone on a line any lines; widths do not count."""
        shown = "".join(map(_pattern, self.prints))
        lines = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
        return re.fullmatch(shown, lines) is not None


@dataclass(frozen=True, slots=True)
class Script:
    """One block of Python and where it stands."""

    source: str
    line: int


def examples(page: Path) -> Iterator[Command | Script]:
    """Yield the examples of a page in order."""
    text = page.read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        kind, info, body = block.groups()
        line = text.count("\n", 0, block.start()) + 2
        if kind == "python":
            yield Script(body, line)
        else:
            yield from _commands(body, int(found[1]) if (found := _EXIT.search(info)) else 0, line)


def _commands(body: str, code: int, line: int) -> Iterator[Command]:
    for typed in re.finditer(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
        at = line + body.count("\n", 0, typed.start())
        yield Command(tuple(shlex.split(typed[1].replace("\\\n", ""))), code, tuple(typed[2].splitlines()), at)


def _pattern(line: str) -> str:
    if line.strip() == _ANYTHING:
        return r"(?:.*\n)*?"
    words = (" +".join(map(re.escape, re.split(" +", part))) for part in line.rstrip().split(_ANYTHING))
    return ".*".join(words) + r"\n"
