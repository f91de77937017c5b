"""How far all memberships have followed the change log, inside a transaction that the caller holds."""

from typing import Final

from sqlalchemy import Connection, func, select, update

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
    """Say that they have followed so far; never less than before."""
    for name, value in ((POSITION, upto.position), (AT, upto.at)):
        later = (
            func.max(counters.c.value, value)
            if connection.dialect.name == "sqlite"
            else func.greatest(counters.c.value, value)
        )
        connection.execute(update(counters).where(counters.c.name == name).values(value=later))
