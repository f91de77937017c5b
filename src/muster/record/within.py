"""`column IN (many values)` with one parameter, however many the values.

SQLite allows 32,766 parameters to a statement and PostgreSQL 65,535, and a statement with thousands of them is slow to
build besides.
"""

from collections.abc import Collection
from typing import Any, Self

import orjson
from sqlalchemy import BigInteger, Column, Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import Boolean, TypeEngine


class _Many(TypeDecorator[Any]):
    """A list as one parameter: an array for PostgreSQL, JSON text for SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: type[TypeEngine[Any]]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        plain: TypeEngine[Any] = ARRAY(self.item) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(plain)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else orjson.dumps(value).decode()


class _Within(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Stay as it is: SQLAlchemy would compare it with 1 on SQLite, which no index answers."""
        del against
        return self


@compiles(_Within, "sqlite")
def _sqlite(element: _Within, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are placeholders by now


@compiles(_Within, "postgresql")
def _postgresql(element: _Within, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY({values})"


def within(column: Column[Any], values: Collection[int] | Collection[str]) -> FunctionElement[bool]:
    """Return the condition that a column holds one of these values."""
    return _Within(column, bindparam(None, list(values), type_=_many(column)))


def within_given(column: Column[Any], name: str) -> FunctionElement[bool]:
    """Return the condition that a column holds one of the values that a statement is given, as a list, by this name."""
    return _Within(column, bindparam(name, type_=_many(column)))


def _many(column: Column[Any]) -> _Many:
    return _Many(BigInteger if column.type.python_type is int else Text)
