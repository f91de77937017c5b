"""Runs and changes over HTTP: what a sync moved, why, and what it was held for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.acceptance.own.conftest import SCHEMA, Product, Shop

MANY = 1_234


def changes(one: Product, limit: int = 100, **query: Any) -> Iterator[Any]:
    """Read all changes, page by page."""
    page = one.get("/changes", limit=limit, **query)
    yield from page["data"]
    while "next" in page["paging"]:
        assert len(page["data"]) == limit
        page = one.get("/changes", limit=limit, cursor=page["paging"]["next"], **query)
        yield from page["data"]


def told(found: Iterator[Any]) -> list[tuple[int, bool, str, str]]:
    """Return of each change its run, whether it is a join, the cause and the asset's name."""
    return [(one["run"], one["joined"], one["cause"], one["asset"]["name"]) for one in found]


def test_a_sync_is_a_run(shop: Shop) -> None:
    """With what it found and moved; the same again changes nothing."""
    one = shop.product()
    first, again = one.sync(), one.sync()

    assert (first["outcome"], first["total"], first["joined"], first["generation"]) == ("applied", 2, 2, 1)
    assert (again["outcome"], again["generation"], again["digest"]) == ("unchanged", 1, first["digest"])
    assert one.get("/runs") == {"data": [again, first], "paging": {}}
    assert one.get(f"/runs/{first['run']}") == {**first, "causes": [{"cause": "first run", "joined": 2, "left": 0}]}
    assert one.get(f"/runs/{again['run']}")["causes"] == []


def test_a_sync_that_would_empty_a_product_is_held(shop: Shop) -> None:
    """Which is an answer and no error; it says what would have moved, and goes through when it is forced."""
    one = shop.product()
    one.sync()
    one.ask("PUT", "/selection", json={"selection": "name.keyword:nobody"})

    held = one.sync()

    assert (held["outcome"], held["generation"], held["left"]) == ("held", None, 2)
    assert held["heldBecause"] == "it would empty the product, which has 2 members"
    assert one.get("/members/count", mode="stored")["total"] == 2
    would = one.get("/changes", run=held["run"])["data"]
    assert [(change["joined"], change["outcome"]) for change in would] == [(False, "held")] * 2
    assert held["run"] not in {change["run"] for change in one.get("/changes")["data"]}
    assert one.sync(force=True)["outcome"] == "applied"
    assert one.get("/members/count", mode="stored")["total"] == 0


def test_of_an_archived_product_what_has_been_is_told(shop: Shop) -> None:
    """By its guid: runs, changes, members then, what was decided and edited; what it holds now, nobody can say."""
    one = shop.product()
    one.decide("pins", "returns")
    run = one.sync()["run"]
    ever = ("/runs", f"/runs/{run}", "/changes", "/selection", "/selection/revisions", "/pins?all=true")
    explained = f"/explain/{quote(f'{SCHEMA}/orders', safe='')}?run={run}"
    asked = (*ever, f"/difference?from=run:{run}", explained)
    before = [one.get(path) for path in asked]

    shop.ask("DELETE", f"/api/v1/products/{one.guid}")

    one.ref, called = one.guid, one.ref
    assert [one.get(path) for path in asked] == before
    assert one.names(asOf=f"run:{run}") == ["customers", "orders", "returns"]
    assert one.get("/members/count", asOf=f"run:{run}")["total"] == 3
    assert shop.ask("GET", f"/api/v1/products/{one.guid}/runs/{run}/moves")["total"] == 3
    assert [one.get(path, code=404)["reason"] for path in ("/members", "/members/count")] == ["not_found"] * 2
    assert one.ask("POST", "/sync", code=404)["reason"] == "not_found"
    one.ref = called
    assert one.get("/runs", code=404)["reason"] == "not_found"


