"""Cursors: opaque, and bound to the question that was paged."""

import pytest

from muster.errors import InvalidInput
from muster.service import cursor


def test_round_trip() -> None:
    """What was encoded is decoded, whatever the values are."""
    after = ("Überblick/表", 3, None, 1.5, True, 7)

    assert cursor.decode("q", cursor.encode("q", after), keys=5) == after


@pytest.mark.parametrize("text", ["", "x", "%%%", "bnVsbA", "WzFd", "eyJhIjoxfQ", cursor.encode("other", (1,)), "é"])
def test_anything_else_is_refused(text: str) -> None:
    """Broken text and the cursor of another question are refused with a hint."""
    with pytest.raises(InvalidInput) as refused:
        cursor.decode("q", text)

    assert refused.value.hint
