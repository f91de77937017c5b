"""Qualified names of what an import makes: stable from import to import, unique whatever the names hold."""

from dataclasses import dataclass

from muster.errors import InvalidInput

NO_DATABASE = "default"
"""Stands for the database where a warehouse has none, as Spark and MySQL."""

_ESCAPES = str.maketrans({"%": "%25", "/": "%2F"})
_CONNECTORS = {"sqlserver": "mssql"}
"""dbt adapters that Atlan's connectors call by another name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a relation is."""

    database: str
    schema: str
    name: str


@dataclass(frozen=True, slots=True)
class Names:
    """The qualified names of one import: `warehouse` and `project` are those of its two connections."""

    warehouse: str
    project: str

    def database(self, database: str) -> str:
        """Return a database's qualified name."""
        return _below(self.warehouse, database)

    def schema(self, database: str, schema: str) -> str:
        """Return a schema's qualified name."""
        return _below(self.warehouse, database, schema)

    def relation(self, place: Place) -> str:
        """Return the qualified name of a table or view."""
        return _below(self.warehouse, place.database, place.schema, place.name)

    def node(self, unique_id: str) -> str:
        """Return the qualified name of what dbt knows by a unique id."""
        return _below(self.project, unique_id)

    def process(self, unique_id: str) -> str:
        """Return the qualified name of what carries data into a node."""
        return _below(self.project, "process", unique_id)


def names_for(project: str, adapter: str, connection: str | None) -> Names:
    """Return the names of an import; without a connection the adapter and the project make one.

    Raises:
        InvalidInput: a connection that is not `default/<connector>/<id>`.
    """
    connector = _CONNECTORS.get(adapter, adapter)
    warehouse = _below("default", connector, project) if connection is None else connection
    parts = warehouse.split("/")
    if len(parts) != 3 or not all(parts) or parts[1] == "dbt":
        raise InvalidInput(
            f"`{warehouse}` is not the qualified name of a warehouse connection",
            hint="write `default/<connector>/<id>`, as in `default/snowflake/prod`",
        )
    return Names(warehouse, _below("default", "dbt", project))


def child(parent: str, *parts: str) -> str:
    """Return the qualified name of something below `parent`."""
    return _below(parent, *parts)


def _below(parent: str, *parts: str) -> str:
    return "/".join((parent, *(part.translate(_ESCAPES) for part in parts)))
