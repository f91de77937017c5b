"""Memberships: runs, generations, and what each run moved."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyroaring import BitMap
from sqlalchemy import Row, Select, func, select

from muster.batches import batches
from muster.catalog.entity import Status
from muster.errors import Conflict
from muster.membership import (
    Cause,
    Fence,
    Followed,
    Generation,
    Move,
    Outcome,
    Proposal,
    Run,
    Seen,
)
from muster.packing import unpacked
from muster.record import tables
from muster.record.commit import commit
from muster.record.database import Database
from muster.record.following import advance, followed, held_after, missed_by, pass_by, see, seen, settle, synced_after
from muster.record.generation_rows import members_at
from muster.record.lately import moved_lately
from muster.record.leases import hold
from muster.record.product_rows import ordinal
from muster.record.run_rows import last_run, refuse_strange, run_of, waiting
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
        for some in batches(guids, AT_ONCE):
            with self._database.reading() as connection:
                rows = connection.execute(GENERATIONS.where(within(entities.c.guid, some)))
                found |= {row.guid: _generation(row) for row in rows}
        return found

    def commit(self, proposals: Sequence[Proposal], *, fence: Fence | None = None) -> list[Run]:
        """Commit runs: generation, moves, run row and event of each, all in one transaction.

        A proposal whose members equal the last generation's confirms that one, one that is held leaves it alone. `fence`
        is what the work was taken under. A product whose run saw less than was followed by then has missed changes.

        Raises:
            InvalidInput: a product is named twice.
            Overtaken: someone else has taken the work over. Nothing is stored then.
            Conflict: a product was deleted, its selection edited, or its membership moved by another run, since the
                proposal was made. Nothing is stored then.
        """
        with self._database.writing() as connection:
            if fence is not None:
                hold(connection, fence)
            done = commit(connection, proposals)
            settle(connection, done)
            return done

    def advance(self, proposals: Sequence[Proposal], upto: Followed, *, seen: int, fence: Fence) -> list[Run]:
        """Commit runs as `commit` does, and that all memberships have followed the change log so far.

        `seen` is the last run that was known of. What others synced since has missed changes, unless its run saw them.

        Raises:
            InvalidInput, Overtaken: as `commit`.
            Conflict: as `commit`, or a product has a run that was held meanwhile. Nothing is stored then.
        """
        with self._database.writing() as connection:
            hold(connection, fence)
            if held := {one.product for one in proposals} & held_after(connection, seen):
                hint = "nothing was stored; it is done again"
                raise Conflict(f"runs were held since this one began: {', '.join(sorted(held))}", hint=hint)
            others = synced_after(connection, seen, upto.position).difference(one.product for one in proposals)
            done = commit(connection, proposals)
            advance(connection, upto)
            pass_by(connection, others)
            return done

    def missed(self) -> dict[str, Followed]:
        """Return the products, by guid, that do not hold what following changes would have led to, and until when they did."""
        with self._database.reading() as connection:
            return missed_by(connection)

    def miss(self, guids: Sequence[str]) -> None:
        """Say that from now on products do not hold what following changes would have led to."""
        with self._database.writing() as connection:
            apart = seen(connection).apart
            pass_by(connection, set(guids) - apart, followed(connection))
            pass_by(connection, set(guids) & apart)

    def current_runs(self) -> list[Run]:
        """Return the run that made or last confirmed the membership of each ACTIVE product that has one, in no order."""
        query = (
            select(entities.c.guid, runs)
            .join_from(products, entities)
            .join(runs, runs.c.number == products.c.run)
            .where(entities.c.status == Status.ACTIVE.value)
        )
        with self._database.reading() as connection:
            return [run_of(row, row.guid) for row in connection.execute(query)]

    def moved_lately(self, since: Mapping[str, int]) -> dict[str, BitMap]:
        """Return which assets the catalog moved by itself in and out of products since a time each (ms since 1970).

        What came before a run that somebody answers for does not count, nor who is back. Products of which nothing did
        are left out.
        """
        found: dict[str, BitMap] = {}
        for some in batches(since.items(), AT_ONCE):
            with self._database.reading() as connection:
                found |= moved_lately(connection, dict(some))
        return found

    def made(self) -> dict[str, tuple[int, int]]:
        """Return by product when its current membership was made (ms since 1970), and how many runs made or confirmed it.

        All runs are looked through.
        """
        settled = runs.alias("settled")
        query = (
            select(entities.c.guid, func.min(settled.c.at).label("at"), func.count().label("runs"))
            .join_from(products, entities)
            .join(runs, runs.c.number == products.c.run)
            .join(settled, (settled.c.product == products.c.ordinal) & (settled.c.generation == runs.c.generation))
            .where(entities.c.status == Status.ACTIVE.value)
            .group_by(entities.c.guid)
        )
        with self._database.reading() as connection:
            return {row.guid: (row.at, row.runs) for row in connection.execute(query)}

    def last_run(self) -> int:
        """Return the number of the last run of any product; 0 when there is none."""
        with self._database.reading() as connection:
            return last_run(connection)

    def synced_since(self, run: int) -> list[str]:
        """Return the guids of products that have runs after a number, in no order."""
        synced = select(runs.c.product).where(runs.c.number > run)
        with self._database.reading() as connection:
            return list(connection.scalars(select(entities.c.guid).where(entities.c.ordinal.in_(synced))))

    def waiting(self, guids: Sequence[str]) -> dict[str, Run]:
        """Return the last runs of those of the products whose last run was held, and not approved since."""
        found: dict[str, Run] = {}
        for some in batches(guids, AT_ONCE):
            with self._database.reading() as connection:
                found |= {one.product: one for one in waiting(connection, some)}
        return found

    def followed(self) -> Followed:
        """Return how far all memberships have followed the change log."""
        with self._database.reading() as connection:
            return followed(connection)

    def seen(self) -> Seen:
        """Return what was the case when changes were followed last."""
        with self._database.reading() as connection:
            return seen(connection)

    def see(self, now: Seen, fence: Fence) -> None:
        """Say what is the case, for whoever follows changes next.

        Raises:
            Overtaken: somebody else follows them by now. Nothing is stored then.
        """
        with self._database.writing() as connection:
            hold(connection, fence)
            see(connection, now)

    def members_at(self, guid: str, generation: int) -> BitMap:
        """Return the members of a product's generation, the last one or an older one.

        Raises:
            NotFound: there is no such product, no such generation, or it is kept no more.
        """
        with self._database.reading() as connection:
            return members_at(connection, ordinal(connection, guid), generation)

    def settled(
        self, guid: str, *, upto: int | None = None, at: int | None = None, generation: int | None = None
    ) -> Run | None:
        """Return the last run of a product that made or confirmed a membership; None where there is none.

        Only runs up to a number, up to a time (ms since 1970), or of one generation count where these are given.
        """
        query = select(runs).where(runs.c.outcome != Outcome.HELD.value).order_by(runs.c.number.desc()).limit(1)
        if upto is not None:
            query = query.where(runs.c.number <= upto)
        if at is not None:
            query = query.where(runs.c.at <= at)
        if generation is not None:
            query = query.where(runs.c.generation == generation)
        with self._database.reading() as connection:
            row = connection.execute(query.where(runs.c.product == ordinal(connection, guid))).one_or_none()
        return None if row is None else run_of(row, guid)

    def runs(self, guid: str, *, limit: int, before: int | None = None, moving: bool = False) -> list[Run]:
        """Return the last runs of a product, newest first, those numbered below `before`; `moving`: those that moved assets."""
        query = select(runs).order_by(runs.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(runs.c.number < before)
        if moving:
            query = query.where(runs.c.outcome == Outcome.APPLIED.value, runs.c.joined + runs.c.left > 0)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(runs.c.product == ordinal(connection, guid)))
            return [run_of(row, guid) for row in rows]

    def moves(self, guid: str, run: int) -> tuple[Move, ...]:
        """Return what a run of a product moved, or would have moved when it was held, as proposed.

        Raises:
            NotFound: there is no such product, or the run is none of its.
        """
        query = select(tables.moves).where(tables.moves.c.run == run).order_by(tables.moves.c.place)
        with self._database.reading() as connection:
            refuse_strange(connection, guid, run)
            rows = connection.execute(query).all()
        return tuple(Move(Cause(row.cause), unpacked(row.joined), unpacked(row.left)) for row in rows)


def _generation(row: Row[Any]) -> Generation:
    return Generation(row.number, row.run, row.revision, row.position, row.at, row.digest, unpacked(row.members))
