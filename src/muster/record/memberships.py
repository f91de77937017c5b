"""Memberships: runs, generations, and what each run moved."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from muster.errors import NotFound
from muster.membership import Cause, Generation, Move, Outcome, Proposal, Run
from muster.record import tables
from muster.record.bitmaps import load
from muster.record.chunks import chunks
from muster.record.commit import commit
from muster.record.database import Database
from muster.record.product_rows import missing, ordinal
from muster.record.tables import entities, generations, products, runs
from muster.record.within import within

AT_ONCE = 500
"""How many bitmaps are held as bytes at a time."""

GENERATIONS: Select[Any] = (
    select(
        entities.c.guid,
        generations.c.number,
        runs.c.number.label("run"),
        runs.c.revision,
        runs.c.position,
        runs.c.at,
        runs.c.digest,
        generations.c.members,
    )
    .join_from(products, entities)
    .join(runs, runs.c.number == products.c.run)
    .join(generations, (generations.c.product == products.c.ordinal) & (generations.c.number == runs.c.generation))
)


class Memberships:
    """The part of the record that holds who belongs to what, and how that came."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def generations(self, guids: Sequence[str]) -> dict[str, Generation]:
        """Return the last generation per product; products never synced are left out.

        Run, revision, position and time are those of the last run that made or confirmed it.
        """
        found: dict[str, Generation] = {}
        for some in chunks(guids, AT_ONCE):
            with self._database.reading() as connection:
                rows = connection.execute(GENERATIONS.where(within(entities.c.guid, some)))
                found |= {row.guid: _generation(row) for row in rows}
        return found

    def commit(self, proposals: Sequence[Proposal]) -> list[Run]:
        """Commit runs: generation, moves and run row of each, all in one transaction.

        A proposal whose members equal the last generation's confirms that one, one that is held leaves it alone.

        Raises:
            InvalidInput: a product is named twice.
            Conflict: a product was deleted, its selection edited, or its membership moved by another run, since the
                proposal was made. Nothing is stored then, for any of them.
        """
        with self._database.writing() as connection:
            return commit(connection, proposals)

    def runs(self, guid: str, *, limit: int, before: int | None = None, moving: bool = False) -> list[Run]:
        """Return the last runs of a product, newest first, those numbered below `before`; `moving`: those that moved assets."""
        query = select(runs).order_by(runs.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(runs.c.number < before)
        if moving:
            query = query.where(runs.c.outcome == Outcome.APPLIED.value, runs.c.joined + runs.c.left > 0)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(runs.c.product == ordinal(connection, guid)))
            return [_run(row, guid) for row in rows]

    def moves(self, guid: str, run: int) -> tuple[Move, ...]:
        """Return what a run of a product moved, or would have moved when it was held, as proposed.

        Raises:
            NotFound: there is no such product, or the run is none of its.
        """
        query = select(tables.moves).where(tables.moves.c.run == run).order_by(tables.moves.c.place)
        with self._database.reading() as connection:
            _refuse_strange(connection, guid, run)
            rows = connection.execute(query).all()
        return tuple(Move(Cause(row.cause), load(row.joined), load(row.left)) for row in rows)


def _refuse_strange(connection: Connection, guid: str, run: int) -> None:
    query = (
        select(products.c.name, runs.c.number)
        .join_from(products, entities)
        .outerjoin(runs, (runs.c.product == products.c.ordinal) & (runs.c.number == run))
        .where(entities.c.guid == guid)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        raise missing(guid)
    if found.number is None:
        raise NotFound(f"run {run} is none of `{found.name}`", hint="`muster product history` lists them")


def _generation(row: Row[Any]) -> Generation:
    return Generation(row.number, row.run, row.revision, row.position, row.at, row.digest, load(row.members))


def _run(row: Row[Any], guid: str) -> Run:
    return Run(
        number=row.number,
        product=guid,
        revision=row.revision,
        position=row.position,
        at=row.at,
        outcome=Outcome(row.outcome),
        generation=row.generation,
        total=row.total,
        joined=row.joined,
        left=row.left,
        digest=row.digest,
        held_because=row.held_because,
    )
