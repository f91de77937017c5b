"""Products as a whole over HTTP: listed, shown, defined, changed, archived, synced together, by whoever may."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.own.conftest import SCHEMA, VERIFIED, Shop

Json = Any
PATH = "/api/v1/products"


def new() -> str:
    """Return a name that nothing has."""
    return f"Products {uuid4().hex[:8]}"


def define(shop: Shop, name: str, *, code: int = 201, **said: Json) -> Json:
    """Define a product by its name."""
    return shop.ask("POST", PATH, code=code, json={"name": name, "selection": VERIFIED, **said})


def synced(shop: Shop, **said: Json) -> list[Json]:
    """Sync many products, and return the runs."""
    answer = shop.http.post(f"{PATH}/sync", json=said)
    assert answer.is_success, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_product_from_its_definition_to_its_end(shop: Shop) -> None:
    """Defined in a domain that is made for it, shown, changed in parts, archived; each answer is the whole product."""
    name, home = new(), new()
    made = define(shop, name, domain=home, description="d", owners=["ada"])
    assert (made["name"], made["description"], made["owners"]) == (name, "d", ["ada"])
    assert made["selection"]["text"] == VERIFIED
    assert [one["severity"] for one in made["complaints"]] == ["note"]

    changed = shop.ask("PATCH", f"{PATH}/{name}", json={"selection": {"match_all": {}}, "owners": []})
    assert (changed["selection"]["face"], changed["selection"]["revision"]) == ("wire", 2)
    assert (changed["description"], changed["owners"]) == ("d", [])
    renamed = shop.ask("PATCH", f"{PATH}/{changed['guid']}", json={"name": f"{name}, again"})
    assert (renamed["name"], renamed["selection"]["revision"]) == (f"{name}, again", 2)

    shown = shop.ask("GET", f"{PATH}/{home}.{name}, again")
    assert (shown["guid"], shown["standings"], shown["lastRun"]) == (made["guid"], [], None)
    assert shop.ask("DELETE", f"{PATH}/{made['qualifiedName']}")["guid"] == made["guid"]
    assert shop.ask("GET", f"{PATH}/{made['guid']}", code=404)["reason"] == "not_found"


def test_the_list_has_every_product_once(plain: Shop) -> None:
    """Page by page in order of name, also when some come, go and are renamed between two pages; with stored sizes."""
    begin = new()
    names = [f"{begin} {letter}" for letter in "abcdef"]
    made = [define(plain, name)["guid"] for name in reversed(names)]
    synced(plain, products=made[:1])

    first = plain.ask("GET", PATH, params={"name": begin.upper(), "limit": 3})
    plain.ask("DELETE", f"{PATH}/{names[2]}")
    plain.ask("PATCH", f"{PATH}/{names[3]}", json={"name": f"{begin} z"})
    define(plain, f"{begin} bb")
    again = {"name": begin.upper(), "limit": 3, "cursor": first["paging"]["next"]}
    second = plain.ask("GET", PATH, params=again)

    assert [one["name"] for one in first["data"]] == names[:3]
    assert [one["name"] for one in second["data"]] == [names[4], names[5], f"{begin} z"]
    assert second["paging"] == {}
    assert [one["members"] for one in second["data"]] == [None, 2, None]


@pytest.mark.parametrize(
    ("query", "path"),
    [({"limit": 0}, "/query/limit"), ({"limit": 10_001}, "/query/limit"), ({"cursor": "x"}, None)],
)
def test_a_part_of_the_list_that_is_none(plain: Shop, query: Json, path: str | None) -> None:
    """Is refused."""
    assert plain.ask("GET", PATH, code=400, params=query).get("path") == path


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"name": " "}, "/name"),
        ({"name": 3}, "/name"),
        ({"selection": "type:"}, None),
        ({"selection": {"bool": {"filter": [{"script": {}}]}}}, "/selection/bool/filter/0/script"),
        ({"selection": "certificat:VERIFIED"}, "/selection"),
        ({"selection": 3}, "/selection"),
        ({"face": "latin"}, "/face"),
        ({"owners": "ada"}, "/owners"),
        ({"color": "red"}, "/color"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_cannot_be_defined(plain: Shop, method: str, said: Json, path: str | None) -> None:
    """Is refused with the place in the request, whether it is new or to change; nothing is written."""
    one = define(plain, new())
    body = {"name": new(), "selection": VERIFIED, **said} if method == "POST" else said
    there = PATH if method == "POST" else f"{PATH}/{one['guid']}"

    assert plain.ask(method, there, code=400, json=body).get("path") == path
    assert plain.ask("GET", f"{PATH}/{one['guid']}")["selection"]["revision"] == 1


def test_a_change_says_what_changes(plain: Shop) -> None:
    """An empty one is none."""
    one = define(plain, new())

    for said in ({}, {"lenient": True}, {"selection": None}):
        assert plain.ask("PATCH", f"{PATH}/{one['guid']}", code=400, json=said)["message"].startswith("nothing is")


def test_a_name_that_is_taken(plain: Shop) -> None:
    """Is refused in its domain, and free in another."""
    name = new()
    define(plain, name, domain="Here")

    assert define(plain, name, domain="Here", code=409)["reason"] == "conflict"
    define(plain, name, domain="There")
    assert plain.ask("GET", f"{PATH}/{name}", code=409)["reason"] == "conflict"
    assert plain.ask("GET", f"{PATH}/There.{name}")["name"] == name


def test_products_are_synced_together(shop: Shop) -> None:
    """Those that are named, each once by whatever name, or all; a run that a guard holds says so."""
    full, empty = define(shop, new()), define(shop, new(), selection="type:Table name:nothing*")
    runs = synced(shop, products=[full["name"], full["guid"], empty["qualifiedName"]])
    assert [(run["product"]["name"], run["outcome"], run["total"]) for run in runs] == [
        (full["name"], "applied", 2),
        (empty["name"], "applied", 0),
    ]

    shop.ask("PATCH", f"{PATH}/{full['guid']}", json={"selection": "type:Table name:nothing*"})
    everyone = {run["product"]["name"]: run for run in synced(shop)}
    assert (everyone[full["name"]]["outcome"], everyone[empty["name"]]["outcome"]) == ("held", "unchanged")
    forced = synced(shop, products=[full["guid"]], force=True)
    assert [(run["outcome"], run["left"]) for run in forced] == [("applied", 2)]

    moved = shop.ask("GET", f"{PATH}/{full['guid']}/runs/{forced[0]['run']}/moves")
    assert moved["total"] == 2
    assert [(one["name"], one["joined"], one["cause"]) for one in moved["data"]] == [
        ("customers", False, "selection edited"),
        ("orders", False, "selection edited"),
    ]
    assert shop.ask("GET", f"{PATH}/{full['guid']}/runs/1000000/moves", code=404)["reason"] == "not_found"


def test_a_sync_of_what_is_not_there_syncs_nothing(plain: Shop) -> None:
    """One name that is nobody's stops all, before any run."""
    one = define(plain, new())

    answer = plain.ask("POST", f"{PATH}/sync", code=404, json={"products": [one["guid"], "nobody"]})
    assert answer["message"].startswith("there is no product `nobody`")
    assert plain.ask("GET", f"{PATH}/{one['guid']}")["lastRun"] is None


