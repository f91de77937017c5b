"""What memberships need of the index when they run ahead of it: assets are read from the record, fields are the index's."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from muster.fields import Fields
from muster.indexing.walk import Walk
from muster.service.project import claimed, project
from muster.service.workspace import Workspace

AHEAD: Final = 5_000
"""Changes that memberships may be ahead of the index: whoever asks for members in an order waits for these."""


def searchable(work: Workspace, documents: Collection[Mapping[str, Any]], position: int) -> Fields:
    """Return the fields of an index that has these documents, in order of the log, which ends with them at a position.

    The index is brought up to the record where it is too far behind, or where they bring names that it has no field for:
    what those are mapped as is for the index to say.

    Raises:
        EngineUnavailable: the index does not answer, or belongs to another record.
    """
    if position - claimed(work) > AHEAD:
        project(work)
    fields = work.fields
    if _grown(fields, documents) is fields:
        return fields
    project(work)
    return _grown(work.fields, documents)  # what another process had mapped may be known a moment later


def _grown(fields: Fields, documents: Collection[Mapping[str, Any]]) -> Fields:
    """Return the fields with those that documents bring along; the same object when they bring none."""
    walk = Walk(fields, lambda _: None)
    for one in documents:
        walk.through(one)
    return walk.fields
