"""Carry the record's changes to the index, in order, from where the index stands."""

from collections.abc import Callable
from dataclasses import dataclass

from muster.catalog.document import document
from muster.errors import EngineUnavailable
from muster.protocols import Change, Update
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
        EngineUnavailable: the index is ahead of the record, so it belongs to another one.
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
    if work.engine.position() > work.record.position():
        raise EngineUnavailable("the index is ahead of the record", hint="rebuild it with `muster reindex`")


def _update(change: Change) -> Update:
    return Update(change.ordinal, None if change.entity is None else document(change.entity))
