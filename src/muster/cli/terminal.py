"""Where output goes, results to standard output and everything else to standard error; and how long a verb goes on."""

import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any

import orjson
import typer
from rich.console import Console, ConsoleOptions, RenderableType
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
from rich.segment import Segment
from rich.text import Text

from muster.errors import MusterError
from muster.protocols import Pause

WIDE = 100_000
"""Columns of an output that nobody looks at."""

SIGNS = (
    {code: chr(0x2400 + code) for code in range(0x20) if chr(code) != "\n"}
    | {0x7F: "\u2421"}
    | dict.fromkeys([*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd")
)
"""What stands for the characters that would act on a terminal instead of being shown."""

ONE_LINE = SIGNS | {ord("\n"): "\u2424"}
"""The same, where a line must stay one."""


class _Plain(Console):
    """A console that text cannot steer: control characters, and marks that turn the way of writing, are shown as signs."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(segment.text.translate(SIGNS), segment.style)


out = _Plain(highlight=False, soft_wrap=True)
err = _Plain(stderr=True, highlight=False, soft_wrap=True)


def fit() -> None:
    """Never break a line of standard output that goes to a pipe or file, unless COLUMNS says how long it may be."""
    seen = sys.stdout is not None and sys.stdout.isatty()
    if not seen and "COLUMNS" not in os.environ:
        out.width = WIDE


def tolerate() -> None:
    """Let standard output and error take any text, whatever their encoding: what it lacks is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def emit(value: Any) -> None:
    """Print one JSON value, in UTF-8 whatever the encoding of the terminal."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2))


def emit_line(value: Any) -> None:
    """Print one JSON value on a line of its own: one of many."""
    typer.echo(orjson.dumps(value))


def complain(error: MusterError, *, as_json: bool) -> None:
    """Print an error: what, where, and what to do next."""
    if as_json:
        typer.echo(orjson.dumps({"error": error.as_dict()}), err=True)
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


@contextmanager
def until_told() -> Iterator[Pause]:
    """Give a pause that SIGTERM ends, and everything after it."""
    told = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: told.set())
    try:
        yield told.wait
    finally:
        signal.signal(signal.SIGTERM, before)
