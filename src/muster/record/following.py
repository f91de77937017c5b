"""How far all memberships have followed the change log, inside a transaction that the caller holds."""

from typing import Final

from sqlalchemy import Connection, select, update

from muster.membership import Followed
from muster.record.tables import counters

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
