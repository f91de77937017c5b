"""Porter's stems against Lucene's."""

import pytest

from muster.analysis.stem import stem
from tests.fixtures.analysis.record import facts


def test_every_recorded_word_has_the_recorded_stem() -> None:
    """The stems of a broad list of words are those of the server."""
    rows = facts("stems")
    assert len(rows) > 1500
    assert [(word, stem(word)) for word, _ in rows] == [(word, expected) for word, expected in rows]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("possibly", "possibl"),
        ("topology", "topolog"),
        ("is", "is"),
        ("\U0001d400s", "\U0001d400"),
        ("és", "és"),
        ("", ""),
    ],
)
def test_departures_from_the_published_algorithm(word: str, expected: str) -> None:
    """`bli` and `logi` have rules of their own, and words of fewer than three UTF-16 units stay."""
    assert stem(word) == expected
