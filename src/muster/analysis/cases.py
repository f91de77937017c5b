"""Simple case folding of single characters, as Lucene's case insensitive regexps do it."""

from collections.abc import Iterable
from functools import cache

_LAST_CASED = 0x1E943
_BEYOND = {
    0x130: (0x69,),
    0x131: (0x49,),
    0x19B: (0xA7DC,),
    0x264: (0xA7CB,),
    0x390: (0x1FD3,),
    0x3B0: (0x1FE3,),
    0x1C89: (0x1C8A,),
    0x1C8A: (0x1C89,),
    0x1FD3: (0x390,),
    0x1FE3: (0x3B0,),
    0xA7CB: (0x264,),
    0xA7CC: (0xA7CD,),
    0xA7CD: (0xA7CC,),
    0xA7DA: (0xA7DB,),
    0xA7DB: (0xA7DA,),
    0xA7DC: (0x19B,),
    0xFB05: (0xFB06,),
    0xFB06: (0xFB05,),
    **{code: (code + 0x20,) for code in range(0x10D50, 0x10D66)},
    **{code: (code - 0x20,) for code in range(0x10D70, 0x10D86)},
}
"""What plain folding does not say: the Turkish i, one way; ligatures; letters younger than some Pythons' tables."""


def cases(code: int) -> tuple[int, ...]:
    """Return the code points that a code point stands for when case does not count, itself among them, in order."""
    alike = _groups().get(_folded(code), ())
    return tuple(sorted({code, *alike, *_BEYOND.get(code, ())}))


def _folded(code: int) -> str:
    """Return what a character folds to; one that folds to several folds to its lower case instead."""
    char = chr(code)
    return next((form for form in (char.casefold(), char.lower()) if len(form) == 1), char)


@cache
def _groups() -> dict[str, tuple[int, ...]]:
    """Return the characters that fold alike, of those that are not alone."""
    groups: dict[str, list[int]] = {}
    for code in _cased():
        groups.setdefault(_folded(code), []).append(code)
    return {form: tuple(codes) for form, codes in groups.items() if len(codes) > 1}


def _cased() -> Iterable[int]:
    return (code for code in range(_LAST_CASED + 1) if chr(code).lower() != chr(code) or chr(code).upper() != chr(code))
