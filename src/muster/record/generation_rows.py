"""Generations as rows: the last one of a product and every so many are kept whole, the others follow from the moves since."""

from collections.abc import Sequence
from typing import Any, Final

from pyroaring import BitMap
from sqlalchemy import Connection, bindparam, select, update

from muster.errors import NotFound
from muster.packing import unpacked
from muster.record.tables import generations, moves, runs

WHOLE_EVERY: Final = 64
"""Generations from one that is kept whole to the next: as many runs are undone at most to know an older one."""

FOLLOWS: Final = b""
"""What stands for a membership that follows from others."""


def pack(connection: Connection, done: Sequence[tuple[int, int]]) -> None:
    """Let go of the members of generations, given by product and number, that others have come after."""
    rows = [{"of": ordinal, "at": number} for ordinal, number in done if number > 0 and number % WHOLE_EVERY]
    if rows:
        here = (generations.c.product == bindparam("of")) & (generations.c.number == bindparam("at"))
        connection.execute(update(generations).where(here).values(members=FOLLOWS), rows)


def members_at(connection: Connection, product: int, number: int) -> BitMap:
    """Return the members of a generation of a product, given by ordinal: the next whole one, with all moves since undone.

    Raises:
        NotFound: there is no such generation, or it is kept no more.
    """
    here = (generations.c.product == product) & (generations.c.number >= number)
    rows = connection.execute(select(generations).where(here).order_by(generations.c.number)).all()
    whole = next((row for row in rows if row.members != FOLLOWS), None)
    if whole is None or rows[0].number != number:
        raise NotFound(f"generation {number} is not kept", hint="see which are: `muster product history`")
    members = unpacked(whole.members)
    for row in _moves(connection, product, number, whole.number):
        members = (members - unpacked(row.joined)) | unpacked(row.left)
    return members


def _moves(connection: Connection, product: int, after: int, upto: int) -> Sequence[Any]:
    """Return what led from one generation to a later one, the last first."""
    query = (
        select(moves.c.joined, moves.c.left)
        .join_from(runs, moves, moves.c.run == runs.c.number)
        .where(runs.c.product == product, runs.c.outcome == "applied")
        .where(runs.c.generation > after, runs.c.generation <= upto)
        .order_by(runs.c.number.desc())
    )
    return connection.execute(query).all()
