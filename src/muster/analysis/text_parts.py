"""Tokenizers and token filters, by the names that index settings give them.

Each does what the Lucene class of that name does. A tokenizer takes a text to its words, the place in the list being the
position; a filter takes a word to another, or to None when it drops the word and leaves a gap.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import regex

from muster.analysis.stem import stem
from muster.analysis.text_words import LONGEST, words
from muster.errors import InvalidInput

Tokenizer: TypeAlias = Callable[[str], list[str]]
Filter: TypeAlias = Callable[[str], str | None]

ENGLISH_STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "if",
        "in",
        "into",
        "is",
        "it",
        "no",
        "not",
        "of",
        "on",
        "or",
        "such",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "will",
        "with",
    ]
)

SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f \u1680\u2028\u2029\u205f\u3000" + "".join(
    chr(code) for code in range(0x2000, 0x200B) if code != 0x2007
)
"""Java's white space; the no-break spaces are not in it."""

_NOT_SPACES = re.compile(f"[^{SPACES}]+")
_LETTERS = regex.compile(r"\p{L}+")
_POSSESSIVE = re.compile("['\u2019\uff07][sS]\\Z")


def _pieces(run: str) -> Iterator[str]:
    """Cut a run of characters where a character tokenizer does: as soon as it holds 255 UTF-16 units."""
    start = units = 0
    for at, character in enumerate(run, 1):
        units += 1 + (character > "\uffff")
        if units >= LONGEST:
            yield run[start:at]
            start, units = at, 0
    if start < len(run):
        yield run[start:]


def _runs(pattern: Any) -> Tokenizer:
    def tokenize(text: str) -> list[str]:
        runs: list[str] = pattern.findall(text)
        if len(text) < LONGEST // 2:
            return runs
        return [piece for run in runs for piece in _pieces(run)]

    return tokenize


def whole(text: str) -> list[str]:
    """Return the text as one token, an empty one too."""
    return [text]


def lowercase(text: str) -> str:
    """Return the text in lower case, character by character: no character becomes two, a final sigma is a sigma."""
    if text.isascii():
        return text.lower()
    return "".join(character.lower()[0] for character in text)


@cache
def _foldings() -> Mapping[int, str]:
    table: dict[str, str] = json.loads(files(__package__).joinpath("folding.json").read_text("utf-8"))
    return {int(code, 16): ascii_ for ascii_, codes in table.items() for code in codes.split()}


def fold(text: str) -> str:
    """Return the text with accented and other special letters as their nearest ASCII letters."""
    return text if text.isascii() else text.translate(_foldings())


def trim(text: str) -> str:
    """Return the text without white space around it."""
    return text.strip(SPACES)


def _without_possessive(word: str) -> str:
    return _POSSESSIVE.sub("", word)


def _stopping(options: Mapping[str, Any]) -> Filter:
    words_ = options.get("stopwords", "_english_")
    known = {"_english_": ENGLISH_STOP_WORDS, "_none_": frozenset[str]()}
    listed = known.get(words_) if isinstance(words_, str) else frozenset(words_)
    if listed is None:
        raise InvalidInput(f"stop words `{words_}` are not known", hint="use `_english_`, `_none_` or a list of words")
    return lambda word: None if word in listed else word


_STEMMERS: Mapping[str, Filter] = {
    "english": stem,
    "porter": stem,
    "possessive_english": _without_possessive,
}


def _stemming(options: Mapping[str, Any]) -> Filter:
    language = options.get("language", options.get("name", "english"))
    if language not in _STEMMERS:
        raise InvalidInput(f"stemmer `{language}` is not supported", hint=f"use one of {', '.join(_STEMMERS)}")
    return _STEMMERS[language]


def _splitting(options: Mapping[str, Any]) -> Tokenizer:
    marks = options.get("tokenize_on_chars", [])
    inside = "".join(SPACES if mark == "whitespace" else re.escape(_single(mark)) for mark in marks)
    return _runs(re.compile(f"[^{inside}]+" if inside else "(?s:.)+"))


def _single(mark: str) -> str:
    if len(mark) != 1:
        raise InvalidInput(f"`{mark}` cannot split tokens", hint="give single characters and `whitespace`")
    return mark


TOKENIZERS: Mapping[str, Callable[[Mapping[str, Any]], Tokenizer]] = {
    "standard": lambda _: words,
    "keyword": lambda _: whole,
    "whitespace": lambda _: _runs(_NOT_SPACES),
    "letter": lambda _: _runs(_LETTERS),
    "lowercase": lambda _: lambda text: [lowercase(run) for run in _runs(_LETTERS)(text)],
    "char_group": _splitting,
}
"""What makes a tokenizer of its options, by type."""

TOKENIZER_OPTIONS: Mapping[str, frozenset[str]] = {"char_group": frozenset({"tokenize_on_chars"})}
"""The options that each tokenizer takes; none where it is not named."""

FILTERS: Mapping[str, Callable[[Mapping[str, Any]], Filter]] = {
    "lowercase": lambda _: lowercase,
    "asciifolding": lambda _: fold,
    "trim": lambda _: trim,
    "porter_stem": lambda _: stem,
    "stemmer": _stemming,
    "stop": _stopping,
}
"""What makes a filter of its options, by type."""

FILTER_OPTIONS: Mapping[str, frozenset[str]] = {
    "stemmer": frozenset({"language", "name"}),
    "stop": frozenset({"stopwords"}),
}
"""The options that each filter takes; none where it is not named."""

CHARACTER_FILTERS: Mapping[str, Callable[[str], str]] = {"lowercase": lowercase, "asciifolding": fold, "trim": trim}
"""The filters that a normalizer may name, and that touch a term of a query that is not analysed."""
