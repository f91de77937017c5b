"""Porter's stems, as Lucene's `PorterStemFilter` makes them.

That is the author's own later program, which departs from the published algorithm: `bli` becomes `ble`, `logi` becomes
`log`, and words of one or two letters stay as they are.
"""

from collections.abc import Mapping

_VOWELS = frozenset("aeiou")


def _table(text: str) -> dict[str, str]:
    return {old: new.strip("-") for old, _, new in (pair.partition(">") for pair in text.split())}


_DOUBLE_SUFFIXES = _table(
    "ational>ate tional>tion enci>ence anci>ance izer>ize bli>ble alli>al entli>ent eli>e ousli>ous ization>ize ation>ate "
    "ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble logi>log"
)
_INNER_SUFFIXES = _table("icate>ic ative>- alize>al iciti>ic ical>ic ful>- ness>-")
_OUTER_SUFFIXES = _table(
    "al>- ance>- ence>- er>- ic>- able>- ible>- ant>- ement>- ment>- ent>- sion>s tion>t ou>- ism>- ate>- iti>- ous>- ive>- ize>-"
)


def stem(word: str) -> str:
    """Return the stem of a lower-case word; only a to z are taken for letters of English."""
    if len(word) < 3 and (word.isascii() or len(word.encode("utf-16-le")) < 6):
        return word
    word = _without_y(_without_past(_without_plural(word)))
    word = _replaced(_replaced(word, _DOUBLE_SUFFIXES), _INNER_SUFFIXES)
    return _without_end(_without_suffix(word))


def _shape(word: str) -> str:
    """Return `v` and `c` per letter; a y after a consonant is a vowel."""
    shape = ""
    for letter in word:
        vowel = letter in _VOWELS or (letter == "y" and shape.endswith("c"))
        shape += "v" if vowel else "c"
    return shape


def _measure(stem_: str) -> int:
    return _shape(stem_).count("vc")


def _doubled(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _shape(word)[-1] == "c"


def _short(word: str) -> bool:
    return _shape(word)[-3:] == "cvc" and word[-1] not in "wxy"


def _without_plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _without_past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    ending = next((ending for ending in ("ed", "ing") if word.endswith(ending)), None)
    if ending is None or "v" not in _shape(word[: -len(ending)]):
        return word
    return _mended(word[: -len(ending)])


def _mended(word: str) -> str:
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if _doubled(word):
        return word if word[-1] in "lsz" else word[:-1]
    return word + "e" if _measure(word) == 1 and _short(word) else word


def _without_y(word: str) -> str:
    return word[:-1] + "i" if word.endswith("y") and "v" in _shape(word[:-1]) else word


def _split(word: str, suffixes: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what is before the longest suffix of the table, and what the suffix becomes."""
    for size in range(min(7, len(word)), 1, -1):
        if (new := suffixes.get(word[-size:])) is not None:
            return word[:-size], new
    return None


def _replaced(word: str, suffixes: Mapping[str, str]) -> str:
    parts = _split(word, suffixes)
    return "".join(parts) if parts and _measure(parts[0]) else word


def _without_suffix(word: str) -> str:
    parts = _split(word, _OUTER_SUFFIXES)
    return "".join(parts) if parts and _measure("".join(parts)) > 1 else word


def _without_end(word: str) -> str:
    measure = _measure(word)
    if word.endswith("e") and (measure > 1 or (measure == 1 and not _short(word[:-1]))):
        word = word[:-1]
    return word[:-1] if word.endswith("ll") and measure > 1 else word
