"""The verbs of the command line, their arguments and options, as the program itself knows them.

`python -m tests.docs.verbs` writes docs/reference/cli.md anew.
"""

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

from typer.main import get_command

from muster.cli.app import app

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"
HEAD = """# Command line

Results go to standard output, everything else to standard error. Exit codes: 0 ok, 1 refused or failed, 2 wrong usage. `--data DIR` (or
`MUSTER_DATA`) names the folder; reading verbs take `--json` ([fields](json.md)). A selection may be given in any [face](faces.md); `@FILE`
reads it from a file, `-` from standard input. In pipes and files there are no colours, no progress bars and no broken lines.
`product …`, `policy …`, `report …`, `runs`, `what-if`, `preview`, `check` and `sync` take `--server URL` (or `MUSTER_SERVER`, with `MUSTER_TOKEN`): that server answers, and no folder is
needed. A folder that is [served](../how-to/serve.md#the-command-line-beside-it) is asked of the process that serves it. Nothing else differs.
`muster VERB --help` says what this page says.

<!-- below: written by `python -m tests.docs.verbs` -->
"""
EVERYWHERE = {"--data", "--server", "--help"}
"""What nearly every verb takes; the head says so once."""


def verbs() -> dict[str, Any]:
    """Return every verb, as typed after `muster`, with its command."""
    return dict(_verbs(get_command(app), ""))


def _verbs(command: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, one in getattr(command, "commands", {}).items():
        full = f"{prefix} {name}".strip()
        if hasattr(one, "commands"):
            yield from _verbs(one, full)
        else:
            yield full, one


def options(command: Any) -> set[str]:
    """Return how the options of a verb are spelled, `--help` among them."""
    return {"--help", *(name for one in command.params if _is_option(one) for name in forms(one))}


def forms(one: Any) -> list[str]:
    """Return how an option can be typed: what says yes, then what says no."""
    return [*one.opts, *one.secondary_opts]


def page() -> str:
    """Return the whole page."""
    return HEAD + "".join(f"\n{line}\n" for name, command in verbs().items() for line in _section(name, command))


def _section(name: str, command: Any) -> Iterator[str]:
    first, *rest = inspect.cleandoc(command.help).split("\n\n")
    arguments = [one for one in command.params if not _is_option(one)]
    yield f"## muster {name}"
    yield first
    yield "```text\n" + " ".join(["muster", name, "[OPTIONS]", *map(_place, arguments)]) + "\n```"
    yield from (one for one in rest if not _is_example(one))
    if examples := [one.strip() for one in rest if one.strip().startswith("muster ")]:
        yield "```sh\n" + "\n".join(examples) + "\n```"
    if rows := [_row(one) for one in command.params if not EVERYWHERE.intersection(one.opts)]:
        yield "\n".join(["| | |", "|---|---|", *rows])


def _is_option(one: Any) -> bool:
    return bool(one.param_type_name == "option")


def _is_example(paragraph: str) -> bool:
    return paragraph.strip().startswith(("muster ", "Example:", "Examples:"))


def _place(argument: Any) -> str:
    name = argument.name.upper() + ("..." if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _row(one: Any) -> str:
    return f"| {_spelled(one)} | {_said(one)} |"


def _spelled(one: Any) -> str:
    if not _is_option(one):
        return f"`{_place(one)}`"
    value = "" if one.is_flag else f" {_values(one)}"
    return ", ".join(f"`{name}{value}`" for name in forms(one))


def _values(one: Any) -> str:
    kind = one.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "\\|".join(kind)
    return "N" if kind is int else one.name.upper()


def _said(one: Any) -> str:
    notes = ["required"] if _is_option(one) and one.required else []
    default = getattr(one, "show_default", None)
    if isinstance(default, str):
        notes.append(f"default: {default}")
    elif _is_option(one) and not one.is_flag and one.default not in (None, "", [], ()):
        notes.append(f"default: {getattr(one.default, 'value', one.default)}")
    text = re.sub(r"\s+", " ", one.help).replace("|", "\\|")
    return text + (f" ({'; '.join(notes)})" if notes else "")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
