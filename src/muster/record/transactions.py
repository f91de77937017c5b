"""What one request writes: all of it, or nothing."""

from typing import Final

from sqlalchemy import Connection, delete, insert, select

from muster.catalog.entity import Status
from muster.catalog.writing import Answered, Transaction
from muster.errors import Conflict
from muster.record.database import Database
from muster.record.entity_rows import Stamp
from muster.record.tables import entities, links, requests
from muster.record.transact import Change, check, perform
from muster.record.within import within

KEPT: Final = 3_600_000
"""How long an answer is kept at least, in milliseconds."""


class Transactions:
    """The part of the record that takes what requests write, and remembers what they were answered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def transact(self, transaction: Transaction, *, by: str, at: int) -> list[int]:
        """Store what one request writes, all or nothing; return the ordinal of each write's entity.

        A write that equals what is stored makes no version. A write of status PURGED frees the key of its entity, ends
        pins and exclusions of it, and takes its links away. What others state to a key that nobody has any longer, by
        purging or renaming, is linked again when an entity has it; who renames writes those others too.

        Raises:
            InvalidInput: a product without a selection or a selection without a product, another type than the stored
                one, a new entity that is not ACTIVE, several writes of one entity, or no JSON.
            LimitExceeded: a key or a relationship's name too long to be indexed.
            Conflict: an entity is not at the version that its write was made from, a key or guid is taken, the request
                was answered before, or an entity that is not written names a `deserted` one.
        """
        changes = [Change.of(write) for write in transaction.writes]
        check(changes)
        with self._database.writing() as connection:
            if transaction.answered is not None:
                _remember(connection, transaction.answered, at)
            _refuse_inhabited(connection, transaction)
            return perform(connection, changes, Stamp(by, at)) if changes else []

    def answer(self, request: str) -> str | None:
        """Return what a request was answered when it came before, None when it is new or long ago."""
        with self._database.reading() as connection:
            return connection.scalar(select(requests.c.answer).where(requests.c.request == request))


def _refuse_inhabited(connection: Connection, transaction: Transaction) -> None:
    """See that nothing ACTIVE is left behind: it may have come since the writes were worked out."""
    deserted, written = transaction.deserted, {write.ordinal for write in transaction.writes}
    active = entities.c.status == Status.ACTIVE.value
    query = select(links).join(entities, entities.c.ordinal == links.c.source).where(active)
    for row in connection.execute(query.where(within(links.c.target, deserted))) if deserted else ():
        names = deserted[row.target]
        if row.source not in written and (names is None or row.name in names):
            raise Conflict("others named what goes or moves since it was read", hint="try again")


def _remember(connection: Connection, answered: Answered, at: int) -> None:
    """Keep an answer, and let go of those that are old by now."""
    connection.execute(delete(requests).where(requests.c.at < at - KEPT))
    if connection.execute(select(requests.c.at).where(requests.c.request == answered.request)).first():
        raise Conflict("this request was answered already", hint="read its answer")
    connection.execute(insert(requests).values(request=answered.request, answer=answered.answer, at=at))
