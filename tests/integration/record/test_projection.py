"""What a projector may rely on: it sees every change, and a change's number can be the version of its document."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from threading import Event

import psycopg
import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import make_url

from muster.catalog.entity import Entity
from muster.errors import Conflict
from muster.protocols import Change
from muster.record import SqlRecord, open_record
from muster.record import tables as schema
from tests.integration.record import postgresql
from tests.integration.record.samples import made, product, selection, table

WRITERS = 6
ROUNDS = 12
LONGEST_COMMIT = 0.004
"""Seconds between the last statement and the commit: as long as numbers are handed out, but not yet to be seen."""

PATIENCE = 120
BREATH = 0.002


def test_projectors_miss_nothing_while_many_write(url: str, record: SqlRecord) -> None:
    """New, shared, archived and refused entities at once: whoever follows the log ends with what is on record.

    Projectors read with pages of different sizes and keep of two contents the one with the higher number, as an index
    with versions does. Each content is exactly the one that its change made.
    """
    made(record, "taken")
    done = Event()
    with ThreadPoolExecutor(WRITERS + 3) as pool:
        projectors = [pool.submit(_project, url, size, done) for size in (1, 7, 1000)]
        writers = [pool.submit(_write, url, number) for number in range(WRITERS)]
        try:
            for writer in writers:
                writer.result(timeout=PATIENCE)
        finally:
            done.set()
        streams = [projector.result(timeout=PATIENCE) for projector in projectors]

    made_by = _versions_by_number(record)
    assert list(made_by) == list(range(1, record.position() + 1))
    for stream in streams:
        numbers = [change.number for change in stream]
        assert numbers == sorted(set(numbers))
        assert numbers[-1] == record.position()
        assert all(made_by[change.number] == (change.ordinal, change.entity.version) for change in stream)
        assert _replayed(stream) == [entity for batch in record.scan() for entity in batch]


def _write(url: str, number: int) -> None:
    """Write to entities that all writers share and to some of its own; commits take their time."""
    dice = random.Random(number)
    with closing(open_record(url)) as record:
        event.listen(record._database.engine, "commit", lambda _: time.sleep(dice.uniform(0, LONGEST_COMMIT)))
        for round_ in range(ROUNDS):
            shared = [table(f"shared{dice.randrange(5)}", x=f"{number}.{round_}") for _ in range(2)]
            written = record.write([*shared, table(f"own{number}.{round_}")], by=f"w{number}", at=round_)
            record.archive([dice.choice(written.created or written.updated)], by=f"w{number}", at=round_)
            with suppress(Conflict):
                record.create_product(product("taken", key=f"p{number}"), selection(), by=f"w{number}", at=round_)


def _project(url: str, size: int, done: Event) -> list[Change]:
    """Follow the log until it ends and nobody writes any more."""
    seen: list[Change] = []
    with closing(open_record(url)) as record:
        while True:
            last_look = done.is_set()
            page = record.changes(seen[-1].number if seen else 0, size)
            seen += page
            if last_look and not page:
                return seen
            if not page:
                time.sleep(BREATH)


def _replayed(stream: list[Change]) -> list[Entity]:
    """Return what an index with versions holds after a stream of changes."""
    held: dict[int, Change] = {}
    for change in stream:
        if change.ordinal not in held or change.number > held[change.ordinal].number:
            held[change.ordinal] = change
    return [held[ordinal].entity for ordinal in sorted(held)]


def _versions_by_number(record: SqlRecord) -> dict[int, tuple[int, int]]:
    """Return the entity and version that each change made: its n-th change makes version n."""
    counted: dict[int, int] = {}
    found: dict[int, tuple[int, int]] = {}
    with record._database.reading() as connection:
        for row in connection.execute(select(schema.change_log).order_by(schema.change_log.c.number)):
            counted[row.ordinal] = counted.get(row.ordinal, 0) + 1
            found[row.number] = (row.ordinal, counted[row.ordinal])
    return found


def test_newer_content_has_a_higher_number(record: SqlRecord) -> None:
    """Every way to write raises the number of the entity together with its version; what changes nothing keeps both."""
    seen: list[tuple[int, int]] = []

    def look(ordinal: int) -> bool:
        """Return whether the entity has changed since it was looked at last; number and version must agree on it."""
        change = next(change for change in record.changes(0, 100) if change.ordinal == ordinal)
        now = (change.number, change.entity.version)
        before = seen[-1] if seen else (0, 0)
        seen.append(now)
        assert (now[0] > before[0], now[1] > before[1]) in {(True, True), (False, False)}
        assert now >= before
        return now > before

    record.write([table("a"), table("b")], by="ann", at=1)
    assert look(1)
    record.write([table("b", x=1), table("a")], by="ann", at=2)
    assert not look(1)
    record.write([table("b", x=2), table("a", x=1), table("a", x=2)], by="ann", at=3)
    assert look(1)
    record.archive([1, 1, 2], by="ann", at=4)
    assert look(1)
    record.archive([1], by="ann", at=5)
    assert not look(1)
    record.write([table("a", x=2)], by="ann", at=6)
    assert look(1)

    seen.clear()
    guid = made(record, "p").entity.guid
    assert look(3)
    record.update_product(guid, product("p"), selection("other"), revision=1, by="ann", at=7)
    assert not look(3)
    draft = product("q", key="products//p")
    record.update_product(guid, draft, None, revision=2, by="ann", at=8)
    assert look(3)
    record.delete_product(guid, by="ann", at=9)
    assert look(3)
    record.create_product(draft, selection(), by="ann", at=10)
    assert look(3)


def test_a_page_is_of_one_moment(record: SqlRecord, other: SqlRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entity that changes while a page is read comes in the next one, not twice in this one."""
    monkeypatch.setattr("muster.record.change_rows.LOOK_AHEAD", 1)
    for x in (1, 2):
        record.write([table("a", x=x)], by="ann", at=x)
    record.write([table("b")], by="ann", at=3)
    before, late = record.changes(0, 3), [table("a", x=3)]
    assert [(change.number, change.ordinal) for change in before] == [(2, 1), (3, 2)]

    def write(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if late and "change_log" in statement:
            other.write([late.pop()], by="bob", at=4)

    event.listen(record._database.engine, "after_cursor_execute", write)
    assert record.changes(0, 3) == before
    assert [(change.number, change.ordinal) for change in record.changes(3, 3)] == [(4, 1)]


@pytest.mark.parametrize("isolation", ["repeatable read", "serializable"])
def test_writers_take_turns_whatever_the_server_prefers(postgresql_server: postgresql.Server, isolation: str) -> None:
    """On PostgreSQL a writer that waited must see what the one before it did; the database's default is not relied on."""
    with postgresql_server.database() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            name = make_url(url).database
            connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = '{isolation}'")
        with closing(open_record(url)) as record, ThreadPoolExecutor(WRITERS) as pool:
            for writer in [pool.submit(_write, url, number) for number in range(WRITERS)]:
                writer.result(timeout=PATIENCE)
            assert list(_versions_by_number(record)) == list(range(1, record.position() + 1))
