"""The DuckDB file: opening it, what it remembers of itself, consistent views and whole-batch writes.

Beside the tables of assets and nested objects it holds:

    index_state     format, the fields it was made with, position, and the record it was made from, one row
    index_tables    path, name and parent path of each table of nested objects
    index_columns   field, path, name, type and shape of each column
    index_found     path and JSON type of each name that documents brought beside the mapping
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection
from pyroaring import BitMap

from muster.engines.embedded.bitmaps import union_of_chunks
from muster.engines.embedded.layout import ASSETS, ROOT, Column, Layout, Shape, Table, Type
from muster.errors import DataFolderBusy, EngineUnavailable

FORMAT = 3
"""Counts the changes of what is written here; a file of another format is rebuilt."""

REINDEX = "rebuild it with `muster reindex`"
FULL = "make room on the disk, and try again"
MEMORY = ":memory:"
USE = "USE store"
BUSY = ("Could not set lock", "already attached")

CREATE = (
    "CREATE TABLE index_state (format INTEGER, fields VARCHAR, position BIGINT, owner VARCHAR)",
    f"INSERT INTO index_state VALUES ({FORMAT}, ?, 0, NULL)",
    "CREATE TABLE index_found (path VARCHAR, type VARCHAR)",
    "CREATE TABLE index_tables (path VARCHAR, name VARCHAR, parent VARCHAR)",
    "CREATE TABLE index_columns (field VARCHAR, path VARCHAR, name VARCHAR, type VARCHAR, shape VARCHAR)",
    f"CREATE TABLE {ASSETS.name} (ordinal UINTEGER, guid VARCHAR, version BIGINT)",
)


@dataclass(frozen=True, slots=True)
class State:
    """What one committed state holds: never changed, replaced as a whole.

    `found` are the names that documents brought beside the mapping (`Fields.found`), `owner` is the record's identity.
    """

    layout: Layout = field(default_factory=Layout)
    universe: BitMap = field(default_factory=BitMap)
    position: int = 0
    found: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One consistent view: a transaction of its own, and the state that it sees."""

    cursor: DuckDBPyConnection
    state: State

    def rows(self, text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        return self.cursor.execute(text, list(values)).fetchall()

    def arrow(self, text: str, values: Sequence[Any] = ()) -> pa.Table:
        """Run a query and return its columns, without a Python object per value."""
        return self.cursor.sql(text, params=list(values) or None).to_arrow_table()

    def reader(self, text: str, values: Sequence[Any] = ()) -> pa.RecordBatchReader:
        """Run a query and return its columns in batches."""
        return self.cursor.sql(text, params=list(values) or None).to_arrow_reader(10_000)

    @contextmanager
    def given(self, name: str, table: pa.Table) -> Iterator[str]:
        """Let queries of this view read an Arrow table by name."""
        self.cursor.register(name, table)
        try:
            yield name
        finally:
            with suppress(duckdb.TransactionException):  # a transaction that failed; what made it fail is told
                self.cursor.unregister(name)


class Store:
    """One file (or `:memory:`), one writer at a time, any number of readers.

    `fields` stands for the mapping that the documents are indexed by. A file that is damaged, of another format or of
    other fields can be opened all the same: whatever is asked of it raises EngineUnavailable, until `renew` has put
    an empty one in its place.

    Raises:
        DataFolderBusy: the file is open already, here or in another process.
    """

    def __init__(self, path: Path | str, fields: str, *, memory: str, threads: int | None) -> None:
        self._path = str(path)
        self._fields = fields
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._connection = _instance(self._path, memory, threads)
        self._state: State | EngineUnavailable
        try:
            self._state = self._attached()
        except EngineUnavailable as error:
            self._state = error
        except DataFolderBusy:
            self._connection.close()
            raise

    @property
    def state(self) -> State:
        """The last committed state."""
        if isinstance(self._state, EngineUnavailable):
            raise EngineUnavailable(self._state.message, hint=self._state.hint)
        return self._state

    @property
    def found(self) -> Mapping[str, str]:
        """The names that documents brought, none where the file cannot be used."""
        return {} if isinstance(self._state, EngineUnavailable) else self._state.found

    def renew(self) -> None:
        """Put an empty file in the place of one that cannot be used."""
        with self._writing, self._lock, _reported(self._path):
            self._connection.execute("USE memory")
            self._connection.execute("DETACH DATABASE IF EXISTS store")
            for suffix in ("", ".wal"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
            self._state = self._attached()

    def _attached(self) -> State:
        with _reported(self._path):
            return _attach(self._connection, self._path, self._fields)

    @contextmanager
    def view(self) -> Iterator[View]:
        """Open a view of the last committed state, which later writes do not disturb."""
        with _reported(self._path):
            with self._lock:
                state, cursor = self.state, self._cursor()
            try:
                yield View(cursor, state)
            finally:
                cursor.close()

    @contextmanager
    def write(self) -> Iterator[View]:
        """Open the one transaction that may write; end it with `commit`, or nothing has happened."""
        with self._writing, self.view() as view:
            yield view

    def commit(self, view: View, state: State) -> None:
        """Commit what a writing view did; from here on it is what readers see."""
        remember(view.cursor, view.state, state)
        with self._lock:
            view.cursor.commit()
            self._state = state

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _cursor(self) -> DuckDBPyConnection:
        """Begin a transaction; reading something in it is what fixes the state that it sees."""
        cursor = self._connection.cursor()
        cursor.execute(USE)
        cursor.begin()
        cursor.execute("SELECT position FROM index_state").fetchall()
        return cursor


def remember(cursor: DuckDBPyConnection, before: State, after: State) -> None:
    """Write position, owner, layout and found names down, as far as they have changed."""
    cursor.execute("UPDATE index_state SET position = ?, owner = ?", [after.position, after.owner])
    if before.layout != after.layout:
        tables = [(one.path, one.name, one.parent) for one in after.layout.tables.values() if one.path != ROOT]
        columns = [(c.field, c.path, c.name, c.type.value, c.shape.value) for c in after.layout.columns.values()]
        _replace(cursor, "index_tables", tables)
        _replace(cursor, "index_columns", columns)
    if before.found != after.found:
        _replace(cursor, "index_found", after.found.items())


def _replace(cursor: DuckDBPyConnection, table: str, rows: Iterable[tuple[str, ...]]) -> None:
    cursor.execute(f"DELETE FROM {table}")
    for row in rows:
        cursor.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def _instance(path: str, memory: str, threads: int | None) -> DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": "" if path == MEMORY else f"{path}.tmp",
        "preserve_insertion_order": False,
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "wal_autocheckpoint": "128MB",
    }
    return duckdb.connect(MEMORY, config=config | ({} if threads is None else {"threads": threads}))


def _attach(connection: DuckDBPyConnection, path: str, fields: str) -> State:
    """Attach the file to a database in memory, and read what it says of itself.

    Opened as the database itself it could not be recovered after a crash: its log is then replayed before the
    functions exist that a change of a column's type needs.
    """
    quoted = path.replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS store")
    connection.execute(USE)
    if not connection.execute("SHOW TABLES").fetchall():
        create(connection, fields)
        return State()
    try:
        written = connection.execute("SELECT format, fields, position, owner FROM index_state").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        written = []
    match written:
        case [(format_, known, position, owner)] if (format_, known) == (FORMAT, fields):
            return State(_layout(connection), _universe(connection), position, _found(connection), owner)
        case _:
            raise EngineUnavailable(f"`{path}` is not an index of this version", hint=REINDEX)


def create(connection: DuckDBPyConnection, fields: str) -> None:
    """Make the tables of an empty index, in one transaction."""
    connection.begin()
    for statement in CREATE:
        connection.execute(statement, [fields] if "?" in statement else None)
    connection.commit()


def _universe(connection: DuckDBPyConnection) -> BitMap:
    return union_of_chunks(connection.sql(f"SELECT ordinal FROM {ASSETS.name}").to_arrow_table()["ordinal"])


def _found(connection: DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("SELECT path, type FROM index_found").fetchall())


def _layout(connection: DuckDBPyConnection) -> Layout:
    tables = [Table(*row) for row in connection.execute("SELECT path, name, parent FROM index_tables").fetchall()]
    rows = connection.execute("SELECT field, path, name, type, shape FROM index_columns").fetchall()
    columns = [Column(name, path, column, Type(kind), Shape(shape)) for name, path, column, kind, shape in rows]
    return Layout({ROOT: ASSETS} | {one.path: one for one in tables}, {one.field: one for one in columns})


@contextmanager
def _reported(path: str) -> Iterator[None]:
    """Say what DuckDB's errors mean for the caller."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise EngineUnavailable(
            "the index needs more memory than it may use", hint="allow it more (`MUSTER_ENGINE_MEMORY`)"
        ) from error
    except duckdb.ConnectionException as error:
        raise EngineUnavailable(f"`{path}` is closed", hint="open it again") from error
    except duckdb.Error as error:
        said = str(error).split("\n", maxsplit=1)[0]
        if any(sign in said for sign in BUSY):
            raise DataFolderBusy(f"`{path}` is open already", hint="stop the process that has it open") from error
        hint = FULL if "No space left" in said else REINDEX
        raise EngineUnavailable(f"`{path}` cannot be used: {said}", hint=hint) from error
    except RuntimeError as error:  # what DuckDB makes of a signal that comes while it works
        if "interrupted" in str(error):
            raise KeyboardInterrupt from error
        raise
