"""How much of the history is kept: the last runs of each product, and all that tells the memberships of these."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, delete, func, select

from muster.batches import batches
from muster.membership import Outcome
from muster.record.database import Database
from muster.record.product_rows import ordinals
from muster.record.tables import entities, events, generations, moves, products, runs

AT_ONCE: Final = 20
"""Products of one transaction: others wait for it."""


class Retention:
    """The part of the record that lets go of what is old."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def run_counts(self) -> list[tuple[str, str, int]]:
        """Return guid and qualified name of each product that has runs, DELETED ones too, and how many runs are kept of it."""
        counted = select(runs.c.product, func.count().label("runs")).group_by(runs.c.product).subquery()
        query = select(entities.c.guid, entities.c.qualified_name, counted.c.runs).join(
            counted, counted.c.product == entities.c.ordinal
        )
        with self._database.reading() as connection:
            return [(row.guid, row.qualified_name, row.runs) for row in connection.execute(query)]

    def trim(self, keeping: Mapping[str, int]) -> int:
        """Let go of runs that are older than the last ones of their product, given how many of these to keep by guid.

        As many are kept of those that moved somebody or were held, and as many of those that found nothing new. With a
        run go its moves, its event, and the generations that no kept run has. What the memberships of kept runs follow
        from stays, and so does the run of the current one. Returns how many runs went; unknown guids are left out.
        """
        gone = 0
        for some in batches(keeping.items(), AT_ONCE):
            with self._database.writing() as connection:
                found = ordinals(connection, [guid for guid, _ in some])
                gone += sum(_trim(connection, found[guid], keep) for guid, keep in some if guid in found)
        return gone


def _trim(connection: Connection, product: int, keep: int) -> int:
    idle = _trim_idle(connection, product, keep)
    first = _first_kept(connection, product, keep)
    if first is None:
        return idle
    old = (runs.c.product == product) & (runs.c.number < first)
    connection.execute(delete(moves).where(moves.c.run.in_(select(runs.c.number).where(old))))
    gone = connection.execute(delete(runs).where(old)).rowcount
    _trim_generations(connection, product)
    _trim_events(connection, product, first)
    return idle + gone


def _trim_idle(connection: Connection, product: int, keep: int) -> int:
    """Let go of old runs that found nothing new, but for the one that confirmed the current membership."""
    idle = (runs.c.product == product) & (runs.c.outcome == Outcome.UNCHANGED.value)
    last = connection.scalar(select(runs.c.number).where(idle).order_by(runs.c.number.desc()).offset(keep - 1).limit(1))
    if last is None:
        return 0
    current = select(products.c.run).where(products.c.ordinal == product).scalar_subquery()
    old = idle & (runs.c.number < last) & (runs.c.number != func.coalesce(current, 0))
    return connection.execute(delete(runs).where(old)).rowcount


def _first_kept(connection: Connection, product: int, keep: int) -> int | None:
    """Return the number of the first run to keep; None where all are.

    That is never after the run of the current membership, and one that was not held: those after it that were have its
    membership.
    """
    mine = select(runs.c.number).where(runs.c.product == product)
    telling = mine.where(runs.c.outcome != Outcome.UNCHANGED.value)
    wanted = connection.scalar(telling.order_by(runs.c.number.desc()).offset(keep - 1).limit(1))
    if wanted is None:
        return None
    current = connection.scalar(select(products.c.run).where(products.c.ordinal == product))
    first = wanted if current is None else min(wanted, current)
    settled = mine.where(runs.c.number <= first, runs.c.outcome != Outcome.HELD.value)
    found: int | None = connection.scalar(settled.order_by(runs.c.number.desc()).limit(1))
    return first if found is None else found


def _trim_generations(connection: Connection, product: int) -> None:
    """Let go of generations before the first one that a run has: later ones follow from those after them."""
    first = connection.scalar(select(func.min(runs.c.generation)).where(runs.c.product == product))
    if first is not None:
        old = (generations.c.product == product) & (generations.c.number < first)
        connection.execute(delete(generations).where(old))


def _trim_events(connection: Connection, product: int, first: int) -> None:
    """Let go of the events of runs that went, but for the last one, from which the next is counted."""
    last = connection.scalar(select(func.max(events.c.sequence)).where(events.c.product == product))
    if last is not None:
        old = (events.c.product == product) & (events.c.run < first) & (events.c.sequence < last)
        connection.execute(delete(events).where(old))
