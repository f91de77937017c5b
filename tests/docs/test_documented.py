"""Everything a user can meet is documented: settings, errors, clauses, verbs, JSON fields."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from muster import cli, errors
from muster.query.nodes import Node
from muster.settings import Settings
from tests.docs import verbs

COMMAND_LINE = Path(cli.__file__).parent
DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")])


def page(name: str) -> str:
    """Return a page of the reference."""
    return (DOCS / "reference" / name).read_text(encoding="utf-8")


def error_codes() -> Iterator[str]:
    """Yield the code of every error but the root's."""
    for one in vars(errors).values():
        if isinstance(one, type) and issubclass(one, errors.MusterError) and one is not errors.MusterError:
            yield one.code


def clauses() -> Iterator[str]:
    """Yield every clause as the wire spells it."""
    for one in get_args(Node):
        yield re.sub(r"(?<!^)(?=[A-Z])", "_", one.__name__).lower()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_setting(name: str) -> None:
    """Each setting has a row in the settings page, and a description for `muster doctor`."""
    assert f"| `MUSTER_{name.upper()}` |" in page("settings.md")
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("code", sorted(set(error_codes())))
def test_error(code: str) -> None:
    """Each error code has a row that says what to do."""
    assert f"| `{code}` |" in page("errors.md")


@pytest.mark.parametrize("clause", sorted(set(clauses())))
def test_clause(clause: str) -> None:
    """Each clause is in the query page."""
    assert f"`{clause}`" in page("query.md")


def test_command_line_is_current() -> None:
    """The page of the command line is what the program takes; run `python -m tests.docs.verbs` when it is not."""
    assert verbs.PAGE.read_text(encoding="utf-8") == verbs.page()


@pytest.mark.parametrize("verb", verbs.verbs())
def test_every_form_of_an_option(verb: str) -> None:
    """Whatever can be typed for an option of a verb stands in its section: also what says no."""
    section = page("cli.md").partition(f"\n## muster {verb}\n")[2].partition("\n## ")[0]
    typed = verbs.options(verbs.verbs()[verb]) - verbs.EVERYWHERE
    assert [name for name in sorted(typed) if f"`{name}" not in section] == []


def json_keys() -> Iterator[str]:
    """Yield every key that the command line writes into JSON."""
    for file in COMMAND_LINE.glob("*.py"):
        if file.name not in {"show.py", "options.py", "serve.py", "serving.py", "neighbour.py"}:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                keys = node.keys if isinstance(node, ast.Dict) else ()
                yield from (key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


@pytest.mark.parametrize("key", sorted(set(json_keys())))
def test_json_key(key: str) -> None:
    """Each key of `--json` is on the page of JSON output."""
    assert f"`{key}`" in page("json.md") or f'"{key}"' in page("json.md")


def told_commands() -> Iterator[tuple[str, str]]:
    """Yield every `muster ...` that a page tells people to type, with the page."""
    for one in PAGES:
        for told in re.findall(
            r"(?:^ {4}|^\$ |`)(muster [a-z][^`\n|]*)", one.read_text(encoding="utf-8"), re.MULTILINE
        ):
            yield str(one.relative_to(DOCS.parent)), told


@pytest.mark.parametrize(("where", "told"), sorted(set(told_commands())))
def test_told_command(where: str, told: str) -> None:
    """Each command that a page names is one, and takes the options that stand with it."""
    words = re.sub(r"'[^']*'|\"[^\"]*\"", "X", told).split()[1:]
    known = {verb: verbs.options(command) for verb, command in verbs.verbs().items()}
    verb = next((verb for verb in (" ".join(words[:2]), words[0]) if verb in known), None)
    if verb is None:
        assert words[0] in {name.split()[0] for name in known}, f"{where}: no verb in `{told}`"
    else:
        wrong = {word.partition("=")[0] for word in words if word.startswith("--")} - known[verb]
        assert not wrong, f"{where}: `{told}`"


def test_links_lead_somewhere() -> None:
    """Every relative link of every page names a file that is there."""
    broken = [
        (one.name, target)
        for one in PAGES
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", one.read_text(encoding="utf-8"))
        if not (one.parent / target).exists()
    ]

    assert broken == []
