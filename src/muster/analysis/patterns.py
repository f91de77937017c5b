"""Wildcards and Lucene regexps as RE2 patterns.

The patterns are texts of our making, matched against a whole value. RE2 has neither intersection nor complement, so a
regexp becomes a union of `Shape`s; what cannot be said that way exactly is refused.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, assert_never

import re2

from muster.analysis import lucene_regexp as lucene
from muster.analysis.lucene_regexp import BadRegexp, Flag
from muster.errors import UnsupportedClause

__all__ = ["BadRegexp", "Flag", "Shape", "any_case", "compiled", "prefix", "regexp", "wildcard"]

_START = "(?s)"
_MOST_SHAPES = 64
_MOST_REPEATS = 1000


SURELY_ACCEPTED = 10_000
"""A pattern without counted repetitions that is no longer than this is small enough for RE2."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Values that match `pattern` and all of `also`, and none of `never`, each as a whole."""

    pattern: str
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


def wildcard(text: str, *, case_insensitive: bool = False) -> str:
    """Return the pattern of a wildcard: `*` any run, `?` one character, a backslash takes the next one literally.

    A backslash at the very end stands for itself. An escaped letter keeps its case, also with `case_insensitive`.

    Raises:
        UnsupportedClause: RE2 refuses it, being too large.
    """
    parts, chars = [], iter(text)
    for char in chars:
        match char:
            case "*":
                parts.append(".*")
            case "?":
                parts.append(".")
            case "\\":
                parts.append(_code(ord(next(chars, "\\"))))
            case _:
                parts.append(_literal(char, case_insensitive=case_insensitive))
    return _accepted(_START + "".join(parts))


def prefix(text: str, *, case_insensitive: bool = False) -> str:
    """Return the pattern of values that start with a text."""
    return any_case(text) + ".*" if case_insensitive else _START + _quoted(text) + ".*"


def any_case(text: str) -> str:
    """Return the pattern of a text whose ASCII letters may be of either case."""
    return _accepted(_START + "".join(_literal(char, case_insensitive=True) for char in text))


def regexp(text: str, flags: Flag = Flag.ALL, *, case_insensitive: bool = False) -> tuple[Shape, ...]:
    """Return the shapes of a Lucene regexp: a value matches the regexp when it matches one of them.

    Raises:
        BadRegexp: the text is not a regexp.
        UnsupportedClause: it is, but cannot be said in RE2; without a path, which is the caller's to add.
    """
    expression = lucene.parse(text, flags, case_insensitive=case_insensitive)
    shapes = tuple(_shape(wants, bans) for wants, bans in _lowered(expression))
    for pattern in itertools.chain.from_iterable((shape.pattern, *shape.also, *shape.never) for shape in shapes):
        compiled(pattern)
    return shapes


@cache
def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    return options


def compiled(pattern: str) -> Any:
    """Return the compiled pattern: an object with `fullmatch`.

    Raises:
        UnsupportedClause: RE2 refuses it, being too large.
    """
    try:
        return re2.compile(pattern, _options())
    except re2.error as error:
        raise UnsupportedClause("the pattern is too large", hint="use fewer or smaller repetitions") from error


def _accepted(pattern: str) -> str:
    if len(pattern) > SURELY_ACCEPTED:
        compiled(pattern)
    return pattern


# --- union of intersections -------------------------------------------------------------------------------------------

Conjunction = tuple[tuple[str, ...], tuple[str, ...]]
"""Patterns that must match, and patterns that must not."""


def _shape(wants: tuple[str, ...], bans: tuple[str, ...]) -> Shape:
    first, *rest = (_START + want for want in wants or (".*",))
    return Shape(first, tuple(rest), tuple(_START + ban for ban in bans))


def _lowered(expression: lucene.Expression) -> list[Conjunction]:
    """Return an expression as a union of conjunctions of plain patterns."""
    if _is_plain(expression):
        return [((_text(expression),), ())]
    match expression:
        case lucene.Union(parts):
            return _limited([one for part in parts for one in _lowered(part)])
        case lucene.Intersection(parts):
            return _product([_lowered(part) for part in parts])
        case lucene.Complement(part):
            return _product([_negated(one) for one in _lowered(part)])
        case lucene.Sequence(parts):
            return _inside(parts)
        case lucene.Repeat(part, 0, 1):
            return [(("",), ()), *_lowered(part)]
        case lucene.Repeat(part, 1, 1):
            return _lowered(part)
        case _:
            raise _entangled()


def _inside(parts: Sequence[lucene.Expression]) -> list[Conjunction]:
    """Lower a sequence with one part that is not plain: exact, when the parts around it are of fixed length."""
    uneven = [index for index, part in enumerate(parts) if not _is_plain(part)]
    at = uneven[0]
    around = (*parts[:at], *parts[at + 1 :])
    if len(uneven) > 1 or any(_length(part) is None for part in around):
        raise _entangled()
    before, after = (_text(lucene.Sequence(tuple(side))) for side in (parts[:at], parts[at + 1 :]))
    return [
        (tuple(before + want + after for want in wants or (".*",)), tuple(before + ban + after for ban in bans))
        for wants, bans in _lowered(parts[at])
    ]


