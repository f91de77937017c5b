"""Limits hold before anything recurses, for text and for objects, in bounded time and memory."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from muster.errors import InvalidSelection, LimitExceeded
from muster.query import wire
from muster.query.limits import DEFAULT, Limits, check_node, check_value, load_json
from muster.query.nodes import Bool, Ids, MatchAll, Node, Regexp, Term, Terms
from muster.query.shorthand import parse as parse_shorthand

TEN_MEGABYTES = 10_000_000
WIDE = Limits(text=4 * TEN_MEGABYTES)


def _within(levels: int) -> dict[str, Any]:
    clause: dict[str, Any] = {"match_all": {}}
    for _ in range(levels - 1):
        clause = {"bool": {"filter": [clause]}}
    return clause


def _terms(count: int) -> Node:
    return Bool(should=tuple(Term(f"field{number}", "x") for number in range(count)))


@pytest.mark.parametrize("opening", ["[", '{"bool":', '[{"bool":'])
@pytest.mark.parametrize("limits", [DEFAULT, WIDE], ids=["too long", "too deep"])
def test_ten_megabytes_of_open_brackets_are_refused_at_once(opening: str, limits: Limits) -> None:
    """They are refused well under a second, in memory of the size of the text."""
    text = opening * (TEN_MEGABYTES // len(opening))
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(LimitExceeded):
        wire.parse(text, limits)
    took, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert took < 1
    assert peak < 3 * TEN_MEGABYTES


@pytest.mark.parametrize(
    "text",
    ['"' + '\\"' * 400_000, '"\\' * 400_000, '"a' * 400_000, "\\" * 900_000],
    ids=["escapes", "halves", "ends", "bare"],
)
def test_the_scan_is_linear_in_broken_strings(text: str) -> None:
    """Strings that never end do not make the scan look at them twice."""
    start = time.perf_counter()
    with pytest.raises(InvalidSelection):
        wire.parse(text)
    assert time.perf_counter() - start < 1


def test_brackets_in_strings_do_not_count() -> None:
    """Only brackets outside strings open a level, also behind an escaped quote."""
    value = '\\"' + "[{" * 200
    assert wire.parse(f'{{"term":{{"name":"{value}"}}}}') == Term("name", '"' + "[{" * 200)


def test_depth_is_told_with_line_and_column() -> None:
    """The first bracket too many is pointed out."""
    with pytest.raises(LimitExceeded) as caught:
        load_json("\n\n" + "[" * 20, Limits(nesting=1))
    assert (
        caught.value.message
        == "more than 1 clauses within each other at line 3, column 12, near `[[[[[[[[[[[[[[[[[[[[`"
    )


def test_clauses_may_nest_to_the_limit() -> None:
    """32 clauses within each other are read, as text and as objects; 33 are not."""
    assert wire.read(_within(32)) == wire.parse(json.dumps(_within(32)))
    for refused in (lambda: wire.read(_within(33)), lambda: wire.parse(json.dumps(_within(33)))):
        with pytest.raises(LimitExceeded, match="more than 32 clauses within each other"):
            refused()


def test_an_object_that_contains_itself_is_refused() -> None:
    """A cycle is as deep as can be."""
    clause: dict[str, Any] = {}
    clause["bool"] = {"filter": [clause, clause]}
    with pytest.raises(LimitExceeded, match="more than 32 clauses"):
        wire.read(clause)


def test_an_object_that_shares_its_parts_is_measured_as_its_text() -> None:
    """Sharing parts 2^25 times takes no memory as objects, but would as text."""
    clause: dict[str, Any] = {"match_all": {}}
    for _ in range(25):
        clause = {"bool": {"filter": [clause, clause]}}
    with pytest.raises(LimitExceeded, match="longer than 1,048,576 bytes"):
        wire.read(clause)


@pytest.mark.parametrize(
    ("node", "limits", "message", "path"),
    [
        (_terms(4), Limits(clauses=4), "5 clauses; the limit is 4", ""),
        (Bool(filter=(Terms("a", ("x", "y")), Ids(("1", "2")))), Limits(terms=3), "more than 3 terms", "/bool/filter/1"),
        (Bool(must=(Regexp("a/b", "x" * 4),)), Limits(regexp=3), "a regexp of 4 characters; the limit is 3", "/bool/must/0/regexp/a~1b"),
        (Bool(must=(Bool(must=(MatchAll(),)),)), Limits(nesting=2), "more than 2 clauses within each other", ""),
    ],
    ids=["clauses", "terms", "regexp", "nesting"],
)  # fmt: skip
def test_clauses_are_held_to_each_limit(node: Node, limits: Limits, message: str, path: str) -> None:
    """One more than allowed is refused with its place, wherever the clauses come from."""
    with pytest.raises(LimitExceeded) as caught:
        check_node(node, limits)
    assert (caught.value.message, caught.value.path) == (message, path)
    check_node(node)


@pytest.mark.parametrize(
    ("limit", "default"),
    [("text", 1_048_576), ("nesting", 32), ("clauses", 1_024), ("terms", 65_536), ("regexp", 1_000)],
)
def test_the_defaults_are_the_documented_ones(limit: str, default: int) -> None:
    """The defaults are part of the interface."""
    assert getattr(DEFAULT, limit) == default


def test_clauses_are_counted_after_rewriting() -> None:
    """2,000 values of one field in `should` are one `terms` in the end."""
    check_node(Bool(should=tuple(Term("name", str(number)) for number in range(2_000))))
    with pytest.raises(LimitExceeded, match="2,001 clauses; the limit is 1,024"):
        check_node(_terms(2_000))


def test_text_is_measured_in_bytes() -> None:
    """A character of two bytes counts as two."""
    assert load_json('"é"', Limits(text=4)) == "é"
    with pytest.raises(LimitExceeded, match="longer than 3 bytes"):
        load_json('"é"', Limits(text=3))


@pytest.mark.parametrize(
    ("text", "message", "path"),
    [
        ('{"bool":\n {"filter": [}}', 'not JSON: expecting value at line 2, column 14, near `bool": {"filter": [}}`', None),
        ("", "not JSON: expecting value at line 1, column 1, near ``", None),
        ('{"a": NaN}', "JSON has no `nan`", "/a"),
        ('{"a": [-Infinity]}', "JSON has no `-inf`", "/a/0"),
        ('{"a": 1e999}', "JSON has no `inf`", "/a"),
        ('{"a": {"b": 1, "c/d": 2, "c/d": 2}}', "`c/d` stands twice in one object", "/a/c~1d"),
        ('{"a": "\\ud800"}', "half a character in `'\\ud800'`", "/a"),
        ('{"\\udfff": 1}', "half a character in `'\\udfff'`", ""),
        (b'{"a": "\xff"}', "not UTF-8: 'utf-8' codec can't decode byte 0xff in position 7: invalid start byte", None),
    ],
)  # fmt: skip
def test_bad_json_is_refused_with_its_place(text: str | bytes, message: str, path: str | None) -> None:
    """Syntax is told by line and column, everything else by pointer."""
    with pytest.raises(InvalidSelection) as caught:
        load_json(text)
    assert (caught.value.message, caught.value.path) == (message, path)


@pytest.mark.parametrize("digits", [310, 5_000, 900_000])
def test_integers_beyond_1024_bits_are_refused(digits: int) -> None:
    """Numbers of any length are refused in time, and no number is cut."""
    assert load_json("9" * 308) == 10**308 - 1
    start = time.perf_counter()
    with pytest.raises(LimitExceeded, match="an integer is too large"):
        load_json("9" * digits)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("build", [lambda: {1: 2}, lambda: [{1, 2}], lambda: b"x", lambda: [float("nan")], object])
def test_objects_that_json_does_not_have_are_refused(build: Callable[[], Any]) -> None:
    """Keys are text, values are what JSON has."""
    with pytest.raises(InvalidSelection):
        check_value(build())


@pytest.mark.parametrize("read", [load_json, parse_shorthand])
def test_text_is_measured_in_bytes_and_must_be_unicode(read: Callable[[str, Limits], Any]) -> None:
    """Faces of every form count the bytes of UTF-8, and have no half characters."""
    assert read('"ää"', Limits(text=6))
    with pytest.raises(LimitExceeded, match="longer than 5 bytes"):
        read('"ää"', Limits(text=5))
    with pytest.raises(InvalidSelection, match="not UTF-8"):
        read('"\ud800"', DEFAULT)
