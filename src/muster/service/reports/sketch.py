"""Sketches of sets: which of many are alike, found without comparing each with each.

A sketch has the least hash of the members in each of `BINS` parts of all hashes (one permutation hashing; an empty part takes
the next one's). Two sketches agree in as great a part of their bins as the sets have in common, by Jaccard, give or take.
Sets are candidates that agree in all of a band of `ROWS` bins: of two that have half in common 99.6 % do in some band, of two
that have a fifth in common 29 %.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

BINS: Final = 126
ROWS: Final = 3
ALL: Final = 48
"""Sets that agree in a band and are compared each with each; of more, each with so many of the others."""

AT_ONCE: Final = 100_000
"""Pairs whose sketches are compared at a time."""

EMPTY: Final = np.uint32(0xFFFF_FFFF)
GOLDEN: Final = 0x9E37_79B9_7F4A_7C15

Sketch = NDArray[np.uint32]


def sketch(members: BitMap) -> Sketch:
    """Return the sketch of a set that is not empty; the time is that of its members."""
    with np.errstate(over="ignore"):
        hashed = np.frombuffer(members.to_array(), np.uint32).astype(np.uint64) * np.uint64(GOLDEN)
        hashed ^= hashed >> np.uint64(29)
        hashed *= np.uint64(0xBF58_476D_1CE4_E5B9)
    found: Sketch = np.full(BINS, EMPTY)
    places = (hashed >> np.uint64(40)) % np.uint64(BINS)
    np.minimum.at(found, places.astype(np.intp), hashed.astype(np.uint32))
    return _filled(found)


def _filled(found: Sketch) -> Sketch:
    """Let empty bins have what the next one has, told apart by how far that is."""
    there = np.flatnonzero(found != EMPTY)
    after = np.searchsorted(there, np.arange(BINS)) % len(there)
    steps = (there[after] - np.arange(BINS)) % BINS
    with np.errstate(over="ignore"):
        filled: Sketch = found[there[after]] + steps.astype(np.uint32) * np.uint32(GOLDEN & 0xFFFF_FFFF)
    return filled


def alike(sketches: Sequence[Sketch]) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of sets that are candidates with what they seem to have in common, the most alike first."""
    if len(sketches) < 2:
        return
    all_ = np.stack(sketches)
    pairs = _candidates(all_)
    seeming = np.concatenate(
        [
            (all_[some[:, 0]] == all_[some[:, 1]]).mean(axis=1)
            for some in np.array_split(pairs, len(pairs) // AT_ONCE + 1)
        ]
    )
    for at in np.argsort(-seeming, kind="stable"):
        yield int(pairs[at, 0]), int(pairs[at, 1]), float(seeming[at])


def _candidates(all_: NDArray[np.uint32]) -> NDArray[np.int64]:
    count = len(all_)
    found = [np.zeros(0, np.int64)]
    for band in range(0, BINS, ROWS):
        order = np.lexsort(all_[:, band : band + ROWS].T)
        rows = all_[order, band : band + ROWS]
        for step in range(1, ALL + 1):
            same = np.flatnonzero((rows[step:] == rows[:-step]).all(axis=1))
            if not len(same):
                break
            one, other = order[same], order[same + step]
            found.append(np.minimum(one, other) * count + np.maximum(one, other))
    numbers = np.unique(np.concatenate(found))
    return np.stack([numbers // count, numbers % count], axis=1).astype(np.int64)