def test_changes_say_why_newest_run_first(shop: Shop) -> None:
    """Assets of one run in the order in which they came to the catalog."""
    one = shop.product()
    runs = [one.sync()["run"]]
    one.decide("exclusions", "orders")
    one.decide("pins", "returns")
    runs.append(one.sync()["run"])
    shop.tables("changed", certificateStatus="VERIFIED")
    runs.append(one.sync()["run"])
    one.ask("PUT", "/selection", json={"selection": f"{'type:Table'} certificate:VERIFIED -name.keyword:changed"})
    runs.append(one.sync()["run"])
    shop.remove("changed")
    expected = [
        (runs[3], False, "selection edited", "changed"),
        (runs[2], True, "asset changed", "changed"),
        (runs[1], False, "exclusion", "orders"),
        (runs[1], True, "pin", "returns"),
        (runs[0], True, "first run", "orders"),
        (runs[0], True, "first run", "customers"),
    ]

    assert told(changes(one)) == expected
    for limit in (1, 2, 3, 5):
        assert told(changes(one, limit)) == expected
    assert told(changes(one, 1, joined=True)) == [change for change in expected if change[1]]
    assert told(changes(one, 1, joined=False)) == [change for change in expected if not change[1]]
    assert told(changes(one, 1, run=runs[1])) == expected[2:4]
    assert told(changes(one, run=runs[1], joined=False)) == expected[2:3]
    gone = next(changes(one))["asset"]
    assert (gone["status"], gone["qualifiedName"]) == ("PURGED", f"{SCHEMA}/changed")


def test_a_run_that_moved_many_is_told_whole(shop: Shop) -> None:
    """Each asset once, however small the pages, and whatever happens meanwhile."""
    names = [f"many_{number:05d}" for number in range(MANY)]
    shop.tables(*names)
    one = shop.product("name.keyword:many_*")
    one.sync()

    found = list[Any]()
    for number, change in enumerate(changes(one, 100)):
        found.append(change)
        if number == 150:
            one.decide("exclusions", names[0])
            one.sync()

    assert [change["asset"]["name"] for change in found] == names
    assert {(change["joined"], change["cause"]) for change in found} == {(True, "first run")}


def test_runs_are_listed_page_by_page(plain: Shop) -> None:
    """Newest first, those before one."""
    one = plain.product()
    numbers = [one.sync()["run"] for _ in range(5)]

    found, page = list[int](), one.get("/runs", limit=2)
    while found.extend(run["run"] for run in page["data"]) or "before" in page["paging"]:
        page = one.get("/runs", limit=2, before=page["paging"]["before"])
    assert found == numbers[::-1]


def test_runs_of_others_are_not_told(plain: Shop) -> None:
    """Neither runs nor what they moved."""
    one, other = plain.product(), plain.product()
    run = other.sync()["run"]

    for path in (f"/runs/{run}", f"/changes?run={run}", "/runs/999999", "/changes?run=999999"):
        assert one.get(path, code=404)["reason"] == "not_found"
    assert one.get("/runs") == one.get("/changes") == {"data": [], "paging": {}}


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/runs?limit=0", "/query/limit"),
        ("/runs?before=0", "/query/before"),
        ("/runs/0", "/path/run"),
        ("/runs/first", "/path/run"),
        (f"/runs/{2**70}", "/path/run"),
        (f"/changes?run={2**63}", "/query/run"),
        ("/changes?limit=10001", "/query/limit"),
        ("/changes?joined=perhaps", "/query/joined"),
        ("/changes?cursor=nonsense", "/query/cursor"),
    ],
)
def test_what_cannot_be_asked_is_told(plain: Shop, path: str, where: str) -> None:
    """With where it stands in the request."""
    assert plain.product().get(path, code=400)["path"] == where


def test_a_cursor_goes_on_with_its_own_question_only(plain: Shop) -> None:
    """Not with another filter, nor another product."""
    one, other = plain.product(), plain.product()
    one.sync()
    cursor = one.get("/changes", limit=1)["paging"]["next"]

    assert one.get("/changes", cursor=cursor)["data"]
    assert one.get("/changes", cursor=cursor, joined=True, code=400)["path"] == "/query/cursor"
    assert other.get("/changes", cursor=cursor, code=400)["path"] == "/query/cursor"


@pytest.mark.parametrize(("body", "where"), [({"force": "yes"}, "/force"), ({"forced": True}, "/forced"), ([], "")])
def test_a_sync_takes_no_other_words(plain: Shop, body: Any, where: str) -> None:
    """Nothing is synced then."""
    one = plain.product()

    assert one.ask("POST", "/sync", json=body, code=400)["path"] == where
    assert one.get("/runs")["data"] == []
