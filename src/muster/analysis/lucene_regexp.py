"""Lucene's regexp dialect, read into nodes.

Differences from common dialects: the whole value must match; `.` is any character; `@` any text, `#` nothing, `<1-99>`
a number, `"..."` literal text, `&` intersection, `~` complement (only when switched on: it is not part of `ALL`).
`^`, `$` and an operator without an operand are ordinary characters.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntFlag
from typing import TypeAlias

import regex

from muster.analysis.cases import cases
from muster.errors import UnsupportedClause

LAST = 0x10FFFF


class Flag(IntFlag):
    """The optional operators, by their names in the `flags` option; `ALL` does not hold `COMPLEMENT`."""

    NONE = 0
    INTERSECTION = 1
    EMPTY = 4
    ANYSTRING = 8
    AUTOMATON = 16
    INTERVAL = 32
    ALL = 255
    COMPLEMENT = 0x10000


class BadRegexp(ValueError):
    """The text is not a regexp in this dialect."""


Range: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of ranges of code points, both ends included."""

    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No text at all."""


@dataclass(frozen=True, slots=True)
class Anything:
    """Any text, the empty one too."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A decimal number from `low` to `high`; with `digits`, of exactly that many digits, else with any leading zeros."""

    low: int
    high: int
    digits: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other; of no parts, the empty text."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Union:
    """Any of the parts."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Intersection:
    """All of the parts at once."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Complement:
    """Every text but those of the part."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class Repeat:
    """The part from `least` to `most` times; None is without end."""

    part: "Expression"
    least: int
    most: int | None


Expression: TypeAlias = Chars | Nothing | Anything | Interval | Sequence | Union | Intersection | Complement | Repeat

_ANY = Chars(((0, LAST),))
_CLASSES: dict[str, tuple[Range, ...]] = {
    "d": ((48, 57),),
    "s": ((9, 10), (13, 13), (32, 32)),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
}
_LARGEST = 2**31 - 1
_DEPTH = 40


def parse(text: str, flags: Flag = Flag.ALL, *, case_insensitive: bool = False) -> Expression:
    """Read a regexp; with `case_insensitive`, letters stand for all their cases, save in ranges (`[a-c]`).

    Raises:
        BadRegexp: the text is not a regexp.
        UnsupportedClause: groups or repetitions are nested too deep.
    """
    if not text:
        return Sequence(())
    parser = _Parser(text, flags, case_insensitive=case_insensitive)
    expression = parser.union()
    if parser.more():
        raise BadRegexp(f"end of text expected at position {parser.at}")
    return expression


def _check_depth(depth: int) -> None:
    if depth > _DEPTH:
        raise UnsupportedClause(f"groups or repetitions are nested more than {_DEPTH} deep", hint="simplify the regexp")


def inverted(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Return the code points outside of the ranges."""
    gaps, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            gaps.append((start, low - 1))
        start = max(start, high + 1)
    return (*gaps, (start, LAST)) if start <= LAST else tuple(gaps)


