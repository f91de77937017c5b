"""What the numbers mean: semantic models with their parts, and metrics."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from muster.catalog.entity import EntityDraft, Key
from muster.importers.dbt.artifacts import Raw
from muster.importers.dbt.facts import json_text, owners, stated
from muster.importers.dbt.naming import child
from muster.importers.dbt.node import Node, meta_of
from muster.importers.dbt.nodes import in_project, of_dbt, related
from muster.importers.dbt.plan import Plan
from muster.importers.dbt.section import Section


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of part of a semantic model: where dbt keeps it, its type, the relationship to it, where its kind stands."""

    section: str
    type_name: str
    relationship: str
    sort: str


PARTS = (
    Part("entities", "DbtEntity", "semanticEntities", "type"),
    Part("dimensions", "DbtDimension", "semanticDimensions", "type"),
    Part("measures", "DbtMeasure", "semanticMeasures", "agg"),
)


def sections(plan: Plan) -> list[Section]:
    """Return semantic models, each before its parts, and metrics."""
    models, metrics = plan.of("semantic_model"), plan.of("metric")
    size = len(models) + sum(len(_raw_parts(model, part)) for model in models for part in PARTS)
    return [
        Section(size, lambda: _models(plan, models)),
        Section(len(metrics), lambda: (_metric(plan, metric) for metric in metrics)),
    ]


def _models(plan: Plan, models: list[Node]) -> Iterator[EntityDraft]:
    for model in models:
        key = plan.key(model)
        parts = {
            part.relationship: tuple(_part_key(key, part, raw) for raw in _raw_parts(model, part)) for part in PARTS
        }
        links = related(**parts) | plan.lineage.links(key)
        attributes = of_dbt(plan, model) | {"__hasLineage": plan.lineage.has(key)}
        yield EntityDraft(key, attributes, tags=model.tags, relationships=links)
        for part in PARTS:
            for raw in _raw_parts(model, part):
                yield _part(plan, model, part, raw)


def _part(plan: Plan, model: Node, part: Part, raw: Raw) -> EntityDraft:
    key, meta = plan.key(model), meta_of(raw)
    granularity = (raw.get("type_params") or {}).get("time_granularity")
    attributes = {
        "name": raw["name"],
        **stated(
            displayName=raw.get("label"),
            description=str(raw.get("description") or "").strip(),
            ownerUsers=owners(meta),
            semanticExpression=raw.get("expr"),
            semanticType=raw.get(part.sort),
            dbtSemanticFieldTimeGranularity=granularity if part.type_name == "DbtDimension" else None,
            dbtMeta=json_text(meta),
            dbtPackageName=model.package,
        ),
        "dbtSemanticModelQualifiedName": key.qualified_name,
        "dbtProjectName": plan.project,
        **in_project(plan),
    }
    return EntityDraft(_part_key(key, part, raw), attributes, relationships={"semanticModel": (key,)})


def _part_key(model: Key, part: Part, raw: Raw) -> Key:
    return Key(part.type_name, child(model.qualified_name, part.section, str(raw["name"])))


def _raw_parts(model: Node, part: Part) -> list[Any]:
    return model.raw.get(part.section) or []


def _metric(plan: Plan, metric: Node) -> EntityDraft:
    key, models = plan.key(metric), plan.models_of[metric.unique_id]
    relations = dict.fromkeys(plan.relation_of[model.unique_id].key for model in models if model.has_relation)
    links = related(
        assets=tuple(relations),
        dbtModel=(plan.key(models[0]),) if len(models) == 1 else (),
    )
    attributes = of_dbt(plan, metric) | _formula(metric) | {"__hasLineage": plan.lineage.has(key)}
    return EntityDraft(key, attributes, tags=metric.tags, relationships=links | plan.lineage.links(key))


def _formula(metric: Node) -> dict[str, Any]:
    """Return how a metric is reckoned: `type` and `type_params` from manifest version 10 on, plain keys before."""
    params = metric.raw.get("type_params") or {}
    return stated(
        metricType=metric.raw.get("type") or metric.raw.get("calculation_method"),
        metricSQL=params.get("expr") or metric.raw.get("expression"),
        metricFilters=_filters(metric),
        metricTimeGrains=metric.raw.get("time_grains"),
        dbtMetricWindow=_window(params.get("window") or metric.raw.get("window")),
    )


def _filters(metric: Node) -> str | None:
    """Return the filter as text: a list from manifest version 11 on, one in version 10, fields and operators before."""
    where = metric.raw.get("filter") or {}
    newer = where.get("where_filters") or ([where] if "where_sql_template" in where else [])
    older = metric.raw.get("filters") or ()
    texts = [str(one["where_sql_template"]) for one in newer]
    texts += [f"{one['field']} {one['operator']} {one['value']}" for one in older]
    return " and ".join(texts) or None


def _window(window: Any) -> str | None:
    match window:
        case str():
            return window or None
        case {"count": int() as count, "granularity": str() as unit} | {
            "count": int() as count,
            "period": str() as unit,
        }:
            return f"{count} {unit}"
        case _:
            return None
