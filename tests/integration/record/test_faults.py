"""What can be wrong with a database: said in Muster's errors, with a hint, and the driver's as the cause."""

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from muster.catalog.writing import Transaction, Write
from muster.errors import Conflict, InvalidInput, MusterError, RecordUnavailable
from muster.record import SqlRecord, open_record
from muster.record.bodies import pack
from muster.record.entity_rows import Stamp, create
from muster.record.tables import metadata
from tests.integration.record.postgresql import Server
from tests.integration.record.samples import table, tables


def _rubbish(folder: Path) -> str:
    (folder / "rubbish.db").write_bytes(b"this is no database\n" * 500)
    return f"sqlite:///{folder / 'rubbish.db'}"


def _torn(folder: Path) -> str:
    """A record whose file lost its middle."""
    file = folder / "torn.db"
    with closing(open_record(f"sqlite:///{file}")) as record:
        record.write(tables(2000), by="ann", at=1)
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    return f"sqlite:///{file}"


def _read_only(folder: Path) -> str:
    (folder / "empty.db").touch()
    return f"sqlite:///file:{folder / 'empty.db'}?mode=ro&uri=true"


@pytest.mark.parametrize(
    ("place", "hint"),
    [
        (lambda folder: f"sqlite:///{folder / 'missing' / 'record.db'}", "the folder must exist and be writable"),
        (lambda folder: f"sqlite:///{folder}", "the folder must exist and be writable"),
        (_rubbish, "name another file, or restore this one from a backup"),
        (_torn, "restore the file from a backup"),
        (_read_only, "the file and its folder must be writable"),
    ],
    ids=["no folder", "a folder", "rubbish", "torn", "read-only"],
)
def test_unusable_file_is_told_with_a_hint(tmp_path: Path, place: Callable[[Path], str], hint: str) -> None:
    """The record is unavailable, the driver's error is chained, and no file is left open."""
    with pytest.raises(RecordUnavailable) as caught:
        open_record(place(tmp_path))
    assert caught.value.hint == hint
    assert isinstance(caught.value.__cause__, DBAPIError)


def test_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A socket folder without a server."""
    with pytest.raises(RecordUnavailable) as caught:
        open_record(f"postgresql://nobody@/none?host={tmp_path}&connect_timeout=2")
    assert caught.value.hint == "see that the database runs; try again"
    assert isinstance(caught.value.__cause__, DBAPIError)


def test_password_is_not_told(tmp_path: Path) -> None:
    """Neither message nor hint repeats the URL."""
    with pytest.raises(RecordUnavailable) as caught:
        open_record(f"postgresql://nobody:hush@/none?host={tmp_path}")
    assert "hush" not in str(caught.value.as_dict())


@pytest.mark.parametrize(
    "url", ["", "record.db", "sqlite://", "sqlite:///:memory:", "mysql://host/x", "postgresql://h:x/y"]
)
def test_other_urls_are_invalid(url: str) -> None:
    """The hint shows the two kinds that are."""
    with pytest.raises(InvalidInput) as caught:
        open_record(url)
    assert type(caught.value) is InvalidInput
    assert "sqlite:///folder/record.db" in (caught.value.hint or "")


def test_missing_driver_is_told_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's driver is an extra."""
    monkeypatch.setattr("muster.record.opening.find_spec", lambda _: None)
    with pytest.raises(RecordUnavailable) as caught:
        open_record("postgresql://localhost/record")
    assert caught.value.hint == "install `muster-catalog[postgresql]`"


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres"])
def test_every_spelling_of_a_server_opens(postgresql_server: Server, scheme: str) -> None:
    """The driver's name need not be said."""
    with postgresql_server.database() as url:
        spelled = make_url(url).set(drivername=scheme).render_as_string(hide_password=False)
        with closing(open_record(spelled)) as record:
            assert record.position() == 0


def test_constraint_of_the_database_is_a_conflict(record: SqlRecord) -> None:
    """Should a look-up ever miss what a constraint holds, the constraint speaks in the same tree of errors."""
    body = pack(table("a"))
    record.write([table("a")], by="ann", at=1)
    with pytest.raises(Conflict) as caught, record._database.writing() as connection:
        create(connection, [body], Stamp("ann", 2))
    assert isinstance(caught.value.__cause__, IntegrityError)
    assert record.position() == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda record: record.position(),
        lambda record: record.write([table("a")], by="ann", at=1),
        lambda record: list(record.scan()),
        lambda record: list(record.products()),
        lambda record: record.generations(["g"]),
        lambda record: record.tokens(),
        lambda record: record.links([1], limit=1),
        lambda record: record.transact(Transaction((Write(table("a")),)), by="ann", at=1),
        lambda record: record.answer("r"),
        lambda record: record.typedefs(),
    ],
    ids=["position", "write", "scan", "products", "generations", "tokens", "links", "transact", "answer", "typedefs"],
)
def test_tables_that_vanish_are_told(record: SqlRecord, ask: Callable[[SqlRecord], object]) -> None:
    """No driver error leaks from any part of the record, streams among them."""
    with record._database.writing() as connection:
        metadata.drop_all(connection)
    with pytest.raises(RecordUnavailable):
        ask(record)


def test_record_goes_on_when_the_server_comes_back(postgresql_server: Server) -> None:
    """Connections that the server ended are noticed before they are used."""
    with postgresql_server.database() as url, closing(open_record(url)) as record:
        assert record.position() == 0
        with psycopg.connect(postgresql_server.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [make_url(url).database]
            )
        assert record.write([table("a")], by="ann", at=1).created == (1,)


def test_value_that_the_database_cannot_hold_is_invalid(record: SqlRecord) -> None:
    """Text that is not Unicode, wherever it comes in."""
    with pytest.raises(MusterError) as caught:
        record.write([table("a")], by="\ud800", at=1)
    assert type(caught.value) is InvalidInput


@pytest.mark.parametrize("seed", range(10))
def test_damaged_file_is_never_a_traceback(tmp_path: Path, seed: int) -> None:
    """Whichever bytes are wrong, reading either works or says that the record is unavailable."""
    file, luck = tmp_path / "record.db", Random(seed)
    with closing(open_record(f"sqlite:///{file}")) as record:
        record.write(tables(200), by="ann", at=1)
    damaged = bytearray(file.read_bytes())
    for _ in range(10 ** luck.randint(1, 3)):
        damaged[luck.randrange(luck.choice([0, 100, 8192]), len(damaged))] ^= luck.randint(1, 255)
    file.write_bytes(damaged)
    with suppress(RecordUnavailable), closing(open_record(f"sqlite:///{file}")) as record:
        assert len(record.changes(0, 1000)) <= len([one for some in record.scan() for one in some])
