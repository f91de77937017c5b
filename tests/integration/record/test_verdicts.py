"""Verdicts on held runs: what was held is committed with the verdict, or neither is."""

from dataclasses import replace

import pytest
from pyroaring import BitMap

from muster.errors import Conflict, NotFound
from muster.membership import EventKind, Move, Outcome, Proposal, Run, Trigger, Verdict
from muster.record import SqlRecord
from tests.integration.record.samples import made, product, proposal, selection


def held(record: SqlRecord, name: str = "p") -> tuple[str, Run, Proposal]:
    """Make a product of two members, hold a run that would leave one of them, and return what would approve that."""
    one = made(record, name)
    record.commit([proposal(one, [1, 2])])
    (run,) = record.commit([proposal(one, [2, 3], [1, 2], at=30, held_because="too many")])
    return one.entity.guid, run, proposal(one, [2, 3], [1, 2], at=40, trigger=Trigger.APPROVAL)


def test_an_approval_is_a_run_and_a_verdict(record: SqlRecord) -> None:
    """Members, moves and event of the new run are those of the held one; who decided, when and why stands with that."""
    guid, run, wanted = held(record)
    done, judged = record.approve(wanted, run.number, by="bob", because="as announced")
    assert (done.outcome, done.trigger, done.generation, done.at) == (Outcome.APPLIED, Trigger.APPROVAL, 2, 40)
    assert judged == replace(
        run, verdict=Verdict.APPROVED, decided_at=40, decided_by="bob", decided_because="as announced"
    )
    assert record.runs(guid, limit=9)[:2] == [done, judged]
    assert record.generations([guid])[guid].members == BitMap([2, 3])
    assert record.moves(guid, done.number) == record.moves(guid, run.number) == wanted.moves
    assert [(one.kind, one.run) for one in record.events(0, 9)][-1] == (EventKind.MOVED, done.number)
    assert record.waiting([guid]) == {}


def test_a_rejected_run_stays_held(record: SqlRecord) -> None:
    """The membership stays, and the product waits for a run that finds something else."""
    guid, run, _ = held(record)
    judged = record.judge(guid, run.number, Verdict.REJECTED, by="bob", at=40)
    assert (judged.verdict, judged.decided_because) == (Verdict.REJECTED, "")
    assert record.generations([guid])[guid].members == BitMap([1, 2])
    assert record.waiting([guid]).keys() == {guid}


def test_the_same_held_again_is_the_run_that_was_rejected(record: SqlRecord) -> None:
    """It is not put before anybody twice; another set, or another reason, is."""
    guid, run, wanted = held(record)
    again = replace(wanted, held_because="too many", at=50, trigger=Trigger.FULL)
    assert record.commit([again]) == [run]
    judged = record.judge(guid, run.number, Verdict.REJECTED, by="bob", at=60)
    assert record.commit([replace(again, at=70)]) == [judged]
    assert record.runs_of_all(limit=9, decided=False) == []
    moves = (Move(wanted.moves[0].cause, BitMap([3]), BitMap([1, 2])),)
    (other,) = record.commit([replace(again, members=BitMap([3]), moves=moves, at=80)])
    assert other.number != run.number
    assert record.runs_of_all(limit=9, decided=False) == [other]


def test_nobody_decides_twice(record: SqlRecord) -> None:
    """Nor about a run that was not held; the first verdict stands."""
    guid, run, wanted = held(record)
    record.judge(guid, run.number, Verdict.REJECTED, by="bob", at=40)
    with pytest.raises(Conflict, match=f"run {run.number} was rejected by bob"):
        record.approve(wanted, run.number, by="cy")
    with pytest.raises(Conflict, match="run 1 was applied, not held"):
        record.judge(guid, 1, Verdict.REJECTED, by="cy", at=50)
    assert record.runs(guid, limit=1)[0].decided_by == "bob"


def test_nobody_decides_about_what_a_later_run_came_after(record: SqlRecord) -> None:
    """Whether that one was held, confirmed the membership or moved it."""
    guid, run, wanted = held(record)
    (later,) = record.commit([replace(wanted, members=BitMap([1, 2]), moves=(), trigger=Trigger.FULL)])
    assert later.outcome is Outcome.UNCHANGED
    for decide in (
        lambda: record.approve(wanted, run.number, by="bob"),
        lambda: record.judge(guid, run.number, Verdict.REJECTED, by="bob", at=50),
    ):
        with pytest.raises(Conflict, match=f"run {later.number} came after run {run.number}"):
            decide()


def test_an_approval_is_not_half_done(record: SqlRecord) -> None:
    """Where the commit is refused there is no verdict either, and the run can be decided about."""
    guid, run, wanted = held(record)
    record.update_product(guid, product("p"), selection("other"), revision=1, by="ann", at=35)
    with pytest.raises(Conflict, match="were edited or deleted"):
        record.approve(wanted, run.number, by="bob")
    with pytest.raises(Conflict, match="were moved by another run"):
        record.approve(replace(wanted, revision=2, members=BitMap([9])), run.number, by="bob")
    assert record.runs(guid, limit=1) == [run]
    assert record.judge(guid, run.number, Verdict.REJECTED, by="bob", at=50).verdict is Verdict.REJECTED


def test_verdicts_are_about_runs_of_the_product(record: SqlRecord) -> None:
    """A run of another product is none."""
    guid, _, wanted = held(record)
    _, other, _ = held(record, "q")
    with pytest.raises(NotFound, match=f"run {other.number} is none of `p`"):
        record.judge(guid, other.number, Verdict.REJECTED, by="bob", at=50)
    with pytest.raises(NotFound, match="there is no product `nobody`"):
        record.approve(replace(wanted, product="nobody"), other.number, by="bob")


def test_runs_of_all_products_are_listed(record: SqlRecord) -> None:
    """The newest first, page by page, by outcome, and those that wait; those of deleted products are not among them."""
    (_, one, _), (second, two, _), (third, three, _) = (held(record, name) for name in "pqr")
    record.judge(second, two.number, Verdict.REJECTED, by="bob", at=50)
    record.delete_product(third, by="bob", at=60)

    def numbers(**which: object) -> list[int]:
        return [run.number for run in record.runs_of_all(**{"limit": 9, **which})]  # type: ignore[arg-type]

    assert numbers() == [two.number, two.number - 1, one.number, one.number - 1]
    assert numbers(limit=1, before=two.number) == [two.number - 1]
    assert numbers(outcome=Outcome.HELD) == [two.number, one.number]
    assert numbers(outcome=Outcome.HELD, decided=False) == numbers(decided=False) == [one.number]
    assert numbers(decided=True) == [two.number]
    assert three.number not in numbers()


def test_moves_that_say_more_than_what_differs_are_refused(record: SqlRecord) -> None:
    """Older memberships are known by undoing moves: of two runs that found the same, the slower one did not move it all."""
    one = made(record, "p")
    record.commit([proposal(one, [1])])
    fast, slow = proposal(one, [1, 2], [1]), proposal(one, [1, 2, 3], [1], at=21)
    record.commit([fast])
    with pytest.raises(Conflict, match="were moved by another run"):
        record.commit([slow])
    with pytest.raises(Conflict, match="were moved by another run"):
        record.commit([replace(slow, held_because="too many")])
    record.commit([proposal(one, [1, 2, 3], [1, 2], at=22)])
    assert record.members_at(one.entity.guid, 2) == BitMap([1, 2])
