"""Analyzers and normalizers: from a text to the tokens that an index holds of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

Stream: TypeAlias = tuple[list[str], list[int], int]
"""Terms, their positions counted from 0, and the number of positions used, gaps at the end included."""

Tokenizer: TypeAlias = Callable[[str], Stream]
Filter: TypeAlias = Callable[[Stream], Stream]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text field, with their positions; both in order, same length."""

    terms: tuple[str, ...]
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Analyzer:
    """A tokenizer and the filters behind it."""

    name: str

    def tokens(self, texts: Iterable[str], gap: int = 100) -> Tokens:
        """Return the tokens of the values of one field, `gap` positions between two values."""
        raise NotImplementedError

    def terms(self, text: str) -> Tokens:
        """Return the tokens of one text; positions show the gaps that dropped words leave."""
        raise NotImplementedError

    def normalize(self, text: str) -> str:
        """Return the text as one term, changed only by filters that work on characters (lower case, folding)."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Normalizer:
    """What a keyword goes through, at index and at query time."""

    name: str

    def normalize(self, text: str) -> str:
        """Return the keyword as it is indexed."""
        raise NotImplementedError
