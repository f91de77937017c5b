"""The standard tokenizer: words by UAX #29, as Lucene's `StandardTokenizer` tells them.

Kept are words, numbers, emoji, and single ideographs and Hiragana; Katakana, Hangul and South-East Asian runs stay whole. The
character classes (`word_break.json`) are those of Unicode 12.1, to which that tokenizer is fixed.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from itertools import accumulate

LONGEST = 255
"""A longer word is cut, counted in UTF-16 units."""

_LETTER_OF = {
    "connector": "_",
    "digit": "N",
    "double_quote": "q",
    "emoji": "E",
    "emoji_letter": "B",
    "emoji_modifier": "M",
    "emoji_selector": "V",
    "extend": "x",
    "hebrew": "H",
    "hiragana": "J",
    "ideograph": "I",
    "joiner": "z",
    "katakana": "K",
    "keycap": "c",
    "keycap_base": "k",
    "letter": "A",
    "mid_either": "d",
    "mid_letter": "l",
    "mid_number": "m",
    "regional": "R",
    "single_quote": "s",
    "south_east_asian": "S",
    "south_east_asian_extend": "Y",
    "text_selector": "v",
}
_OTHER = "o"


class _Classes(dict[str, str]):
    """The class letter of each character, looked up on first sight."""

    def __init__(self) -> None:
        super().__init__()
        ranges: dict[str, str] = json.loads(files(__package__).joinpath("word_break.json").read_text("utf-8"))
        bounds = [
            (int(low, 16), int(high or low, 16), _LETTER_OF[name])
            for name, text in ranges.items()
            for low, _, high in (part.partition("-") for part in text.split())
        ]
        self._bounds = sorted(bounds)
        self._lows = [low for low, _, _ in self._bounds]

    def __missing__(self, character: str) -> str:
        at = bisect_right(self._lows, ord(character)) - 1
        _, high, letter = self._bounds[at] if at >= 0 else (0, -1, _OTHER)
        found = self[character] = letter if ord(character) <= high else _OTHER
        return found


_classes = cache(_Classes)

_EXTEND = "[xzcvVMY]*"
_PICTURE_EXTEND = "[xzcMY]*"
_LETTER = f"[AHB]{_EXTEND}"
_DIGIT = f"N{_EXTEND}"
_KATAKANA = f"K{_EXTEND}"
_CONNECTOR = f"_{_EXTEND}"
_HEBREW_QUOTED = f"H{_EXTEND}(?:q{_EXTEND}H{_EXTEND}|s{_EXTEND})"
_LETTERS_MORE = f"(?:(?:{_CONNECTOR})*(?!{_HEBREW_QUOTED}){_LETTER}|[lds]{_EXTEND}{_LETTER})*"
_DIGITS_MORE = f"(?:(?:{_CONNECTOR})*{_DIGIT}|[mds]{_EXTEND}{_DIGIT})*"
_KATAKANA_RUN = f"{_KATAKANA}(?:(?:{_CONNECTOR})*{_KATAKANA})*"
_RUN = f"(?:{_KATAKANA_RUN}|(?:{_HEBREW_QUOTED}|{_DIGIT}{_DIGITS_MORE}|{_LETTER}{_LETTERS_MORE})+)"
_WORD = re.compile(f"(?:{_CONNECTOR})*{_RUN}(?:(?:{_CONNECTOR})+{_RUN})*(?:{_CONNECTOR})*")
_PICTURE = f"[EB]{_PICTURE_EXTEND}V?"
_PICTURES = f"(?:z*{_PICTURE}|M{_PICTURE_EXTEND})(?:(?:(?<=z)|z+){_PICTURE})*"
_EMOJI = re.compile(f"{_PICTURES}|R{_EXTEND}R{_EXTEND}|k{_PICTURE_EXTEND}V?c{_PICTURE_EXTEND}")
_SINGLE = re.compile(f"[IJ]{_EXTEND}|(?:[SY]{_EXTEND})+")

_ASCII_WORD = re.compile(
    r"(_*+[A-Za-z0-9]\w*+(?:(?:(?<=[A-Za-z])[.':](?=[A-Za-z])|(?<=[0-9])[.,;'](?=[0-9]))\w++)*+)|_++", re.ASCII
)


def words(text: str) -> list[str]:
    """Return the words of a text; the place in the list is the position."""
    if text.isascii():
        found = [word for word in _ASCII_WORD.findall(text) if word]
        if len(text) <= LONGEST or max(map(len, found), default=0) <= LONGEST:
            return found
    return _classified(text)


def _classified(text: str) -> list[str]:
    classes = "".join(map(_classes().__getitem__, text))
    ends = _windows(text)
    found = []
    at = 0
    while at < len(text):
        end = _longest(classes, at, ends(at))
        if end > at:
            found.append(text[at:end])
        at = max(end, at + 1)
    return found


def _longest(classes: str, at: int, limit: int) -> int:
    matches = (pattern.match(classes, at, limit) for pattern in (_WORD, _EMOJI, _SINGLE))
    return max((match.end() for match in matches if match), default=at)


def _windows(text: str) -> Callable[[int], int]:
    """Return a function from a start to the end of what the tokenizer can see from there."""
    if max(text, default="") <= "\uffff":
        return lambda at: at + LONGEST
    units = [0, *accumulate(1 + (character > "\uffff") for character in text)]
    return lambda at: bisect_right(units, units[at] + LONGEST) - 1
