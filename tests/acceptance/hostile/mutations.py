"""Bodies that differ from a good one in one place each."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

Json = Any

LONG: Final = "lang" * 30_000
VALUES: Final[tuple[Json, ...]] = (None, [], {}, 0, -1, 1e308, 2**64, "", LONG, "\x00", True, [[]], [None], {"": None})
"""What takes the place of each part of a body."""


def places(body: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to every part of a body, itself first."""
    yield path
    parts = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, part in parts:
        yield from places(part, (*path, name))


def replaced(body: Json, path: tuple[str | int, ...], value: Json) -> Json:
    """Return a body with another value in one place."""
    if not path:
        return value
    changed = copy.deepcopy(body)
    inside = changed
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = value
    return changed


def mutated(body: Json) -> Iterator[tuple[str, Json]]:
    """Yield every body that differs in one place, with the place."""
    for path in places(body):
        for value in VALUES:
            yield "/".join(map(str, path)), replaced(body, path, value)
