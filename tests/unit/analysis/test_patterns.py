"""Wildcards and Lucene regexps as RE2. What is expected was read off a real Lucene."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.analysis.patterns import BadRegexp, Flag, any_case, compiled, prefix, regexp, wildcard
from muster.errors import UnsupportedClause

WITH_COMPLEMENT = Flag.ALL | Flag.COMPLEMENT


def fits(text: str, value: str, flags: Flag = Flag.ALL, *, case_insensitive: bool = False) -> bool:
    """Whether a value matches a regexp."""
    return any(
        all(compiled(one).fullmatch(value) for one in (shape.pattern, *shape.also))
        and not any(compiled(one).fullmatch(value) for one in shape.never)
        for shape in regexp(text, flags, case_insensitive=case_insensitive)
    )


REGEXPS = [
    ("", ["", "!a"]),
    ("ab", ["ab", "!abc", "!b"]),
    ("a.c", ["abc", "a\nc", "aéc", "!ac"]),
    ("a|b", ["a", "b", "!ab"]),
    ("a*b+c?", ["bc", "aabb", "!ac"]),
    ("a{2}", ["aa", "!a", "!aaa"]),
    ("a{2,}", ["aa", "aaaa", "!a"]),
    ("a{0}b", ["b", "!ab"]),
    ("(ab){1,2}", ["ab", "abab", "!ababab"]),
    ("@", ["", "anything\nat all"]),
    ("a@", ["a", "abc", "!ba"]),
    ("#", ["!", "!a"]),
    ("#|a", ["a", "!"]),
    ("(#)*", ["!", "!a"]),
    ("()", [""]),
    ("^a$", ["^a$", "!a"]),
    ("*a", ["*a", "!a"]),
    ("|a", ["|a", "!a"]),
    ("a}", ["a}"]),
    ("]", ["]"]),
    ("[]]", ["]"]),
    ("[-a]", ["-", "a"]),
    ("[a-b-c]", ["a", "b", "-", "c"]),
    ("[^a-c]", ["d", "é", "!a", "!", "!dd"]),
    ("[\\d_]+", ["12_", "!a"]),
    ("\\w\\W\\s\\S\\d\\D", ["a- b1c", "!aa b1c"]),
    ("\\.\\*\\\\", [".*\\"]),
    ('"a.b*"', ["a.b*", "!aXb"]),
    ('"a"*', ["", "aaa"]),
    ("<1-12>", ["1", "12", "01", "007", "!0", "!13"]),
    ("<01-12>", ["01", "12", "!1", "!012"]),
    ("<12-1>", ["5", "!13"]),
    ("<98-1203>", ["98", "100", "1199", "0999", "1203", "!97", "!1204"]),
    ("<0-0>", ["0", "!00", "!1"]),
    ("<0-10>", ["0", "00", "010", "!11"]),
    ("a.&.b", ["ab", "!aa", "!bb"]),
    ("x(a.&.b)y", ["xaby", "!xaay"]),
    ("a&b|c", ["c", "!a"]),
    ("~a", ["~a", "!b"]),
    ("日本.", ["日本語", "!日本"]),
]


@pytest.mark.parametrize(("text", "values"), REGEXPS)
def test_regexps_match_whole_values_in_lucenes_dialect(text: str, values: list[str]) -> None:
    """Values behind an exclamation mark do not match, the others do."""
    assert [value for value in values if fits(text, value.removeprefix("!")) == value.startswith("!")] == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("~a", ["", "b", "aa", "!a"]),
        ("~~a", ["a", "!b"]),
        ("~(a|b)", ["c", "!a", "!b"]),
        ("~(a&b)", ["a", "b", "c"]),
        ("a~bc", ["ac", "axxc", "!abc", "!a", "!xbc"]),
        ("(~a)?", ["", "b", "!a"]),
        ("~(ab)&a.", ["ac", "!ab", "!bb"]),
    ],
)
def test_complements_where_they_are_switched_on(text: str, values: list[str]) -> None:
    """A complement stands alone or between parts of fixed length."""
    assert [
        value for value in values if fits(text, value.removeprefix("!"), WITH_COMPLEMENT) == value.startswith("!")
    ] == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("k", ["k", "K", "\u212a"]),
        ("s", ["S", "\u017f"]),
        ("é", ["É"]),
        ("\u03c3", ["Σ", "ς"]),
        ("ß", ["ẞ", "!ss"]),
        ("i", ["I", "!İ", "!\u0131"]),
        ("İ", ["İ", "i", "!I"]),
        ("[ak]", ["A", "K"]),
        ("[a-c]", ["b", "!B"]),
        ('"ab"', ["AB"]),
        ("\\w", ["A", "!é"]),
    ],
)
def test_letters_of_any_case(text: str, values: list[str]) -> None:
    """Letters fold as in Unicode, one to one; ranges stay as they are."""
    assert [
        value for value in values if fits(text, value.removeprefix("!"), case_insensitive=True) == value.startswith("!")
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "(",
        "a)",
        "a|",
        "a&",
        "[a",
        "[]",
        "[^]",
        "[b-a]",
        "[a-]",
        '"a',
        "<1",
        "<a>",
        "<1-2-3>",
        "a{",
        "a{,2}",
        "a{3,2}",
        "\\",
        "\\b",
        "[\\q]",
        "a{99999999999}",
        "<1-99999999999>",
    ],
)
def test_what_is_no_regexp_is_refused(text: str) -> None:
    """The dialect forgives little."""
    with pytest.raises(BadRegexp):
        regexp(text)


@pytest.mark.parametrize(
    "text",
    ["(a&.)*", "(~a)*b", "a*~b", "~a~b", "a{1001}", "((a{99}){99}){99}", "(" * 300 + "a" + ")" * 300, "a" + "?" * 900],
)
def test_what_re2_cannot_say_is_unsupported(text: str) -> None:
    """Nothing is approximated."""
    with pytest.raises(UnsupportedClause):
        regexp(text, WITH_COMPLEMENT)


@pytest.mark.parametrize(("flags", "value"), [(Flag.NONE, "#@&<1-2>~"), (Flag.INTERVAL, "#@&~")])
def test_operators_that_are_switched_off_are_letters(flags: Flag, value: str) -> None:
    """Each optional operator stands for itself where its flag is missing."""
    assert fits(value, value, flags)


WILDCARDS = [
    ("*", ["", "a\nb"]),
    ("a?c", ["abc", "a\nc", "!ac"]),
    ("a*c", ["ac", "abbc", "!acb"]),
    ("a\\*", ["a*", "!ab"]),
    ("a\\", ["a\\"]),
    ("a.[b]", ["a.[b]", "!axb"]),
]


@pytest.mark.parametrize(("text", "values"), WILDCARDS)
def test_wildcards(text: str, values: list[str]) -> None:
    """A star is any run, a question mark one character, a backslash takes the next one literally."""
    pattern = compiled(wildcard(text))
    assert [
        value for value in values if bool(pattern.fullmatch(value.removeprefix("!"))) == value.startswith("!")
    ] == []


@pytest.mark.parametrize("unit", ["*?", "*a", "a*"])
def test_a_wildcard_too_large_for_re2_is_refused(unit: str) -> None:
    """Whatever is returned compiles; what would not is refused here, not by the engine that is given it."""
    assert compiled(wildcard(unit * 10_000))
    with pytest.raises(UnsupportedClause, match="the pattern is too large"):
        wildcard(unit * 200_000)


def test_wildcards_prefixes_and_terms_of_any_case_are_about_ascii() -> None:
    """Only ASCII letters fold; an escaped one keeps its case."""
    assert compiled(wildcard("k*", case_insensitive=True)).fullmatch("Key")
    assert not compiled(wildcard("k", case_insensitive=True)).fullmatch("\u212a")
    assert not compiled(wildcard("\\K", case_insensitive=True)).fullmatch("k")
    assert not compiled(wildcard("é", case_insensitive=True)).fullmatch("É")
    assert compiled(prefix("tA", case_insensitive=True)).fullmatch("Table")
    assert compiled(any_case("a.b")).fullmatch("A.B")
    assert not compiled(any_case("a.b")).fullmatch("AxB")


@given(st.text(max_size=20))
def test_an_escaped_text_matches_itself_alone(text: str) -> None:
    """Whatever the text, escaped it is a pattern for just that."""
    escaped = "".join(f"\\{char}" for char in text)
    assert compiled(wildcard(escaped)).fullmatch(text)
    assert not compiled(wildcard(escaped)).fullmatch(f"{text}x")


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 3000))
def test_intervals_are_arithmetic(low: int, high: int, number: int) -> None:
    """A number is in an interval when it lies between its ends."""
    width = 4
    first, last = sorted((low, high))
    assert fits(f"<{low:0{width}}-{high:0{width}}>", f"{number:0{width}}") is (first <= number <= last)
