"""Who follows which entity."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from muster.errors import NotFound
from muster.record import tables
from muster.record.database import Database
from muster.record.entity_rows import THERE
from muster.record.within import within


class Followers:
    """The part of the record that holds who follows what; it makes no version of what is followed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def follow(self, ordinal: int, name: str, *, at: int) -> bool:
        """Let a user follow an entity; return whether they did not before.

        Raises:
            NotFound: the entity is not there.
        """
        with self._database.writing() as connection:
            _refuse_gone(connection, ordinal)
            if connection.execute(select(tables.followers).where(_one(ordinal, name))).first():
                return False
            connection.execute(insert(tables.followers).values(entity=ordinal, name=name, at=at))
            return True

    def unfollow(self, ordinal: int, name: str) -> bool:
        """Let a user no longer follow an entity; return whether they did."""
        with self._database.writing() as connection:
            return connection.execute(delete(tables.followers).where(_one(ordinal, name))).rowcount > 0

    def followers(self, ordinals: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the names of those who follow each entity, first come first; entities without any are left out."""
        rows, found = tables.followers.c, defaultdict[int, list[str]](list)
        query = select(rows.entity, rows.name).where(within(rows.entity, ordinals)).order_by(rows.at, rows.name)
        with self._database.reading() as connection:
            for ordinal, name in connection.execute(query):
                found[ordinal].append(name)
        return {ordinal: tuple(names) for ordinal, names in found.items()}


def _one(ordinal: int, name: str) -> ColumnElement[bool]:
    return (tables.followers.c.entity == ordinal) & (tables.followers.c.name == name)


def _refuse_gone(connection: Connection, ordinal: int) -> None:
    there = (tables.entities.c.ordinal == ordinal) & THERE
    if connection.scalar(select(tables.entities.c.ordinal).where(there)) is None:
        raise NotFound(f"there is no entity with ordinal {ordinal}")
