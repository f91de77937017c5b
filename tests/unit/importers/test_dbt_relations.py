"""Nodes become relations: kinds, places, names, columns."""

from pathlib import Path
from typing import Any

import pytest

from muster.catalog.entity import Key
from tests.unit.importers.manifests import by_key, catalog, entry, manifest, named, node, read

BASE = "default/postgres/p"


@pytest.mark.parametrize(
    ("materialized", "kind", "type_name", "relationship"),
    [
        ("table", None, "Table", "tables"),
        ("incremental", None, "Table", "tables"),
        ("view", None, "View", "views"),
        ("materialized_view", None, "MaterialisedView", "materialisedViews"),
        ("dynamic_table", None, "SnowflakeDynamicTable", "snowflakeDynamicTables"),
        ("something_of_ours", None, "Table", "tables"),
        ("view", "BASE TABLE", "Table", "tables"),
        ("table", "VIEW", "View", "views"),
        ("table", "LATE BINDING VIEW", "View", "views"),
        ("table", "MATERIALIZED VIEW", "MaterialisedView", "materialisedViews"),
        ("table", "streaming_table", "MaterialisedView", "materialisedViews"),
        ("view", "external", "Table", "tables"),
    ],
)
def test_the_catalog_decides_the_type_else_the_materialization(
    tmp_path: Path, materialized: str, kind: str | None, type_name: str, relationship: str
) -> None:
    """The relation's type, its schema's relationship and its column's follow from one table."""
    found = [catalog(entry("model.p.a", ("x", "int"), metadata={"type": kind}))] if kind else []
    model = node("model.p.a", materialized=materialized, columns={"x": {"name": "x"}})
    drafts = by_key(read(tmp_path, manifest(model), *found))
    relation = Key(type_name, f"{BASE}/db/s/a")
    assert drafts[Key("Schema", f"{BASE}/db/s")].relationships[relationship] == (relation,)
    assert relation in [
        key for keys in drafts[Key("Column", f"{BASE}/db/s/a/x")].relationships.values() for key in keys
    ]


def test_ephemeral_models_have_no_relation(tmp_path: Path) -> None:
    """They are dbt models all the same."""
    project = read(tmp_path, manifest(node("model.p.a", materialized="ephemeral")))
    assert [draft.key.type_name for draft in project] == ["Connection", "Connection", "DbtModel"]


def test_odd_names_stay_apart(tmp_path: Path) -> None:
    """A slash in a name is no step down; quotes, blanks and other scripts stay as they are."""
    names = ["a/b", "a%2Fb", 'say "hi"', "订单 ☕"]
    nodes = [node(f"model.p.m{place}", alias=name) for place, name in enumerate(names)]
    qualified = [draft.key.qualified_name for draft in named(read(tmp_path, manifest(*nodes)), "Table").values()]
    assert qualified == [f"{BASE}/db/s/{name}" for name in ("a%252Fb", "a%2Fb", 'say "hi"', "订单 ☕")]


def test_a_missing_database_has_a_name(tmp_path: Path) -> None:
    """Warehouses without databases get one called `default`."""
    project = read(tmp_path, manifest(node("model.p.a", database=None), adapter="spark"))
    assert named(project, "Table")["a"].key.qualified_name == "default/spark/p/default/s/a"


def test_the_warehouse_spells_names(tmp_path: Path) -> None:
    """What the catalog lacks is put into the databases and schemas that it has, whatever the case."""
    nodes = (node("model.p.a", columns={"id": {"name": "id", "description": "Key."}}), node("model.p.b"))
    found = catalog(entry("model.p.a", ("ID", "NUMBER"), place="DB.S.A"))
    project = read(tmp_path, manifest(*nodes, adapter="snowflake"), found)
    assert [draft.attributes["name"] for draft in project if draft.key.type_name in ("Database", "Schema")] == [
        "DB",
        "S",
    ]
    assert set(named(project, "Table")) == {"A", "b"}
    assert named(project, "Column")["ID"].attributes["description"] == "Key."
    assert set(named(project, "DbtModelColumn")) == {"ID"}
    assert project.uncatalogued == ("model.p.b",)


def test_files_of_different_runs_are_told(tmp_path: Path) -> None:
    """A relation that only the catalog has is named, not imported."""
    project = read(tmp_path, manifest(node("model.p.a")), catalog(entry("model.p.a"), entry("model.p.gone")))
    assert (project.uncatalogued, project.unclaimed) == ((), ("model.p.gone",))
    assert set(named(project, "Table")) == {"a"}


