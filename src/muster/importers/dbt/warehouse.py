"""What the warehouse holds: connection, databases, schemas, relations, columns."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from muster.catalog.entity import EntityDraft, Key
from muster.importers.dbt.facts import certificate, json_text, people, stated
from muster.importers.dbt.naming import Place
from muster.importers.dbt.node import Node, meta_of, tags_of
from muster.importers.dbt.plan import Plan
from muster.importers.dbt.relations import MATERIALISED_VIEW, VIEW, Column, Relation
from muster.importers.dbt.section import Section
from muster.importers.dbt.spelling import Spelling
from muster.importers.dbt.stats import sizes

_CATEGORIES = {
    "duckdb": "database",
    "postgres": "database",
    "mssql": "database",
    "mysql": "database",
    "sqlite": "database",
}
_LINKS = {"model": "dbtModels", "snapshot": "dbtModels", "seed": "dbtSeedAssets", "source": "dbtSources"}
_CONSTRAINTS: Mapping[str, Mapping[str, bool]] = {
    "not_null": {"isNullable": False},
    "primary_key": {"isPrimary": True, "isNullable": False},
    "foreign_key": {"isForeign": True},
}


def sections(plan: Plan) -> list[Section]:
    """Return the warehouse's side of an import, parents first."""
    schemas = {relation.schema for relation in plan.relations}
    databases = {database for database, _ in schemas}
    size = sum(1 + len(relation.columns) for relation in plan.relations)
    return [
        Section(1, lambda: iter([_connection(plan)])),
        Section(len(databases), lambda: _databases(plan)),
        Section(len(schemas), lambda: _schemas(plan)),
        Section(size, lambda: _relations(plan)),
    ]


def _connection(plan: Plan) -> EntityDraft:
    _, connector, name = plan.names.warehouse.split("/")
    category = _CATEGORIES.get(connector, "warehouse")
    attributes = {"name": name, "category": category, **_connected(plan)}
    return EntityDraft(Key("Connection", plan.names.warehouse), attributes)


def _databases(plan: Plan) -> Iterator[EntityDraft]:
    held: defaultdict[str, set[str]] = defaultdict(set)
    for database, schema in {relation.schema for relation in plan.relations}:
        held[database].add(schema)
    for database, schemas in sorted(held.items()):
        keys = tuple(_schema_key(plan, database, schema) for schema in sorted(schemas))
        attributes = {"name": database, "schemaCount": len(keys), **_connected(plan)}
        yield EntityDraft(_database_key(plan, database), attributes, relationships={"schemas": keys})


def _schemas(plan: Plan) -> Iterator[EntityDraft]:
    held: defaultdict[tuple[str, str], list[Relation]] = defaultdict(list)
    for relation in plan.relations:
        held[relation.schema].append(relation)
    for (database, schema), found in sorted(held.items()):
        views = sum(relation.kind in (VIEW, MATERIALISED_VIEW) for relation in found)
        attributes = {
            "name": schema,
            "tableCount": len(found) - views,
            "viewsCount": views,
            **_in_database(plan, database),
        }
        links = {"database": (_database_key(plan, database),), **_by_kind(found)}
        yield EntityDraft(_schema_key(plan, database, schema), attributes, relationships=links)


def _by_kind(found: list[Relation]) -> dict[str, tuple[Key, ...]]:
    kinds: defaultdict[str, list[Key]] = defaultdict(list)
    for relation in found:
        kinds[relation.kind.on_schema].append(relation.key)
    return {name: tuple(keys) for name, keys in sorted(kinds.items())}


def _relations(plan: Plan) -> Iterator[EntityDraft]:
    for relation in plan.relations:
        yield _relation(plan, relation)
        constraints = _constraints(relation)
        for column in relation.columns:
            yield _column(plan, relation, column, constraints.get(column.name, {}))


def _relation(plan: Plan, relation: Relation) -> EntityDraft:
    links = {
        "atlanSchema": (_schema_key(plan, *relation.schema),),
        "columns": tuple(relation.column(column.name) for column in relation.columns),
        "dbtTests": tuple(dict.fromkeys(key for node in relation.nodes for key in plan.tests(node))),
        "metrics": tuple(dict.fromkeys(key for node in relation.nodes for key in plan.metrics(node))),
        **_nodes(plan, relation),
        **plan.lineage.links(relation.key),
    }
    attributes = {
        "name": relation.place.name,
        **_described(relation),
        **_of_dbt(plan, relation),
        **_in_schema(plan, relation.place),
        "columnCount": len(relation.columns),
        "__hasLineage": plan.lineage.has(relation.key),
    }
    tags = sorted({tag for node in relation.nodes for tag in node.tags})
    related = {name: keys for name, keys in links.items() if keys}
    return EntityDraft(relation.key, attributes, tags=tuple(tags), relationships=related)


