"""Lists of products and domains, page by page in both directions (contract, section 5)."""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from typing import Any

import orjson
import pytest

from tests.unit.api.openmetadata.speaking import Json, Speaking, fresh

NAMES = ("b", "a", "c", "ä", "B", "cust.v1", "a", "Z 9", "😀", "a/b?c#d&e=f+g%20")
"""Names of products in one domain; those that two have are in domains below it."""


@pytest.fixture(scope="module")
def shelf(told: Speaking) -> Json:
    """A domain with products of all names, the second ones of a name below it, and one that is archived."""
    home, seen = told.domain(fresh("Shelf")), set[str]()
    below = told.domain("Below", parent=home["fullyQualifiedName"])
    for name in NAMES:
        told.product(below if name in seen else home, name)
        seen.add(name)
    gone = told.product(home, "gone")
    told.ask("DELETE", f"/dataProducts/{gone['id']}")
    return home


def page(either: Speaking, home: Json, limit: int, **query: Any) -> Json:
    """Return a page of the products in a domain."""
    return either.get("/dataProducts", domain=home["fullyQualifiedName"], limit=limit, **query)


def forth(either: Speaking, home: Json, limit: int) -> list[Json]:
    """Return all pages, from the first to the last."""
    pages = [page(either, home, limit)]
    while "after" in pages[-1]["paging"]:
        pages.append(page(either, home, limit, after=pages[-1]["paging"]["after"]))
    return pages


def keys(pages: list[Json]) -> list[tuple[str, str]]:
    """Return names and ids, in order."""
    return [(one["name"], one["id"]) for each in pages for one in each["data"]]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 10, 100])
