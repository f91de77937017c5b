"""The example project, as dbt wrote it: exact numbers and spot checks."""

from collections import Counter
from pathlib import Path

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.types import supertypes
from muster.importers.dbt import DbtProject, read_dbt
from tests.unit.importers.manifests import by_key, named

ARTIFACTS = Path(__file__).parents[3] / "examples" / "shop" / "artifacts"
BASE = "default/duckdb/shop/shop"
DBT = "default/dbt/shop"


def state(prefix: str = "") -> DbtProject:
    """Read a state of the project with everything dbt says of it."""
    return read_dbt(*(ARTIFACTS / f"{prefix}{name}.json" for name in ("manifest", "catalog", "run-results")))


@pytest.fixture(scope="module")
def shop() -> DbtProject:
    """Read the project as it stands."""
    return state()


@pytest.fixture(scope="module")
def drafts(shop: DbtProject) -> dict[Key, EntityDraft]:
    """Return its drafts by key."""
    return by_key(shop)


def test_the_summary(shop: DbtProject) -> None:
    """The project says what it is, what it holds and what it owns."""
    assert (shop.name, shop.dbt_version, shop.manifest_version, shop.adapter) == ("shop", "1.11.16", 12, "duckdb")
    assert shop.connection == "default/duckdb/shop"
    assert shop.scopes == ("default/duckdb/shop", "default/dbt/shop")
    assert (shop.uncatalogued, shop.unclaimed) == ((), ())
    assert shop.resources == {
        "exposure": 3,
        "metric": 3,
        "model": 23,
        "seed": 2,
        "semantic_model": 1,
        "snapshot": 1,
        "source": 8,
        "test": 19,
        "unit_test": 1,
    }


def test_every_type_is_counted(shop: DbtProject) -> None:
    """23 models less 2 ephemeral, 2 seeds, 8 sources and a snapshot are 32 relations; the total is known before."""
    expected = {
        "Application": 1,
        "BI": 1,
        "Column": 167,
        "Connection": 2,
        "Database": 1,
        "DbtDimension": 2,
        "DbtEntity": 2,
        "DbtMeasure": 2,
        "DbtMetric": 3,
        "DbtModel": 24,
        "DbtModelColumn": 122,
        "DbtProcess": 28,
        "DbtSeed": 2,
        "DbtSemanticModel": 1,
        "DbtSource": 8,
        "DbtTest": 20,
        "Notebook": 1,
        "Schema": 10,
        "Table": 21,
        "View": 11,
    }
    counts = Counter(draft.key.type_name for draft in shop)
    assert counts == expected
    assert shop.total == sum(expected.values()) == 429
    assert expected.keys() <= supertypes().keys()


def test_keys_are_unique_and_the_same_input_gives_the_same_drafts(shop: DbtProject) -> None:
    """No entity comes twice, and nothing depends on when or how often the files are read."""
    first = list(shop)
    assert len({draft.key for draft in first}) == len(first)
    assert list(state()) == first == list(shop)


def test_parents_come_first(shop: DbtProject) -> None:
    """Connection, database, schema, relation, column: each before what is in it."""
    seen = set()
    for draft in shop:
        above = ("atlanSchema", "database", "table", "view", "dbtModel", "dbtSeed", "semanticModel", "sqlAsset")
        assert all(key in seen for name in above for key in draft.relationships.get(name, ()))
        seen.add(draft.key)


def test_links_lead_both_ways(drafts: dict[Key, EntityDraft]) -> None:
    """Whatever one entity names is there, and names it back."""
    for draft in drafts.values():
        for name, keys in draft.relationships.items():
            for key in keys:
                back = [other for found in drafts[key].relationships.values() for other in found]
                assert draft.key in back, f"{draft.key} -{name}-> {key}"


