"""Letting go of history: what goes with a run, and what stays for those that are kept."""

from collections.abc import Sequence

import pytest
from pyroaring import BitMap
from sqlalchemy import func, select

from muster.errors import Conflict, NotFound
from muster.membership import Outcome
from muster.record import SqlRecord
from muster.record.tables import events, generations, moves, runs
from tests.integration.record.samples import made, product, proposal


def history(record: SqlRecord, name: str, *steps: Sequence[int] | str) -> str:
    """Commit runs of a new product: to these members, or held before those; return its guid."""
    one, before, at = made(record, name), list[int](), 20
    for step in steps:
        at += 10
        if isinstance(step, str):
            record.commit([proposal(one, [*before, 99], before, at=at, held_because=step)])
        else:
            record.commit([proposal(one, step, before, at=at)])
            before = list(step)
    return one.entity.guid


def sizes(record: SqlRecord) -> tuple[int, ...]:
    """Return how many rows the tables of history have."""
    with record._database.reading() as connection:
        tables = (runs, moves, generations, events)
        return tuple(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def numbers(record: SqlRecord, guid: str) -> list[int]:
    """Return the runs that are kept, newest first."""
    return [run.number for run in record.runs(guid, limit=99)]


def test_old_runs_go_with_all_that_is_theirs(record: SqlRecord) -> None:
    """Moves, events, and memberships that no kept run has."""
    guid = history(record, "p", [1], [1, 2], [2], [2, 3])
    assert sizes(record) == (4, 4, 4, 4)
    assert record.trim({guid: 2}) == 2
    assert sizes(record) == (2, 2, 2, 2)
    assert numbers(record, guid) == [4, 3]
    assert [record.members_at(guid, number) for number in (3, 4)] == [BitMap([2]), BitMap([2, 3])]
    for number in (1, 2):
        with pytest.raises(NotFound, match=f"generation {number} is not kept"):
            record.members_at(guid, number)
    with pytest.raises(NotFound, match="run 1 is none of `p`"):
        record.moves(guid, 1)
    assert record.trim({guid: 2}) == 0


def test_the_run_of_the_current_membership_stays(record: SqlRecord) -> None:
    """However many were held since, and however few are to be kept."""
    guid = history(record, "p", [1], [1, 2], "a", "b", "c")
    assert record.trim({guid: 1}) == 1
    assert numbers(record, guid) == [5, 4, 3, 2]
    assert record.generations([guid])[guid].members == BitMap([1, 2])
    assert [run.outcome for run in record.runs(guid, limit=9)].count(Outcome.HELD) == 3


def test_what_held_runs_left_alone_is_known(record: SqlRecord) -> None:
    """The last run before the first kept one that was not held stays where that was held."""
    guid = history(record, "p", [1], [1, 2], "a", [3], [4])
    assert record.trim({guid: 3}) == 1
    assert numbers(record, guid) == [5, 4, 3, 2]
    settled = record.settled(guid, upto=3)
    assert settled is not None
    assert record.members_at(guid, settled.generation or 0) == BitMap([1, 2])


def test_runs_that_moved_nobody_keep_the_membership_that_they_confirmed(record: SqlRecord) -> None:
    """Also where the run that made it is gone."""
    guid = history(record, "p", [1], [1, 2], [1, 2], "a", "b")
    assert record.trim({guid: 1}) == 2
    assert numbers(record, guid) == [5, 4, 3]
    assert record.members_at(guid, 2) == BitMap([1, 2])
    assert sizes(record) == (3, 2, 1, 2)


def test_runs_that_found_nothing_new_push_no_other_out(record: SqlRecord) -> None:
    """A selection that counts from now has one each minute: what moved stays as long as for any other product."""
    guid = history(record, "p", [1], [1, 2], *[[1, 2]] * 5, [2], *[[2]] * 5)
    assert record.trim({guid: 3}) == 7
    assert numbers(record, guid) == [13, 12, 11, 8, 2, 1]
    settled = record.settled(guid, upto=7)
    assert settled is not None
    assert record.members_at(guid, settled.generation or 0) == BitMap([1, 2])
    assert record.trim({guid: 3}) == 0


def test_history_goes_on_after_it(record: SqlRecord) -> None:
    """Generations and events are counted on without gaps, and what is stale is refused as before."""
    one = made(record, "p")
    guid = one.entity.guid
    record.commit([proposal(one, [1])])
    for at in range(30, 60, 10):
        record.commit([proposal(one, [1], [1], at=at)])
    assert record.trim({guid: 1}) == 2
    (run,) = record.commit([proposal(one, [1, 2], [1], at=70)])
    assert (run.number, run.generation) == (5, 2)
    assert [event.sequence for event in record.events(0, 9)] == [1, 2]
    with pytest.raises(Conflict):
        record.commit([proposal(one, [3], [1], at=80)])
    assert record.members_at(guid, 1) == BitMap([1])


def test_others_are_left_alone(record: SqlRecord) -> None:
    """Products that are not named keep all, deleted ones can be named, and unknown ones are no error."""
    kept, gone = history(record, "p", [1], [2], [3]), history(record, "q", [1], [2], [3])
    record.delete_product(gone, by="bob", at=99)
    assert record.trim({gone: 1, "nobody": 1}) == 2
    assert (len(numbers(record, kept)), len(numbers(record, gone))) == (3, 1)
    assert sorted((guid, name, count) for guid, name, count in record.run_counts()) == sorted(
        [(kept, product("p").key.qualified_name, 3), (gone, product("q").key.qualified_name, 1)]
    )