def test_pages_join_to_the_whole(either: Speaking, shelf: Json, limit: int) -> None:
    """In order of name, then of id; each once, though two have one name; the total is on each."""
    pages = forth(either, shelf, limit)

    found = keys(pages)
    assert found == sorted(found)
    assert sorted(name for name, _ in found) == sorted(NAMES)
    assert len(set(found)) == len(NAMES)
    assert {each["paging"]["total"] for each in pages} == {len(NAMES)}
    assert len(pages) == -(-len(NAMES) // limit)


@pytest.mark.parametrize("limit", [1, 3, 4])
def test_pages_backwards_are_those_forwards(either: Speaking, shelf: Json, limit: int) -> None:
    """`before` gives the page before, in the same order."""
    pages = forth(either, shelf, limit)
    for earlier, later in pairwise(pages):
        back = page(either, shelf, limit, before=later["paging"]["before"])
        assert back["data"] == earlier["data"]
        assert ("before" in back["paging"]) is ("before" in earlier["paging"])
        assert page(either, shelf, limit, after=back["paging"]["after"])["data"] == later["data"]


def test_the_ends_say_so(either: Speaking, shelf: Json) -> None:
    """There is nothing before the first page and nothing after the last."""
    first, *_, last = forth(either, shelf, 3)

    assert set(first["paging"]) == {"total", "after"}
    assert set(last["paging"]) == {"total", "before"}
    assert set(page(either, shelf, 100)["paging"]) == {"total"}


def test_cursors_break_no_address(either: Speaking, shelf: Json) -> None:
    """The released client pastes them in as they are."""
    cursors = [
        one["paging"][end] for one in forth(either, shelf, 1) for end in ("before", "after") if end in one["paging"]
    ]

    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", cursor) for cursor in cursors)
    pasted = either.ask("GET", f"/dataProducts?limit=1&after={cursors[0]}&domain={shelf['name'].replace(' ', '+')}")
    assert len(pasted["data"]) == 1


def test_a_cursor_may_be_padded(either: Speaking, shelf: Json) -> None:
    """As OpenMetadata's own server pads it."""
    cursor = page(either, shelf, 2)["paging"]["after"]
    padded = cursor + "=" * (-len(cursor) % 4)

    assert page(either, shelf, 2, after=padded)["data"] == page(either, shelf, 2, after=cursor)["data"]


def encoded(said: Json) -> str:
    """Return a forged cursor."""
    return base64.urlsafe_b64encode(orjson.dumps(said)).decode()


FORGED = [
    *("x", "%", "é", "====", "bm9wZQ", "bnVsbA", "W10", "e30"),
    *(encoded(said) for said in ({"name": 1, "id": "x"}, {"name": "a"}, {"id": 7, "name": "a"}, [1], "a", {"name": {}, "id": ""})),
]  # fmt: skip


@pytest.mark.parametrize("cursor", FORGED)
@pytest.mark.parametrize("way", ["before", "after"])
def test_what_is_no_cursor_is_refused(either: Speaking, cursor: str, way: str) -> None:
    """Whatever somebody made up; the error says which parameter it is."""
    error = either.get("/dataProducts", code=400, **{way: cursor})

    assert (error["path"], error["message"].startswith("that is not a cursor")) == (f"/query/{way}", True)


@pytest.mark.parametrize(
    "said", [{"name": None, "id": "x"}, {"name": "\x00", "id": "\x00"}, {"name": "b" * 5000, "id": ""}]
)
def test_a_cursor_of_another_list_is_a_place_in_this_one(either: Speaking, shelf: Json, said: Json) -> None:
    """It need not be anybody's: what comes after it is told."""
    assert page(either, shelf, 3, after=encoded(said))["paging"]["total"] == len(NAMES)


def test_only_one_of_the_cursors(either: Speaking) -> None:
    """In the words of OpenMetadata's server."""
    error = either.get("/dataProducts", before=encoded({"name": "a", "id": "x"}), after=encoded({"name": "a", "id": "x"}), code=400)  # fmt: skip

    assert error["message"] == "Only one of before or after query parameter allowed"


def test_no_page_is_counted_all_the_same(either: Speaking, shelf: Json) -> None:
    """A limit of 0 asks for the total; the released client needs it."""
    assert page(either, shelf, 0) == {"data": [], "paging": {"total": len(NAMES)}}


@pytest.mark.parametrize("limit", [-1, 1_000_001, "x", ""])
def test_limits_that_are_none(either: Speaking, limit: Any) -> None:
    """From 0 to a million, of which ten thousand are told."""
    assert either.get("/dataProducts", limit=limit, code=400)["path"] == "/query/limit"


def test_a_domain_of_which_there_is_none(either: Speaking) -> None:
    """Is not there, rather than empty."""
    error = either.get("/dataProducts", domain="Nowhere.Land", code=404)

    assert (error["message"], error["path"]) == ("domain instance for Nowhere.Land not found", "/query/domain")


INCLUDED = [("non-deleted", {*NAMES}), ("deleted", {"gone"}), ("all", {*NAMES, "gone"})]


@pytest.mark.parametrize(("include", "names"), INCLUDED)
def test_archived_ones_are_listed_on_request(told: Speaking, shelf: Json, include: str, names: set[str]) -> None:
    """Alone, or among the others."""
    found = page(told, shelf, 100, include=include)

    assert {one["name"] for one in found["data"]} == names
    assert {one["name"] for one in found["data"] if one["deleted"]} == names & {"gone"}
    assert len(found["data"]) == found["paging"]["total"]


def test_fields_of_a_list(either: Speaking, shelf: Json) -> None:
    """As of one; where it is asked for, each has the query that it selects by."""
    either.product(shelf, "with a query", extension={"selection": "type:Nothing"})
    found = {one["name"]: one for one in page(either, shelf, 100, fields="extension,domains")["data"]}

    assert found["with a query"]["extension"] == {"selection": "type:Nothing"}
    assert found["c"]["extension"] == {}
    assert found["c"]["domains"][0]["name"] == shelf["name"]
    either.ask("DELETE", f"/dataProducts/{found['with a query']['id']}?hardDelete=true")
    assert either.get("/dataProducts", fields="nope", code=400)["path"] == "/query/fields"


def test_domains_are_listed_likewise(either: Speaking, shelf: Json) -> None:
    """Those in a domain are those below it; the domain itself is not in it."""
    found = either.get("/domains", domain=shelf["fullyQualifiedName"], fields="parent,childrenCount")

    assert [one["fullyQualifiedName"] for one in found["data"]] == [f"{shelf['name']}.Below"]
    assert (found["data"][0]["parent"]["id"], found["data"][0]["childrenCount"]) == (shelf["id"], 0)
