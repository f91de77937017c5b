"""What the services ask of time."""

from collections.abc import Callable
from typing import Protocol

Pause = Callable[[float], bool]
"""Waits so many seconds; True means: stop."""


class Clock(Protocol):
    """Where the time comes from."""

    def __call__(self) -> int:
        """Return milliseconds since 1970-01-01 UTC."""
        ...