def test_a_table(drafts: dict[Key, EntityDraft]) -> None:
    """A mart is a table with its place, people, certificate, tags, tests and contract."""
    table = drafts[Key("Table", f"{BASE}/core/fct_orders")]
    expected = {
        "name": "fct_orders",
        "description": "One row per order, the latest status only.",
        "certificateStatus": "VERIFIED",
        "ownerUsers": ["ada@example.com", "nils@example.com"],
        "ownerGroups": ["core"],
        "databaseName": "shop",
        "databaseQualifiedName": BASE,
        "schemaName": "core",
        "schemaQualifiedName": f"{BASE}/core",
        "connectorName": "duckdb",
        "connectionName": "shop",
        "connectionQualifiedName": "default/duckdb/shop",
        "columnCount": 5,
        "assetDbtUniqueId": "model.shop.fct_orders",
        "assetDbtTags": ["core"],
        "assetDbtTestStatus": "pass",
        "hasContract": True,
        "__hasLineage": True,
    }
    assert {name: table.attributes[name] for name in expected} == expected
    assert table.tags == ("core",)
    assert table.relationships["dbtModels"] == (Key("DbtModel", f"{DBT}/model.shop.fct_orders"),)
    assert len(table.relationships["dbtTests"]) == 3


def test_a_view_and_its_columns(drafts: dict[Key, EntityDraft]) -> None:
    """Columns of a view name the view; tags of a column are its own."""
    view = drafts[Key("View", f"{BASE}/marketing/newsletter_audience")]
    assert view.tags == ("marketing", "pii")
    assert view.attributes["definition"].strip().startswith("select customer_id, full_name, email")
    columns = [drafts[key] for key in view.relationships["columns"]]
    assert [(one.attributes["name"], one.attributes["dataType"], one.attributes["order"]) for one in columns] == [
        ("customer_id", "BIGINT", 1),
        ("full_name", "VARCHAR", 2),
        ("email", "VARCHAR", 3),
    ]
    assert [one.tags for one in columns] == [(), (), ("pii",)]
    assert {one.attributes["viewQualifiedName"] for one in columns} == {view.key.qualified_name}


@pytest.mark.parametrize(
    ("column", "data_type", "attributes"),
    [
        ("core/dim_products/product_id", "BIGINT", {"isNullable": False, "isPrimary": True}),
        ("core/dim_products/title", "VARCHAR", {"description": "As printed, e.g. `Sencha 緑茶`."}),
        ("core/dim_products/price", "DECIMAL(12,2)", {"order": 5}),
        ("core/dim_dates/date_day", "DATE", {"order": 1}),
        ("reference/vat_rates/rate", "DECIMAL(4,2)", {"tableName": "vat_rates"}),
        ("history/customers_history/dbt_valid_from", "TIMESTAMP", {"tableName": "customers_history"}),
        ("raw_mail/email_events/occurred_at", "TIMESTAMP", {"schemaName": "raw_mail"}),
    ],
)
def test_columns(drafts: dict[Key, EntityDraft], column: str, data_type: str, attributes: dict[str, object]) -> None:
    """Types come from the warehouse, words and constraints from the project."""
    found = drafts[Key("Column", f"{BASE}/{column}")].attributes
    assert found["dataType"] == data_type
    assert {name: found[name] for name in attributes} == attributes


@pytest.mark.parametrize(
    ("key", "owner", "group", "certificate", "tags"),
    [
        (Key("Table", f"{BASE}/core/dim_customers"), "ada@example.com", "core", "VERIFIED", ("core", "pii")),
        (Key("Table", f"{BASE}/core/dim_products"), "data-platform@example.com", "core", "VERIFIED", ("core",)),
        (Key("Table", f"{BASE}/core/fct_order_items"), "data-platform@example.com", "core", "DRAFT", ("core",)),
        (Key("Table", f"{BASE}/finance/vat_report"), "jürgen@example.com", "finance", "VERIFIED", ("finance",)),
        (Key("View", f"{BASE}/finance/refunds"), "finance@example.com", "finance", "DEPRECATED", ("finance",)),
        (Key("Table", f"{BASE}/raw_mail/email_events"), "growth@example.com", None, None, ("marketing", "raw")),
        (Key("DbtMetric", f"{DBT}/metric.shop.revenue"), "finance@example.com", None, "VERIFIED", ("finance",)),
        (Key("BI", f"{DBT}/exposure.shop.growth_dashboard"), "zoe@example.com", None, None, ("marketing",)),
    ],
)
def test_people_certificates_and_tags(
    drafts: dict[Key, EntityDraft],
    key: Key,
    owner: str,
    group: str | None,
    certificate: str | None,
    tags: tuple[str, ...],
) -> None:
    """Owners are those of meta, else of the exposure, else of the group."""
    draft = drafts[key]
    assert draft.attributes["ownerUsers"] == [owner]
    assert draft.attributes.get("ownerGroups") == ([group] if group else None)
    assert draft.attributes.get("certificateStatus") == certificate
    assert draft.tags == tags


