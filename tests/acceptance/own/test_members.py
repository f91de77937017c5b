"""Members of a product over HTTP: pages, whole streams, counts, explanations."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from tests.acceptance.own.conftest import PRODUCTS, SCHEMA, Product, Shop, guids

MANY = 2_345
"""More than a batch, and no whole number of batches."""


def of_ndjson(told: bytes) -> list[dict[str, Any]]:
    """Read a stream of NDJSON."""
    return [json.loads(line) for line in told.splitlines()]


def of_csv(told: bytes) -> list[dict[str, Any]]:
    """Read CSV."""
    return [
        {**row, "ownerUsers": json.loads(row["ownerUsers"])}
        for row in csv.DictReader(io.StringIO(told.decode(), newline=""))
    ]


def of_parquet(told: bytes) -> list[dict[str, Any]]:
    """Read a Parquet file."""
    rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(told)).to_pylist()
    return rows


READERS: dict[str, tuple[str, Callable[[bytes], list[dict[str, Any]]]]] = {
    "ndjson": ("application/x-ndjson", of_ndjson),
    "csv": ("text/csv", of_csv),
    "parquet": ("application/vnd.apache.parquet", of_parquet),
}


@pytest.fixture(scope="module")
def verified(shop: Shop) -> Product:
    """A product of the tables that are verified."""
    return shop.product()


@pytest.fixture(scope="module")
def large(shop: Shop) -> Product:
    """A product of many tables, synced."""
    shop.tables(
        *(f"part_{number:05d}" for number in range(MANY)), certificateStatus="DEPRECATED", ownerUsers=["é", "x"]
    )
    made = shop.product("type:Table certificate:DEPRECATED")
    made.sync()
    return made


class TestPages:
    def test_members_are_those_of_now(self, shop: Shop, verified: Product) -> None:
        """Found by the next request after a change, with what was asked for of each."""
        found = verified.get("/members", sort="name.keyword", fields="certificateStatus,ownerUsers,nothing")

        assert (found["total"], found["source"], found["next"]) == (2, "live", None)
        assert [one["name"] for one in found["members"]] == ["customers", "orders"]
        told = {"certificateStatus": "VERIFIED", "ownerUsers": ["ann", "bob"]}
        assert [one["attributes"] for one in found["members"]] == [told] * 2
        shop.tables("late", certificateStatus="VERIFIED")
        assert "late" in verified.names()
        shop.remove("late")
        assert "late" not in verified.names()

    def test_stored_members_are_those_of_the_last_sync(self, shop: Shop) -> None:
        """With how old that is; before the first there are none to tell."""
        one = shop.product()
        assert "no stored membership" in one.get("/members", mode="stored", code=404)["message"]

        run = one.sync()
        one.decide("exclusions", "orders")

        stored = one.get("/members", mode="stored")
        assert (stored["source"], stored["run"], stored["total"]) == ("stored", run["run"], run["total"])
        assert "orders" in {member["name"] for member in stored["members"]}
        assert "orders" not in one.names()
        assert one.get("/members", maxAge="1h")["source"] == "stored"
        assert one.get("/members", maxAge="0s")["source"] == "live"

    @pytest.mark.parametrize("mode", ["live", "stored"])
    @pytest.mark.parametrize("sort", [[], ["-name.keyword"], ["certificateStatus", "name.keyword"]])
    def test_pages_are_the_whole(self, large: Product, mode: str, sort: list[str]) -> None:
        """Each member once, in order, whatever the order is."""
        found, query = list[Any](), {"mode": mode, "limit": 500, "sort": sort}
        page = large.get("/members", **query)
        while found.extend(page["members"]) or page["next"]:
            page = large.get("/members", cursor=page["next"], **query)

        assert len(found) == len({*guids(found)}) == page["total"] == MANY
        if sort:
            names = [one["name"] for one in found]
            assert names == sorted(names, reverse=sort[0].startswith("-"))

    @pytest.mark.parametrize(
        ("query", "path"),
        [
            ({"limit": 0}, "/query/limit"),
            ({"limit": 10_001}, "/query/limit"),
            ({"mode": "yesterday"}, "/query/mode"),
            ({"mode": "live", "maxAge": "1h"}, "/query/maxAge"),
            ({"maxAge": "soon"}, "/query/maxAge"),
            ({"maxAge": "99999999999999d"}, "/query/maxAge"),
            ({"cursor": "nonsense"}, "/query/cursor"),
            ({"sort": "nonsense"}, "/query/sort"),
            ({"sort": "-"}, "/query/sort"),
            ({"fields": ",".join(f"f{number}" for number in range(101))}, "/query/fields"),
            ({"format": "xml"}, "/query/format"),
            ({"format": "csv", "limit": 5}, "/query/limit"),
            ({"format": "ndjson", "cursor": "x"}, "/query/cursor"),
            ({"format": "parquet", "sort": "name"}, "/query/sort"),
        ],
    )
    def test_what_cannot_be_asked_is_told(self, verified: Product, query: dict[str, Any], path: str) -> None:
        """With where it stands in the request."""
        assert verified.get("/members", code=400, **query)["path"] == path


class TestStreams:
    @pytest.mark.parametrize("how", READERS)
    @pytest.mark.parametrize("mode", ["live", "stored"])
    def test_every_member_is_there(self, shop: Shop, large: Product, how: str, mode: str) -> None:
        """In the order in which they came to the catalog, by `format` as by `Accept`, with what they stand on."""
        media, read = READERS[how]
        query = {"mode": mode, "fields": "ownerUsers,certificateStatus,nothing"}
        answers = [
            shop.http.get(f"{large.path}/members", params={**query, "format": how}),
            shop.http.get(f"{large.path}/members", params=query, headers={"accept": media}),
        ]
        page = large.get("/members", mode="stored", limit=10_000, fields="ownerUsers")

        for answer in answers:
            assert answer.status_code == 200
            assert answer.headers["content-type"].split(";")[0] == media
            assert answer.headers["x-muster-source"] == mode
            assert answer.headers["x-muster-total"] == str(MANY)
            assert ("x-muster-generation" in answer.headers) is (mode == "stored")
            rows = read(answer.content)
            assert [row["guid"] for row in rows] == guids(page["members"])
            first = {**page["members"][0], "certificateStatus": "DEPRECATED", "nothing": None}
            first |= first.pop("attributes")
            assert {**rows[0], "nothing": rows[0]["nothing"] or None} == first

    def test_a_file_is_called_by_its_product(self, shop: Shop) -> None:
        """Whatever that is called."""
        one = shop.product(name="Größe / 注文")
        said = shop.http.get(f"{one.path}/members", params={"format": "csv"}).headers["content-disposition"]

        assert (
            said
            == "attachment; filename=\"Gr__e _ __.csv\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20_%20%E6%B3%A8%E6%96%87.csv"
        )

    @pytest.mark.parametrize("how", READERS)
    def test_a_product_without_members_has_a_stream_too(self, shop: Shop, how: str) -> None:
        """Of no rows."""
        one = shop.product("name.keyword:nobody")
        answer = shop.http.get(f"{one.path}/members", params={"format": how, "fields": "ownerUsers"})

        assert (answer.status_code, answer.headers["x-muster-total"]) == (200, "0")
        assert READERS[how][1](answer.content) == []

    def test_a_member_that_was_purged_is_still_in_the_stored_membership(self, shop: Shop) -> None:
        """With its last words: there are as many rows as the membership has members."""
        shop.tables("gone", certificateStatus="VERIFIED")
        one = shop.product()
        total = one.sync()["total"]
        shop.remove("gone")

        answer = shop.http.get(f"{one.path}/members", params={"format": "ndjson", "mode": "stored"})

        rows = {row["name"]: row for row in of_ndjson(answer.content)}
        assert len(rows) == total == int(answer.headers["x-muster-total"])
        assert (rows["gone"]["status"], rows["gone"]["qualifiedName"]) == ("PURGED", f"{SCHEMA}/gone")

    def test_what_fails_before_the_first_row_is_an_error(self, shop: Shop) -> None:
        """In the shape of all errors."""
        answer = shop.http.get(f"{PRODUCTS}/nobody/members", params={"format": "csv"})

        assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")


class TestCount:
    def test_members_are_counted_by_type(self, shop: Shop) -> None:
        """Now and as stored, in the same shape."""
        shop.save("View", "counted_view", certificateStatus="VERIFIED")
        shop.tables("counted_one", "counted_two")
        one = shop.product("name.keyword:counted*")
        one.sync()

        for mode in ("live", "stored"):
            found = one.get("/members/count", mode=mode)
            assert (found["total"], found["byType"], found["source"]) == (3, {"Table": 2, "View": 1}, mode)


class TestExplain:
    def test_an_asset_is_explained_by_guid_and_by_qualified_name(self, verified: Product) -> None:
        """Clause by clause, with the values seen."""
        found = verified.get(f"/explain/{SCHEMA}/returns")

        assert (found["member"], found["selected"], found["standing"]) == (False, False, None)
        seen = {one["path"]: (one["matched"], one["seen"]) for one in found["clauses"]["clauses"]}
        assert (False, ["DRAFT"]) in seen.values()
        assert verified.get(f"/explain/{found['asset']['guid']}") == found

    @pytest.mark.parametrize("name", ["members", "pins", "explain", "runs", "selection"])
    def test_an_asset_may_be_called_as_a_resource(self, shop: Shop, verified: Product, name: str) -> None:
        """What ends a path is part of the asset's name."""
        shop.save("Table", f"{name}/{name}", qualifiedName=f"{SCHEMA}/{name}/{name}")

        assert verified.get(f"/explain/{SCHEMA}/{name}/{name}")["asset"]["name"] == f"{name}/{name}"

    def test_what_stands_by_hand_counts(self, shop: Shop) -> None:
        """And is told."""
        one = shop.product()
        one.decide("pins", "returns")

        found = one.get(f"/explain/{SCHEMA}/returns")

        assert (found["member"], found["selected"], found["standing"]["decision"]) == (True, False, "pin")

    def test_nobody_is_not_found(self, verified: Product) -> None:
        """Neither the asset nor the product."""
        assert verified.get("/explain/nobody", code=404)["reason"] == "not_found"
        assert verified.shop.ask("GET", f"{PRODUCTS}/nobody/explain/x", code=404)["reason"] == "not_found"


