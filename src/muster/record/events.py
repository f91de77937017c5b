"""Events read: which there are, and what each tells of."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, select

from muster.hook import EVERY, Interest
from muster.membership import Cause, Event, EventKind, Move
from muster.packing import unpacked
from muster.protocols.telling import ANYTHING, Happening
from muster.record.database import Database
from muster.record.run_rows import run_of
from muster.record.tables import counters, entities, events, moves, runs
from muster.record.within import within


class Events:
    """The part of the record that tells what happened."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def events(self, after: int, limit: int, interest: Interest = ANYTHING) -> list[Event]:
        """Return the events after a number, in order: none will ever come before the last one seen."""
        query = (
            select(events, entities.c.guid)
            .join_from(events, entities, entities.c.ordinal == events.c.product)
            .where(events.c.number > after)
            .order_by(events.c.number)
            .limit(limit)
        )
        with self._database.reading() as connection:
            rows = connection.execute(_narrowed(query, interest)).all()
        return [Event(row.number, row.guid, row.sequence, row.run, row.at, EventKind(row.kind)) for row in rows]

    def last_event(self) -> int:
        """Return the number of the last event; 0 when there is none."""
        with self._database.reading() as connection:
            return connection.scalar(select(counters.c.value).where(counters.c.name == "event")) or 0

    def happenings(self, events: Sequence[Event]) -> list[Happening]:
        """Return events with what they tell of, in the same order; those whose run is kept no more are left out."""
        numbers = [one.run for one in events]
        with self._database.reading() as connection:
            found = {row.number: row for row in connection.execute(select(runs).where(within(runs.c.number, numbers)))}
            moved = dict(_moves(connection, list(found)))
        return [
            Happening(one, row.product, run_of(row, one.product), moved.get(one.run, ()))
            for one in events
            if (row := found.get(one.run)) is not None
        ]


def _narrowed(query: Select[Any], interest: Interest) -> Select[Any]:
    if interest.kinds != EVERY:
        query = query.where(within(events.c.kind, [kind.value for kind in interest.kinds]))
    if interest.product is not None:
        query = query.where(entities.c.guid == interest.product)
    if interest.within is not None:
        name, after_slash = entities.c.qualified_name, chr(ord("/") + 1)
        query = query.where(name >= f"{interest.within}/", name < f"{interest.within}{after_slash}")
    return query


def _moves(connection: Connection, numbers: Sequence[int]) -> Iterator[tuple[int, tuple[Move, ...]]]:
    """Yield what each of some runs moved."""
    query = select(moves).where(within(moves.c.run, numbers)).order_by(moves.c.run, moves.c.place)
    for run, rows in groupby(connection.execute(query), key=lambda row: row.run):
        yield run, tuple(Move(Cause(row.cause), unpacked(row.joined), unpacked(row.left)) for row in rows)
