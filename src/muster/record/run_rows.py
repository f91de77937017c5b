"""Runs as rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from muster.errors import NotFound
from muster.membership import Outcome, Run, Trigger, Verdict
from muster.record.product_rows import missing
from muster.record.tables import counters, entities, products, runs
from muster.record.within import within


def run_of(row: Row[Any], guid: str) -> Run:
    """Read a run of the product with a guid."""
    return Run(
        number=row.number,
        product=guid,
        revision=row.revision,
        position=row.position,
        at=row.at,
        outcome=Outcome(row.outcome),
        generation=row.generation,
        total=row.total,
        joined=row.joined,
        left=row.left,
        digest=row.digest,
        held_because=row.held_because,
        trigger=Trigger(row.trigger),
        verdict=None if row.verdict is None else Verdict(row.verdict),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        decided_because=row.decided_because or "",
    )


def last_run(connection: Connection) -> int:
    """Return the number of the last run of any product; 0 when there is none."""
    return connection.scalar(select(counters.c.value).where(counters.c.name == "run")) or 0


def waiting(connection: Connection, guids: Sequence[str]) -> list[Run]:
    """Return the last runs of those of the products whose last run was held, and not approved since."""
    latest = runs.alias("latest")
    last = select(func.max(latest.c.number)).where(latest.c.product == entities.c.ordinal).scalar_subquery()
    held = (runs.c.outcome == Outcome.HELD.value) & (func.coalesce(runs.c.verdict, "") != Verdict.APPROVED.value)
    query = select(entities.c.guid, runs).join_from(entities, runs, runs.c.number == last)
    rows = connection.execute(query.where(held, within(entities.c.guid, guids)))
    return [run_of(row, row.guid) for row in rows]


def refuse_strange(connection: Connection, guid: str, run: int) -> None:
    """See that a run is one of a product.

    Raises:
        NotFound: there is no such product, or the run is none of its.
    """
    query = (
        select(products.c.name, runs.c.number)
        .join_from(products, entities)
        .outerjoin(runs, (runs.c.product == products.c.ordinal) & (runs.c.number == run))
        .where(entities.c.guid == guid)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        raise missing(guid)
    if found.number is None:
        raise NotFound(f"run {run} is none of `{found.name}`", hint="`muster product history` lists them")
