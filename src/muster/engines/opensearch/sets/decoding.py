"""From what the export script answers to sets: base64 of zigzag varints, each the step from the ordinal before."""

from array import array
from binascii import a2b_base64
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

Octets = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]

MORE = 0x80
"""The bit of an octet that says that the number goes on."""
WIDTH = 4
"""Octets of an ordinal in a set."""


def decoded(exports: Sequence[str]) -> list[tuple[BitMap, int]]:
    """Return the set of each export, and how many ordinals it told: more than the set holds when one came twice.

    Raises:
        ValueError: an export that the script did not write.
    """
    parts = [a2b_base64(export) for export in exports]
    octets = np.frombuffer(b"".join(parts), np.uint8)
    lasts = np.flatnonzero(octets < MORE)
    ends = np.searchsorted(lasts, np.cumsum([len(part) for part in parts], dtype=np.int64))
    if len(octets) and octets[-1] >= MORE:
        raise ValueError("an export ends within a number")
    starts = np.concatenate(([0], ends))[:-1].astype(np.int64)
    ordinals = _ordinals(_unzigzag(_varints(octets, lasts)), starts, ends)
    return [
        (_set(ordinals, start, end), end - start) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def _varints(octets: Octets, lasts: Numbers) -> Numbers:
    """Return numbers of seven bits an octet, the lowest first, given where the last octet of each one is."""
    if len(lasts) == len(octets):
        return octets.astype(np.int64)
    firsts = np.concatenate(([0], lasts[:-1] + 1))
    lengths = lasts - firsts
    numbers = (octets[firsts] & (MORE - 1)).astype(np.int64)
    for place in range(1, int(lengths.max()) + 1):
        longer = np.flatnonzero(lengths >= place)
        numbers[longer] |= (octets[firsts[longer] + place] & (MORE - 1)).astype(np.int64) << (7 * place)
    return numbers


def _unzigzag(numbers: Numbers) -> Numbers:
    return (numbers >> 1) ^ -(numbers & 1)


def _ordinals(steps: Numbers, starts: Numbers, ends: Numbers) -> Numbers:
    """Add steps up, from 0 for each export."""
    sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(steps)))
    return sums[1:] - np.repeat(sums[starts], ends - starts)


def _set(ordinals: Numbers, start: int, end: int) -> BitMap:
    found = array("I")
    found.frombytes(ordinals[start:end].astype(np.uint32).tobytes())
    return BitMap(found)
