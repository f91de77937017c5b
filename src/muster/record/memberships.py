"""Memberships: standing decisions, runs, generations, and what each run moved."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from muster.errors import NotFound
from muster.membership import Cause, Decision, Generation, Move, Outcome, Proposal, Run, Standing
from muster.record import tables
from muster.record.bitmaps import load
from muster.record.chunks import chunks
from muster.record.commit import commit
from muster.record.database import Database
from muster.record.entity_rows import THERE
from muster.record.product_rows import active, missing, ordinal
from muster.record.tables import entities, generations, products, runs
from muster.record.within import within, within_given

BATCH = 5000
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

_STANDINGS = (
    select(entities.c.guid, tables.standings)
    .join_from(tables.standings, entities, entities.c.ordinal == tables.standings.c.product)
    .where(within_given(entities.c.guid, "guids"))
    .order_by(tables.standings.c.product, tables.standings.c.asset)
)


class Memberships:
    """The part of the record that holds who belongs to what, and how that came."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_standings(self, guid: str, standings: Sequence[Standing]) -> None:
        """Store pins and exclusions; one of an asset replaces the one before, the last of several counts.

        Raises:
            NotFound: there is no such ACTIVE product, or one of the assets is not there.
        """
        given = {standing.ordinal: standing for standing in standings}
        with self._database.writing() as connection:
            here = active(connection, guid).entity.ordinal
            _refuse_unknown(connection, given)
            _drop(connection, here, list(given))
            for some in chunks(given.values(), BATCH):
                connection.execute(insert(tables.standings), [_standing_values(here, standing) for standing in some])

    def withdraw_standings(self, guid: str, ordinals: Sequence[int], *, by: str, at: int) -> int:
        """End the pins and exclusions of these assets; return how many there were that had not been ended."""
        with self._database.writing() as connection:
            mine = tables.standings.c.product == active(connection, guid).entity.ordinal
            ended = update(tables.standings).values(withdrawn_at=at, withdrawn_by=by)
            open_ones = mine & tables.standings.c.withdrawn_at.is_(None)
            return sum(
                connection.execute(ended.where(open_ones & within(tables.standings.c.asset, some))).rowcount
                for some in chunks(ordinals, BATCH)
            )

    def standings(self, guids: Sequence[str]) -> dict[str, tuple[Standing, ...]]:
        """Return pins and exclusions per product, ended ones too, in order of asset; products without are left out."""
        found: dict[str, list[Standing]] = defaultdict(list)
        for some in chunks(guids, BATCH):
            with self._database.reading() as connection:
                for row in connection.execute(_STANDINGS, {"guids": some}):
                    found[row.guid].append(_standing(row))
        return {guid: tuple(of_one) for guid, of_one in found.items()}

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

    def runs(self, guid: str, *, limit: int) -> list[Run]:
        """Return the last runs of a product, newest first."""
        with self._database.reading() as connection:
            here = tables.runs.c.product == ordinal(connection, guid)
            rows = connection.execute(
                select(tables.runs).where(here).order_by(tables.runs.c.number.desc()).limit(limit)
            )
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


def _refuse_unknown(connection: Connection, given: Collection[int]) -> None:
    known: set[int] = set()
    for some in chunks(given, BATCH):
        known.update(connection.scalars(select(entities.c.ordinal).where(within(entities.c.ordinal, some), THERE)))
    if unknown := sorted(set(given) - known):
        raise NotFound(f"there is no entity with ordinal {unknown[0]}")


def _drop(connection: Connection, here: int, assets: Sequence[int]) -> None:
    for some in chunks(assets, BATCH):
        mine = (tables.standings.c.product == here) & within(tables.standings.c.asset, some)
        connection.execute(delete(tables.standings).where(mine))


def _standing_values(here: int, standing: Standing) -> dict[str, Any]:
    return {
        "product": here,
        "asset": standing.ordinal,
        "decision": standing.decision.value,
        "reason": standing.reason,
        "author": standing.by,
        "at": standing.at,
        "expires_at": standing.expires_at,
        "withdrawn_at": standing.withdrawn_at,
        "withdrawn_by": standing.withdrawn_by,
    }


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        Decision(row.decision),
        row.asset,
        row.reason,
        row.author,
        row.at,
        row.expires_at,
        row.withdrawn_at,
        row.withdrawn_by,
    )


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
