"""What the export script writes is read back, many exports at once."""

from base64 import b64encode
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from muster.engines.opensearch.sets.decoding import decoded

ORDINALS = st.lists(st.integers(0, 300) | st.integers(0, 2**32 - 1), max_size=40)


def exported(ordinals: Sequence[int]) -> str:
    """Write as the script does."""
    octets, last = bytearray(), 0
    for ordinal in ordinals:
        step = (ordinal - last) << 1 ^ (ordinal - last) >> 63
        last = ordinal
        while step > 127:
            octets.append(step & 127 | 128)
            step >>= 7
        octets.append(step)
    return b64encode(octets).decode()


@given(st.lists(ORDINALS, max_size=6))
def test_exports_are_read_back(many: list[list[int]]) -> None:
    """In whatever order the ordinals come, and each told as often as it came."""
    assert decoded([exported(one) for one in many]) == [(BitMap(one), len(one)) for one in many]


def test_an_export_that_was_cut_off_is_none() -> None:
    """A number without its last octet is not taken for a smaller one."""
    with pytest.raises(ValueError, match="within a number"):
        decoded([b64encode(bytes([3, 0x81])).decode()])
