"""One database as the record uses it: transactions, and the counters that order them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, func, select, update

from muster.record.faults import translated
from muster.record.tables import counters

WRITES: Final = "muster_writes"
"""The execution option that marks a writer's connection."""

MIGRATION_LOCK: Final = 7_283_640_551
"""The advisory lock of whoever migrates on PostgreSQL: a number chosen once."""

ONE_STATE: Final = {"sqlite": {}, "postgresql": {"isolation_level": "REPEATABLE READ"}}
"""What makes a transaction that reads see one state of the record throughout; on SQLite every one does."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where the record lives."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that only reads, all of it from one state of the record."""
        with translated(), self.engine.connect() as connection:
            if options := ONE_STATE[self.engine.dialect.name]:
                connection.execution_options(**options)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the one transaction that may write now; others wait for it.

        SQLite has its own lock for this. On PostgreSQL the lock on the counters makes numbers become visible in their
        order: whoever reads change 7 can be sure that no 6 is still to come.
        """
        with translated(), self.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            connection.execute(select(counters.c.value).with_for_update().order_by(counters.c.name)).all()
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Open the one transaction that may change the tables now; it needs none to be there yet."""
        with translated(), self.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            yield connection


def take(connection: Connection, counter: str, count: int) -> range:
    """Hand out the next numbers of a counter, for this transaction to use."""
    here = counters.c.name == counter
    connection.execute(update(counters).where(here).values(value=counters.c.value + count))
    last = connection.execute(select(counters.c.value).where(here)).scalar_one()
    return range(last - count + 1, last + 1)