class _Parser:
    """Recursive descent over the text; one method for each level of binding."""

    def __init__(self, text: str, flags: Flag, *, case_insensitive: bool) -> None:
        self.text = text
        self.at = 0
        self._flags = flags
        self._folds = case_insensitive
        self._depth = 0

    def more(self) -> bool:
        return self.at < len(self.text)

    def union(self) -> Expression:
        self._depth += 1
        _check_depth(self._depth)
        parts = self._separated(self._intersection, lambda: self._take("|"))
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Union(parts)

    def _intersection(self) -> Expression:
        parts = self._separated(self._sequence, lambda: Flag.INTERSECTION in self._flags and self._take("&"))
        return parts[0] if len(parts) == 1 else Intersection(parts)

    def _sequence(self) -> Expression:
        stops = ")|&" if Flag.INTERSECTION in self._flags else ")|"
        parts = self._separated(self._repeated, lambda: self.more() and not self._peek(stops))
        return parts[0] if len(parts) == 1 else Sequence(parts)

    def _separated(self, read: "Callable[[], Expression]", goes_on: "Callable[[], bool]") -> tuple[Expression, ...]:
        parts = [read()]
        while goes_on():
            parts.append(read())
        return tuple(parts)

    def _repeated(self) -> Expression:
        part, count = self._complement(), 0
        while self._peek("?*+{"):
            count += 1
            _check_depth(count)
            least, most = self._times()
            endless_nothing = (least, most) == (0, None) and _is_nothing(part)
            part = Nothing() if endless_nothing else Repeat(part, least, most)
        return part

    def _times(self) -> tuple[int, int | None]:
        match self._next():
            case "?":
                return 0, 1
            case "*":
                return 0, None
            case "+":
                return 1, None
            case _:
                return self._braces()

    def _braces(self) -> tuple[int, int | None]:
        least = self._number()
        if least is None:
            raise BadRegexp(f"a number is expected at position {self.at}")
        most = self._number() if self._take(",") else least
        if not self._take("}"):
            raise BadRegexp(f"`}}` is expected at position {self.at}")
        if most is not None and least > most:
            raise BadRegexp(f"the repetition {least}..{most} is out of order")
        return least, most

    def _number(self) -> int | None:
        start = self.at
        while self._peek("0123456789"):
            self.at += 1
        if start == self.at:
            return None
        number = int(self.text[start : self.at])
        if number > _LARGEST:
            raise BadRegexp(f"the number {number} is too large")
        return number

    def _complement(self) -> Expression:
        if Flag.COMPLEMENT not in self._flags:
            return self._class()
        count = 0
        while self._take("~"):
            count += 1
        part = self._class()
        return Complement(part) if count % 2 else part

    def _class(self) -> Expression:
        if not self._take("["):
            return self._simple()
        negated = self._take("^")
        ranges = self._class_item()
        while self.more() and not self._peek("]"):
            ranges += self._class_item()
        if not self._take("]"):
            raise BadRegexp(f"`]` is expected at position {self.at}")
        return Chars(inverted(ranges) if negated else ranges)

    def _class_item(self) -> tuple[Range, ...]:
        if predefined := self._predefined():
            return predefined
        low = self._character()
        if not self._take("-"):
            return self._folded(low)
        high = self._character()
        if low > high:
            raise BadRegexp(f"the range from `{chr(low)}` to `{chr(high)}` is out of order")
        return ((low, high),)

    def _simple(self) -> Expression:
        if self._take("."):
            return _ANY
        if Flag.EMPTY in self._flags and self._take("#"):
            return Nothing()
        if Flag.ANYSTRING in self._flags and self._take("@"):
            return Anything()
        if self._take('"'):
            return Sequence(tuple(self._char(ord(char)) for char in self._until('"')))
        if self._take("("):
            return self._group()
        if (Flag.AUTOMATON in self._flags or Flag.INTERVAL in self._flags) and self._take("<"):
            return self._interval(self._until(">"))
        if predefined := self._predefined():
            return Chars(predefined)
        return self._char(self._character())

    def _group(self) -> Expression:
        if self._take(")"):
            return Sequence(())
        inner = self.union()
        if not self._take(")"):
            raise BadRegexp(f"`)` is expected at position {self.at}")
        return inner

    def _interval(self, text: str) -> Interval:
        found = regex.fullmatch(r"(\+?\d+)-(\+?\d+)", text)
        if found is None or Flag.INTERVAL not in self._flags:
            raise BadRegexp(f"`<{text}>` is not a numeric interval")
        first, last = (int(part) for part in found.groups())
        if max(first, last) > _LARGEST:
            raise BadRegexp(f"`<{text}>` has too large a number")
        digits = len(found[1]) if len(found[1]) == len(found[2]) else 0
        return Interval(min(first, last), max(first, last), digits)

    def _predefined(self) -> tuple[Range, ...]:
        """Read what a backslash introduces; () when what follows is an ordinary character, the backslash consumed."""
        if not self._take("\\"):
            return ()
        if self._peek("dswDSW"):
            name = self._next()
            ranges = _CLASSES[name.lower()]
            return ranges if name.islower() else inverted(ranges)
        if self._take("\\"):
            return ((92, 92),)
        if self.more() and self.text[self.at].isascii() and self.text[self.at].isalpha():
            raise BadRegexp(f"`\\{self.text[self.at]}` is not a character class")
        return ()

    def _char(self, code: int) -> Chars:
        return Chars(self._folded(code))

    def _folded(self, code: int) -> tuple[Range, ...]:
        return tuple((case, case) for case in cases(code)) if self._folds else ((code, code),)

    def _character(self) -> int:
        self._take("\\")
        return ord(self._next())

    def _until(self, end: str) -> str:
        start = self.at
        stop = self.text.find(end, start)
        if stop < 0:
            raise BadRegexp(f"`{end}` is expected at position {len(self.text)}")
        self.at = stop + 1
        return self.text[start:stop]

    def _peek(self, chars: str) -> bool:
        return self.more() and self.text[self.at] in chars

    def _take(self, char: str) -> bool:
        if self.at < len(self.text) and self.text[self.at] == char:
            self.at += 1
            return True
        return False

    def _next(self) -> str:
        if not self.more():
            raise BadRegexp("the text ends too early")
        self.at += 1
        return self.text[self.at - 1]


def _is_nothing(expression: Expression) -> bool:
    """Whether no text matches; in Lucene `#*` stays nothing, where elsewhere it is the empty text."""
    match expression:
        case Nothing():
            return True
        case Sequence(parts):
            return any(_is_nothing(part) for part in parts)
        case Union(parts):
            return all(_is_nothing(part) for part in parts)
        case Repeat(part, least):
            return least > 0 and _is_nothing(part)
        case _:
            return False
