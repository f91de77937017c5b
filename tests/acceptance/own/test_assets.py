"""Assets over HTTP: found by a selection, and which products hold one."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.acceptance.own.conftest import BULK, SCHEMA, Shop

Json = Any
ASSETS = "/api/v1/assets"


def find(shop: Shop, *, code: int = 200, **query: Any) -> Json:
    """Find assets."""
    return shop.ask("GET", ASSETS, params=query, code=code)


def held(shop: Shop, ref: str, *, code: int = 200, **query: Any) -> Json:
    """Return which products hold an asset."""
    return shop.ask("GET", f"{ASSETS}/{quote(ref, safe='')}/dataProducts", params=query, code=code)


def reasons(found: Json) -> dict[str, str]:
    """Return why each product is on the list, by name."""
    return {one["product"]["name"]: one["because"] for one in found["data"]}


class TestFinding:
    def test_a_selection_finds_assets(self, shop: Shop) -> None:
        """In shorthand, in order, with what is asked for of each."""
        found = find(
            shop, q="type:Table certificate:VERIFIED", sort="-name.keyword", fields="certificateStatus,nothing"
        )

        assert (found["total"], found["next"]) == (2, None)
        assert [one["name"] for one in found["assets"]] == ["orders", "customers"]
        assert found["assets"][0]["attributes"] == {"certificateStatus": "VERIFIED"}
        assert found["assets"][0]["qualifiedName"] == f"{SCHEMA}/orders"

    @pytest.mark.parametrize(
        "q",
        [
            '{"term": {"name.keyword": "orders"}}',
            '{"query": {"term": {"name.keyword": "orders"}}}',
            '{"condition":"AND","rules":[{"operand":"name.keyword","operator":"equals","value":"orders"}]}',
        ],
    )
    def test_every_face_is_taken(self, shop: Shop, q: str) -> None:
        """The text tells which one it is."""
        assert [one["name"] for one in find(shop, q=q)["assets"]] == ["orders"]

    def test_without_a_selection_everything_is_found(self, shop: Shop) -> None:
        """Domains and products too, page by page, each once."""
        shop.product()
        found, page = list[Json](), find(shop, limit=2)
        while found.extend(page["assets"]) or page["next"]:
            page = find(shop, limit=2, cursor=page["next"])

        assert len({one["guid"] for one in found}) == len(found) == page["total"]
        assert {one["typeName"] for one in found} >= {"Table", "DataDomain", "DataProduct"}

    def test_archived_assets_are_among_them(self, shop: Shop) -> None:
        """A selection says whether it wants them."""
        shop.tables("old")
        shop.remove("old", "SOFT")

        assert [one["status"] for one in find(shop, q="name:old")["assets"]] == ["DELETED"]
        assert find(shop, q="name:old state:ACTIVE")["total"] == 0

    @pytest.mark.parametrize(
        ("query", "path", "reason"),
        [
            ({"q": "type:("}, "/query/q", "invalid_selection"),
            ({"q": ""}, "/query/q", "invalid_selection"),
            ({"q": "certificateState:VERIFIED"}, "/query/q", "unknown_field"),
            ({"q": "type:Table certificateState:VERIFIED"}, "/query/q/bool/filter/1", "unknown_field"),
            ({"q": '{"term": {}}'}, "/query/q/term", "invalid_selection"),
            ({"q": '{"range": {"__timestamp": {"gt": "x"}}}'}, "/query/q/range/__timestamp", "invalid_selection"),
            ({"q": '{"script": {}}'}, "/query/q/script", "unsupported_clause"),
            ({"sort": "nowhere"}, "/query/sort", "unknown_field"),
            ({"sort": ""}, "/query/sort", "invalid_input"),
            ({"limit": "0"}, "/query/limit", "invalid_input"),
            ({"limit": "10001"}, "/query/limit", "invalid_input"),
            ({"cursor": "nonsense"}, "/query/cursor", "invalid_input"),
            ({"fields": ",".join(map(str, range(101)))}, "/query/fields", "limit_exceeded"),
        ],
    )
    def test_what_cannot_be_asked_is_told(self, shop: Shop, query: dict[str, str], path: str, reason: str) -> None:
        """With where it stands in the request."""
        answer = find(shop, code=400, **query)

        assert (answer["path"], answer["reason"]) == (path, reason)

    def test_names_may_be_in_any_script(self, shop: Shop) -> None:
        """And are found by the words in them."""
        shop.tables("注文_größe_🦆")
        assert [one["name"] for one in find(shop, q='name.keyword:"注文_größe_🦆"')["assets"]] == ["注文_größe_🦆"]


class TestProducts:
    def test_each_says_why_it_holds_the_asset(self, shop: Shop) -> None:
        """By its selection, by a pin; one that excludes it only where that is asked for."""
        tag = uuid(shop)
        names = {
            f"{tag} one": "type:Table certificate:VERIFIED",
            f"{tag} two": "type:View",
            f"{tag} three": "type:Table",
            f"{tag} four": "name:returns",
        }
        made = {name: shop.product(selection, name) for name, selection in names.items()}
        made[f"{tag} two"].decide("pins", "orders", expiresAt="30d")
        made[f"{tag} three"].decide("exclusions", "orders")

        found = held(shop, f"{SCHEMA}/orders", limit=1000)

        assert found["asset"]["name"] == "orders"
        assert {name: why for name, why in reasons(found).items() if name.startswith(tag)} == {
            f"{tag} one": "selection",
            f"{tag} two": "pin",
        }
        (pinned,) = (one for one in found["data"] if one["product"]["name"] == f"{tag} two")
        assert (pinned["standing"]["decision"], pinned["standing"]["reason"]) == ("pin", "because")
        assert pinned["product"]["dottedName"] == f"Marketing.{tag} two"
        assert pinned["revision"] > 0
        every = reasons(held(shop, f"{SCHEMA}/orders", limit=1000, all="true"))
        assert every[f"{tag} three"] == "exclusion"
        assert f"{tag} four" not in every

    def test_it_is_asked_of_the_asset_as_it_is_now(self, shop: Shop) -> None:
        """The stored membership is told beside, and follows with the next sync."""
        shop.tables("young", certificateStatus="DRAFT")
        one = shop.product("type:Table name:young certificate:VERIFIED")
        ref = f"{SCHEMA}/young"
        assert one.ref not in reasons(held(shop, ref, limit=1000))

        shop.tables("young", certificateStatus="VERIFIED")
        assert mine(held(shop, ref, limit=1000), one.ref)["stored"] is None
        one.sync()
        assert mine(held(shop, ref, limit=1000), one.ref)["stored"] is True

    def test_an_asset_goes_by_guid_and_by_qualified_name(self, shop: Shop) -> None:
        """Whatever is in that, slashes sent as they are among it."""
        shop.tables("größe 🦆/x")
        one = shop.product(f'qualifiedName:"{SCHEMA}/größe 🦆/x"')

        found = held(shop, f"{SCHEMA}/größe 🦆/x")

        assert reasons(found)[one.ref] == "selection"
        assert held(shop, found["asset"]["guid"]) == found
        assert shop.ask("GET", f"{ASSETS}/{SCHEMA}/größe 🦆/x/dataProducts") == found

    def test_fuzzy_terms_are_asked_of_the_index(self, shop: Shop) -> None:
        """Which alone knows what they stand for."""
        near, far = shop.product("name:orderz~1"), shop.product("name:zzzzz~1")

        found = reasons(held(shop, f"{SCHEMA}/orders", limit=1000))

        assert (found[near.ref], far.ref in found) == ("selection", False)

    def test_pages_follow_each_other(self, shop: Shop) -> None:
        """In order of name, each product once, with the total on each."""
        shop.tables("paged")
        made = [shop.product("name:paged", f"Paged {number}").ref for number in (3, 1, 2)]
        names, query = list[str](), dict[str, Any](limit=2)
        while True:
            page = held(shop, f"{SCHEMA}/paged", **query)
            names += [one["product"]["name"] for one in page["data"]]
            if "next" not in page["paging"]:
                break
            query["cursor"] = page["paging"]["next"]

        assert [name for name in names if name in made] == sorted(made)
        assert names == sorted(names)
        assert len(names) == page["total"]
        first = held(shop, f"{SCHEMA}/paged", limit=2)["paging"]["next"]
        assert held(shop, f"{SCHEMA}/orders", cursor=first, code=400)["path"] == "/query/cursor"

    def test_what_is_asked_of_a_domain_or_a_product_is_answered(self, shop: Shop) -> None:
        """They are in the catalog as well, and a selection may hold them."""
        one = shop.product("type:DataDomain")
        assert reasons(held(shop, shop.domain))[one.ref] == "selection"

    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 1_001}, {"all": "perhaps"}, {"cursor": "nonsense"}])
    def test_what_cannot_be_asked_is_told(self, shop: Shop, query: dict[str, Any]) -> None:
        """With where it stands in the request."""
        assert held(shop, f"{SCHEMA}/orders", code=400, **query)["path"] == f"/query/{next(iter(query))}"

    def test_nobody_is_not_found(self, shop: Shop) -> None:
        """In the shape of all errors."""
        assert held(shop, "nobody", code=404)["reason"] == "not_found"


def test_many_products_are_asked_in_a_moment(plain: Shop) -> None:
    """A thousand selections of one asset take far less than a second."""
    selections = [f"type:Table name:part_{number} -tag:t{number % 50}" for number in range(999)]
    entities = [
        {
            "typeName": "DataProduct",
            "guid": str(-number),
            "attributes": {
                "name": f"Bulk {number:04}",
                "qualifiedName": f"Bulk {number:04}",
                "dataDomain": {"typeName": "DataDomain", "guid": plain.domain},
                "dataProductAssetsDSL": plain.ask(
                    "POST", "/api/v1/selections/convert", json={"selection": selection, "to": "dsl"}
                )["text"],
            },
        }
        for number, selection in enumerate([*selections, "name:orders"], start=1)
    ]
    plain.ask("POST", BULK, json={"entities": entities})
    held(plain, f"{SCHEMA}/orders")

    began = time.perf_counter()
    found = held(plain, f"{SCHEMA}/orders")

    assert time.perf_counter() - began < 5  # far more than it takes, for machines that are busy
    assert reasons(found) == {"Bulk 1000": "selection"}


def test_whoever_has_a_token_may_ask(shop: Shop) -> None:
    """And nobody else."""
    with shop.bearing("viewer") as viewer:
        assert find(viewer, q="name:orders")["total"] == 1
        assert held(viewer, f"{SCHEMA}/orders")["asset"]["name"] == "orders"
    with httpx.Client(base_url=shop.served.url) as nobody:
        assert nobody.get(ASSETS).status_code == 401
        assert nobody.get(f"{ASSETS}/{SCHEMA}/orders/dataProducts").status_code == 401


def uuid(shop: Shop) -> str:
    """Return a name that no product begins with."""
    return shop.product("name:nothing").ref


def mine(found: Json, name: str) -> Json:
    """Return what is told of one product."""
    (one,) = (one for one in found["data"] if one["product"]["name"] == name)
    return one
