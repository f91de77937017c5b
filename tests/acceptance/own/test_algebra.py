"""The members of several products together, over HTTP."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from tests.acceptance.own.conftest import Product, Shop, guids

Json = Any
MEMBERS = "/api/v1/members"


@dataclass
class Products:
    """Products of a shop whose members overlap."""

    shop: Shop
    tables: Product
    verified: Product
    named: Product

    def read(self, *, code: int = 200, **query: Any) -> Json:
        """Read members; `also` and `without` stand for `and` and `not`."""
        return self.shop.ask("GET", MEMBERS, params=self.query(query), code=code)

    def count(self, **query: Any) -> Json:
        """Count members."""
        return self.shop.ask("GET", f"{MEMBERS}/count", params=self.query(query))

    def names(self, **query: Any) -> list[str]:
        """Return members by name."""
        return sorted(one["name"] for one in self.read(**query)["members"])

    @staticmethod
    def query(said: dict[str, Any]) -> dict[str, Any]:
        """Return a query in the words of the service."""
        return {{"also": "and", "without": "not"}.get(name, name): value for name, value in said.items()}


@pytest.fixture(scope="module")
def products(shop: Shop) -> Products:
    """All tables, those that are verified, those that begin with an r or an o."""
    return Products(
        shop,
        shop.product("type:Table", "Tables"),
        shop.product("type:Table certificate:VERIFIED", "Verified 注文"),
        shop.product("type:Table (name.keyword:r* OR name.keyword:o*)", "With.dot"),
    )


class TestAlgebra:
    def test_members_are_combined_as_sets(self, products: Products) -> None:
        """Of any in `of`, of each in `and`, of none in `not`; products go by every name."""
        verified, named = "Verified 注文", 'Marketing."With.dot"'

        assert products.names(of="Tables") == ["customers", "orders", "returns"]
        assert products.names(of=[verified, products.named.guid]) == ["customers", "orders", "returns"]
        assert products.names(of="Tables", also=named) == ["orders", "returns"]
        assert products.names(of="Tables", also=[named, verified]) == ["orders"]
        assert products.names(of="Tables", also=named, without=verified) == ["returns"]
        assert products.names(of=["Tables", verified], without=["Tables"]) == []

    def test_the_answer_says_what_it_stands_on(self, products: Products) -> None:
        """Product by product, as what each was named, in the order in which they were."""
        products.verified.sync()
        found = products.read(of="Tables", also="Verified 注文", without="With.dot", maxAge="1h")

        told = [(one["role"], one["product"]["dottedName"], one["source"]) for one in found["products"]]
        assert told == [
            ("of", "Marketing.Tables", "live"),
            ("and", "Marketing.Verified 注文", "stored"),
            ("not", 'Marketing."With.dot"', "live"),
        ]
        assert found["products"][1]["generation"] == 1
        assert (found["total"], [one["name"] for one in found["members"]]) == (1, ["customers"])

    def test_stored_memberships_stay_behind(self, products: Products) -> None:
        """Where all are read as stored, the index is not asked."""
        products.tables.sync()
        products.named.sync()
        products.shop.tables("rare")
        try:
            query = {"of": "Tables", "also": "With.dot"}
            assert products.names(**query, mode="stored") == ["orders", "returns"]
            assert products.names(**query, mode="live") == ["orders", "rare", "returns"]
            assert products.count(**query, mode="stored")["byType"] == {"Table": 2}
        finally:
            products.shop.remove("rare")

    def test_pins_and_exclusions_count(self, products: Products) -> None:
        """As they do for each product."""
        other = products.shop.product("name:nobody", "Pinned")
        other.decide("pins", "orders", "returns")
        other.decide("exclusions", "returns")

        assert products.names(of="Tables", also="Pinned") == ["orders"]
        assert products.names(of="Tables", without="Pinned") == ["customers", "returns"]

    def test_pages_follow_each_other(self, products: Products) -> None:
        """In order, with what is asked for of each; the cursor belongs to the question."""
        query = {
            "of": ["Verified 注文", "With.dot"],
            "sort": "-name.keyword",
            "fields": "certificateStatus",
            "limit": 2,
        }
        first = products.read(**query)
        rest = products.read(**query, cursor=first["next"])

        assert [one["name"] for one in first["members"] + rest["members"]] == ["returns", "orders", "customers"]
        assert (first["total"], rest["total"], rest["next"]) == (3, 3, None)
        assert first["members"][0]["attributes"] == {"certificateStatus": "DRAFT"}
        other = query | {"of": ["With.dot"]}
        assert products.read(**other, cursor=first["next"], code=400)["path"] == "/query/cursor"

    def test_members_are_counted(self, products: Products) -> None:
        """In all and by type, with what that stands on."""
        found = products.count(of="Tables", without="Verified 注文")

        assert (found["total"], found["byType"]) == (1, {"Table": 1})
        assert [one["role"] for one in found["products"]] == ["of", "not"]


@pytest.mark.parametrize("how", ["ndjson", "csv", "parquet"])
def test_every_member_is_in_the_stream(products: Products, how: str) -> None:
    """In the order in which they came to the catalog, as of one product."""
    query = {"of": ["Verified 注文", "With.dot"], "format": how, "fields": "certificateStatus"}
    answer = products.shop.http.get(MEMBERS, params=query)

    read = {
        "ndjson": lambda: [json.loads(line) for line in answer.content.splitlines()],
        "csv": lambda: list(csv.DictReader(io.StringIO(answer.text, newline=""))),
        "parquet": lambda: pq.read_table(io.BytesIO(answer.content)).to_pylist(),
    }
    rows = read[how]()
    assert [row["guid"] for row in rows] == guids(products.read(of=query["of"])["members"])
    assert {row["certificateStatus"] for row in rows} == {"VERIFIED", "DRAFT"}
    assert answer.headers["x-muster-total"] == "3"
    assert f'filename="members.{how}"' in answer.headers["content-disposition"]
    assert "x-muster-source" not in answer.headers


@pytest.mark.parametrize(
    ("query", "path", "code"),
    [
        ({}, "/query/of", 400),
        ({"and": "Tables"}, "/query/of", 400),
        ({"of": "nobody"}, "/query/of", 404),
        ({"of": "Tables", "and": "nobody"}, "/query/and", 404),
        ({"of": "Tables", "not": "nobody"}, "/query/not", 404),
        ({"of": ["Tables"] * 101}, "/query/of", 400),
        ({"of": ["Tables"] * 60, "not": ["Tables"] * 41}, "/query", 400),
        ({"of": "Tables", "cursor": "nonsense"}, "/query/cursor", 400),
        ({"of": "Tables", "sort": "nowhere"}, "/query/sort", 400),
        ({"of": "Tables", "limit": 0}, "/query/limit", 400),
        ({"of": "Tables", "mode": "stored", "maxAge": "1h"}, "/query/maxAge", 400),
        ({"of": "Tables", "format": "csv", "sort": "name.keyword"}, "/query/sort", 400),
    ],
)
def test_what_cannot_be_asked_is_told(products: Products, query: dict[str, Any], path: str, code: int) -> None:
    """With where it stands in the request."""
    assert products.shop.ask("GET", MEMBERS, params=query, code=code)["path"] == path


def test_what_was_never_synced_has_no_stored_membership(products: Products) -> None:
    """That is told of the product that has none."""
    fresh = products.shop.product(name="Fresh")
    answer = products.read(of="Tables", also=fresh.ref, mode="stored", code=404)
    assert "no stored membership" in answer["message"]


def test_whoever_has_a_token_may_ask(products: Products) -> None:
    """And nobody else."""
    with products.shop.bearing("viewer") as viewer:
        assert viewer.ask("GET", f"{MEMBERS}/count", params={"of": "Tables"})["total"] == 3
    with httpx.Client(base_url=products.shop.served.url) as nobody:
        assert nobody.get(MEMBERS, params={"of": "Tables"}).status_code == 401
        assert nobody.get(f"{MEMBERS}/count", params={"of": "Tables"}).status_code == 401
