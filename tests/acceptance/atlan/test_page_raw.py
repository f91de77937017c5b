"""What the developer page on data products shows as raw requests, and what they answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.atlan.conftest import BULK, SEARCH, Catalog

GOLDEN = Path(__file__).parents[2] / "fixtures" / "golden"
BEFORE, AFTER = (
    (GOLDEN / f"page-verified-tables-{tag}.txt").read_text(encoding="utf-8").strip()
    for tag in ("marketing", "digital-marketing")
)
"""The selections of the page, to the byte."""
PLAYBOOK = '{"condition":"AND","isGroupLocked":false,"rules":[]}'


@pytest.fixture(scope="module")
def table(catalog: Catalog) -> str:
    """A verified table with the page's tag."""
    guid: str = catalog.table("campaigns", classifications=[{"typeName": catalog.tag("Marketing")}])["guid"]
    return guid


@pytest.fixture
def domain(catalog: Catalog) -> Iterator[str]:
    """The qualified name of a domain."""
    made = catalog.create("DataDomain", "Sales")
    yield made["attributes"]["qualifiedName"]
    catalog.remove(made["guid"])


def create(catalog: Catalog, domain: str, name: str = "Marketing Influence") -> dict[str, Any]:
    """Create the product as the page does: no guid, and the domain beside the attributes."""
    attributes = {
        "name": name,
        "qualifiedName": f"{domain}/product/marketingInfluence",
        "parentDomainQualifiedName": domain,
        "superDomainQualifiedName": domain,
        "dataProductAssetsDSL": BEFORE,
        "dataProductAssetsPlaybookFilter": PLAYBOOK,
    }
    beside = {"dataDomain": {"typeName": "DataDomain", "uniqueAttributes": {"qualifiedName": domain}}}
    answer = catalog.save({"typeName": "DataProduct", "attributes": attributes, "relationshipAttributes": beside})
    (made,) = answer["mutatedEntities"]["CREATE"]
    return dict(made)


def by_name(name: str) -> dict[str, Any]:
    """Return the page's search for a product by its name."""
    filters = [{"term": {"name.keyword": {"value": name}}}, {"term": {"__typeName.keyword": {"value": "DataProduct"}}}]
    return {
        "dsl": {
            "from": 0,
            "size": 100,
            "aggregations": {},
            "track_total_hits": True,
            "query": {"bool": {"filter": filters}},
            "sort": [{"__guid": {"order": "asc"}}],
        },
        "attributes": ["certificateStatus"],
    }


def test_create(catalog: Catalog, domain: str) -> None:
    """Strings come back to the byte, the domain is found by its qualified name."""
    made = create(catalog, domain)

    assert made["attributes"]["dataProductAssetsDSL"] == BEFORE
    assert made["attributes"]["dataProductAssetsPlaybookFilter"] == PLAYBOOK
    assert made["attributes"]["qualifiedName"].startswith(f"{domain}/product/")
    assert made["attributes"]["parentDomainQualifiedName"] == domain
    catalog.remove(made["guid"])


def test_find_by_name(catalog: Catalog, domain: str) -> None:
    """Names are told apart by case."""
    made = create(catalog, domain, "marketingInfluence")

    found = catalog.ask("POST", SEARCH, json=by_name("marketingInfluence"))

    assert (found["approximateCount"], found["entities"][0]["guid"]) == (1, made["guid"])
    assert "entities" not in catalog.ask("POST", SEARCH, json=by_name("MarketingInfluence"))
    catalog.remove(made["guid"])


def test_assets(catalog: Catalog, table: str) -> None:
    """The filter may be an object that holds another; what is not there of the attributes is left out."""
    inner = [
        {"term": {"__state": {"value": "ACTIVE", "case_insensitive": False}}},
        {"term": {"__typeName.keyword": {"value": "Table", "case_insensitive": False}}},
    ]
    body = {
        "dsl": {
            "from": 0,
            "size": 100,
            "aggregations": {},
            "track_total_hits": True,
            "query": {"bool": {"filter": {"bool": {"filter": inner}}}},
            "sort": [],
        },
        "attributes": ["certificateStatus", "connectorName", "__customAttributes", "certificateStatus"],
    }

    (found,) = catalog.ask("POST", SEARCH, json=body)["entities"]

    assert found["guid"] == table
    assert found["attributes"]["certificateStatus"] == "VERIFIED"
    assert None not in found["attributes"].values()


def test_stored_selection(catalog: Catalog, domain: str, table: str) -> None:
    """Sent back as it is stored, it finds the tables that are tagged with the name it says."""
    product = catalog.read(create(catalog, domain)["guid"])
    stored = json.loads(product["attributes"]["dataProductAssetsDSL"])["query"]

    found = catalog.ask("POST", SEARCH, json=stored)

    assert [one["guid"] for one in found["entities"]] == [table]
    catalog.remove(product["guid"])


def test_update(catalog: Catalog, domain: str) -> None:
    """By the page's own qualified name, which no product has."""
    made = create(catalog, domain)
    attributes = {
        "name": "Marketing Influence",
        "qualifiedName": "default/product/marketingInfluence",
        "userDescription": "Now with a description!",
        "dataProductAssetsDSL": AFTER,
    }

    (updated,) = catalog.save({"typeName": "DataProduct", "attributes": attributes})["mutatedEntities"]["UPDATE"]

    assert updated["guid"] == made["guid"]
    assert updated["attributes"]["dataProductAssetsDSL"] == AFTER
    assert updated["attributes"]["userDescription"] == "Now with a description!"
    catalog.remove(made["guid"])


@pytest.mark.parametrize("slash", ["", "/"])
def test_archive_and_purge(catalog: Catalog, domain: str, slash: str) -> None:
    """With a slash at the end of the path or without."""
    guid = create(catalog, domain)["guid"]

    for how in ("SOFT", "PURGE"):
        answer = catalog.ask("DELETE", f"{BULK}{slash}?guid={guid}&deleteType={how}")
        (gone,) = answer["mutatedEntities"]["DELETE"]
        assert (gone["guid"], gone["status"], gone["deleteHandler"]) == (guid, "DELETED", how)
    assert catalog.read(guid, code=404)["errorCode"] == "ATLAS-404-00-005"