@pytest.mark.parametrize("name", ["Größe / 注文 🦆", 'with "quotes"', "a.b", "50% + x & y=z", "members", "x/pins/y"])
def test_a_product_goes_by_every_name(shop: Shop, name: str) -> None:
    """Guid, qualified name, dotted name and name, whatever is in it."""
    one = shop.product(name=name)
    quoted = '"' + name.replace('"', '""') + '"' if {".", '"'} & {*name} else name
    full = shop.ask("GET", f"/api/meta/entity/guid/{one.guid}")["entity"]["attributes"]["qualifiedName"]

    for ref in (one.guid, full, f"Marketing.{quoted}", name):
        assert Product(shop, one.guid, ref).get("/members")["product"] == name


def test_slashes_may_be_sent_as_they_are(shop: Shop) -> None:
    """As well as percent-encoded."""
    shop.product(name="One/two/three")

    assert shop.ask("GET", f"{PRODUCTS}/One/two/three/members")["product"] == "One/two/three"


def test_whoever_has_a_token_may_read(shop: Shop, verified: Product) -> None:
    """And nobody else."""
    with shop.bearing("viewer") as viewer:
        assert Product(viewer, verified.guid, verified.ref).get("/members/count")["total"]
    with httpx.Client(base_url=shop.served.url) as nobody:
        assert nobody.get(f"{verified.path}/members").status_code == 401
