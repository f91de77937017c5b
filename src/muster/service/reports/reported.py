"""The rows of a report, with what the products in them are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from muster.catalog.entity import Entity
from muster.service.dotted import dotted_names
from muster.service.reports.dead import Dead
from muster.service.reports.freshness import Freshness
from muster.service.reports.overlap import Overlap, Overlaps
from muster.service.reports.unchanging import Unchanging
from muster.service.workspace import Workspace

Row: TypeAlias = Overlap | Unchanging | Dead | Freshness


@dataclass(frozen=True, slots=True)
class Reported:
    """A report: how many rows there are in all, some of them, and the dotted names of their products by guid."""

    total: int
    rows: tuple[Row, ...]
    names: Mapping[str, str]


def reported(work: Workspace, found: Sequence[Row] | Overlaps, limit: int) -> Reported:
    """Return the first rows of what a report found, at most so many."""
    total, found = (found.total, found.pairs) if isinstance(found, Overlaps) else (len(found), found)
    rows = tuple(found[:limit])
    products = {one.guid: one for row in rows for one in _products(row)}
    return Reported(total, rows, dotted_names(work, list(products.values())))


def _products(row: Row) -> tuple[Entity, ...]:
    return (row.one, row.other) if isinstance(row, Overlap) else (row.product,)
