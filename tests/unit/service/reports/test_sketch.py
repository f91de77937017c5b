"""Sketches: sets that are alike are found among many, and seem as alike as they are."""

import random
import time

import pytest
from pyroaring import BitMap

from muster.service.reports.sketch import ALL, BINS, alike, sketch

WORLD = 200_000


def drawn(seed: int, size: int) -> BitMap:
    """Draw a set."""
    return BitMap(random.Random(seed).sample(range(WORLD), size))


def partner(members: BitMap, jaccard: float, seed: int) -> BitMap:
    """Return a set of the same size that has so much in common with another, by Jaccard."""
    common = round(2 * len(members) * jaccard / (1 + jaccard))
    dice = random.Random(seed)
    others = BitMap(dice.sample(range(WORLD), 2 * len(members))) - members
    return BitMap(dice.sample(list(members), common)) | others[: len(members) - common]


@pytest.mark.parametrize("size", [1, 5, 40, 400, 20_000])
@pytest.mark.parametrize("jaccard", [0.5, 0.7, 0.9])
def test_pairs_are_found_among_many(size: int, jaccard: float) -> None:
    """Of each of twenty pairs, whatever the sizes, where they have half in common or more; and not all others with them."""
    pairs = [(one, partner(one, jaccard, seed)) for seed in range(20) for one in [drawn(seed, size)]]
    exact = [one.jaccard_index(other) for one, other in pairs]
    sets = [each for pair in pairs for each in pair] + [drawn(100 + seed, size) for seed in range(60)]
    found = {(one, other): seeming for one, other, seeming in alike([sketch(each) for each in sets])}
    wanted = [at for at in range(20) if exact[at] >= 0.5]
    missed = [at for at in wanted if (2 * at, 2 * at + 1) not in found]
    assert len(missed) <= 1
    off = [abs(found[2 * at, 2 * at + 1] - exact[at]) for at in wanted if at not in missed]
    assert max(off, default=0) < (0.2 if size > BINS else 0.5)
    assert len(found) < 20 + len(sets)


def test_equal_sets_have_equal_sketches() -> None:
    """However they were built; the most alike come first."""
    one, other = drawn(1, 500), drawn(2, 500)
    again = BitMap()
    for member in one:
        again.add(member)
    assert (sketch(one) == sketch(again)).all()
    found = list(alike([sketch(each) for each in (one, other, again, partner(one, 0.8, 3))]))
    assert found[0] == (0, 2, 1.0)
    assert [seeming for _, _, seeming in found] == sorted((seeming for _, _, seeming in found), reverse=True)
    assert len(sketch(one)) == BINS


def test_many_that_are_alike_are_not_compared_each_with_each() -> None:
    """Each is with so many others: the pairs grow as the sets do."""
    base = drawn(5, 2_000)
    sets = [base | BitMap([WORLD + number]) for number in range(1_500)]
    began = time.perf_counter()
    found = list(alike([sketch(each) for each in sets]))
    assert len(found) <= len(sets) * ALL * (BINS // 3)
    assert time.perf_counter() - began < 60


def test_nothing_is_like_nothing() -> None:
    """One set alone, or none."""
    assert list(alike([])) == []
    assert list(alike([sketch(BitMap([1]))])) == []
