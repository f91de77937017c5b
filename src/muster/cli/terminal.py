"""Where output goes: results to standard output, everything else to standard error."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from muster.errors import MusterError

WIDE = 100_000
"""Columns of an output that nobody looks at: a line of a pipe or file is never broken."""


def _width() -> int | None:
    """Return the width of standard output; None leaves it to the terminal, or to COLUMNS."""
    return None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDE


out = Console(highlight=False, soft_wrap=True, width=_width())
err = Console(stderr=True, highlight=False, soft_wrap=True)


def emit(value: Any) -> None:
    """Print one JSON value."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


def complain(error: MusterError, *, as_json: bool) -> None:
    """Print an error: what, where, and what to do next."""
    if as_json:
        sys.stderr.write(orjson.dumps({"error": error.as_dict()}).decode() + "\n")
        return
    where = f" at {error.path}" if error.path else ""
    err.print(Text.assemble((error.code, "bold red"), f"{where}: {error.message}"))
    if error.hint:
        err.print(Text.assemble(("hint: ", "bold"), error.hint))


class _Rate(ProgressColumn):
    """Items a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="dim")


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Any]:
    """Show a bar with rate and time left while on a terminal; gives a function that hears of progress."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.advance(task, count)
