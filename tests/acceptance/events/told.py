"""What a receiver was told, as one counts it who does by its id what is to be done once."""

from __future__ import annotations

from collections.abc import Sequence

from tests.integration.receiver import Received


def first_seen(received: Sequence[Received]) -> list[Received]:
    """Return what came, in order, without what came again."""
    found: dict[str, Received] = {}
    for one in received:
        found.setdefault(one.id, one)
    return list(found.values())
