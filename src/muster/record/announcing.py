"""Events: that a membership moved, or that a run was held, told in the transaction that stores it."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, func, insert, select

from muster.membership import Outcome, Run
from muster.record.database import take
from muster.record.tables import events
from muster.record.within import within

TOLD: Final = {Outcome.APPLIED: "moved", Outcome.HELD: "held"}
"""The outcomes that are told; that nothing moved is no news."""


def announce(connection: Connection, ended: Sequence[tuple[int, Run]]) -> None:
    """Add an event for each run that moved a membership or was held, given with the ordinals of their products."""
    told = [(ordinal, run) for ordinal, run in ended if run.outcome in TOLD]
    if not told:
        return
    last = _last(connection, [ordinal for ordinal, _ in told])
    numbers = take(connection, "event", len(told))
    rows = [
        {
            "number": number,
            "product": ordinal,
            "sequence": last.get(ordinal, 0) + 1,
            "run": run.number,
            "at": run.at,
            "kind": TOLD[run.outcome],
        }
        for number, (ordinal, run) in zip(numbers, told, strict=True)
    ]
    connection.execute(insert(events), rows)


def _last(connection: Connection, ordinals: Sequence[int]) -> dict[int, int]:
    """Return the last sequence number of each product that has one."""
    rows = (
        select(events.c.product, func.max(events.c.sequence).label("last"))
        .where(within(events.c.product, ordinals))
        .group_by(events.c.product)
    )
    return {row.product: row.last for row in connection.execute(rows)}