def _negated(conjunction: Conjunction) -> list[Conjunction]:
    wants, bans = conjunction
    return [*(((), (want,)) for want in wants), *(((ban,), ()) for ban in bans)]


def _product(unions: Sequence[list[Conjunction]]) -> list[Conjunction]:
    product: list[Conjunction] = [((), ())]
    for union in unions:
        product = _limited([(a + c, b + d) for a, b in product for c, d in union])
    return product


def _limited(union: list[Conjunction]) -> list[Conjunction]:
    if len(union) > _MOST_SHAPES:
        raise _entangled()
    return union


def _entangled() -> UnsupportedClause:
    return UnsupportedClause(
        "`&` and `~` are available around whole alternatives only, not inside repeated or variable parts",
        hint="write the regexp without them, or combine clauses in a `bool`",
    )


def _is_plain(expression: lucene.Expression) -> bool:
    match expression:
        case lucene.Intersection() | lucene.Complement():
            return False
        case lucene.Sequence(parts) | lucene.Union(parts):
            return all(_is_plain(part) for part in parts)
        case lucene.Repeat(part):
            return _is_plain(part)
        case _:
            return True


def _length(expression: lucene.Expression) -> int | None:
    """Return the number of characters of every text of a plain expression; None when they differ."""
    match expression:
        case lucene.Chars():
            return 1
        case lucene.Interval(_, _, digits):
            return digits or None
        case lucene.Sequence(parts):
            lengths = [_length(part) for part in parts]
            return None if None in lengths else sum(filter(None, lengths))
        case lucene.Union(parts):
            return _length(parts[0]) if len({_length(part) for part in parts}) == 1 else None
        case lucene.Repeat(part, least, most):
            length = _length(part)
            return length * least if length is not None and least == most else None
        case _:
            return None


# --- RE2 text ---------------------------------------------------------------------------------------------------------


def _text(expression: lucene.Expression) -> str:
    """Return a plain expression as RE2 text that binds as one where it has to."""
    match expression:
        case lucene.Chars(ranges):
            return _set(ranges)
        case lucene.Nothing():
            return _set(())
        case lucene.Anything():
            return ".*"
        case lucene.Interval(low, high, digits):
            return _interval(low, high, digits)
        case lucene.Sequence(parts):
            return "".join(_text(part) for part in parts)
        case lucene.Union(parts):
            return _either(_text(part) for part in parts)
        case lucene.Repeat(part, least, most):
            return _repeated(_text(part), least, most)
        case lucene.Intersection() | lucene.Complement():
            raise _entangled()
        case _:
            assert_never(expression)


def _repeated(text: str, least: int, most: int | None) -> str:
    if max(least, most or 0) > _MOST_REPEATS:
        raise UnsupportedClause(
            f"a part is repeated more than {_MOST_REPEATS} times", hint="use `*` or `+`, or a smaller number"
        )
    if most == 0 or not text:
        return ""
    return f"(?:{text}){{{least},{'' if most is None else most}}}"


def _either(texts: Iterable[str]) -> str:
    return f"(?:{'|'.join(texts)})"


def _set(ranges: Sequence[lucene.Range]) -> str:
    """Return a class of code points; the empty class is what excludes everything."""
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _code(ranges[0][0])
    if list(ranges) == [(0, lucene.LAST)]:
        return "."
    if not ranges:
        return "[^\\x{0}-\\x{10FFFF}]"
    return f"[{''.join(f'{_code(low)}-{_code(high)}' for low, high in ranges)}]"


def _quoted(text: str) -> str:
    return "".join(_code(ord(char)) for char in text)


def _literal(char: str, *, case_insensitive: bool) -> str:
    if case_insensitive and char.isascii() and char.isalpha():
        return f"[{char.lower()}{char.upper()}]"
    return _code(ord(char))


def _code(code: int) -> str:
    """Return one character: letters and digits as they are, anything else by its number."""
    char = chr(code)
    return char if char.isascii() and char.isalnum() else f"\\x{{{code:X}}}"


def _interval(low: int, high: int, digits: int) -> str:
    if digits:
        return _either(_numbers(f"{low:0{digits}}", f"{high:0{digits}}"))
    widths = range(len(str(low)), len(str(high)) + 1)
    bounds = ((max(low, 10 ** (width - 1) if width > 1 else 0), min(high, 10**width - 1)) for width in widths)
    return "0*" + _either(text for first, last in bounds for text in _numbers(str(first), str(last)))


def _numbers(low: str, high: str) -> list[str]:
    """Return patterns for the numbers between two of the same width."""
    rest = len(low) - 1
    if low == high:
        return [low]
    if low == "0" * len(low) and high == "9" * len(high):
        return [f"[0-9]{{{len(low)}}}"]
    if low[0] == high[0]:
        return [low[0] + text for text in _numbers(low[1:], high[1:])]
    first = [low[0] + text for text in _numbers(low[1:], "9" * rest)] if rest else [low[0]]
    last = [high[0] + text for text in _numbers("0" * rest, high[1:])] if rest else [high[0]]
    between = (
        [f"[{chr(ord(low[0]) + 1)}-{chr(ord(high[0]) - 1)}][0-9]{{{rest}}}"] if ord(high[0]) - ord(low[0]) > 1 else []
    )
    return first + between + last
