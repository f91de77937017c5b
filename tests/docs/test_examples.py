"""Every example of the documentation does what the page says it does."""

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.command import ended, environment
from tests.docs.examples import Command, Script, examples

ROOT = Path(__file__).parents[2]
RUN_ELSEWHERE = {"faces.md", "use-openmetadata.md", "use-pyatlan.md", "use-the-api.md", "use-the-python-client.md"}
"""Pages whose examples the tests of what they describe run."""
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if page.name not in RUN_ELSEWHERE and next(examples(page), None)
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an empty folder, the page's commands end and print as shown, and its Python runs, one after the other."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path / ".muster"))
    names: dict[str, Any] = {}
    for example in examples(page):
        match example:
            case Command():
                type_in(example, tmp_path)
            case Script(source=source, line=line):
                exec(compile("\n" * (line - 1) + source, str(page), "exec"), names)  # noqa: S102 - own documentation


def type_in(command: Command, folder: Path) -> None:
    """Run one command and hold it to what the page shows."""
    program, *words = command.words
    assert program == "muster", f"line {command.line}: only `muster` can be run, the rest is ```text"
    done = ended(tuple(words), terminal(folder), together=True)
    assert done.returncode == command.code, f"line {command.line}: exit {done.returncode}\n{done.stdout}"
    assert command.printed(done.stdout), f"line {command.line}: `{' '.join(command.words)}` printed\n{done.stdout}"


def terminal(folder: Path) -> dict[str, str]:
    """Return the environment of a terminal as wide as most."""
    clean = {name: value for name, value in environment(folder / ".muster").items() if name != "COLUMNS"}
    return clean | {"MUSTER_USER": "ada"}
