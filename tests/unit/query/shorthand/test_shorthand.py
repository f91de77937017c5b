"""The shorthand, row by row of its fixtures, and its limits."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from muster.errors import InvalidSelection, LimitExceeded, UnsupportedClause
from muster.query import wire
from muster.query.aliases import ALIASES, NAMES
from muster.query.limits import Limits
from muster.query.nodes import Bool, Prefix, Range, Regexp, Term, Terms, Wildcard
from muster.query.shorthand import parse, print_shorthand

FACES = Path(__file__).parents[3] / "fixtures" / "faces"
ROWS: list[dict[str, Any]] = yaml.safe_load((FACES / "shorthand.yaml").read_text(encoding="utf-8"))
REFUSED: list[dict[str, Any]] = yaml.safe_load((FACES / "shorthand-refused.yaml").read_text(encoding="utf-8"))


def text_of(row: dict[str, Any]) -> str:
    """Name a row by its text."""
    return str(row["text"])


@pytest.mark.parametrize("row", ROWS, ids=text_of)
def test_text_is_read(row: dict[str, Any]) -> None:
    """The text means the clause beside it."""
    assert parse(row["text"]) == wire.read(row["wire"])


@pytest.mark.parametrize("row", ROWS, ids=text_of)
def test_clause_is_written(row: dict[str, Any]) -> None:
    """The clause is written in the one way it is always written, which reads back to it."""
    node = wire.read(row["wire"])
    assert print_shorthand(node) == row.get("written", row["text"])
    assert print_shorthand(parse(print_shorthand(node))) == print_shorthand(node)


@pytest.mark.parametrize("row", REFUSED, ids=text_of)
def test_mistake_is_pointed_at(row: dict[str, Any]) -> None:
    """A mistake is told with line, column, a caret under it and what to do."""
    with pytest.raises(InvalidSelection) as refused:
        parse(row["text"])
    line, column = row["at"]
    first, _, caret = refused.value.message.partition("\n")
    assert first.startswith(f"line {line}, column {column}: ")
    assert row["says"] in first
    assert caret.split("\n")[1] == " " * (column + 1) + "^"
    assert row["hint"] in str(refused.value.hint)


def test_caret_stays_near_in_a_long_line() -> None:
    """Of a long line only the part around the mistake is shown."""
    with pytest.raises(InvalidSelection) as refused:
        parse("tag:a " * 100 + "type:")
    shown, caret = refused.value.message.split("\n")[1:]
    assert (shown.strip()[-5:], len(shown) <= 82, caret.index("^")) == ("type:", True, 42)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Term("name.keyword", "a", case_insensitive=False), "name:a"),
        (Terms("name.keyword", ("a",)), "name:a"),
        (Bool(must=(Term("f", "a"),), filter=(Term("g", "b"),)), "f:a g:b"),
        (Bool(should=(Term("f", "a"), Term("g", "b"))), "f:a OR g:b"),
        (Bool(filter=(Bool(filter=(Term("f", "a"),)),)), "f:a"),
        (Wildcard("f", "abc*"), "f:abc*"),
        (Wildcard("f", r"a\bc?"), "f:abc?"),
        (
            Bool(filter=(Term("f", "a"),), should=(Term("g", "b"), Term("h", "c")), minimum_should_match=1),
            "f:a (g:b OR h:c)",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_normal_form(node: Any, text: str) -> None:
    """What is said in several ways is written in one; these are all the ways."""
    assert print_shorthand(node) == text


@pytest.mark.parametrize(
    "node",
    [
        Term("f", "a", boost=2.0),
        Term("f", "a", name="n"),
        Term("_id", "a"),
        Terms("f", ()),
        Prefix("f", ""),
        Prefix("f", "a", rewrite="constant_score"),
        Wildcard("f", "abc"),
        Wildcard("f", "*"),
        Regexp("f", "a\\"),
        Regexp("f", "a", flags="ALL"),
        Range("f"),
        Range("f", gt=1, format="epoch_millis"),
        Bool(),
        Bool(filter=(Term("f", "a"),), should=(Term("g", "b"),)),
        Bool(filter=(Term("f", "a"),), minimum_should_match=1),
    ],
    ids=repr,
)
def test_what_has_no_words_is_inline_json(node: Any) -> None:
    """Clauses and options beyond the grammar are written as JSON, and read back unchanged."""
    text = print_shorthand(node)
    assert text.startswith("{")
    assert parse(text) == node


def test_each_field_has_one_alias() -> None:
    """Aliases and fields go one to one, so that a field is always written by the same name."""
    assert len(NAMES) == len(ALIASES)


@pytest.mark.parametrize(
    "text",
    ["(" * 100_000, "-" * 100_000, "NOT " * 10_000, "SOME 1 (" * 10_000, "tag:" + "(" * 10_000, '{"bool":' * 10_000],
    ids=lambda text: text[:8],
)
def test_nesting_is_bounded(text: str) -> None:
    """Deep nesting is refused, never a crash."""
    with pytest.raises((LimitExceeded, InvalidSelection)):
        parse(text)


def test_length_is_bounded() -> None:
    """A text over the limit is refused before it is read."""
    with pytest.raises(LimitExceeded):
        parse("tag:aa", Limits(text=5))


@pytest.mark.parametrize("text", ['{"' + '\\"' * 500_000, '"' * 999_999, "tag:" + "a" * 900_000, "a:b," * 200_000])
def test_time_is_bounded(text: str) -> None:
    """A megabyte of signs is answered: what takes its square would not be within the test's time."""
    with pytest.raises((InvalidSelection, LimitExceeded)):
        parse(text + ")")


def test_inline_clause_of_no_kind_is_unsupported() -> None:
    """An inline clause that selections do not have is refused as such."""
    with pytest.raises(UnsupportedClause):
        parse('type:Table {"script": {"script": "1"}}')
