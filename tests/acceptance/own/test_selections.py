"""Selections that are not stored, over HTTP: previewed, complained about, converted."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.acceptance.own.conftest import SCHEMA, VERIFIED, Shop

Json = Any
SELECTIONS = "/api/v1/selections"
WIRE = {"bool": {"filter": [{"term": {"__typeName.keyword": "Table"}}, {"term": {"certificateStatus": "VERIFIED"}}]}}
RULES = {
    "condition": "AND",
    "isGroupLocked": False,
    "rules": [{"operand": "certificateStatus", "operator": "equals", "value": "VERIFIED"}],
}


def said(shop: Shop, how: str, selection: Json, *, code: int = 200, **more: Json) -> Json:
    """Send a selection."""
    return shop.ask("POST", f"{SELECTIONS}/{how}", json={"selection": selection, **more}, code=code)


def names(assets: Json) -> list[str]:
    """Return assets by name."""
    return [one["name"] for one in assets]


class TestPreview:
    def test_it_says_what_a_selection_would_hold(self, shop: Shop) -> None:
        """How many, which, of what types, what is to be said of it, and what it costs."""
        found = said(shop, "preview", "type:Table certificate:VERIFIED", sort=["-name.keyword"], fields=["ownerUsers"])

        assert (found["english"], found["total"]) == ("Tables, certified VERIFIED", 2)
        assert found["byType"] == {"Table": 2}
        assert names(found["members"]) == ["orders", "customers"]
        assert found["members"][0]["attributes"] == {"ownerUsers": ["ann", "bob"]}
        assert [one["code"] for one in found["complaints"]] == ["cost"]
        assert (found["cost"]["leaves"], found["cost"]["dear"]) == (2, 0)
        assert found["cost"]["postings"] == 3 + 2
        assert (found["next"], found["replaces"]) == (None, None)

    @pytest.mark.parametrize(
        ("selection", "face"),
        [
            (WIRE, None),
            (WIRE, "wire"),
            (json.dumps(WIRE), None),
            ({"query": {"dsl": {"query": WIRE}}, "filterScrubbed": True}, None),
            ({"query": WIRE}, "dsl"),
            (RULES, None),
            (json.dumps(RULES), "rules"),
            ("certificate:VERIFIED", "shorthand"),
        ],
    )
    def test_every_face_is_taken(self, shop: Shop, selection: Json, face: str | None) -> None:
        """As a text and, where it is JSON, as an object."""
        assert {*names(said(shop, "preview", selection, face=face)["members"])} == {"orders", "customers"}

    def test_pages_follow_each_other(self, shop: Shop) -> None:
        """In order; the cursor belongs to the selection and the order."""
        first = said(shop, "preview", "type:Table", limit=2, sort=["name.keyword"])
        rest = said(shop, "preview", "type:Table", limit=2, sort=["name.keyword"], cursor=first["next"])

        assert names(first["members"] + rest["members"]) == ["customers", "orders", "returns"]
        assert (first["total"], rest["total"], rest["next"]) == (3, 3, None)
        for other in ({"selection": "type:View"}, {"selection": "type:Table", "sort": ["-name.keyword"]}):
            asked = {"limit": 2, "sort": ["name.keyword"], "cursor": first["next"], **other}
            answer = shop.ask("POST", f"{SELECTIONS}/preview", json=asked, code=400)
            assert (answer["path"], answer["message"][:41]) == (
                "/cursor",
                "the cursor belongs to another question: k"[:41],
            )

    def test_complaints_are_all_of_them(self, shop: Shop) -> None:
        """A field that nothing has is an error among them; the answer is there all the same."""
        found = said(shop, "preview", "type:Tabel certificateState:VERIFIED")

        assert found["total"] == 0
        told = {one["code"]: (one["severity"], one["path"]) for one in found["complaints"]}
        assert told["unknown_field"] == ("error", "/bool/filter/1")
        assert told["no_such_value"] == ("warning", "/bool/filter/0")
        (hint,) = (one["hint"] for one in found["complaints"] if one["code"] == "no_such_value")
        assert hint == "did you mean `Table`?"

    def test_what_was_written_a_moment_ago_is_found(self, shop: Shop) -> None:
        """Without waiting."""
        shop.tables("größe_🦆", certificateStatus="DEPRECATED")
        assert names(said(shop, "preview", "name:größe_🦆")["members"]) == ["größe_🦆"]
        shop.remove("größe_🦆")
        assert said(shop, "preview", "name:größe_🦆")["total"] == 0


class TestReplacing:
    def test_it_says_who_would_join_and_who_would_leave(self, shop: Shop) -> None:
        """Counted in full, shown as far as the page goes, in its order; the product stays as it is."""
        one = shop.product()

        found = said(shop, "preview", "type:Table -name:orders", replaces=f"Marketing.{one.ref}", limit=1)["replaces"]

        assert found["product"] == one.ref
        assert (found["joins"]["total"], names(found["joins"]["assets"])) == (1, ["returns"])
        assert (found["leaves"]["total"], names(found["leaves"]["assets"])) == (1, ["orders"])
        assert one.names() == ["customers", "orders"]
        same = said(shop, "preview", VERIFIED, replaces=one.guid)["replaces"]
        nobody, none = {"total": 0, "assets": []}, {"total": 0, "data": []}
        assert same == {
            "product": one.ref,
            "joins": nobody,
            "leaves": nobody,
            "touches": {"ports": none, "products": none},
        }

    def test_it_says_whom_that_concerns(self, shop: Shop) -> None:
        """Ports of the product and of those that are fed from it, and others that hold what moves; not what stays."""
        one, fed, alike, apart = (
            shop.product(),
            shop.product("type:View"),
            shop.product(),
            shop.product("name:customers"),
        )
        orders, customers = (
            shop.ask("GET", f"/api/v1/assets?q=name:{name}")["assets"][0] for name in ("orders", "customers")
        )
        for product, port, asset in (
            (one, "outputPorts", orders),
            (fed, "inputPorts", orders),
            (apart, "inputPorts", customers),
        ):
            named = [{"id": asset["guid"], "type": "table"}]
            shop.ask("PUT", f"/api/v1/dataProducts/{product.guid}/{port}/add", json={"assets": named})
        for product in (alike, apart):
            product.sync()

        found = said(shop, "preview", "type:Table -name:orders", replaces=one.guid, limit=1000)["replaces"]["touches"]

        mine = {product.guid for product in (one, fed, alike, apart)}
        told = [
            (each["product"]["guid"], each.get("port"), each["joins"], each["leaves"])
            for each in found["ports"]["data"] + found["products"]["data"]
            if each["product"]["guid"] in mine
        ]
        assert sorted(told, key=str) == sorted(
            [(one.guid, "outputPorts", 0, 1), (fed.guid, "inputPorts", 0, 1), (alike.guid, None, 0, 1)], key=str
        )
        first = said(shop, "preview", "type:Table -name:orders", replaces=one.guid, limit=1)["replaces"]["touches"]
        assert first["ports"] == {"total": found["ports"]["total"], "data": found["ports"]["data"][:1]}

    def test_pins_and_exclusions_count_on_both_sides(self, shop: Shop) -> None:
        """A pinned asset does not leave, an excluded one does not join."""
        one = shop.product()
        one.decide("pins", "orders")
        one.decide("exclusions", "returns")

        found = said(shop, "preview", "type:Table -certificate:VERIFIED", replaces=one.ref)["replaces"]

        assert (found["joins"]["total"], names(found["leaves"]["assets"])) == (0, ["customers"])

    def test_it_tells_what_the_change_then_does(self, shop: Shop) -> None:
        """The next membership is the one that was foretold."""
        one = shop.product()
        selection = "type:Table name:*r*"
        found = said(shop, "preview", selection, replaces=one.ref)["replaces"]
        before = {*one.names()}

        one.ask("PUT", "/selection", content=selection, headers={"content-type": "text/plain"})

        after = {*one.names()}
        assert {*names(found["joins"]["assets"])} == after - before
        assert {*names(found["leaves"]["assets"])} == before - after

    def test_nobody_is_not_found(self, shop: Shop) -> None:
        """At its place in the request."""
        answer = said(shop, "preview", "*", replaces="nobody", code=404)
        assert (answer["reason"], answer["path"]) == ("not_found", "/replaces")


@pytest.mark.parametrize("how", ["preview", "check", "convert"])
@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"selection": "type:("}, "/selection"),
        ({"selection": ""}, "/selection"),
        ({"selection": {"bool": {"filter": [{"term": {}}]}}}, "/selection/bool/filter/0/term"),
        ({"selection": {"script": {"source": "x"}}}, "/selection/script"),
        ({"selection": {"condition": "XOR", "rules": []}}, "/selection/condition"),
        ({"selection": {"query": {}}}, "/selection/query"),
        ({"selection": "*", "face": "latin"}, "/face"),
        ({"selection": 3}, "/selection"),
        ({"selection": "*", "slection": "x"}, "/slection"),
        ({"selection": {"terms": {"name.keyword": ["x" * 100] * 20_000}}}, "/selection"),
        ({"selection": json.loads('{"bool":{"must_not":' * 40 + '{"match_all":{}}' + "}}" * 40)}, "/selection"),
        ({}, "/selection"),
        ([], ""),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(shop: Shop, how: str, body: Json, path: str) -> None:
    """The same of every route: a pointer into the request, and what to do about it."""
    answer = shop.ask("POST", f"{SELECTIONS}/{how}", json=body, code=400)

    assert answer["path"].startswith(path)
    assert answer["message"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"selection": {"range": {"__timestamp": {"gte": "rubbish"}}}}, "/selection/range/__timestamp"),
        ({"selection": {"bool": {"should": [{"term": {"popularityScore": "x"}}]}}}, "/selection/bool/should/0/term"),
        ({"selection": "*", "sort": ["nowhere"]}, "/sort"),
        ({"selection": "*", "sort": ["description"]}, "/sort"),
        ({"selection": "*", "sort": ["-"]}, "/sort/0"),
        ({"selection": "*", "sort": ["name.keyword"] * 11}, "/sort"),
        ({"selection": "*", "cursor": "nonsense"}, "/cursor"),
        ({"selection": "*", "limit": 0}, "/limit"),
        ({"selection": "*", "limit": 10_001}, "/limit"),
        ({"selection": "*", "limit": "1"}, "/limit"),
        ({"selection": "*", "fields": ["x"] * 101}, "/fields"),
        ({"selection": "*", "replaces": ""}, "/replaces"),
    ],
)
def test_what_cannot_be_previewed_is_told_with_its_place(shop: Shop, body: Json, path: str) -> None:
    """A selection that cannot run, an order that there is none of, a page that cannot be."""
    assert shop.ask("POST", f"{SELECTIONS}/preview", json=body, code=400)["path"].startswith(path)


class TestCheck:
    def test_a_sound_selection_runs(self, shop: Shop) -> None:
        """With what it costs, and in words."""
        found = said(shop, "check", "type:Table certificate:VERIFIED")

        assert (found["runs"], found["english"]) == (True, "Tables, certified VERIFIED")
        assert [(one["severity"], one["code"]) for one in found["complaints"]] == [("note", "cost")]

    @pytest.mark.parametrize(
        ("selection", "code"),
        [
            ("certificateState:VERIFIED", "unknown_field"),
            ({"range": {"__timestamp": {"gte": "rubbish"}}}, "invalid_selection"),
            ({"nested": {"path": "nowhere", "query": {"match_all": {}}}}, "invalid_selection"),
        ],
    )
    def test_an_error_stops_it(self, shop: Shop, selection: Json, code: str) -> None:
        """That is the answer, not a refusal: everything else there is to say comes with it."""
        found = said(shop, "check", selection)

        assert found["runs"] is False
        assert (found["complaints"][0]["severity"], found["complaints"][0]["code"]) == ("error", code)

    def test_warnings_do_not_stop_it(self, shop: Shop) -> None:
        """They say what is likely not meant."""
        optional = {"bool": {"filter": [{"term": {"__typeName.keyword": "Table"}}], "should": [{"match_all": {}}]}}
        found = said(shop, "check", optional)

        assert found["runs"] is True
        assert {one["code"] for one in found["complaints"]} >= {"optional_should", "cost"}


class TestConvert:
    def test_all_faces_are_told_side_by_side(self, plain: Shop) -> None:
        """With the one that it was read in; each that is an object as one."""
        found = said(plain, "convert", "type:Table certificate:VERIFIED")

        assert found["face"] == "shorthand"
        assert found["faces"]["wire"] == WIRE
        assert found["faces"]["shorthand"] == "type:Table certificate:VERIFIED"
        assert found["faces"]["english"] == "Tables, certified VERIFIED"
        assert found["faces"]["rules"]["condition"] == "AND"
        assert json.loads(found["faces"]["dsl"])["filterScrubbed"] is True
        assert found["reasons"] == {}

    @pytest.mark.parametrize("to", ["wire", "dsl", "shorthand", "rules", "builder"])
    @pytest.mark.parametrize(
        "selection",
        ["type:Table -tag:größe🦆", WIRE, {"span_near": {"clauses": [{"span_term": {"name": "a"}}], "slop": 1}}],
    )
    def test_one_face_is_told_as_text(self, plain: Shop, selection: Json, to: str) -> None:
        """That says the same when it is read back."""
        found = said(plain, "convert", selection, to=to)
        back = said(plain, "convert", found["text"], face=to)

        assert found["face"] == to
        again = said(plain, "convert", said(plain, "convert", back["faces"]["wire"], to=to)["text"], face=to)
        assert again["faces"]["wire"] == back["faces"]["wire"]

    def test_english_is_told_and_not_read(self, plain: Shop) -> None:
        """People read it."""
        assert said(plain, "convert", VERIFIED, to="english")["text"].startswith("Active tables")
        assert said(plain, "convert", "x", face="english", code=400)["path"] == "/face"
        assert said(plain, "convert", "x", to="latin", code=400)["path"] == "/to"

    def test_large_selections_are_told_in_every_face(self, plain: Shop) -> None:
        """As long as they are within the limits."""
        many = {"bool": {"should": [{"prefix": {"name.keyword": f"{number}"}} for number in range(1_000)]}}
        found = said(plain, "convert", many)

        assert found["faces"]["wire"] == many
        assert all(found["faces"].values())


def test_objects_of_examples_are_real(plain: Shop) -> None:
    """What the description shows as a body can be sent, and is answered."""
    paths = plain.ask("GET", "/openapi/muster.json")["paths"]
    for how in ("preview", "check", "convert"):
        schema = paths[f"{SELECTIONS}/{how}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        body = {name: one["examples"][0] for name, one in schema["properties"].items() if one.get("examples")}
        assert "selection" in body
        assert plain.ask("POST", f"{SELECTIONS}/{how}", json=body)


def test_whoever_has_a_token_may_ask(shop: Shop) -> None:
    """And nobody else: nothing is written."""
    with shop.bearing("viewer") as viewer:
        assert said(viewer, "preview", f'qualifiedName:"{SCHEMA}/orders"')["total"] == 1
    with httpx.Client(base_url=shop.served.url) as nobody:
        for how in ("preview", "check", "convert"):
            assert nobody.post(f"{SELECTIONS}/{how}", json={"selection": "*"}).status_code == 401