def test_lineage(drafts: dict[Key, EntityDraft]) -> None:
    """Through two ephemeral models, to a dashboard that shows two tables and a metric."""
    items = drafts[Key("DbtProcess", f"{DBT}/process/model.shop.fct_order_items")]
    assert [key.qualified_name for key in items.relationships["inputs"]] == [
        f"{BASE}/staging/stg_shop__order_items",
        f"{BASE}/staging/stg_shop__products",
        f"{BASE}/core/fct_orders",
    ]
    dashboard = drafts[Key("DbtProcess", f"{DBT}/process/exposure.shop.growth_dashboard")]
    assert [key.type_name for key in dashboard.relationships["inputs"]] == ["Table", "Table", "DbtMetric"]
    assert drafts[Key("Table", f"{BASE}/core/dim_dates")].relationships.get("outputFromProcesses") is None


def test_meaning(drafts: dict[Key, EntityDraft]) -> None:
    """A ratio of two metrics counts what is in the one table behind both."""
    metric = drafts[Key("DbtMetric", f"{DBT}/metric.shop.average_order_value")]
    assert metric.attributes["metricType"] == "ratio"
    assert metric.relationships["assets"] == (Key("Table", f"{BASE}/core/fct_orders"),)
    measure = drafts[Key("DbtMeasure", f"{DBT}/semantic_model.shop.orders/measures/revenue")]
    assert (measure.attributes["semanticType"], measure.attributes["semanticExpression"]) == ("sum", "paid_amount")
    dimension = drafts[Key("DbtDimension", f"{DBT}/semantic_model.shop.orders/dimensions/ordered_at")]
    assert dimension.attributes["dbtSemanticFieldTimeGranularity"] == "day"


def test_tests(shop: DbtProject) -> None:
    """Generic, singular and unit tests, all passed."""
    tests = named(shop, "DbtTest").values()
    assert Counter(draft.attributes["subType"] for draft in tests) == {"generic": 17, "singular": 2, "unit": 1}
    assert {draft.attributes["dbtTestStatus"] for draft in tests} == {"pass"}


def test_without_a_catalog_columns_are_the_documented_ones(drafts: dict[Key, EntityDraft]) -> None:
    """Relations keep their names and types; columns are those that the project names."""
    plain = by_key(read_dbt(ARTIFACTS / "manifest.json"))
    relations = {key for key in drafts if key.type_name in ("Table", "View")}
    assert {key for key in plain if key.type_name in ("Table", "View")} == relations
    columns = {key for key in plain if key.type_name == "Column"}
    assert columns < drafts.keys()
    assert len(columns) == 30


def test_what_a_week_of_work_changes(drafts: dict[Key, EntityDraft]) -> None:
    """The second state differs where the patch says, and in nothing that people see besides."""
    after = by_key(state("changed-"))
    tables = {
        key.qualified_name.rsplit("/", 1)[-1]: key for key in drafts.keys() | after.keys() if key.type_name == "Table"
    }
    assert {key for key in drafts.keys() ^ after.keys() if key.type_name == "Table"} == {
        tables["campaign_performance"],
        tables["campaign_returns"],
    }
    both = [key for name, key in tables.items() if not name.startswith("campaign_")]
    retagged = {key: (drafts[key].tags, after[key].tags) for key in both if drafts[key].tags != after[key].tags}
    assert retagged == {
        tables["customer_insights"]: (("marketing",), ("marketing", "pii")),
        tables["revenue_daily"]: (("finance",), ("finance", "marketing")),
    }
    owners = {key: after[key].attributes.get("ownerUsers") for key in both}
    assert [key for key in both if drafts[key].attributes.get("ownerUsers") != owners[key]] == [tables["dim_customers"]]
    assert owners[tables["dim_customers"]] == ["mei@example.com"]
