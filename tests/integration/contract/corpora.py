"""Random corpora over the small mapping: values of every kind, missing, null and many, at the ends of their kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, TypeAlias

from hypothesis import strategies as st

from muster.protocols import Engine, Update
from tests.integration.places import document

Corpus: TypeAlias = dict[int, dict[str, Any]]
"""Attributes by ordinal."""

FIELDS = (
    *("name.keyword", "rows", "seen", "ratio", "score", "flag", "tags"),
    *("columns.name", "columns.size", "columns.key", "columns.made", "columns.checks.name"),
    *("extra.word.keyword", "extra.level", "extra.share", "extra.sure"),
)
"""What assets can be ordered and counted by; `extra` is not mapped, but brought along."""

BROUGHT = {"word": "w", "level": 1, "share": 0.5, "sure": True}
FIRST: Corpus = {1: {"extra": BROUGHT}}
"""The corpus that settles the kinds of what is brought."""


def _some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, several, some of them null, or none."""
    return st.one_of(values, values, st.lists(st.one_of(values, values, st.none()), max_size=3), st.none())


_words = st.sampled_from(("a", "A", "b", "ab", "", " ", "é", "\uffe0", "\U0001f600", "a\0b", "10", "9"))
_wholes = st.sampled_from((0, 1, -1, 2, 10, 2**31, 2**53 + 1, 2**63 - 2, -(2**63) + 1, "3", 2.9))
_small = st.sampled_from((0, 1, -1, 2, 10, 2**31 - 2, -(2**31) + 1))
_doubles = st.sampled_from((0.0, -0.0, 0.1, 1, -1.5, 1e300, -1e300, 5e-324, 2**53 + 1))
_floats = st.sampled_from((0.0, -0.0, 0.1, 1, -1.5, 3e38, 1e-45))
_moments = st.sampled_from(
    ("1970-01-01", "1969-12-31T23:59:59.999Z", "2024-02-29", "2024-02-29T00:00:00.001Z", 0, 1_709_164_800_000)
)
_truths = st.sampled_from((True, False, "true", ""))
_checks = st.lists(st.fixed_dictionaries({}, optional={"name": _some(_words)}), max_size=2)
_columns = st.fixed_dictionaries(
    {},
    optional={
        "name": _some(_words),
        "size": _some(_small),
        "key": _some(_truths),
        "made": _some(_moments),
        "checks": _checks,
    },
)
_extra = {"word": _words, "level": _wholes, "share": _doubles, "sure": _truths}
_attributes = st.fixed_dictionaries(
    {},
    optional={
        "name": _some(_words),
        "rows": _some(_wholes),
        "seen": _some(_moments),
        "ratio": _some(_doubles),
        "score": _some(_floats),
        "flag": _some(_truths),
        "tags": _some(_words),
        "columns": st.lists(_columns, max_size=3),
        "extra": st.fixed_dictionaries({}, optional={name: _some(values) for name, values in _extra.items()}),
    },
)
_ordinals = st.one_of(st.integers(1, 20), st.sampled_from((65_535, 65_536, 2**31 - 1)))

corpora = st.dictionaries(_ordinals, _attributes, max_size=12)
"""Up to twelve assets."""


class Filled:
    """Engines that are filled with one corpus after the other."""

    def __init__(self, engines: Mapping[str, Engine]) -> None:
        self.engines = engines
        self._held: Corpus = {}
        self._positions = count(1)
        self.fill(FIRST)

    def fill(self, corpus: Corpus) -> None:
        """Put a corpus in the place of the one before."""
        position = next(self._positions)
        written = [document(ordinal, version=position, **one) for ordinal, one in corpus.items()]
        removed = [Update(ordinal, None, position) for ordinal in self._held.keys() - corpus.keys()]
        for engine in self.engines.values():
            assert engine.apply([*written, *removed], position=position) == ()
        self._held = corpus


def differing(answers: Mapping[str, Any]) -> Iterable[str]:
    """Name the engines that answer otherwise than the first."""
    first = next(iter(answers.values()))
    return [name for name, answer in answers.items() if answer != first]
