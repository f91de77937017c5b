"""Compare the index with the record."""

from dataclasses import dataclass

from pyroaring import BitMap

from muster.service.project import is_foreign
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined."""

    ok: bool
    message: str
    hint: str = ""


def examine(work: Workspace) -> list[Finding]:
    """Return what was looked at: position, entities, and whether there is room for more fields."""
    return [_position(work), _entities(work), *_fields(work)]


def _position(work: Workspace) -> Finding:
    record, index = work.record.position(), work.engine.position()
    if is_foreign(work):
        return Finding(False, "the index belongs to another record", "name that record, or run `muster reindex`")
    if index == record:
        return Finding(True, f"the index is up to date at position {record:,}")
    return Finding(True, f"the index is {record - index:,} changes behind", "the next command catches up")


def _entities(work: Workspace) -> Finding:
    recorded = BitMap()
    for batch in work.record.scan():
        recorded.update(entity.ordinal for entity in batch)
    missing, foreign = len(recorded - work.engine.universe()), len(work.engine.universe() - recorded)
    behind = work.engine.position() < work.record.position()
    if foreign or (missing and not behind):
        return Finding(
            False, f"{missing:,} entities are missing from the index, {foreign:,} do not belong", "run `muster reindex`"
        )
    return Finding(True, f"{len(recorded):,} entities on record, {missing:,} not yet indexed")


def _fields(work: Workspace) -> list[Finding]:
    if not work.fields.is_full():
        return []
    message = f"the index has the {work.fields.limit:,} fields that it may have: attributes of further names are not searchable"
    return [Finding(False, message, "import fewer different names, then run `muster reindex`")]
