"""From a URL to an open database: drivers, locks and waiting times."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from muster.errors import InvalidInput, RecordUnavailable
from muster.record.database import WRITES

WAIT_SECONDS: Final[float] = 30
"""How long a writer waits for the one before it."""

CONNECT_SECONDS: Final = 10
"""How long PostgreSQL may take to answer a new connection."""

WRITERS_SEE: Final = "READ COMMITTED"
"""Set on PostgreSQL, whatever the server's default: a writer that waited must see what the one before it did."""

MOST_BETWEEN: Final = 0.05
"""The longest pause between two tries to prepare a connection, in seconds."""

SQLITE_PRAGMAS: Final = (
    "PRAGMA page_size = 8192",  # a new file only: bodies of 1 to 2 KB pack a fifth tighter than in the usual 4 KB
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",
)


def connect(url: str) -> Engine:
    """Return an engine for a `sqlite:///` file, made where it is not there, or a `postgresql://` database; none is opened yet.

    Raises:
        InvalidInput: the URL is of another kind.
        RecordUnavailable: the PostgreSQL driver is not installed.
    """
    target = _read(url)
    match target.get_backend_name():
        case "sqlite":
            return _sqlite(target)
        case "postgresql" | "postgres":
            return _postgresql(target)
        case other:
            raise InvalidInput(
                f"a record cannot live in `{other}`",
                hint="use sqlite:///folder/record.db or postgresql://host/database",
            )


def _read(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        raise InvalidInput(
            "that is not the URL of a database", hint="use sqlite:///folder/record.db or postgresql://host/database"
        ) from error


def _sqlite(url: URL) -> Engine:
    if url.database in {None, "", ":memory:"}:
        raise InvalidInput("a record lives in a file", hint="use sqlite:///folder/record.db")
    _make(url.database or "")
    engine = create_engine(url.set(drivername="sqlite+pysqlite"))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make(path: str) -> None:
    """Make a new file for nobody else to read: secrets of webhooks are in it. What SQLite puts beside it is as it is.

    A file that is there is not touched: to close it would end all locks that this process has on it.
    """
    with suppress(OSError):  # it is there, or SQLite tells better why it cannot be
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _prepare_sqlite(connection: DBAPIConnection, _record: Any) -> None:
    """Leave transactions to us (`isolation_level`), and set what is set per connection."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"PRAGMA busy_timeout = {_milliseconds(WAIT_SECONDS)}", *SQLITE_PRAGMAS):
        _patiently(cursor.execute, pragma)
    cursor.close()


def _patiently(execute: Callable[[str], object], pragma: str) -> None:
    """Wait where SQLite does not: while others open a new file too, turning to WAL fails at once."""
    waiting = Retrying(
        retry=retry_if_exception(_is_locked),
        stop=stop_after_delay(WAIT_SECONDS),
        wait=wait_random(max=MOST_BETWEEN),
        reraise=True,
    )
    waiting(execute, pragma)


def _is_locked(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where it will be needed: a later upgrade could fail without waiting.

    What only reads begins by the driver itself, which cannot fail yet and is a tenth of the way there.
    """
    if connection.get_execution_options().get(WRITES, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.connection.cursor().execute("BEGIN")


def _postgresql(url: URL) -> Engine:
    if find_spec("psycopg") is None:
        raise RecordUnavailable("PostgreSQL needs the `psycopg` driver", hint="install `muster-catalog[postgresql]`")
    target = url.set(drivername="postgresql+psycopg")
    waiting = {} if "connect_timeout" in target.query else {"connect_timeout": CONNECT_SECONDS}
    engine = create_engine(target, pool_pre_ping=True, connect_args=waiting, isolation_level=WRITERS_SEE)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: DBAPIConnection, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {_milliseconds(WAIT_SECONDS)}")
    cursor.close()
    connection.commit()


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
