"""How far all memberships have followed the change log, inside a transaction that the caller holds."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from muster.membership import Followed, Outcome, Run, Seen
from muster.record.tables import apart, counters, entities, missed, runs
from muster.record.within import within

TYPEDEFS: Final = "membership_typedefs"
POSITION: Final = "membership"
AT: Final = "membership_at"
HELD: Final = Outcome.HELD.value


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


NEVER: Final = Followed(0, 0)
"""Since when nothing is known to have been right."""


def missed_by(connection: Connection) -> dict[str, Followed]:
    """Return the products that missed changes, and until when they had not."""
    return {row.product: Followed(row.position, row.at) for row in connection.execute(select(missed))}


def settle(connection: Connection, done: Sequence[Run]) -> None:
    """Say of runs that looked at the index whether they saw all changes that were followed by then, or missed some."""
    position = followed(connection).position
    sound = [one for one in done if one.outcome is not Outcome.HELD]
    connection.execute(delete(missed).where(within(missed.c.product, [one.product for one in sound])))
    pass_by(connection, [one.product for one in sound if one.position < position])


def pass_by(connection: Connection, guids: Iterable[str], since: Followed = NEVER) -> None:
    """Say that products have missed changes that came after; those that had before stay as they are."""
    wanted = set(guids)
    known = connection.scalars(select(missed.c.product).where(within(missed.c.product, list(wanted))))
    rows = [{"product": guid, "position": since.position, "at": since.at} for guid in sorted(wanted.difference(known))]
    if rows:
        connection.execute(insert(missed), rows)


def synced_after(connection: Connection, run: int, position: int) -> set[str]:
    """Return the products that were synced by runs after a number, as of before a position."""
    return _products(connection, (runs.c.number > run) & (runs.c.position < position) & (runs.c.outcome != HELD))


def held_after(connection: Connection, run: int) -> set[str]:
    """Return the products that have held runs after a number."""
    return _products(connection, (runs.c.number > run) & (runs.c.outcome == HELD))


def _products(connection: Connection, of: ColumnElement[bool]) -> set[str]:
    query = select(entities.c.guid).join_from(runs, entities, entities.c.ordinal == runs.c.product)
    return set(connection.scalars(query.where(of)))
