"""Everything a user can meet is documented: settings, errors, clauses, verbs, JSON fields."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from muster import errors
from muster.query.nodes import Node
from muster.settings import Settings
from tests.docs.verbs import verbs

DOCS = Path(__file__).parents[2] / "docs"


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


@pytest.mark.parametrize("verb", sorted(verbs()))
def test_verb(verb: str) -> None:
    """Each verb has its help on the command line page."""
    assert f"## muster {verb}\n" in page("cli.md")


def test_links_lead_somewhere() -> None:
    """Every relative link of every page names a file that is there."""
    pages = [*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")]
    broken = [
        (one.name, target)
        for one in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", one.read_text(encoding="utf-8"))
        if not (one.parent / target).exists()
    ]

    assert broken == []
