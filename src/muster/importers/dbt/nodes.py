"""The project's side of the relations: models, seeds, sources and their columns."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from muster.catalog.entity import EntityDraft, Key
from muster.importers.dbt.artifacts import Raw
from muster.importers.dbt.facts import certificate, json_text, people, stated
from muster.importers.dbt.node import MODELS, Node, meta_of, tags_of
from muster.importers.dbt.plan import Plan, tested_column
from muster.importers.dbt.relations import Column
from muster.importers.dbt.section import Section
from muster.importers.dbt.spelling import Spelling


def sections(plan: Plan) -> list[Section]:
    """Return the project's connection, its models, seeds and sources, each before its columns."""
    found = plan.of(*MODELS, "seed", "source")
    size = len(found) + sum(len(plan.columns(node)) for node in found if node.kind != "source")
    return [Section(1, lambda: iter([_connection(plan)])), Section(size, lambda: _drafts(plan, found))]


def of_dbt(plan: Plan, node: Node) -> dict[str, Any]:
    """Return the attributes that everything of a project has."""
    return {
        "name": node.name,
        **stated(
            displayName=node.raw.get("label"),
            description=node.description,
            certificateStatus=certificate(node.meta),
            **people(node, plan.groups),
            dbtAlias=node.raw.get("alias") or node.raw.get("identifier"),
            dbtMeta=json_text(node.meta),
            dbtUniqueId=node.unique_id,
            dbtPackageName=node.package,
            dbtProjectName=plan.project,
            dbtEnvironmentDbtVersion=plan.metadata.get("dbt_version"),
            dbtTags=list(node.tags),
        ),
        **in_project(plan),
    }


def in_project(plan: Plan) -> dict[str, str]:
    """Return the attributes that name the project's connection."""
    return {"connectorName": "dbt", "connectionName": plan.project, "connectionQualifiedName": plan.names.project}


def related(**links: tuple[Key, ...]) -> dict[str, tuple[Key, ...]]:
    """Return the relationships that lead somewhere."""
    return {name: keys for name, keys in links.items() if keys}


def _connection(plan: Plan) -> EntityDraft:
    attributes = {"name": plan.project, "category": "elt", **in_project(plan)}
    return EntityDraft(Key("Connection", plan.names.project), attributes)


def _drafts(plan: Plan, found: list[Node]) -> Iterator[EntityDraft]:
    for node in found:
        yield _source(plan, node) if node.kind == "source" else _model(plan, node)
        if node.kind != "source":
            yield from _columns(plan, node)


def _source(plan: Plan, node: Node) -> EntityDraft:
    attributes = of_dbt(plan, node) | stated(dbtFreshnessCriteria=json_text(node.freshness))
    links = related(sqlAsset=_relation(plan, node), dbtTests=plan.tests(node))
    return EntityDraft(plan.key(node), attributes, tags=node.tags, relationships=links)


def _model(plan: Plan, node: Node) -> EntityDraft:
    columns = tuple(plan.column(node, name) for name in plan.columns(node))
    relation = _relation(plan, node)
    if node.kind == "seed":
        attributes = stated(dbtSeedFilePath=node.raw.get("original_file_path"))
        links = related(dbtSeedSqlAssets=relation, dbtModelColumns=columns)
    else:
        attributes = _made(plan, node)
        links = related(
            sqlAsset=relation, dbtModelColumns=columns, dbtTests=plan.tests(node), dbtMetrics=_metrics(plan, node)
        )
    return EntityDraft(plan.key(node), of_dbt(plan, node) | attributes, tags=node.tags, relationships=links)


def _made(plan: Plan, node: Node) -> dict[str, Any]:
    status = plan.status(node.unique_id)
    message = plan.results.get(node.unique_id, {}).get("message")
    return stated(
        dbtMaterializationType=node.materialization,
        dbtRawSQL=node.raw_code,
        dbtCompiledSQL=node.compiled_code,
        dbtStatus=status,
        dbtError=message if status == "error" else None,
        assetDbtTestStatus=plan.worst(plan.tests_of.get(node.unique_id, ())),
        hasContract=node.has_contract,
    )


def _metrics(plan: Plan, node: Node) -> tuple[Key, ...]:
    """Return the metrics of this model alone: Atlan has one model to a metric."""
    metrics = plan.metrics_of.get(node.unique_id, ())
    return tuple(plan.key(metric) for metric in metrics if len(plan.models_of[metric.unique_id]) == 1)


def _relation(plan: Plan, node: Node) -> tuple[Key, ...]:
    relation = plan.relation_of.get(node.unique_id)
    return (relation.key,) if relation else ()


def _columns(plan: Plan, node: Node) -> Iterator[EntityDraft]:
    relation = plan.relation_of.get(node.unique_id)
    found = {column.name: column for column in relation.columns} if relation else {}
    names = plan.columns(node)
    spelling = Spelling(names)
    docs = {spelling.find(name): doc for name, doc in node.columns.items()}
    tests = _tests(plan, node, names)
    for order, name in enumerate(names, start=1):
        doc = docs.get(name, {})
        attributes = {"name": name, "dbtModelColumnOrder": order, **_column(plan, node, doc, found.get(name))}
        links = related(
            sqlColumn=(relation.column(name),) if relation and name in found else (),
            dbtTests=tuple(tests.get(name, ())),
            **{"dbtSeed" if node.kind == "seed" else "dbtModel": (plan.key(node),)},
        )
        yield EntityDraft(plan.column(node, name), attributes, tags=tags_of(doc), relationships=links)


def _column(plan: Plan, node: Node, doc: Raw, found: Column | None) -> dict[str, Any]:
    return {
        **stated(
            dbtModelColumnDataType=(found and found.data_type) or doc.get("data_type"),
            description=str(doc.get("description") or "").strip() or (found and found.comment),
            certificateStatus=certificate(meta_of(doc)),
            dbtMeta=json_text(meta_of(doc)),
            dbtTags=list(tags_of(doc)),
            dbtPackageName=node.package,
        ),
        "dbtModelQualifiedName": plan.names.node(node.unique_id),
        "dbtProjectName": plan.project,
        **in_project(plan),
    }


def _tests(plan: Plan, node: Node, names: list[str]) -> dict[str, list[Key]]:
    found: defaultdict[str, list[Key]] = defaultdict(list)
    for test in plan.tests_of.get(node.unique_id, ()):
        if name := tested_column(test, names):
            found[name].append(plan.key(test))
    return found
