"""Prefixes and ranges as half-open intervals of the order of values."""

import math
from dataclasses import dataclass

from muster.binding.tests import Between, StartsWith
from muster.indexing import IndexedTerm

LARGEST = 2**63 - 1
LAST = "\U0010ffff"
SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Interval:
    """The values from `start` up to, without, `end`; `None` is open. Strings are in order of UTF-8 bytes."""

    start: IndexedTerm | None
    end: IndexedTerm | None


def interval(test: StartsWith | Between) -> Interval:
    """Return the interval that holds exactly the values that pass the test."""
    if isinstance(test, StartsWith):
        return Interval(test.prefix, beyond(test.prefix))
    low, high = test.low, test.high
    if low is not None and not test.low_included:
        low = following(low)
        if low is None:
            return Interval(test.low, test.low)
    return Interval(low, following(high) if high is not None and test.high_included else high)


def following(value: IndexedTerm) -> IndexedTerm | None:
    """Return the least value above this one; None when no column can hold one."""
    if isinstance(value, str):
        return f"{value}\0"
    if isinstance(value, float):
        return math.nextafter(value, math.inf) if value < math.inf else None
    return value + 1 if value < LARGEST else None


def beyond(prefix: str) -> str | None:
    """Return the least string above all that start with the prefix; None when there is none."""
    kept = prefix.rstrip(LAST)
    if not kept:
        return None
    code = ord(kept[-1]) + 1
    return kept[:-1] + chr(SURROGATES.stop if code in SURROGATES else code)
