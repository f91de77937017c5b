"""Many rows into a table, as tuples straight to the driver: per row SQLAlchemy takes as long as SQLite does."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Table

PLACEHOLDERS: Final = {"qmark": "?", "pyformat": "%s"}


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows that have a value for each column, in the order of the table."""
    if rows:
        connection.exec_driver_sql(_statement(table, connection.dialect), rows)


@cache
def _statement(table: Table, dialect: Dialect) -> str:
    quoted = dialect.identifier_preparer.quote
    columns = ", ".join(quoted(column.name) for column in table.c)
    values = ", ".join(PLACEHOLDERS[dialect.paramstyle] for _ in table.c)
    return f"INSERT INTO {quoted(table.name)} ({columns}) VALUES ({values})"  # noqa: S608 - names of ours
