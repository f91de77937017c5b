"""What people decide about runs that were held, and which runs wait for that."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from muster.catalog.entity import Status
from muster.errors import Conflict
from muster.membership import Outcome, Proposal, Run, Trigger, Verdict
from muster.record.commit import commit
from muster.record.database import Database
from muster.record.following import settle
from muster.record.run_rows import refuse_strange, run_of
from muster.record.tables import entities, products, runs


class Verdicts:
    """The part of the record that holds what was decided about held runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def judge(self, guid: str, run: int, verdict: Verdict, *, by: str, at: int, because: str = "") -> Run:
        """Say what someone decided about a held run, and why.

        Raises:
            NotFound: there is no such product, or the run is none of its.
            Conflict: the run was not held, was decided about before, or is not the last one of its product.
        """
        with self._database.writing() as connection:
            return _judge(connection, guid, run, {"verdict": verdict.value, **_stamp(by, at, because)})

    def approve(self, proposal: Proposal, run: int, *, by: str, because: str = "") -> tuple[Run, Run]:
        """Commit what a held run would have moved, and say that someone approved it; return both, the new run first.

        Raises:
            NotFound: there is no such product, or the run is none of its.
            Conflict: as `judge` and `commit`; nothing is stored then.
        """
        said = {"verdict": Verdict.APPROVED.value, **_stamp(by, proposal.at, because)}
        with self._database.writing() as connection:
            held = _judge(connection, proposal.product, run, said)
            (done,) = commit(connection, [proposal])
            settle(connection, [done])
            return done, held

    def runs_of_all(
        self,
        *,
        limit: int,
        before: int | None = None,
        outcome: Outcome | None = None,
        trigger: Trigger | None = None,
        decided: bool | None = None,
    ) -> list[Run]:
        """Return runs of the ACTIVE products, newest first, those numbered below `before`.

        `decided`: those held runs that somebody decided about, or (False) that wait for it: the last of their products.
        """
        query = _RUNS.limit(limit) if before is None else _RUNS.limit(limit).where(runs.c.number < before)
        if outcome is not None:
            query = query.where(runs.c.outcome == outcome.value)
        if trigger is not None:
            query = query.where(runs.c.trigger == trigger.value)
        if decided is not None:
            query = query.where(runs.c.verdict.is_not(None) if decided else _waits())
        with self._database.reading() as connection:
            return [run_of(row, row.guid) for row in connection.execute(query)]


_RUNS: Select[Any] = (
    select(entities.c.guid, runs)
    .join_from(runs, entities, entities.c.ordinal == runs.c.product)
    .where(entities.c.status == Status.ACTIVE.value)
    .order_by(runs.c.number.desc())
)


def _waits() -> ColumnElement[bool]:
    """Return the condition that a run was held, nobody decided about it, and none of its product came after it."""
    later = runs.alias("later")
    last = select(func.max(later.c.number)).where(later.c.product == products.c.ordinal).scalar_subquery()
    open_ = (runs.c.outcome == Outcome.HELD.value) & runs.c.verdict.is_(None)
    return open_ & runs.c.number.in_(select(last).select_from(products))


def _stamp(by: str, at: int, because: str) -> dict[str, Any]:
    return {"decided_at": at, "decided_by": by, "decided_because": because}


def _judge(connection: Connection, guid: str, run: int, said: dict[str, Any]) -> Run:
    refuse_strange(connection, guid, run)
    here = runs.c.number == run
    row = connection.execute(select(runs).where(here)).one()
    last = connection.scalar(select(func.max(runs.c.number)).where(runs.c.product == row.product))
    if why := _settled(run_of(row, guid), last or run):
        raise Conflict(why, hint="sync the product again: the run says what would move now")
    connection.execute(update(runs).where(here).values(said))
    return run_of(connection.execute(select(runs).where(here)).one(), guid)


def _settled(run: Run, last: int) -> str:
    """Return why nobody can decide about a run; nothing where somebody can."""
    if run.outcome is not Outcome.HELD:
        return f"run {run.number} was {run.outcome.value}, not held"
    if run.verdict is not None:
        return f"run {run.number} was {run.verdict.value} by {run.decided_by}"
    return "" if run.number == last else f"run {last} came after run {run.number}"
