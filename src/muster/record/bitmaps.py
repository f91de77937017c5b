"""Member sets as the record keeps them: roaring bitmaps in the portable format, runs packed."""

from pyroaring import BitMap


def dump(members: BitMap) -> bytes:
    """Write a member set down."""
    packed = BitMap(members)
    packed.run_optimize()
    return bytes(packed.serialize())


def load(blob: bytes) -> BitMap:
    """Read a member set."""
    return BitMap.deserialize(blob)
