"""The selection of a product over HTTP: read in all forms, replaced on condition."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.acceptance.own.conftest import SCHEMA, VERIFIED, Product, Shop

WIRE = {"bool": {"filter": [{"term": {"__typeName.keyword": "Table"}}, {"term": {"certificateStatus": "DRAFT"}}]}}
RULES = {
    "condition": "AND",
    "isGroupLocked": False,
    "rules": [
        {"filter": {"filterType": "certificateStatus", "operator": "equals", "operand": "x", "value": ["DRAFT"]}}
    ],
}


def put(one: Product, *, code: int = 200, **how: Any) -> Any:
    """Give a product another selection."""
    return one.ask("PUT", "/selection", code=code, **how)


def test_a_selection_is_told_in_every_form(shop: Shop) -> None:
    """As it was written, and as others read it; with its revision, who made it and when."""
    one = shop.product()
    answer = shop.http.get(f"{one.path}/selection")
    found = answer.json()

    assert answer.headers["etag"] == f'"{found["revision"]}"'
    assert (found["text"], found["face"], found["shorthand"]) == (VERIFIED, "shorthand", VERIFIED)
    assert found["english"] == "Active tables, certified VERIFIED"
    assert found["wire"]["bool"]["filter"][1] == {"term": {"certificateStatus": "VERIFIED"}}
    assert "VERIFIED" in json.dumps(json.loads(found["dataProductAssetsDSL"])["query"]["dsl"]["query"])
    assert found["by"] == "admin"


@pytest.mark.parametrize(
    ("how", "face", "text"),
    [
        ({"json": {"selection": "certificate:DRAFT"}}, "shorthand", "certificate:DRAFT"),
        ({"json": {"selection": WIRE}}, "wire", None),
        ({"json": {"selection": json.dumps(WIRE), "face": "wire"}}, "wire", json.dumps(WIRE)),
        ({"json": WIRE}, "wire", None),
        ({"content": f" {json.dumps(WIRE, indent=1)} "}, "wire", f" {json.dumps(WIRE, indent=1)} "),
        (
            {"content": "name.keyword:übrig", "headers": {"content-type": "text/plain; charset=utf-8"}},
            "shorthand",
            "name.keyword:übrig",
        ),
        ({"content": json.dumps(WIRE), "headers": {"content-type": "text/plain"}}, "wire", json.dumps(WIRE)),
    ],
)
def test_a_selection_is_taken_in_every_form(shop: Shop, how: Any, face: str, text: str | None) -> None:
    """In an object, as one, or as a text; kept as it came, and what it finds is found by the next request."""
    one = shop.product()
    found = put(one, **how)

    assert found["face"] == face
    assert text is None or found["text"] == text
    assert {complaint["severity"] for complaint in found["complaints"]} <= {"warning", "note"}
    assert found == {**one.get("/selection"), "complaints": found["complaints"]}
    assert one.names() == ([] if "name" in found["text"] else ["returns"])


def test_atlan_clients_see_the_same(shop: Shop) -> None:
    """What they read of a product follows, and what they write is what is told here."""
    one = shop.product()
    found = put(one, json=WIRE)
    entity = shop.ask("GET", f"/api/meta/entity/guid/{one.guid}")["entity"]
    assert entity["attributes"]["dataProductAssetsDSL"] == found["dataProductAssetsDSL"]

    dsl = one.shop.product().get("/selection")["dataProductAssetsDSL"]
    change = {"typeName": "DataProduct", "guid": one.guid, "attributes": {"dataProductAssetsDSL": dsl}}
    shop.ask("POST", "/api/meta/entity/bulk", json={"entities": [change]})
    told = one.get("/selection")
    assert (told["revision"], told["face"], told["text"]) == (found["revision"] + 1, "dsl", dsl)


def test_the_same_again_makes_no_revision(plain: Shop) -> None:
    """Another text does, whatever it means."""
    one = plain.product("type:Table")
    revision = one.get("/selection")["revision"]

    assert put(one, json={"selection": "type:Table"})["revision"] == revision
    assert put(one, json={"selection": "type:Table "})["revision"] == revision + 1


def test_revisions_are_listed_page_by_page(plain: Shop) -> None:
    """Newest first."""
    one = plain.product("type:Table")
    for number in range(4):
        put(one, json={"selection": f"type:Table name.keyword:n{number}"})

    found, page = list[Any](), one.get("/selection/revisions", limit=2)
    while found.extend(page["data"]) or "before" in page["paging"]:
        page = one.get("/selection/revisions", limit=2, before=page["paging"]["before"])
    assert [edit["text"] for edit in found[:-1]] == [
        *(f"type:Table name.keyword:n{n}" for n in (3, 2, 1, 0)),
        "type:Table",
    ]
    assert [edit["revision"] for edit in found] == list(range(len(found), 0, -1))


class TestCondition:
    @pytest.mark.parametrize("said", ['"{}"', "{}", 'W/"{}"', "*"])
    def test_who_has_read_the_current_revision_may_change_it(self, plain: Shop, said: str) -> None:
        """As the tag says it, or the number alone."""
        one = plain.product()
        revision = one.get("/selection")["revision"]

        found = put(one, json=WIRE, headers={"If-Match": said.format(revision)})

        assert found["revision"] == revision + 1

    def test_who_has_not_may_not(self, plain: Shop) -> None:
        """Nothing is stored."""
        one = plain.product()
        before = one.get("/selection")

        refused = put(one, json=WIRE, headers={"If-Match": f'"{before["revision"] - 1}"'}, code=412)

        assert (refused["reason"], refused["errorType"]) == ("stale", "PRECONDITION_FAILED")
        assert one.get("/selection") == before

    @pytest.mark.parametrize("said", ["", "first", '"1', '"1", "2"', "-1", '"0"', '"99999999999999999999"'])
    def test_what_names_no_revision_is_refused(self, plain: Shop, said: str) -> None:
        """So that nobody believes to be safe."""
        assert put(plain.product(), json=WIRE, headers={"If-Match": said}, code=400)["path"] == "/header/If-Match"

    def test_of_many_who_read_the_same_one_changes_it(self, shop: Shop) -> None:
        """However close together they come, and whatever else happens to the product."""
        one = shop.product()
        revision = one.get("/selection")["revision"]

        def change(number: int) -> int:
            if number % 4 == 0:
                return shop.http.post(
                    f"{one.path}/pins", json={"assets": [f"{SCHEMA}/orders"], "reason": "r"}
                ).status_code
            body = {"selection": f"name.keyword:n{number}"}
            return shop.http.put(f"{one.path}/selection", json=body, headers={"If-Match": f'"{revision}"'}).status_code

        with ThreadPoolExecutor(8) as pool:
            codes = sorted(pool.map(change, range(16)))

        assert codes == [200] * 5 + [412] * 11
        assert one.get("/selection")["revision"] == revision + 1


@pytest.mark.parametrize(
    ("how", "path", "reason"),
    [
        ({"content": b""}, "", "invalid_input"),
        ({"content": b"[]"}, "", "invalid_input"),
        ({"content": b"{"}, "", "invalid_input"),
        ({"content": b"\xff", "headers": {"content-type": "text/plain"}}, "", "invalid_input"),
        ({"json": "type:Table"}, "", "invalid_input"),
        ({"json": {"selection": 7}}, "/selection", "invalid_input"),
        ({"json": {"selection": "type:Table", "lenient": 1}}, "/lenient", "invalid_input"),
        ({"json": {"selection": "type:Table", "face": "english"}}, "/face", "invalid_input"),
        ({"json": {"selection": "type:Table", "more": 1}}, "/more", "invalid_input"),
        ({"json": {"selection": "type:"}}, "/selection", "invalid_selection"),
        (
            {"json": {"selection": {"bool": {"filter": [{"nope": {}}]}}}},
            "/selection/bool/filter/0/nope",
            "invalid_selection",
        ),
        ({"json": {"bool": {"filter": [{"script": {}}]}}}, "/bool/filter/0/script", "unsupported_clause"),
        ({"json": {"bool": {"filter": [{"term": {"certificateState": "x"}}]}}}, "/bool/filter/0", "unknown_field"),
        ({"json": {"rules": []}}, "/condition", "invalid_selection"),
    ],
)
def test_what_is_no_selection_is_refused(plain: Shop, how: Any, path: str, reason: str) -> None:
    """With where it stands in the body; nothing is stored."""
    one = plain.product()
    before = one.get("/selection")

    refused = put(one, code=400, **how)

    assert (refused.get("path", ""), refused["reason"]) == (path, reason)
    assert one.get("/selection") == before


def test_fields_may_be_unknown_yet(plain: Shop) -> None:
    """Where that is said; the complaint stays."""
    one = plain.product()
    body = {"selection": {"term": {"certificateState": "x"}}, "lenient": True}

    found = put(one, json=body)

    assert "unknown_field" in {complaint["code"] for complaint in found["complaints"]}
    assert one.get("/members", code=200)["total"] == 0
