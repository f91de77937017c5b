"""What is told of domains and products: never a key that the released client refuses, and never less than it asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import pytest

from muster.api.openmetadata.rendering import FIELDS
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.save.commands import Command, Ref, Relating
from muster.service.save.saving import save
from tests.unit.api.openmetadata.speaking import Json, Speaking, add, fresh, ref, team, user

BOTH_KNOW: Final = {
    *("id", "name", "description", "fullyQualifiedName", "displayName", "style", "version", "updatedAt", "updatedBy"),
    *("impersonatedBy", "href", "owners", "experts", "assets", "tags", "changeDescription", "extension", "followers"),
    *("incrementalChangeDescription", "votes", "certification", "entityStatus"),
}
PRODUCT_KEYS: Final = {
    *BOTH_KNOW,
    *("reviewers", "domains", "lifecycleStage", "dataProductType", "visibility", "portfolioPriority", "sla"),
    *("consumesFrom", "providesTo"),
}
"""Contract, section 4.2."""

DOMAIN_KEYS: Final = {*BOTH_KNOW, "domainType", "parent", "children", "childrenCount"}
"""Contract, section 4.3."""

REFERENCE_KEYS: Final = {
    *("id", "type", "name", "fullyQualifiedName", "description", "displayName", "deleted", "inherited", "href"),
}
TAG_KEYS: Final = {
    *("tagFQN", "source", "labelType", "state", "name", "displayName", "description", "style", "href", "reason"),
    *("appliedAt", "appliedBy", "metadata"),
}
"""Contract, section 4.2."""

REFERENCES: Final = {
    *("owners", "experts", "reviewers", "domains", "followers", "consumesFrom", "providesTo", "children", "parent"),
}
INNER: Final[Mapping[str, set[str]]] = {
    **dict.fromkeys(REFERENCES, REFERENCE_KEYS),
    "tags": TAG_KEYS,
    "style": {"color", "iconURL", "coverImage"},
    "coverImage": {"url", "position"},
    "sla": {"tier", "availability", "responseTime", "dataFreshness", "dataQuality"},
    "votes": {"upVotes", "downVotes", "upVoters", "downVoters"},
    "changeDescription": {"fieldsAdded", "fieldsUpdated", "fieldsDeleted", "previousVersion", "changeSummary"},
    "fieldsAdded": {"name", "newValue", "oldValue"},
    "fieldsUpdated": {"name", "newValue", "oldValue"},
    "fieldsDeleted": {"name", "newValue", "oldValue"},
}
"""What is in the parts of both (contract, sections 4.2 and 6.4); `extension`, old and new values may hold anything."""

FREE: Final = {"extension", "oldValue", "newValue"}


def unknown(told: Json, keys: set[str], path: str = "") -> Iterator[str]:
    """Yield the path of every key that the released client would refuse."""
    for one in told if isinstance(told, list) else [told]:
        for name, value in one.items() if isinstance(one, dict) else ():
            if name not in keys:
                yield f"{path}/{name}"
            elif isinstance(value, dict | list) and name not in FREE:
                yield from unknown(value, INNER.get(name, set()), f"{path}/{name}")


def broken(told: Json) -> Iterator[str]:
    """Yield what is null, no UUID, or no absolute address, where the released client wants one."""
    for one in told if isinstance(told, list) else [told]:
        for name, value in one.items() if isinstance(one, dict) else ():
            if value is None:
                yield f"{name} is null"
            elif name == "id":
                UUID(value)
            elif name == "href" and not value.startswith("http://muster/sdk/2.0/api/v1/"):
                yield f"href is {value}"
            elif name not in FREE:
                yield from broken(value)


FULL: Final = {
    "displayName": "D",
    "style": {"color": "#fff", "iconURL": "http://x/i.png", "coverImage": {"url": "http://x", "position": "top"}},
    "owners": [user("bob"), team("crew")],
    "experts": ["bob"],
    "tags": [{"tagFQN": "Gold"}],
    "extension": {"selection": "type:Table", "team": {"name": "growth"}},
}
FULL_PRODUCT: Final = {
    **FULL,
    "reviewers": [user("bob")],
    "dataProductType": "REPORTS",
    "visibility": "PUBLIC",
    "portfolioPriority": "HIGH",
    "lifecycleStage": "TESTING",
    "entityStatus": "Approved",
    "sla": {"tier": "GOLD", "availability": 99.9, "responseTime": 10, "dataFreshness": 5, "dataQuality": 90},
    "consumesFrom": [{"id": "2893989a-e5af-4b82-b0d2-949872173aa8", "type": "dataProduct", "name": "x"}],
    "providesTo": [{"id": "2893989a-e5af-4b82-b0d2-949872173aa8", "type": "dataProduct"}],
}


@pytest.fixture(scope="module")
def full(told: Speaking) -> Json:
    """A product of which everything is said, in a domain of which everything is said, that is in another one."""
    above = told.domain()
    glossary = Command("AtlasGlossary", "-1", attributes={"name": fresh("Words")})
    term = Command("AtlasGlossaryTerm", "-2", attributes={"name": "Order"}, relating=Relating({"anchor": (Ref("AtlasGlossary", "-1"),)}))  # fmt: skip
    words, _ = save(told.service.work, [glossary, term]).created
    labels = [{"tagFQN": "Gold"}, {"tagFQN": f"{words.name}.Order", "source": "Glossary"}]
    home = told.domain(**{**FULL, "tags": labels}, parent=above["fullyQualifiedName"])
    told.domain(parent=home["fullyQualifiedName"])
    one = told.product(home, **{**FULL_PRODUCT, "tags": labels})
    told.ask("PUT", f"/dataProducts/{one['id']}/followers", user("bob")["id"])
    told.patch(one, add("/displayName", "E"))
    return {"product": one, "domain": home, "above": above}


def everything(strict: Speaking, full: Json) -> Iterator[tuple[str, Json, set[str]]]:
    """Yield all that is told of them in all answers, with the keys that are known there."""
    one, home, above = (full[name]["id"] for name in ("product", "domain", "above"))
    for fields in ("", "*", *sorted(FIELDS[PRODUCT])):
        yield f"GET {fields}", strict.get(f"/dataProducts/{one}", fields=fields), PRODUCT_KEYS
    for fields in ("", "*", *sorted(FIELDS[DOMAIN])):
        yield f"GET {fields}", strict.get(f"/domains/{home}", fields=fields), DOMAIN_KEYS
    yield "GET top", strict.get(f"/domains/{above}", fields="*"), DOMAIN_KEYS
    yield "list", strict.get("/dataProducts", fields="*", limit=100)["data"], PRODUCT_KEYS
    yield "list", strict.get("/domains", fields="*", limit=100)["data"], DOMAIN_KEYS
    yield "PATCH", strict.patch(full["product"], add("/extension/x", 1)), PRODUCT_KEYS
    yield "versions", strict.versions(full["product"]), PRODUCT_KEYS
    versions = strict.get(f"/domains/{home}/versions")
    assert set(versions) == {"entityType", "versions"}
    yield "versions", [json.loads(text) for text in versions["versions"]], DOMAIN_KEYS
    yield "POST", strict.domain(), DOMAIN_KEYS
    yield "POST", strict.product(full["domain"]), PRODUCT_KEYS
    yield "DELETE", strict.ask("DELETE", f"/dataProducts/{strict.product(full['domain'])['id']}"), PRODUCT_KEYS


def test_the_released_form_tells_no_key_that_its_client_refuses(strict: Speaking, full: Json) -> None:
    """In any answer, at any depth: the client takes one that it does not know for a broken answer."""
    for where, told, keys in everything(strict, full):
        assert list(unknown(told, keys)) == [], where
        assert list(broken(told)) == [], where


def test_what_has_to_be_there_is(either: Speaking, full: Json) -> None:
    """Whatever is asked for (contract, sections 4.2 and 4.3)."""
    for path in (f"/dataProducts/{full['product']['id']}", f"/domains/{full['domain']['id']}"):
        for fields in ("", "*", "tags"):
            assert {"id", "name", "description", "fullyQualifiedName", "version", "href"} <= set(
                either.get(path, fields=fields)
            )
    assert "domainType" in either.get(f"/domains/{full['domain']['id']}")


@pytest.mark.parametrize("kind", ["product", "domain"])
def test_less_is_told_of_less_that_is_asked_for(either: Speaking, full: Json, kind: str) -> None:
    """So that a client that compares what it read once with what it reads now finds nothing gone (contract, section 4.4)."""
    path, type_name = ("/dataProducts", PRODUCT) if kind == "product" else ("/domains", DOMAIN)
    bare, whole = (either.get(f"{path}/{full[kind]['id']}", fields=fields) for fields in ("", "*"))

    for name in FIELDS[type_name]:
        told = either.get(f"{path}/{full[kind]['id']}", fields=name)
        assert bare.items() <= told.items() <= whole.items()
        assert set(told) - set(bare) <= {name}
    assert set(whole) - set(bare) >= {"tags", "extension", "followers", "votes"}


def test_the_documented_form_tells_what_the_page_shows(told: Speaking, full: Json) -> None:
    """Domain, owners, experts and whether it is deleted, asked for or not; both spell the domain."""
    bare = told.get(f"/dataProducts/{full['product']['id']}")

    assert {"domain", "domains", "deleted", "owners", "experts"} <= set(bare)
    assert bare["domains"] == [bare["domain"]]
    assert bare["domain"]["fullyQualifiedName"] == full["domain"]["fullyQualifiedName"]
    assert bare["fullyQualifiedName"] == f"{full['domain']['fullyQualifiedName']}.{bare['name']}"


def test_everything_comes_back_as_it_was_said(either: Speaking, full: Json) -> None:
    """References by what they refer to, and the selection as it was written."""
    whole = either.get(f"/dataProducts/{full['product']['id']}", fields="*")

    as_said = {"style", "dataProductType", "visibility", "portfolioPriority", "lifecycleStage", "entityStatus", "sla"}
    assert {name: whole[name] for name in as_said} == {name: FULL_PRODUCT[name] for name in as_said}
    assert [one["name"] for one in whole["owners"]] == ["bob", "crew"]
    assert [one["type"] for one in whole["owners"]] == ["user", "team"]
    assert [one["name"] for one in (*whole["experts"], *whole["reviewers"], *whole["followers"])] == ["bob"] * 3
    assert whole["consumesFrom"] == [{"id": "2893989a-e5af-4b82-b0d2-949872173aa8", "type": "dataProduct"}]
    assert whole["extension"].items() >= {"selection": "type:Table", "team": {"name": "growth"}}.items()
    assert [(one["source"], one["name"]) for one in whole["tags"]] == [
        ("Classification", "Gold"),
        ("Glossary", "Order"),
    ]


def test_a_domain_tells_what_is_above_and_below(either: Speaking, full: Json) -> None:
    """Domains in it, by name; products are no children."""
    whole = either.get(f"/domains/{full['domain']['id']}", fields="*")

    assert whole["parent"]["name"] == full["above"]["name"]
    assert (whole["childrenCount"], [one["type"] for one in whole["children"]]) == (1, ["domain"])


def test_assets_are_told_by_kind_and_qualified_name(either: Speaking, told: Speaking, full: Json) -> None:
    """They have no place of their own here, so no `href`."""
    (asset,) = told.tables(fresh("a"))
    one = told.product(full["domain"])
    said = either.ask("PUT", f"/dataProducts/{one['id']}/assets/add", {"assets": [ref(asset)]})
    row = said["successRequest"][0]["request"] if "successRequest" in said else said["decisions"][0]["asset"]

    assert row == {
        "id": asset.guid,
        "type": "table",
        "name": asset.name,
        "fullyQualifiedName": asset.key.qualified_name,
        "deleted": False,
    }


VALUES: list[tuple[dict[str, Any], str]] = [
    ({"userDescription": "by hand", "description": "from the source"}, "by hand"),
    ({"description": "from the source"}, "from the source"),
    ({}, ""),
]


@pytest.mark.parametrize(("attributes", "description"), VALUES)
def test_there_is_always_a_description(strict: Speaking, attributes: dict[str, Any], description: str) -> None:
    """What people wrote before what came along; the client wants a text."""
    (made,) = save(
        strict.service.work, [Command("DataDomain", "-1", attributes={"name": fresh("D"), **attributes})]
    ).created

    assert strict.get(f"/domains/{made.guid}")["description"] == description


def test_a_name_that_is_longer_than_the_client_takes_is_cut_for_it(told: Speaking, strict: Speaking) -> None:
    """Other clients make such names: one of them would keep the released client from reading any list."""
    name = fresh("x") + "n" * 3_100
    (made,) = save(told.service.work, [Command("DataDomain", "-1", attributes={"name": name})]).created

    assert told.get(f"/domains/{made.guid}")["name"] == name
    short = strict.get(f"/domains/{made.guid}")
    assert (short["name"], short["fullyQualifiedName"]) == (name[:256], name[:3_072])
