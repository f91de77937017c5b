"""Carry the record's changes to the index, in order, from where the index stands."""

from collections.abc import Callable
from dataclasses import dataclass

from pyroaring import BitMap

from muster.catalog.document import document
from muster.errors import EngineUnavailable
from muster.protocols import Change, Update
from muster.query.nodes import Ids
from muster.service.workspace import Workspace

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Projected:
    """How many entities were indexed, and the position reached."""

    entities: int
    position: int


def project(work: Workspace, *, advance: Callable[[int], None] = lambda _: None) -> Projected:
    """Bring the index up to the record; `advance` hears how many entities each batch carried.

    Each batch is applied together with its position, so that a process killed anywhere goes on where it was.

    Raises:
        EngineUnavailable: the index belongs to another record.
    """
    _refuse_foreign_index(work)
    entities = 0
    while batch := work.record.changes(work.engine.position(), BATCH):
        work.engine.apply([_update(change) for change in batch], position=batch[-1].number)
        entities += len(batch)
        advance(len(batch))
    return Projected(entities, work.engine.position())


def reindex(work: Workspace, *, advance: Callable[[int], None] = lambda _: None) -> Projected:
    """Empty the index and rebuild it from the record; a rebuild that was stopped goes on with `project`."""
    work.engine.clear()
    return project(work, advance=advance)


def _refuse_foreign_index(work: Workspace) -> None:
    if is_foreign(work):
        raise EngineUnavailable(
            "the index belongs to another record", hint="name that record, or rebuild the index with `muster reindex`"
        )


def is_foreign(work: Workspace) -> bool:
    """Whether the index was made from another record: it is ahead, or its first or last entity is another one here."""
    if work.engine.position() > work.record.position():
        return True
    indexed = work.engine.universe()
    if not indexed:
        return False
    here = work.record.entities([indexed.min(), indexed.max()])
    same = work.engine.members(Ids(tuple(one.guid for one in here)), now=work.clock())
    return not here or BitMap(one.ordinal for one in here) != same


def _update(change: Change) -> Update:
    return Update(change.ordinal, None if change.entity is None else document(change.entity))
