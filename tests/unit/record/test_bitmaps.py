"""Member sets as bytes."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from muster.membership import digest
from muster.record.bitmaps import dump, load

ORDINALS = st.integers(0, 2**32 - 1)


@given(st.sets(ORDINALS), st.integers(0, 10**6), st.integers(0, 10**5))
def test_member_set_survives(ordinals: set[int], start: int, length: int) -> None:
    """What is dumped loads equal, and its bytes are what the digest is of."""
    members = BitMap(ordinals) | BitMap(range(start, start + length))
    blob = dump(members)
    assert load(blob) == members
    assert sha256(blob).hexdigest() == digest(members)


def test_runs_take_little_room() -> None:
    """A million neighbours are a few hundred bytes."""
    assert len(dump(BitMap(range(1_000_000)))) < 300
