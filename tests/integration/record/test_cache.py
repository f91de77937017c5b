"""What the record keeps in memory of entities is never older than what is stored, whoever writes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from threading import Event
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from muster.catalog.entity import Entity, Key, Status
from muster.catalog.writing import Transaction, Write
from muster.record import SqlRecord, open_record
from muster.record.cache import MOST_NEWS, PER_CHARACTER, PER_ENTITY, Cache
from muster.record.database import Database
from tests.integration.record.samples import table, tables

FEW = 5
ROOM = 3 * (PER_ENTITY + 60 * PER_CHARACTER)
"""Bytes for about three of the tables here."""


@pytest.fixture
def records(url: str) -> Iterator[list[SqlRecord]]:
    """Three processes' views of one record: the first keeps all that it reads, the second little, the third nothing."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(open_record(url, keeping=room))) for room in (2**20, ROOM, 0)]


def _archive(record: SqlRecord, number: int) -> None:
    record.archive([number], by="bob", at=2)


def _update(record: SqlRecord, number: int) -> None:
    record.write([table(str(number), note=record.position())], by="bob", at=2)


def _purge(record: SqlRecord, number: int) -> None:
    for one in record.entities([number]):
        record.transact(Transaction((Write(one.draft(), number, one.version, Status.PURGED),)), by="bob", at=2)


def _rename(record: SqlRecord, number: int) -> None:
    """Give an entity another key, and change nothing else of it."""
    for one in record.entities([number]):
        draft = table(str(number))
        moved = draft.__class__(Key("Table", f"moved/{record.position()}"), one.attributes)
        record.transact(Transaction((Write(moved, number, one.version, one.status),)), by="bob", at=2)


def _read(record: SqlRecord, number: int) -> None:
    record.entities(range(1, number + 1), purged=True)


STEPS: Sequence[Callable[[SqlRecord, int], None]] = (_archive, _update, _purge, _rename, _read)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.integers(1, FEW)), min_size=1, max_size=12)
)
def test_writes_through_either_are_read_through_both(
    records: list[SqlRecord], steps: list[tuple[Callable[[SqlRecord, int], None], int, int]]
) -> None:
    """After any writes through either of two records, both tell what one tells that keeps nothing."""
    records[0].write([table(str(number)) for number in range(1, FEW + 1)], by="ann", at=1)
    for step, who, number in steps:
        step(records[who], number)
        wanted = range(2 * FEW, 0, -1)
        expected = [records[2].entities(wanted), records[2].entities(wanted, purged=True)]
        for record in records[:2]:
            assert [record.entities(wanted), record.entities(wanted, purged=True)] == expected


def test_what_did_not_change_is_kept(records: list[SqlRecord]) -> None:
    """An entity stays the same object until it changes; without room for any, each read makes a new one."""
    records[0].write([table("a"), table("b")], by="ann", at=1)
    before = records[0].entities([1, 2])
    records[1].write([table("b", note="new")], by="ann", at=2)
    after = records[0].entities([1, 2])
    assert after[0] is before[0]
    assert after[1].attributes["note"] == "new"
    assert records[2].entities([1])[0] is not records[2].entities([1])[0]


def test_more_changes_than_are_followed(records: list[SqlRecord]) -> None:
    """After so many changes that they are not looked at one by one, all is read anew."""
    records[0].write(tables(2), by="ann", at=1)
    records[0].entities([1, 2])
    records[1].write(tables(MOST_NEWS + 1, note="new"), by="ann", at=2)
    assert [one.attributes["note"] for one in records[0].entities([1, 2])] == ["new", "new"]


def test_memory_is_bounded(url: str) -> None:
    """What is kept never takes more than there is room for; what was used last stays."""
    with closing(open_record(url, keeping=ROOM)) as record:
        record.write(tables(10), by="ann", at=1)
        for number in range(1, 11):
            record.entities([number])
            kept = record._cache._kept
            assert record._cache._size == sum(size for _, size in kept.values()) <= ROOM
        assert list(kept) == [8, 9, 10]
        record.entities([8])
        assert list(kept) == [9, 10, 8]


@dataclass(frozen=True, slots=True)
class _Slow:
    """A database whose readers have begun when something happens."""

    database: Database
    meanwhile: Callable[[], object]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM change_log").all()
            self.meanwhile()
            yield connection


@pytest.mark.parametrize("known", [[], [1]], ids=["kept before", "not kept before"])
def test_slow_reader_leaves_nothing_old(records: list[SqlRecord], known: list[int]) -> None:
    """Who began before a change that another reader has seen meanwhile tells one state, and does not bring it back."""
    first, second, _ = records
    first.write([table("a"), table("b")], by="ann", at=1)
    cache = Cache()
    cache.read(first._database, known)

    def meanwhile() -> None:
        second.write([table("a", note="new"), table("b", note="new")], by="bob", at=2)
        cache.read(first._database, [1])

    slow = cast("Database", _Slow(first._database, meanwhile))
    assert _notes(cache.read(slow, [1, 2]).values()) == [None, None]
    assert _notes(cache.read(first._database, [1, 2]).values()) == ["new", "new"]


def _notes(entities: Iterable[Entity]) -> list[object]:
    return [one.attributes.get("note") for one in entities]


def test_readers_among_writers(records: list[SqlRecord]) -> None:
    """Whatever threads do meanwhile, who reads after a write sees it."""
    records[0].write([table("a", note=0)], by="ann", at=1)
    written, done = [0], Event()

    def read() -> int:
        times = 0
        while not done.is_set() or not times:
            known, (one,) = written[0], records[0].entities([1])
            assert one.attributes["note"] >= known
            times += 1
        return times

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        try:
            for note in range(1, 60):
                records[note % 2].write([table("a", note=note)], by="bob", at=2)
                written[0] = note
        finally:
            done.set()
        assert all(reader.result(timeout=60) for reader in readers)
