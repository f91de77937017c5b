"""How far all memberships have followed the change log, inside a transaction that the caller holds."""

from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from muster.membership import Followed, Seen
from muster.record.tables import apart, counters
from muster.record.within import within

TYPEDEFS: Final = "membership_typedefs"
POSITION: Final = "membership"
AT: Final = "membership_at"


def followed(connection: Connection) -> Followed:
    """Return how far they have."""
    rows = connection.execute(select(counters).where(counters.c.name.in_((POSITION, AT))))
    values = {row.name: row.value for row in rows}
    return Followed(values[POSITION], values[AT])


def advance(connection: Connection, upto: Followed) -> None:
    """Say that they have followed so far: never less of the log than before, and as of the time that it is now.

    The time goes back where the clock was set back; a late process is refused before it comes here.
    """
    position, at = counters.c.name == POSITION, counters.c.name == AT
    further = position & (counters.c.value < upto.position)
    connection.execute(update(counters).where(further).values(value=upto.position))
    connection.execute(update(counters).where(at).values(value=upto.at))


def seen(connection: Connection) -> Seen:
    """Return what was the case when they followed it last."""
    version = connection.scalar(select(counters.c.value).where(counters.c.name == TYPEDEFS))
    known = None if version is None or version < 0 else version
    return Seen(known, frozenset(connection.scalars(select(apart.c.product))))


def see(connection: Connection, now: Seen) -> None:
    """Say what is the case."""
    before = seen(connection).apart
    typedefs = counters.c.name == TYPEDEFS
    connection.execute(update(counters).where(typedefs).values(value=-1 if now.typedefs is None else now.typedefs))
    connection.execute(delete(apart).where(within(apart.c.product, before - now.apart)))
    if came := sorted(now.apart - before):
        connection.execute(insert(apart), [{"product": guid} for guid in came])
