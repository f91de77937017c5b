"""Owners, certificates, tags, meta, tests."""

from pathlib import Path
from typing import Any

import pytest

from muster.catalog.entity import Key
from tests.unit.importers.manifests import by_key, catalog, manifest, named, node, read, results

GROUPS = {
    "group.p.g": {"name": "g", "owner": {"name": "Team G", "email": "g@example.com"}},
    "group.p.h": {"name": "h", "owner": {"name": "Team H"}},
}


@pytest.mark.parametrize(
    ("parts", "users", "owning"),
    [
        ({}, None, None),
        ({"meta": {"owner": "ann"}}, ["ann"], None),
        ({"config": {"meta": {"owner": "ann"}}}, ["ann"], None),
        ({"meta": {"owner": "old"}, "config": {"meta": {"owner": "new"}}}, ["new"], None),
        ({"meta": {"owner": ["ann", "bob", "ann", ""]}}, ["ann", "bob"], None),
        ({"meta": {"owner": {"name": "Ann", "email": "ann@example.com"}}}, ["ann@example.com"], None),
        ({"meta": {"owners": [{"name": "Ann"}, "bob"]}}, ["Ann", "bob"], None),
        ({"meta": {"owner": 7}}, None, None),
        ({"group": "g"}, ["g@example.com"], ["g"]),
        ({"config": {"group": "h"}}, ["Team H"], ["h"]),
        ({"group": "g", "meta": {"owner": "ann"}}, ["ann"], ["g"]),
        ({"group": "unknown"}, None, ["unknown"]),
    ],
)
def test_owners_are_those_of_meta_or_of_the_group(
    tmp_path: Path, parts: dict[str, Any], users: list[str] | None, owning: list[str] | None
) -> None:
    """Relation and model say the same."""
    project = read(tmp_path, manifest(node("model.p.a", **parts), groups=GROUPS))
    for type_name in ("Table", "DbtModel"):
        attributes = named(project, type_name)["a"].attributes
        assert (attributes.get("ownerUsers"), attributes.get("ownerGroups")) == (users, owning)


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"certificate": "VERIFIED"}, "VERIFIED"),
        ({"certificate": "verified "}, "VERIFIED"),
        ({"certificate_status": "Draft"}, "DRAFT"),
        ({"status": "deprecated"}, "DEPRECATED"),
        ({"status": "live"}, None),
        ({"certificate": "gold", "status": "draft"}, "DRAFT"),
        ({"certificate": None}, None),
        ({}, None),
    ],
)
def test_certificates_are_read_from_meta(tmp_path: Path, meta: dict[str, Any], expected: str | None) -> None:
    """Three words are certificates, in any case; others are left alone."""
    project = read(tmp_path, manifest(node("model.p.a", meta=meta)))
    for type_name in ("Table", "DbtModel"):
        assert named(project, type_name)["a"].attributes.get("certificateStatus") == expected


def test_tags_and_meta_are_on_both_sides(tmp_path: Path) -> None:
    """A tag of dbt is a tag and an attribute; meta is JSON text with sorted keys."""
    model = node(
        "model.p.a",
        tags=["b", "a"],
        config={"tags": "c", "meta": {"ö": 1, "a": [True]}},
        columns={"x": {"name": "x", "tags": ["pii"], "meta": {"k": "v"}}},
    )
    project = read(tmp_path, manifest(model))
    table, dbt = named(project, "Table")["a"], named(project, "DbtModel")["a"]
    assert table.tags == dbt.tags == ("a", "b", "c")
    assert table.attributes["assetDbtTags"] == dbt.attributes["dbtTags"] == ["a", "b", "c"]
    assert table.attributes["assetDbtMeta"] == dbt.attributes["dbtMeta"] == '{"a":[true],"ö":1}'
    column, documented = named(project, "Column")["x"], named(project, "DbtModelColumn")["x"]
    assert column.tags == documented.tags == ("pii",)
    assert column.attributes["assetDbtMeta"] == documented.attributes["dbtMeta"] == '{"k":"v"}'


def test_the_worst_test_speaks_for_the_relation(tmp_path: Path) -> None:
    """Results of a run reach tests, models and relations; a failure brings its message."""
    nodes = (
        node("model.p.a"),
        node("test.p.good", "model.p.a", attached_node="model.p.a"),
        node("test.p.bad", "model.p.a", attached_node="model.p.a", test_metadata={"name": "unique"}),
    )
    ran = results(model__p__a="success", test__p__good="pass", test__p__bad="warn")
    project = read(tmp_path, manifest(*nodes), catalog(), ran)
    assert named(project, "Table")["a"].attributes["assetDbtTestStatus"] == "warn"
    assert named(project, "DbtModel")["a"].attributes["dbtStatus"] == "success"
    tests = named(project, "DbtTest")
    assert [
        (name, tests[name].attributes["dbtTestStatus"], tests[name].attributes["subType"]) for name in sorted(tests)
    ] == [
        ("bad", "warn", "generic"),
        ("good", "pass", "singular"),
    ]
    assert "dbtTestError" not in tests["bad"].attributes


