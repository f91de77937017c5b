"""The change log as a projector reads it, inside a transaction that the caller holds."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select

from muster.protocols import Change
from muster.record.bodies import unpack
from muster.record.entity_rows import CURRENT, WHOLE
from muster.record.tables import change_log, entities, versions

LOOK_AHEAD: Final = 1000
"""How many entries to look at together, at least: those that later ones replace may come in long runs."""

_PART = (
    select(change_log)
    .where(change_log.c.number > bindparam("after"))
    .order_by(change_log.c.number)
    .limit(bindparam("size"))
    .subquery()
)

_PART_WITH_ENTITIES: Select[Any] = (
    select(*WHOLE.selected_columns, _PART.c.number)
    .select_from(_PART)
    .outerjoin(entities, (entities.c.ordinal == _PART.c.ordinal) & (entities.c.changed == _PART.c.number))
    .outerjoin(versions, CURRENT)
    .order_by(_PART.c.number)
)
"""A part of the log; where an entry is not its entity's last, all but its number is NULL.

It is cut before it is joined: asked for the first few of a join, PostgreSQL makes all of it.
"""


def changes(connection: Connection, after: int, limit: int) -> list[Change]:
    """Return the last changes of entities after a position, in order."""
    return list(islice(_changes(connection, after, max(limit, LOOK_AHEAD)), limit))


def _changes(connection: Connection, after: int, size: int) -> Iterator[Change]:
    while rows := connection.execute(_PART_WITH_ENTITIES, {"after": after, "size": size}).all():
        yield from (Change(row.number, row.ordinal, unpack(row)) for row in rows if row.ordinal is not None)
        after = rows[-1].number
