"""Pins and exclusions over HTTP: given with a reason, listed, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.own.conftest import SCHEMA, Product, Shop

ORDERS, RETURNS = f"{SCHEMA}/orders", f"{SCHEMA}/returns"
KINDS = {"pins": ("pin", ["customers", "orders", "returns"]), "exclusions": ("exclusion", ["customers", "orders"])}
"""By resource: what its decisions are called, and the members when one is about `returns`."""


@pytest.mark.parametrize("what", KINDS)
def test_a_decision_stands_until_it_is_taken_back(shop: Shop, what: str) -> None:
    """Whatever the selection says, with reason and author; afterwards it is told among those that ended."""
    decision, members = KINDS[what]
    one = shop.product()

    (said,) = one.decide(what, "returns")

    assert (said["decision"], said["reason"], said["by"]) == (decision, "because", "admin")
    assert said["asset"]["qualifiedName"] == RETURNS
    assert said["expiresAt"] is said["withdrawnAt"] is said["withdrawnBy"] is None
    assert one.names() == members
    assert one.get(f"/{what}") == {"data": [said], "paging": {"total": 1}}

    assert one.ask("DELETE", f"/{what}/{RETURNS}", code=204) is None

    assert one.names() == ["customers", "orders"]
    assert one.get(f"/{what}")["data"] == []
    (ended,) = one.get(f"/{what}", all=True)["data"]
    assert (ended["reason"], ended["withdrawnBy"]) == ("because", "admin")
    assert ended["withdrawnAt"] > ended["at"]


def test_an_exclusion_takes_the_place_of_a_pin(shop: Shop) -> None:
    """One decision stands about an asset; the other kind is not taken back in its place."""
    one = shop.product()
    one.decide("pins", "orders")
    one.decide("exclusions", "orders")

    assert one.get("/pins")["data"] == []
    assert one.get("/pins", all=True)["paging"]["total"] == 1
    assert one.names() == ["customers"]
    assert one.ask("DELETE", f"/pins/{ORDERS}", code=404)["reason"] == "not_found"
    one.ask("DELETE", f"/exclusions/{ORDERS}", code=204)
    one.ask("DELETE", f"/exclusions/{ORDERS}", code=404)


def test_assets_are_named_in_any_way(shop: Shop) -> None:
    """By qualified name, by guid, or as OpenMetadata refers to one; what stands is told in this order."""
    one = shop.product()
    guids = {name: one.get(f"/explain/{SCHEMA}/{name}")["asset"]["guid"] for name in ("orders", "customers", "returns")}
    named = [guids["returns"], {"id": guids["orders"], "type": "table"}, f"{SCHEMA}/customers"]

    stood = one.ask("POST", "/pins", json={"assets": named, "reason": "r"})["data"]

    assert [said["asset"]["name"] for said in stood] == ["returns", "orders", "customers"]
    one.ask("DELETE", f"/pins/{guids['orders']}", code=204)
    assert [said["asset"]["name"] for said in one.get("/pins")["data"]] == ["customers", "returns"]


@pytest.mark.parametrize(
    ("until", "told"),
    [
        ("2999-12-31", "2999-12-31T00:00:00.000Z"),
        ("2999-12-31T01:00:00+01:00", "2999-12-31T00:00:00.000Z"),
        (32_503_593_600_000, "2999-12-31T00:00:00.000Z"),
    ],
)
def test_a_decision_may_end_by_itself(plain: Shop, until: Any, told: str) -> None:
    """At an ISO date or time, or at milliseconds since 1970."""
    (said,) = plain.product().decide("pins", "returns", expiresAt=until)

    assert said["expiresAt"] == told


def test_a_decision_may_end_after_a_while(plain: Shop) -> None:
    """When that is over it stands no longer, and is told among those that ended."""
    one = plain.product()
    one.decide("pins", "returns", expiresAt="1s")
    while "returns" in one.names():
        pass

    assert one.get("/pins")["data"] == []
    (ended,) = one.get("/pins", all=True)["data"]
    assert ended["withdrawnAt"] is None


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/assets"),
        ({"assets": [], "reason": "r"}, "/assets"),
        ({"assets": [ORDERS]}, "/reason"),
        ({"assets": [ORDERS], "reason": "  "}, "/reason"),
        ({"assets": [ORDERS], "reason": "x" * 10_001}, "/reason"),
        ({"assets": [ORDERS, 7], "reason": "r"}, "/assets/1"),
        ({"assets": [{"name": "orders"}], "reason": "r"}, "/assets/0"),
        ({"assets": ["x"] * 10_001, "reason": "r"}, "/assets"),
        ({"assets": ORDERS, "reason": "r"}, "/assets"),
        ({"assets": [ORDERS], "reason": "r", "expireAt": "30d"}, "/expireAt"),
        ({"assets": [ORDERS], "reason": "r", "expiresAt": "soon"}, "/expiresAt"),
        ({"assets": [ORDERS], "reason": "r", "expiresAt": True}, "/expiresAt"),
        ({"assets": [ORDERS], "reason": "r", "expiresAt": "2001-01-01"}, "/expiresAt"),
        ({"assets": [ORDERS], "reason": "r", "expiresAt": 10**18}, "/expiresAt"),
        ({"assets": [ORDERS], "reason": "r", "expiresAt": "99999999999w"}, "/expiresAt"),
    ],
)
def test_what_cannot_be_decided_is_told(plain: Shop, body: Any, path: str) -> None:
    """With where it stands in the body; nothing is decided then."""
    one = plain.product()

    assert one.ask("POST", "/pins", json=body, code=400)["path"] == path
    assert one.get("/pins", all=True)["paging"]["total"] == 0


def test_one_asset_that_is_not_there_stops_all(plain: Shop) -> None:
    """All of them, or none."""
    one = plain.product()
    answered = one.ask("POST", "/pins", json={"assets": [ORDERS, "nobody"], "reason": "r"}, code=404)

    assert (answered["path"], "`nobody`" in answered["message"]) == ("/assets", True)
    assert one.get("/pins")["data"] == []


def test_many_decisions_are_listed_page_by_page(plain: Shop) -> None:
    """Each once, those that ended among them where they are asked for."""
    names = [f"many_{number:03d}" for number in range(25)]
    plain.tables(*names)
    one = plain.product()
    one.decide("pins", *names)
    one.decide("pins", *names[:5])

    for ended, total in ((False, 25), (True, 30)):
        found, query = list[Any](), {"limit": 7, "all": ended}
        page = one.get("/pins", **query)
        while found.extend(page["data"]) or "next" in page["paging"]:
            assert page["paging"]["total"] == total
            page = one.get("/pins", cursor=page["paging"]["next"], **query)
        assert len(found) == len({(said["asset"]["guid"], said["at"]) for said in found}) == total
    assert (
        one.get("/exclusions", cursor=one.get("/pins", limit=1)["paging"]["next"], code=400)["path"] == "/query/cursor"
    )


def test_a_purged_asset_is_told_with_its_last_words(plain: Shop) -> None:
    """Its pin ended with it."""
    plain.tables("short_lived")
    one = plain.product()
    one.decide("pins", "short_lived")
    plain.remove("short_lived")

    assert one.get("/pins")["data"] == []
    (ended,) = one.get("/pins", all=True)["data"]
    assert (ended["asset"]["status"], ended["asset"]["qualifiedName"]) == ("PURGED", f"{SCHEMA}/short_lived")


def test_who_may_decide(plain: Shop) -> None:
    """Editors, each in their domains; viewers may look."""
    elsewhere = plain.save("DataDomain", "Elsewhere")
    here = plain.ask("GET", f"/api/meta/entity/guid/{plain.domain}")["entity"]["attributes"]["qualifiedName"]
    mine, other = plain.product(), plain.product(domain=elsewhere)
    body = {"assets": [ORDERS], "reason": "r"}
    mine.decide("exclusions", "returns")

    with plain.bearing("viewer") as viewer:
        for way, path in (("POST", "/pins"), ("DELETE", f"/pins/{ORDERS}"), ("POST", "/sync"), ("PUT", "/selection")):
            Product(viewer, mine.guid, mine.ref).ask(way, path, json=body, code=403)
        assert Product(viewer, mine.guid, mine.ref).get("/exclusions")["paging"]["total"] == 1
    with plain.bearing("editor", here) as editor:
        assert Product(editor, mine.guid, mine.ref).ask("POST", "/pins", json=body)["data"]
        Product(editor, mine.guid, mine.ref).ask("POST", "/sync")
        there = Product(editor, other.guid, other.ref)
        for way, path, said in (
            ("POST", "/pins", body),
            ("POST", "/exclusions", body),
            ("DELETE", f"/pins/{ORDERS}", None),
            ("POST", "/sync", {}),
            ("PUT", "/selection", {"selection": "type:View"}),
        ):
            assert there.ask(way, path, json=said, code=403)["reason"] == "forbidden"
    assert other.get("/pins", all=True)["data"] == []
    assert other.get("/selection/revisions")["data"][0]["text"] != "type:View"
