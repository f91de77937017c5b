"""The verbs of the command line and their help, as the program itself prints it.

`python -m tests.docs.verbs` writes docs/reference/cli.md anew.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from muster.cli.app import app

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"
HEAD = """# Command line

Results go to standard output, everything else to standard error. Exit codes: 0 ok, 1 refused or failed, 2 wrong usage. `--data DIR` (or
`MUSTER_DATA`) names the folder; reading verbs take `--json` ([fields](json.md)). A selection may be given in any [face](faces.md); `@FILE`
reads it from a file, `-` from standard input. This page is what `muster … --help` prints.
"""


def verbs() -> list[str]:
    """Return every verb, as typed after `muster`."""
    return list(_verbs(get_command(app), ""))


def _verbs(command: Any, prefix: str) -> Iterator[str]:
    for name, one in getattr(command, "commands", {}).items():
        full = f"{prefix} {name}".strip()
        if hasattr(one, "commands"):
            yield from _verbs(one, full)
        else:
            yield full


def page() -> str:
    """Return the whole page."""
    sections = (f"## muster {verb}\n\n```text\n{_help(verb)}\n```\n" for verb in verbs())
    return HEAD + "\n" + "\n".join(sections)


def _help(verb: str) -> str:
    environment = {"COLUMNS": "110", "TERMINAL_WIDTH": "110", "NO_COLOR": "1", "TERM": "dumb", "_TYPER_FORCE_DISABLE_TERMINAL": "1"}
    shown = CliRunner().invoke(app, [*verb.split(), "--help"], env=environment, color=False, prog_name="muster")
    return "\n".join(line.rstrip() for line in shown.stdout.strip().splitlines())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
