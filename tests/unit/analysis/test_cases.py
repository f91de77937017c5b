"""Which characters are alike when case does not count."""

from __future__ import annotations

import pytest

from muster.analysis.cases import cases


@pytest.mark.parametrize(
    ("char", "alike"),
    [
        ("a", "Aa"),
        ("1", "1"),
        ("k", "Kk\u212a"),
        ("s", "Ss\u017f"),
        ("ß", "ßẞ"),
        ("ς", "Σςσ"),
        ("İ", "iİ"),
        ("i", "Ii"),
    ],
)
def test_characters_fold_one_to_one(char: str, alike: str) -> None:
    """The character itself is always among them, in order of code points."""
    assert "".join(map(chr, cases(ord(char)))) == alike


def test_letters_younger_than_the_interpreter_fold_too() -> None:
    """Garay letters came with Unicode 16."""
    assert cases(0x10D50) == (0x10D50, 0x10D70)
    assert cases(0x10D70) == (0x10D50, 0x10D70)
