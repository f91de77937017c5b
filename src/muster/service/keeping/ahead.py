"""What memberships need of the index when they run ahead of it: assets are read from the record, fields are the index's."""

from collections.abc import Collection
from typing import Final

from muster.catalog.document import document
from muster.catalog.entity import Entity, Status
from muster.fields import Fields
from muster.indexing.walk import Walk
from muster.service.project import claimed, project
from muster.service.workspace import Workspace

AHEAD: Final = 5_000
"""Changes that memberships may be ahead of the index: whoever asks for members in an order waits for these."""


def searchable(work: Workspace, assets: Collection[Entity], position: int) -> Fields:
    """Return the fields of an index that has these assets, in order of the log, which ends with them at a position.

    The index is brought up to the record where it is too far behind, or where assets bring names that it has no field for:
    what those are mapped as is for the index to say.

    Raises:
        EngineUnavailable: the index does not answer, or belongs to another record.
    """
    if position - claimed(work) > AHEAD:
        project(work)
    fields = work.fields
    if _grown(fields, assets) is fields:
        return fields
    project(work)
    return _grown(work.fields, assets)  # what another process had mapped may be known a moment later


def _grown(fields: Fields, assets: Collection[Entity]) -> Fields:
    """Return the fields with those that assets bring along; the same object when they bring none."""
    walk = Walk(fields, lambda _: None)
    for one in assets:
        if one.status is not Status.PURGED:
            walk.through(document(one))
    return walk.fields
