"""The seam between an importer and who writes what it reads."""

from collections.abc import Iterator
from typing import Protocol

from muster.catalog.entity import EntityDraft


class Reading(Protocol):
    """What an importer hands over: drafts, parents before children, read while they are written.

    `total` is how many drafts there will be, for a progress bar; None where that is only known at the end. `scopes`
    are qualified names: what lies at or below one and is not among the drafts belongs to this import and has gone.
    """

    @property
    def total(self) -> int | None:
        """How many drafts there will be, where that is known."""
        ...

    @property
    def scopes(self) -> tuple[str, ...]:
        """What this import owns."""
        ...

    def __iter__(self) -> Iterator[EntityDraft]: ...
