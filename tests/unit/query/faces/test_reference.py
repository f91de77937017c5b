"""The reference pages: their examples run, their tables are complete."""

import re
from pathlib import Path

import pytest

from muster.errors import InvalidSelection
from muster.query.aliases import ALIASES, ANALYSED
from muster.query.english import english
from muster.query.operators import NEGATION, OPERATORS
from muster.query.rules import ReadTree, read_rules
from muster.query.shorthand import parse

REFERENCE = Path(__file__).parents[4] / "docs" / "reference"


def blocks(page: str, language: str) -> list[str]:
    """Return the fenced blocks of a page in that language."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shorthand_examples() -> list[tuple[str, str]]:
    """Return the examples of the shorthand: the text and the indented reading below it."""
    lines = [line for block in blocks("shorthand.md", "shorthand") for line in block.splitlines()]
    return [(text, said.strip()) for text, said in zip(lines[::2], lines[1::2], strict=True)]


@pytest.mark.parametrize(("text", "said"), shorthand_examples())
def test_shorthand_example(text: str, said: str) -> None:
    """Each example is read aloud as the page says."""
    assert english(parse(text)) == said


def test_aliases_are_listed() -> None:
    """The page lists every short name with its field and how a plain value is taken."""
    page = (REFERENCE / "shorthand.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `([\w.]+)` \| (words|exact) \|$", page, re.MULTILINE)
    assert rows == [(alias, field, "words" if field in ANALYSED else "exact") for alias, field in ALIASES.items()]


@pytest.mark.parametrize("example", blocks("rule-tree.md", "json"))
def test_tree_example(example: str) -> None:
    """Each tree on the page can be read."""
    assert isinstance(read_rules(example), ReadTree)


def test_operators_are_listed() -> None:
    """The page lists every operator with its negation and the values it takes."""
    page = (REFERENCE / "rule-tree.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.*?) \| .* \|$", page, re.MULTILINE)
    assert rows == [(name, NEGATION.get(name, f"not_{name}"), row.takes) for name, row in OPERATORS.items()]


@pytest.mark.parametrize("example", blocks("faces.md", "python"))
def test_python_example(example: str) -> None:
    """Each piece of Python on the page runs."""
    exec(compile(example, "faces.md", "exec"), {})  # noqa: S102 - own documentation


def test_mistake_is_shown_as_it_is_told() -> None:
    """The mistake on the page has the message and the hint of today."""
    shown = next(block for block in blocks("shorthand.md", "text") if "line 1" in block)
    with pytest.raises(InvalidSelection) as refused:
        parse("type: Table")
    assert shown == f"{refused.value.message}\nhint: {refused.value.hint}\n"