def test_nodes_of_one_place_share_a_relation(tmp_path: Path) -> None:
    """A source on top of a seed is one table; tags come from both, words from the first that has any."""
    nodes = (
        node("source.p.raw.a", tags=["raw"], description="As delivered.", meta={"owner": "ann"}),
        node("seed.p.a", tags=["seeded"]),
    )
    drafts = by_key(read(tmp_path, manifest(*nodes)))
    table = drafts[Key("Table", f"{BASE}/db/s/a")]
    assert table.tags == ("raw", "seeded")
    assert table.attributes["description"] == "As delivered."
    assert table.attributes["ownerUsers"] == ["ann"]
    assert table.attributes["assetDbtUniqueId"] == "seed.p.a"
    assert table.relationships["dbtSources"] == (Key("DbtSource", "default/dbt/p/source.p.raw.a"),)
    assert table.relationships["dbtSeedAssets"] == (Key("DbtSeed", "default/dbt/p/seed.p.a"),)


def test_columns_follow_the_catalog(tmp_path: Path) -> None:
    """Order and types are the warehouse's; what only the project names is a column of the model alone."""
    docs = {"gone": {"name": "gone", "data_type": "text"}, "b": {"name": "b", "description": "B."}}
    found = entry("model.p.a", ("b", "bigint"), ("a", "text"))
    found["columns"]["a"]["comment"] = "From the warehouse."
    project = read(tmp_path, manifest(node("model.p.a", columns=docs)), catalog(found))
    columns = named(project, "Column")
    assert [(name, draft.attributes["order"], draft.attributes["dataType"]) for name, draft in columns.items()] == [
        ("b", 1, "bigint"),
        ("a", 2, "text"),
    ]
    assert columns["a"].attributes["description"] == "From the warehouse."
    documented = named(project, "DbtModelColumn")
    assert {name: draft.relationships.get("sqlColumn") for name, draft in documented.items()} == {
        "b": (columns["b"].key,),
        "a": (columns["a"].key,),
        "gone": None,
    }
    assert named(project, "Table")["a"].attributes["columnCount"] == 2


@pytest.mark.parametrize(
    ("stats", "expected"),
    [
        ({"row_count": 7.0, "bytes": 512}, {"rowCount": 7, "sizeBytes": 512}),
        ({"num_rows": "12", "num_bytes": "2048"}, {"rowCount": 12, "sizeBytes": 2048}),
        ({"rows": 0, "size": 1000000}, {"rowCount": 0, "sizeBytes": 1000000}),
        ({"has_stats": False, "row_count": None, "bytes": "1 MB"}, {}),
    ],
)
def test_statistics_give_rows_and_bytes(tmp_path: Path, stats: dict[str, Any], expected: dict[str, int]) -> None:
    """Every adapter's names are understood; what is no number says nothing."""
    values = {name: {"id": name, "value": value} for name, value in stats.items()}
    table = named(read(tmp_path, manifest(node("model.p.a")), catalog(entry("model.p.a", stats=values))), "Table")["a"]
    assert {name: table.attributes[name] for name in ("rowCount", "sizeBytes") if name in table.attributes} == expected


@pytest.mark.parametrize(("enforced", "expected"), [(True, {"isNullable": False, "isPrimary": True}), (False, {})])
def test_contracts_promise_constraints(tmp_path: Path, enforced: bool, expected: dict[str, bool]) -> None:  # noqa: FBT001
    """Constraints count under an enforced contract alone, on the column and on the model."""
    model = node(
        "model.p.a",
        config={"contract": {"enforced": enforced}},
        columns={"x": {"name": "x", "data_type": "int", "constraints": [{"type": "not_null"}]}},
        constraints=[{"type": "primary_key", "columns": ["x"]}, {"type": "check", "expression": "x > 0"}],
    )
    project = read(tmp_path, manifest(model))
    column = named(project, "Column")["x"].attributes
    assert {name: column[name] for name in ("isNullable", "isPrimary") if name in column} == expected
    assert named(project, "Table")["a"].attributes["hasContract"] is enforced


def test_a_version_is_part_of_the_name(tmp_path: Path) -> None:
    """Versions of a model are models and tables of their own."""
    nodes = [node(f"model.p.a.v{number}", name="a", version=number, alias=f"a_v{number}") for number in (1, 2)]
    project = read(tmp_path, manifest(*nodes))
    assert set(named(project, "DbtModel")) == {"a.v1", "a.v2"}
    assert set(named(project, "Table")) == {"a_v1", "a_v2"}
