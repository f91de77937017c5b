"""Parts of an import: drafts that are made while they are written, with their number known before."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from muster.catalog.entity import EntityDraft


@dataclass(frozen=True, slots=True)
class Section:
    """`count` drafts, made anew by each call of `drafts`."""

    count: int
    drafts: Callable[[], Iterator[EntityDraft]]
