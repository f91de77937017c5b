"""Member sets as bytes: they survive, take little room, and equal sets have equal digests."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from muster.packing import digest, digest_of, packed, unpacked

ORDINALS = st.integers(0, 2**32 - 1)
EDGES = (0, 65_535, 131_071, 4_000_000_000)

RUNS = st.lists(st.tuples(st.integers(0, 300_000), st.integers(1, 12)), max_size=20)


@given(st.sets(ORDINALS), st.integers(0, 10**6), st.integers(0, 10**5))
def test_a_set_survives(ordinals: set[int], start: int, length: int) -> None:
    """What is written down is read equal, and is what the digest is of."""
    members = BitMap(ordinals) | BitMap(range(start, start + length))
    written = packed(members)
    assert unpacked(written) == members
    assert sha256(written).hexdigest() == digest_of(written) == digest(members)


def test_runs_take_little_room() -> None:
    """A million neighbours are a few hundred bytes."""
    assert len(packed(BitMap(range(1_000_000)))) < 300


def spread(runs: list[tuple[int, int]]) -> set[int]:
    """Return the members of some runs."""
    return {member for start, length in runs for member in range(start, start + length)}


def one_by_one(members: set[int]) -> BitMap:
    """Add each member by itself, the last first."""
    found = BitMap()
    for member in sorted(members, reverse=True):
        found.add(member)
    return found


def by_ranges(members: set[int]) -> BitMap:
    """Add them as ranges, written down and read."""
    found = BitMap()
    for member in members:
        found.add_range(member, member + 1)
    found.run_optimize()
    return BitMap.deserialize(found.serialize())


def by_moves(members: set[int]) -> BitMap:
    """Let others join, and leave again."""
    others = BitMap(range(min(members, default=0), max(members, default=0) + 100, 3)) - BitMap(members)
    return (by_ranges(members) | others) - others


@given(RUNS)
def test_equal_sets_have_equal_digests(runs: list[tuple[int, int]]) -> None:
    """However they were built, and whether or not they were written down since."""
    members = spread(runs)
    built = [BitMap(members), one_by_one(members), by_ranges(members), by_moves(members)]
    assert len({digest(one) for one in built}) == 1
    assert digest(BitMap(members | {300_500})) != digest(built[0])


@pytest.mark.parametrize("size", [3, 5, 4_095, 4_096, 4_097, 8_191, 65_535, 65_536, 70_000])
@pytest.mark.parametrize("edge", EDGES)
def test_of_any_size_and_place(size: int, edge: int) -> None:
    """Long runs, long lists, and both side by side in many parts."""
    run = BitMap(range(edge, edge + size))
    drawn = random.Random(size).sample(range(10 * size), size)
    for members in (run, BitMap(drawn), run | BitMap(drawn)):
        again = BitMap()
        for member in members:
            again.add(member)
        assert digest(again) == digest(members) == digest(by_ranges(set(members)))


def test_a_set_stays_as_it_was() -> None:
    """Telling its digest changes nothing of it."""
    members = BitMap([7, 8, 9])
    before = members.serialize()
    digest(members)
    assert members.serialize() == before
