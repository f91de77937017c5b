"""Runs as rows."""

from typing import Any

from sqlalchemy import Row

from muster.membership import Outcome, Run, Trigger, Verdict


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
    )
