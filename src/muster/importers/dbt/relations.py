"""Which tables and views the warehouse holds for a project, and their columns."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from muster.catalog.entity import Key
from muster.importers.dbt.artifacts import Raw
from muster.importers.dbt.naming import NO_DATABASE, Names, Place, child
from muster.importers.dbt.node import RELATIONAL, Node
from muster.importers.dbt.spelling import Spelling


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of relation, its relationship on the schema and on the column, and what columns call it."""

    type_name: str
    on_schema: str
    on_column: str
    naming: str


TABLE = Kind("Table", "tables", "table", "table")
VIEW = Kind("View", "views", "view", "view")
MATERIALISED_VIEW = Kind("MaterialisedView", "materialisedViews", "materialisedView", "view")
DYNAMIC_TABLE = Kind("SnowflakeDynamicTable", "snowflakeDynamicTables", "snowflakeDynamicTable", "table")

_KINDS = {
    "view": VIEW,
    "late binding view": VIEW,
    "materialized view": MATERIALISED_VIEW,
    "streaming table": MATERIALISED_VIEW,
    "dynamic table": DYNAMIC_TABLE,
}
"""Relations that are no plain tables, by what the catalog or the materialization calls them in words."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the warehouse has it; `doc` is what the project says of it."""

    name: str
    order: int
    data_type: str | None
    comment: str | None
    doc: Raw


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view with the nodes that stand for it, most telling first; `catalog` is empty where it has no entry."""

    key: Key
    place: Place
    kind: Kind
    nodes: tuple[Node, ...]
    catalog: Raw
    columns: tuple[Column, ...]

    def column(self, name: str) -> Key:
        """Return the key of one of its columns."""
        return Key("Column", child(self.key.qualified_name, name))

    @property
    def schema(self) -> tuple[str, str]:
        """The database and the schema that it is in."""
        return self.place.database, self.place.schema


def relations(nodes: Iterable[Node], catalog: Mapping[str, Raw], names: Names) -> list[Relation]:
    """Return the relations of a project in order of qualified name.

    Nodes of one place share a relation: a source declared on top of a seed, say.
    """
    spelling = _spelling(catalog)
    placed: defaultdict[Place, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.has_relation:
            placed[_place(node, catalog.get(node.unique_id), spelling)].append(node)
    made = (_relation(place, sharing, catalog, names) for place, sharing in placed.items())
    return sorted(made, key=lambda relation: relation.key.qualified_name)


def _relation(place: Place, sharing: list[Node], catalog: Mapping[str, Raw], names: Names) -> Relation:
    nodes = sorted(sharing, key=lambda node: (RELATIONAL.index(node.kind), node.unique_id))
    entry = next((catalog[node.unique_id] for node in nodes if node.unique_id in catalog), {})
    kind = _kind(nodes[0], entry)
    key = Key(kind.type_name, names.relation(place))
    return Relation(key, place, kind, tuple(nodes), entry, tuple(_columns(nodes, entry)))


def _kind(node: Node, entry: Raw) -> Kind:
    said = (entry.get("metadata") or {}).get("type") or node.materialization
    return _KINDS.get(str(said).lower().replace("_", " "), TABLE)


def _place(node: Node, entry: Raw | None, spelling: Spelling) -> Place:
    if entry is not None:
        found = entry["metadata"]
        return Place(found.get("database") or NO_DATABASE, found["schema"], found["name"])
    database, schema = (str(node.raw.get(part) or "") for part in ("database", "schema"))
    name = node.raw.get("identifier") or node.raw.get("alias") or node.raw["name"]
    return Place(spelling.find(database) or database or NO_DATABASE, spelling.find(schema) or schema, str(name))


def _spelling(catalog: Mapping[str, Raw]) -> Spelling:
    parts = ("database", "schema")
    return Spelling(
        entry["metadata"][part] for entry in catalog.values() for part in parts if entry["metadata"].get(part)
    )


def _columns(nodes: list[Node], entry: Raw) -> Iterator[Column]:
    docs = _docs(nodes)
    found = entry.get("columns")
    if not found:
        for order, (name, doc) in enumerate(docs.items(), start=1):
            yield Column(name, order, doc.get("data_type"), None, doc)
        return
    spelling = Spelling(found)
    spelt = {spelling.find(name): doc for name, doc in docs.items()}
    for name, column in sorted(found.items(), key=lambda item: item[1]["index"]):
        yield Column(name, column["index"], column.get("type"), column.get("comment"), spelt.get(name, {}))


def _docs(nodes: list[Node]) -> dict[str, Raw]:
    """Return the documented columns of nodes that share a relation; the most telling node's word counts."""
    docs: dict[str, Raw] = {}
    for node in nodes:
        spelling = Spelling(docs)
        for name, column in node.columns.items():
            docs.setdefault(spelling.find(name) or name, column)
    return docs
