"""Several at once: writers wait their turn, and readers of the change log miss nothing."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier, Event

import pytest

from muster.errors import Conflict, RecordUnavailable
from muster.protocols import Written
from muster.record import SqlRecord, open_record
from muster.record.entity_rows import Stamp, bury
from tests.integration.record.samples import made, product, proposal, selection, table, tables

PATIENCE = 60
BREATH = 0.002
"""A reader that never pauses would keep the interpreter to itself."""


def test_change_numbers_become_visible_in_order(record: SqlRecord, other: SqlRecord) -> None:
    """While one writer holds number 2 uncommitted, a second one does not get number 3 committed past it."""
    record.write([table("first")], by="ann", at=1)
    seen: list[list[int]] = []
    with ThreadPoolExecutor(1) as pool:
        with record._database.writing() as connection:
            assert bury(connection, [1], Stamp("ann", 2)) == 1
            waiting = pool.submit(other.write, [table("second")], by="bob", at=2)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            seen.append([change.number for change in other.changes(0, 10)])
        assert waiting.result(timeout=PATIENCE) == Written(created=(2,))
    seen.append([change.number for change in record.changes(0, 10)])
    assert seen == [[1], [2, 3]]


def test_reader_of_the_log_never_skips(record: SqlRecord, other: SqlRecord) -> None:
    """A projector that follows the log while two writers write sees each number once, in order, none left behind."""
    done, start = Event(), Barrier(3)

    def write(into: SqlRecord, name: str) -> None:
        start.wait()
        for batch in range(30):
            into.write([table(f"{name}{batch}/{number}") for number in range(5)], by=name, at=batch)

    def follow() -> list[int]:
        start.wait()
        numbers: list[int] = []
        while True:
            last_look = done.is_set()
            page = record.changes(numbers[-1] if numbers else 0, 7)
            numbers += [change.number for change in page]
            if last_look and not page:
                return numbers
            if not page:
                time.sleep(BREATH)

    with ThreadPoolExecutor(3) as pool:
        follower = pool.submit(follow)
        writers = [pool.submit(write, record, "a"), pool.submit(write, other, "b")]
        try:
            for writer in writers:
                writer.result(timeout=PATIENCE)
        finally:
            done.set()
        assert follower.result(timeout=PATIENCE) == list(range(1, 301))


def test_same_drafts_written_at_once_are_created_once(record: SqlRecord, other: SqlRecord) -> None:
    """Whoever comes second finds them unchanged."""
    start = Barrier(2)

    def write(into: SqlRecord) -> Written:
        start.wait()
        return into.write(tables(500), by="ann", at=1)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(write, [record, other]))
    everything = tuple(range(1, 501))
    assert sorted(results, key=lambda written: written.created) == [
        Written(unchanged=everything),
        Written(created=everything),
    ]


@pytest.mark.parametrize(
    "act",
    [
        lambda record, guid: record.update_product(guid, product("p"), selection("new"), revision=1, by="x", at=2),
        lambda record, guid: record.create_product(product("q"), selection(guid), by="x", at=2),
    ],
    ids=["update", "create"],
)
def test_one_of_two_products_writers_wins(
    record: SqlRecord, other: SqlRecord, act: Callable[[SqlRecord, str], object]
) -> None:
    """Two edits of one revision, or two products of one name: the slower is told of the conflict."""
    guid, start = made(record, "p").entity.guid, Barrier(2)

    def attempt(into: SqlRecord) -> str:
        start.wait()
        try:
            act(into, guid)
        except Conflict:
            return "conflict"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, [record, other])) == ["conflict", "done"]


def test_two_runs_at_once_leave_one_history(record: SqlRecord, other: SqlRecord) -> None:
    """Both compared with the same generation: one is applied, the other must look again."""
    one, start = made(record, "p"), Barrier(2)

    def commit(into: SqlRecord, member: int) -> str:
        start.wait()
        try:
            return into.commit([proposal(one, [member])])[0].outcome.value
        except Conflict:
            return "conflict"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(commit, [record, other], [1, 2])) == ["applied", "conflict"]
    assert len(record.runs(one.entity.guid, limit=9)) == 1


def test_empty_database_can_be_opened_by_several_at_once(url: str) -> None:
    """Tables are made once; everyone finds them."""
    start = Barrier(4)

    def begin(name: str) -> int:
        start.wait()
        with closing(open_record(url)) as opened:
            return len(opened.write([table(name)], by=name, at=1).created)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(begin, "abcd")) == [1, 1, 1, 1]


def test_writer_does_not_wait_for_ever(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that is not let go makes the record unavailable to writers, and leaves readers alone."""
    monkeypatch.setattr("muster.record.opening.WAIT_SECONDS", 0.2)
    with closing(open_record(url)) as one, closing(open_record(url)) as two, one._database.writing():
        with pytest.raises(RecordUnavailable) as caught:
            two.write([table("a")], by="ann", at=1)
        assert caught.value.hint == "another process is writing; try again"
        assert two.position() == 0