def _described(relation: Relation) -> dict[str, Any]:
    """Return what is said of a relation by the nodes that stand for it, the most telling first, and by the warehouse."""
    metadata = relation.catalog.get("metadata") or {}
    descriptions = [node.description for node in relation.nodes if node.description]
    certificates = [found for node in relation.nodes if (found := certificate(node.meta))]
    return stated(
        description=next(iter(descriptions), metadata.get("comment")),
        certificateStatus=next(iter(certificates), None),
        sourceOwners=metadata.get("owner"),
        definition=relation.nodes[0].compiled_code if relation.kind in (VIEW, MATERIALISED_VIEW) else None,
        **sizes(relation.catalog.get("stats") or {}),
    )


def _of_dbt(plan: Plan, relation: Relation) -> dict[str, Any]:
    node = relation.nodes[0]
    owned = (people(each, plan.groups) for each in relation.nodes)
    return stated(
        **next((found for found in owned if found), {}),
        dbtQualifiedName=plan.names.node(node.unique_id),
        assetDbtUniqueId=node.unique_id,
        assetDbtAlias=node.raw.get("alias") or node.raw.get("identifier"),
        assetDbtMeta=json_text(node.meta),
        assetDbtPackageName=node.package,
        assetDbtProjectName=plan.project,
        assetDbtEnvironmentDbtVersion=plan.metadata.get("dbt_version"),
        assetDbtTags=sorted({tag for each in relation.nodes for tag in each.tags}),
        assetDbtTestStatus=_worst(plan, relation),
        assetDbtSourceFreshnessCriteria=_freshness(relation),
        hasContract=node.has_contract,
    )


def _worst(plan: Plan, relation: Relation) -> str | None:
    return plan.worst([test for node in relation.nodes for test in plan.tests_of.get(node.unique_id, ())])


def _freshness(relation: Relation) -> str | None:
    return next((json_text(node.freshness) for node in relation.nodes if node.freshness), None)


def _nodes(plan: Plan, relation: Relation) -> dict[str, tuple[Key, ...]]:
    links: defaultdict[str, list[Key]] = defaultdict(list)
    for node in relation.nodes:
        links[_LINKS[node.kind]].append(plan.key(node))
    return {name: tuple(keys) for name, keys in sorted(links.items())}


def _column(plan: Plan, relation: Relation, column: Column, constraints: Mapping[str, bool]) -> EntityDraft:
    kind, place = relation.kind, relation.place
    attributes = {
        "name": column.name,
        "order": column.order,
        **stated(
            dataType=column.data_type or column.doc.get("data_type"),
            description=str(column.doc.get("description") or "").strip() or column.comment,
            certificateStatus=certificate(meta_of(column.doc)),
            assetDbtMeta=json_text(meta_of(column.doc)),
            assetDbtTags=list(tags_of(column.doc)),
        ),
        **constraints,
        **_in_schema(plan, place),
        f"{kind.naming}Name": place.name,
        f"{kind.naming}QualifiedName": relation.key.qualified_name,
    }
    documented = tuple(plan.column(node, column.name) for node in relation.nodes if node.kind != "source")
    links = {kind.on_column: (relation.key,)} | ({"dbtModelColumns": documented} if documented else {})
    return EntityDraft(relation.column(column.name), attributes, tags=tags_of(column.doc), relationships=links)


def _constraints(relation: Relation) -> dict[str, dict[str, bool]]:
    """Return what contracts promise of columns, by name; dbt knows of no other constraints."""
    spelling = Spelling(column.name for column in relation.columns)
    found: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for node in relation.nodes:
        for kind, name in _promised(node) if node.has_contract else ():
            found[spelling.find(name) or name].update(_CONSTRAINTS.get(kind, {}))
    return found


def _promised(node: Node) -> Iterator[tuple[str, str]]:
    for name, column in node.columns.items():
        for constraint in column.get("constraints") or ():
            yield constraint["type"], name
    for constraint in node.raw.get("constraints") or ():
        for name in constraint.get("columns") or ():
            yield constraint["type"], name


def _connected(plan: Plan) -> dict[str, str]:
    _, connector, name = plan.names.warehouse.split("/")
    return {"connectorName": connector, "connectionName": name, "connectionQualifiedName": plan.names.warehouse}


def _in_database(plan: Plan, database: str) -> dict[str, str]:
    return {"databaseName": database, "databaseQualifiedName": plan.names.database(database), **_connected(plan)}


def _in_schema(plan: Plan, place: Place) -> dict[str, str]:
    schema = {"schemaName": place.schema, "schemaQualifiedName": plan.names.schema(place.database, place.schema)}
    return {**schema, **_in_database(plan, place.database)}


def _database_key(plan: Plan, database: str) -> Key:
    return Key("Database", plan.names.database(database))


def _schema_key(plan: Plan, database: str, schema: str) -> Key:
    return Key("Schema", plan.names.schema(database, schema))
