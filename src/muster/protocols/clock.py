"""What the services ask of a clock."""

from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def __call__(self) -> int:
        """Return milliseconds since 1970-01-01 UTC."""
        ...
