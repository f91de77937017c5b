"""Selections read aloud, row by row."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from muster.errors import LimitExceeded
from muster.query import wire
from muster.query.english import english
from muster.query.english.phrases import FIELDS
from muster.query.nodes import Bool, MatchAll, Node, Term
from muster.query.shorthand import parse

FIXTURE = Path(__file__).parents[3] / "fixtures" / "faces" / "english.yaml"
ROWS: list[dict[str, Any]] = yaml.safe_load(FIXTURE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["says"])[:60])
def test_selection_is_read_aloud(row: dict[str, Any]) -> None:
    """The selection is said in exactly these words."""
    node = wire.read(row["wire"]) if "wire" in row else parse(row["text"])
    assert english(node) == row["says"]


def test_signs_cannot_break_the_line() -> None:
    """Line ends and control characters in names and values are said as spaces."""
    assert english(Term("a\nb", "c\x1b[31m\nd")) == 'Assets, with `a b` of "c [31m d"'


@pytest.mark.parametrize("field", FIELDS)
def test_words_of_a_field_follow_the_noun(field: str) -> None:
    """Every field has a noun with its article, and room for a value where it says one."""
    words = FIELDS[field]
    assert words.noun.split(" ")[0] in {"a", "an"}
    assert words.holding is None or words.holding.count("{}") == 1


def test_too_deep_is_refused() -> None:
    """Clauses beyond the limits are refused, not recursed into."""
    node: Node = MatchAll()
    for _ in range(5000):
        node = Bool(filter=(node,))
    with pytest.raises(LimitExceeded):
        english(node)
