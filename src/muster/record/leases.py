"""Leases: who does which work now. Each new holder gets a higher number, by which a late one is told from the current one."""

from sqlalchemy import Connection, insert, select, update

from muster.errors import Overtaken
from muster.membership import Fence
from muster.record.database import Database
from muster.record.tables import leases


class Leases:
    """The part of the record that holds leases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lease(self, name: str, holder: str, *, at: int, until: int) -> Fence | None:
        """Take a piece of work, or keep it; None where somebody else has it. Times are ms since 1970.

        A lease that would last for more than twice the time that is asked for was taken before the clock was set back: it is
        over. Who has it none the less is told so by its number.
        """
        with self._database.writing() as connection:
            row = connection.execute(select(leases).where(leases.c.name == name)).one_or_none()
            if row is None:
                connection.execute(insert(leases).values(name=name, holder=holder, fence=1, until=until))
                return Fence(name, 1)
            if row.holder != holder and at < row.until <= 2 * until - at:
                return None
            fence = row.fence if row.holder == holder and at < row.until else row.fence + 1
            here = update(leases).where(leases.c.name == name)
            connection.execute(here.values(holder=holder, fence=fence, until=until))
            return Fence(name, fence)

    def release(self, fence: Fence) -> None:
        """Let a piece of work go; one that somebody else has by now stays theirs."""
        with self._database.writing() as connection:
            mine = (leases.c.name == fence.name) & (leases.c.fence == fence.number)
            connection.execute(update(leases).where(mine).values(until=0))


def hold(connection: Connection, fence: Fence) -> None:
    """See that a piece of work is still the caller's.

    Raises:
        Overtaken: somebody else has it.
    """
    number = connection.scalar(select(leases.c.fence).where(leases.c.name == fence.name))
    if number != fence.number:
        raise Overtaken(f"somebody else has taken over `{fence.name}`", hint="nothing was stored; it goes on there")