def test_decisions_are_taken_back_together(plain: Shop) -> None:
    """Pins and exclusions alike; all of them or none."""
    one = define(plain, new())["guid"]
    orders, returns = f"{SCHEMA}/orders", f"{SCHEMA}/returns"
    for what, asset in (("pins", returns), ("exclusions", orders)):
        body = {"assets": [asset], "reason": "r"}
        plain.ask("POST", f"/api/v1/dataProducts/{one}/{what}", json=body)

    path = f"{PATH}/{one}/withdraw"
    assert plain.ask("POST", path, code=404, json={"assets": [orders, "nobody"]})["reason"] == "not_found"
    assert len(plain.ask("GET", f"{PATH}/{one}")["standings"]) == 2
    assert plain.ask("POST", path, json={"assets": [orders, returns]}) == {"withdrawn": 2}
    assert plain.ask("GET", f"{PATH}/{one}")["standings"] == []
    assert plain.ask("POST", path, code=404, json={"assets": [orders]})["reason"] == "not_found"


def test_who_is_bound_to_a_domain_stays_in_it(plain: Shop) -> None:
    """They define, change, archive and sync there only, make no domain, and sync what is theirs when nothing is named."""
    outside, name = define(plain, new(), domain="Outside"), new()
    home = define(plain, new(), domain=f"Home of {name}")["domain"]
    with plain.bearing("editor", home) as bound:
        inside = define(bound, name, domain=home)
        assert define(bound, new(), domain=f"Home of {name}")["domain"] == home
        assert define(bound, new(), domain="Outside", code=403)["reason"] == "forbidden"
        assert define(bound, new(), domain=new(), code=404)["reason"] == "not_found"
        for method, more, body in (
            ("PATCH", "", {"description": "d"}),
            ("DELETE", "", None),
            ("POST", "/withdraw", {"assets": [f"{SCHEMA}/orders"]}),
        ):
            bound.ask(method, f"{PATH}/{outside['guid']}{more}", code=403, json=body)
        bound.ask("POST", f"{PATH}/sync", code=403, json={"products": [inside["guid"], outside["guid"]]})
        assert outside["name"] not in {run["product"]["name"] for run in synced(bound)}
        assert plain.ask("GET", f"{PATH}/{inside['guid']}")["lastRun"]["total"] == 2
        assert bound.ask("DELETE", f"{PATH}/{inside['guid']}")["status"] == "ACTIVE"
    assert plain.ask("GET", f"{PATH}/{outside['guid']}")["lastRun"] is None
    with plain.bearing("editor", plain.save("DataDomain", new())) as nobody:
        assert synced(nobody) == []


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
def test_everyone_is_told_who_they_are(plain: Shop, role: str) -> None:
    """And which release answers."""
    with plain.bearing(role) as shop:
        who = shop.ask("GET", "/api/v1/whoami")

    assert (who["role"], who["domains"]) == (role, [])
    assert who.keys() == {"name", "role", "domains", "version"}
