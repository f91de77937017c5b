"""Analyzers and normalizers: from a text to the tokens that an index holds of it.

`muster.analysis.text_settings` makes them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from muster.analysis.text_parts import Filter, Tokenizer


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text field, with their positions; both in order, same length."""

    terms: tuple[str, ...]
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Analyzer:
    """A tokenizer and the filters behind it, made into one function of a word that remembers its answers."""

    name: str
    tokenizer: Tokenizer = field(repr=False)
    filter: Filter = field(repr=False)
    normalize: Callable[[str], str] = field(repr=False)
    """Takes a text to one term, changed only by the filters that work on characters (lower case, folding, trim)."""

    def analyze(self, text: str) -> Tokens:
        """Return the tokens of one text; positions count from 0, dropped words leave gaps."""
        return self.tokens((text,))

    def tokens(self, texts: Iterable[str], gap: int = 100) -> Tokens:
        """Return the tokens of the values of one field, `gap` positions between two values."""
        found: list[str | None] = []
        positions: list[int] = []
        start = 0
        for text in texts:
            words = list(map(self.filter, self.tokenizer(text)))
            found += words
            positions += range(start, start + len(words))
            start += len(words) + gap
        return _kept(found, positions)


def _kept(terms: Sequence[str | None], positions: Sequence[int]) -> Tokens:
    if None not in terms:
        return Tokens(tuple(terms), tuple(positions))  # type: ignore[arg-type]  # no None is left
    kept = [(term, position) for term, position in zip(terms, positions, strict=True) if term is not None]
    return Tokens(tuple(term for term, _ in kept), tuple(position for _, position in kept))


@dataclass(frozen=True, slots=True)
class Normalizer:
    """What a keyword goes through, at index and at query time."""

    name: str
    normalize: Callable[[str], str] = field(repr=False)
