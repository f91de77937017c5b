"""`minimum_should_match`: how many of the optional clauses have to hold.

The grammar and the arithmetic are OpenSearch's (`Queries.calculateMinShouldMatch`), with one difference: a
condition that does not apply is checked too, so that a wrong one does not wait for the day it does.
"""

import re
import struct

from muster.errors import InvalidSelection
from muster.query.nodes import Minimum

_PART = r"[+-]?[0-9]+%?"
_CONDITION = re.compile(rf"([+-]?[0-9]+)<({_PART})")
_SPECIFICATION = re.compile(rf"{_PART}|{_CONDITION.pattern}(?: {_CONDITION.pattern})*")
_AROUND_LESS_THAN = re.compile(r"\s*<\s*")
_NUMBER = re.compile(r"[+-]?[0-9]+")
_HINT = 'write a number, a percentage such as "75%", or conditions such as "2<75% 9<-3"'


def minimum(count: int, specification: Minimum) -> int:
    """Return how many of `count` clauses have to hold: 0 or more, and more than `count` when none can satisfy it.

    Percentages are cut off towards zero; negative ones say how much may be missing.

    Raises:
        InvalidSelection: the specification is not one.

    >>> minimum(3, "75%"), minimum(3, "-25%"), minimum(5, "2<75% 9<-3"), minimum(2, 3)
    (2, 3, 3, 3)
    """
    text = str(spelled(specification))
    needed = text if "<" not in text else str(count)
    for bound, part in _CONDITION.findall(text):
        if count <= int(bound):
            break
        needed = part
    return max(0, _needed(count, needed))


def spelled(specification: Minimum) -> Minimum:
    """Return the canonical spelling: plain numbers as `int`, no space around `<`.

    Raises:
        InvalidSelection: the specification is not one, or holds a number beyond 32 bits.
    """
    text = _AROUND_LESS_THAN.sub("<", str(specification).strip())
    if not _SPECIFICATION.fullmatch(text) or not all(map(_fits, _NUMBER.findall(text))):
        raise InvalidSelection(f"`{specification}` is not a `minimum_should_match`", hint=_HINT)
    return int(text) if _NUMBER.fullmatch(text) else text


def _needed(count: int, part: str) -> int:
    if not part.endswith("%"):
        number = int(part)
        return count + number if number < 0 else number
    share = _single(_int32(count * int(part[:-1])) * _single(0.01))
    return count + int(share) if share < 0 else int(share)


def _fits(number: str) -> bool:
    return len(number) <= 11 and int(number) == _int32(int(number))


def _int32(number: int) -> int:
    """Wrap as 32-bit arithmetic does."""
    return (number + 2**31) % 2**32 - 2**31


def _single(number: float) -> float:
    """Round to single precision, in which OpenSearch takes percentages."""
    rounded: float = struct.unpack("f", struct.pack("f", number))[0]
    return rounded