@pytest.mark.parametrize(
    ("parts", "about"),
    [
        ({"attached_node": "model.p.child"}, ["child"]),
        ({"attached_node": None, "file_key_name": "models.child"}, ["child"]),
        ({"file_key_name": None}, ["parent", "child"]),
    ],
)
def test_a_test_is_about_the_node_it_is_attached_to(tmp_path: Path, parts: dict[str, Any], about: list[str]) -> None:
    """A relationships test reads two models and is about one, where the manifest says so."""
    nodes = (
        node("model.p.parent", columns={"id": {"name": "id"}}),
        node("model.p.child", columns={"id": {"name": "id"}}),
        node("test.p.t", "model.p.parent", "model.p.child", column_name="ID", **parts),
    )
    project = read(tmp_path, manifest(*nodes))
    test = named(project, "DbtTest")["t"]
    assert test.relationships["dbtModels"] == tuple(Key("DbtModel", f"default/dbt/p/model.p.{name}") for name in about)
    assert test.relationships["dbtModelColumns"] == tuple(
        Key("DbtModelColumn", f"default/dbt/p/model.p.{name}/id") for name in about
    )


def test_a_table_inherits_what_is_said_of_its_source(tmp_path: Path) -> None:
    """The source's meta counts where the table has none of its own; older manifests do not merge them."""
    source = {"owner": "ann", "certificate": "draft"}
    nodes = (
        node("source.p.raw.a", source_meta=source, meta={}),
        node("source.p.raw.b", source_meta=source, meta={"owner": "bob"}),
    )
    tables = named(read(tmp_path, manifest(*nodes)), "Table")
    said = {
        name: (table.attributes["ownerUsers"], table.attributes["certificateStatus"]) for name, table in tables.items()
    }
    assert said == {"a": (["ann"], "DRAFT"), "b": (["bob"], "DRAFT")}


def test_freshness_is_what_is_promised(tmp_path: Path) -> None:
    """Empty parts of the criteria are left out; criteria without a part are none."""
    empty = {"warn_after": {"count": None, "period": None}, "error_after": None, "filter": None}
    nodes = (
        node("source.p.raw.a", freshness=empty | {"warn_after": {"count": 12, "period": "hour"}}),
        node("source.p.raw.b", freshness=empty),
    )
    project = read(tmp_path, manifest(*nodes))
    criteria = {
        name: draft.attributes.get("dbtFreshnessCriteria") for name, draft in named(project, "DbtSource").items()
    }
    assert criteria == {"a": '{"warn_after":{"count":12,"period":"hour"}}', "b": None}
    assert named(project, "Table")["a"].attributes["assetDbtSourceFreshnessCriteria"] == criteria["a"]


@pytest.mark.parametrize(
    ("version", "metric", "expected"),
    [
        (
            8,
            {
                "depends_on": {"nodes": ["model.p.a"]},
                "calculation_method": "sum",
                "expression": "amount",
                "time_grains": ["day"],
                "window": {"count": 14, "period": "day"},
                "filters": [{"field": "status", "operator": "=", "value": "'paid'"}],
            },
            {
                "metricType": "sum",
                "metricSQL": "amount",
                "metricTimeGrains": ["day"],
                "dbtMetricWindow": "14 day",
                "metricFilters": "status = 'paid'",
            },
        ),
        (
            10,
            {
                "depends_on": {"nodes": ["semantic_model.p.s"]},
                "type": "simple",
                "filter": {"where_sql_template": "a > 1"},
            },
            {"metricType": "simple", "metricFilters": "a > 1"},
        ),
        (
            12,
            {
                "depends_on": {"nodes": ["semantic_model.p.s"]},
                "type": "cumulative",
                "type_params": {"expr": "x", "window": {"count": 7, "granularity": "day"}},
                "filter": {"where_filters": [{"where_sql_template": "a > 1"}, {"where_sql_template": "b"}]},
            },
            {"metricType": "cumulative", "metricSQL": "x", "dbtMetricWindow": "7 day", "metricFilters": "a > 1 and b"},
        ),
    ],
)
def test_metrics_of_every_generation(
    tmp_path: Path, version: int, metric: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Metrics on models (to version 9) and on semantic models (from 10) say what they reckon and lead to the model."""
    base = {"resource_type": "metric", "package_name": "p", "name": "m", "label": "M"}
    semantic = {
        "name": "s",
        "resource_type": "semantic_model",
        "package_name": "p",
        "depends_on": {"nodes": ["model.p.a"]},
    }
    whole = manifest(
        node("model.p.a"),
        version=version,
        metrics={"metric.p.m": base | metric},
        semantic_models={"semantic_model.p.s": semantic} if version > 9 else {},
    )
    drafts = by_key(read(tmp_path, whole))
    draft = drafts[Key("DbtMetric", "default/dbt/p/metric.p.m")]
    assert {name: draft.attributes[name] for name in expected} == expected
    assert draft.relationships["dbtModel"] == (Key("DbtModel", "default/dbt/p/model.p.a"),)
    assert draft.relationships["assets"] == (Key("Table", "default/postgres/p/db/s/a"),)
