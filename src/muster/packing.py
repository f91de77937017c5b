"""Member sets as bytes, and their digests: roaring bitmaps in the portable format, runs packed, equal sets alike."""

import hashlib
import struct
from typing import Final

from pyroaring import BitMap

WITH_RUNS: Final = 12_347
WITH_OFFSETS: Final = 4
LISTED: Final = 4_096
"""Of the portable format of roaring bitmaps: how one begins that has runs, from how many parts on it says where they are, and
how many members of a part are listed at most."""


def packed(members: BitMap) -> bytes:
    """Write a member set down."""
    written = _written(BitMap(members))
    return _written(BitMap(members.to_array())) if _may_differ(written) else written


def unpacked(written: bytes) -> BitMap:
    """Read one."""
    return BitMap.deserialize(written)


def digest(members: BitMap) -> str:
    """Return the SHA-256 of a member set: equal sets, equal text, however they were built."""
    return digest_of(packed(members))


def digest_of(written: bytes) -> str:
    """Return the same of one that is written down."""
    return hashlib.sha256(written).hexdigest()


def _written(members: BitMap) -> bytes:
    members.run_optimize()
    return bytes(members.serialize())


def _may_differ(written: bytes) -> bool:
    """Whether a set might be written otherwise as well: some part of it takes as much room as runs as it does as a list.

    Such a part stays what it was, so that it tells how the set was built. The portable format of roaring bitmaps says where
    the parts begin: `count` pairs of a key and a size less one, offsets for them where they are many, and the parts.
    """
    cookie, count = struct.unpack_from("<HH", written)
    if cookie != WITH_RUNS:
        return False
    count, flags = count + 1, 4
    sizes = flags + (count + 7) // 8
    at = sizes + 4 * count + (4 * count if count >= WITH_OFFSETS else 0)
    for part in range(count):
        size = struct.unpack_from("<H", written, sizes + 4 * part + 2)[0] + 1
        if written[flags + part // 8] >> part % 8 & 1:
            (runs,) = struct.unpack_from("<H", written, at)
            if size == 2 * runs + 1:
                return True
            at += 2 + 4 * runs
        else:
            at += 2 * size if size <= LISTED else 8_192
    return False
