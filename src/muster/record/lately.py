"""What the catalog moved of late, which guards count together."""

from collections.abc import Mapping
from typing import Any

from pyroaring import BitMap
from sqlalchemy import Connection, Row, Select, select

from muster.membership import ANSWERED, OF_THE_CATALOG, Outcome
from muster.packing import unpacked
from muster.record.tables import entities, moves, runs
from muster.record.within import within

TRIGGERS = frozenset(one.value for one in ANSWERED)
CAUSES = frozenset(one.value for one in OF_THE_CATALOG)

_MOVES: Select[Any] = (
    select(entities.c.guid, runs.c.at, runs.c.trigger, moves.c.cause, moves.c.joined, moves.c.left)
    .join_from(runs, entities, entities.c.ordinal == runs.c.product)
    .join(moves, moves.c.run == runs.c.number)
    .where(runs.c.outcome == Outcome.APPLIED.value)
    .order_by(runs.c.number)
)


def moved_lately(connection: Connection, since: Mapping[str, int]) -> dict[str, BitMap]:
    """Return by product which assets moved an odd number of times since a time each; those of which none did are left out."""
    if not since:
        return {}
    found: dict[str, BitMap] = {}
    recent = within(entities.c.guid, list(since)), runs.c.at > min(since.values())
    for row in connection.execute(_MOVES.where(*recent)):
        if row.at > since[row.guid]:
            found[row.guid] = _after(found.get(row.guid, BitMap()), row)
    return {guid: moved for guid, moved in found.items() if moved}


def _after(lately: BitMap, row: Row[Any]) -> BitMap:
    if row.trigger in TRIGGERS:
        return BitMap()
    return lately ^ unpacked(row.joined) ^ unpacked(row.left) if row.cause in CAUSES else lately
