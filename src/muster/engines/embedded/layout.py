"""Which columns and tables hold which fields, and how they grow with what is indexed.

One wide table `assets` holds a row per asset, one table per nested path a row per object. A column comes into being
when a field is first seen, starts as a scalar and becomes a list for good when a document carries several values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from muster.errors import InvalidInput

ROOT = ""
"""The path of the assets themselves, beside those of nested objects."""


MANY = 100
"""More columns at once are added by writing the table anew: one by one, each would copy the description of all others."""


class Type(StrEnum):
    """What one value of a column is, in DuckDB's names."""

    STRING = "VARCHAR"
    WHOLE = "BIGINT"
    FRACTION = "DOUBLE"
    TRUTH = "BOOLEAN"


class Shape(StrEnum):
    """How many values a row has: one at most, any number, or tokens with their positions in a second column."""

    SCALAR = "scalar"
    LIST = "list"
    TEXT = "text"


TYPES: Mapping[type, Type] = {str: Type.STRING, int: Type.WHOLE, float: Type.FRACTION, bool: Type.TRUTH}


@dataclass(frozen=True, slots=True)
class Column:
    """Where the values of one field are; `name` is ours (`c17`), so it may stand in SQL text."""

    field: str
    path: str
    name: str
    type: Type
    shape: Shape

    @property
    def positions(self) -> str:
        """The column beside a text's tokens, aligned with them."""
        return f"{self.name}p"

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """The names and SQL types that make up the column."""
        match self.shape:
            case Shape.SCALAR:
                return ((self.name, self.type),)
            case Shape.LIST:
                return ((self.name, f"{self.type}[]"),)
            case Shape.TEXT:
                return ((self.name, "VARCHAR[]"), (self.positions, "INTEGER[]"))


@dataclass(frozen=True, slots=True)
class Table:
    """Where the rows of a path are; `parent` is the nested path around it, `ROOT` when there is none."""

    path: str
    name: str
    parent: str = ROOT

    @property
    def key(self) -> str:
        """The column that tells rows apart: the asset's ordinal, or the object's number."""
        return f"{self.name}.ordinal" if self.path == ROOT else f"{self.name}.object"


ASSETS = Table(ROOT, "assets")


@dataclass(frozen=True, slots=True)
class Need:
    """What a batch asks of a field's column: it holds `types`, and several values in a row when `many`."""

    field: str
    path: str
    types: frozenset[type]
    many: bool = False
    text: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """All tables by path and all columns by field."""

    tables: Mapping[str, Table] = field(default_factory=lambda: {ROOT: ASSETS})
    columns: Mapping[str, Column] = field(default_factory=dict)

    def column(self, name: str, path: str) -> Column | None:
        """Return the column of a field as seen from a path: None where no row of that path can have it."""
        found = self.columns.get(name)
        return found if found is not None and found.path == path else None

    def grown(self, parents: Mapping[str, str], needs: Iterable[Need]) -> "Layout":
        """Return the layout that a batch needs; `parents` names the nested paths of the batch and what is around them.

        Raises:
            InvalidInput: a field would hold strings and numbers at once.
        """
        tables, columns = dict(self.tables), dict(self.columns)
        for path, parent in parents.items():
            tables.setdefault(path, Table(path, f"nested_{len(tables)}", parent))
        for need in needs:
            before = columns.get(need.field)
            columns[need.field] = _column(need, f"c{len(columns)}") if before is None else _widened(before, need)
        return Layout(tables, columns)


def statements(before: Layout, after: Layout) -> list[str]:
    """Return the SQL that turns one layout into the next."""
    created = [_create(table) for path, table in after.tables.items() if path not in before.tables]
    new = [column for name, column in after.columns.items() if name not in before.columns]
    added = [
        statement
        for path, table in after.tables.items()
        for statement in _add(table, [part for column in new if column.path == path for part in column.parts])
    ]
    widened = [
        _widen(after.tables[column.path], known, column)
        for name, column in after.columns.items()
        if (known := before.columns.get(name)) is not None and known != column
    ]
    return created + added + widened


def _column(need: Need, name: str) -> Column:
    shape = Shape.TEXT if need.text else Shape.LIST if need.many else Shape.SCALAR
    return Column(need.field, need.path, name, _type(need, set()), shape)


def _widened(column: Column, need: Need) -> Column:
    if need.text != (column.shape is Shape.TEXT) or need.path != column.path:
        raise InvalidInput(f"`{need.field}` was indexed in another form before", hint="run `muster reindex`")
    shape = Shape.LIST if need.many and column.shape is Shape.SCALAR else column.shape
    return replace(column, type=_type(need, {column.type}), shape=shape)


def _type(need: Need, known: set[Type]) -> Type:
    """Return the one type that takes all values: fractions take whole numbers in, nothing else mixes."""
    wanted = known | {TYPES[one] for one in need.types}
    if wanted == {Type.WHOLE, Type.FRACTION}:
        return Type.FRACTION
    if len(wanted) > 1:
        raise InvalidInput(f"`{need.field}` holds {' and '.join(sorted(wanted))} values", hint="run `muster reindex`")
    return wanted.pop() if wanted else Type.STRING


def _create(table: Table) -> str:
    return f"CREATE TABLE {table.name} (ordinal UINTEGER, object BIGINT, parent BIGINT)"


def _add(table: Table, parts: Sequence[tuple[str, str]]) -> list[str]:
    if len(parts) <= MANY:
        return [f"ALTER TABLE {table.name} ADD COLUMN {name} {kind}" for name, kind in parts]
    columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in parts)
    return [
        f"CREATE TABLE {table.name}_grown AS SELECT *, {columns} FROM {table.name}",
        f"DROP TABLE {table.name}",
        f"ALTER TABLE {table.name}_grown RENAME TO {table.name}",
    ]


def _widen(table: Table, before: Column, after: Column) -> str:
    name, kind = after.parts[0]
    if before.shape is Shape.SCALAR and after.shape is Shape.LIST:
        cast = f"CASE WHEN {name} IS NULL THEN NULL ELSE [{name}]::{kind} END"
        return f"ALTER TABLE {table.name} ALTER COLUMN {name} SET DATA TYPE {kind} USING {cast}"
    return f"ALTER TABLE {table.name} ALTER COLUMN {name} SET DATA TYPE {kind}"
