"""What Atlan's Java client needs of answers, as its sources say; the client itself was not run."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.acceptance.atlan.conftest import BULK, SEARCH, TYPEDEFS, Catalog
from tests.acceptance.atlan.java import FLAGS, SEARCHING, asked, entity, of_type, product

KEYS = {"errorCode", "errorMessage", "errorId", "errorCause", "causes"}
"""The keys of an error that a strict parser knows, of those that are sent."""


@pytest.fixture(scope="module")
def views(java: Catalog) -> list[str]:
    """Three views."""
    made = [java.create("View", f"v{n}", attributes={"qualifiedName": f"default/java/1/db/s/v{n}"}) for n in range(3)]
    return sorted(one["guid"] for one in made)


def test_search_is_echoed_as_text_for_the_next_page(java: Catalog, views: list[str]) -> None:
    """Item 1: the next page is built from the echo, with its flags and attributes."""
    body = {**asked(of_type("View"), size=2), "attributes": ["description"]}
    found = java.ask("POST", SEARCH, json=body)

    echo = found["searchParameters"]
    assert json.loads(echo["query"]) == body["dsl"]
    assert echo["attributes"] == ["description"]
    assert {name: echo[name] for name in SEARCHING if name in echo} == {
        name: SEARCHING[name] for name in SEARCHING if name in echo
    }
    again = {**body, "dsl": {**json.loads(echo["query"]), "from": 2}}
    rest = java.ask("POST", SEARCH, json=again)["entities"]
    assert [one["guid"] for one in [*found["entities"], *rest]] == views


def test_total_is_exact(java: Catalog, views: list[str]) -> None:
    """Item 2: it is what lists are made of."""
    assert java.ask("POST", SEARCH, json=asked(of_type("View"), size=1))["approximateCount"] == len(views)


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("path", [BULK, TYPEDEFS])
def test_no_path_needs_a_slash_at_its_end(java: Catalog, path: str, slash: str) -> None:
    """Item 3: nor is anyone sent elsewhere."""
    body = {"entities": []} if path == BULK else {}

    assert java.http.post(path + slash, json=body).status_code == httpx.codes.OK


def test_kinds_of_definitions_may_be_in_lower_case(java: Catalog) -> None:
    """Items 4 and 5: what is asked for is there, named, and structs never are none."""
    java.tag("Café")
    found = java.ask("GET", f"{TYPEDEFS}?type=classification&type=struct")

    assert found["structDefs"]
    assert found["classificationDefs"]
    assert all(one["guid"] and one["name"] and one["displayName"] for one in found["classificationDefs"])
    assert found["businessMetadataDefs"] == found["enumDefs"] == []


ERRORS = [
    ("GET", "/api/meta/entity/guid/nope", None, 404),
    ("GET", "/api/meta/entity/uniqueAttribute/type/Table?attr:qualifiedName=no+such/x", None, 404),
    ("POST", BULK, {"entities": [{}]}, 400),
    ("POST", SEARCH, {"dsl": {"query": {"script": {}}}}, 400),
    ("GET", "/api/meta/nowhere", None, 404),
    ("PATCH", BULK, None, 405),
    ("POST", "/api/meta/lineage/list", {}, 501),
]


@pytest.mark.parametrize(("method", "path", "body", "code"), ERRORS)
def test_errors_have_a_body_of_known_keys(java: Catalog, method: str, path: str, body: Any, code: int) -> None:
    """Item 6: the parser is strict, and an answer without a body fails it."""
    error = java.ask(method, path, json=body, code=code)

    assert error.keys() == KEYS
    assert error["errorCode"]
    assert error["errorMessage"]
    assert all(one.keys() == {"errorType", "errorMessage", "location"} for one in error["causes"])


def test_restoring_assigns_the_guid_that_was_archived(java: Catalog) -> None:
    """Item 7: by which the client tells whether it worked; it looks for the archived entity first."""
    made = java.create("View", "gone", attributes={"qualifiedName": "default/java/1/db/s/gone"})
    java.remove(made["guid"], how="SOFT")
    query = "attr:qualifiedName=default%2Fjava%2F1%2Fdb%2Fs%2Fgone&ignoreRelationships=false&minExtInfo=false"
    found = java.ask("GET", f"/api/meta/entity/uniqueAttribute/type/View?{query}")["entity"]
    assert found["status"] == "DELETED"

    attributes = {"qualifiedName": found["attributes"]["qualifiedName"], "name": "gone"}
    restored = {"typeName": "View", "guid": "-77", "status": "ACTIVE", "attributes": attributes}
    flags = {name: value for name, value in FLAGS.items() if name != "appendTags"}
    answer = java.save(restored, **flags)

    assert list(answer["guidAssignments"].values()) == [made["guid"]]
    assert answer["mutatedEntities"]["UPDATE"][0]["status"] == "ACTIVE"
    java.remove(made["guid"])


def test_no_task_is_left_after_an_answer(java: Catalog) -> None:
    """Item 8: clients that block after deleting wait until none is."""
    assert java.ask("POST", "/api/meta/task/search", json={"dsl": {}}) == {"tasks": [], "approximateCount": 0}


def test_new_child_lists_its_parent_as_updated(java: Catalog) -> None:
    """Item 9: and nothing else; a root lists none."""
    answer = java.save(entity("DataDomain", "D", qualifiedName="D"), **FLAGS)
    assert "UPDATE" not in answer["mutatedEntities"]
    (domain,) = answer["mutatedEntities"]["CREATE"]
    parent = {"typeName": "DataDomain", "uniqueAttributes": {"qualifiedName": domain["attributes"]["qualifiedName"]}}

    answer = java.save(entity("DataDomain", "S", qualifiedName="S", parentDomain=parent), **FLAGS)
    assert [one["guid"] for one in answer["mutatedEntities"]["UPDATE"]] == [domain["guid"]]
    answer = java.save(product(domain["attributes"]["qualifiedName"]), **FLAGS)
    assert [one["guid"] for one in answer["mutatedEntities"]["UPDATE"]] == [domain["guid"]]


def test_no_hits_are_no_key(java: Catalog) -> None:
    """Item 10: the last of an empty list is looked up otherwise."""
    found = java.ask("POST", SEARCH, json=asked(of_type("Procedure")))

    assert found["approximateCount"] == 0
    assert "entities" not in found


def test_pages_go_on_after_the_values_of_the_last_hit(java: Catalog, views: list[str]) -> None:
    """Item 11: the values are found under the hit's guid."""
    sort = [{"__timestamp": {"order": "asc"}}, {"__guid": {"order": "asc"}}]
    body = asked(of_type("View"), size=2, sort=sort)
    first = java.ask("POST", SEARCH, json={**body, "showSearchMetadata": True})
    last = first["entities"][-1]["guid"]
    after = first["searchMetadata"][last]["sort"]

    rest = java.ask("POST", SEARCH, json=asked(of_type("View"), size=2, sort=sort, search_after=after))

    assert sorted(one["guid"] for one in [*first["entities"], *rest["entities"]]) == views


def test_a_wrong_request_is_never_answered_with_what_is_tried_for_ever(java: Catalog) -> None:
    """Item 12: 423, 429 and 502 are; what is wrong with a request is said by 4xx that nobody repeats."""
    for body in ([], {"dsl": []}, {"dsl": {"size": -1}}, {"dsl": {"query": {"term": {"a": {}, "b": {}}}}}):
        assert java.http.post(SEARCH, json=body).status_code == httpx.codes.BAD_REQUEST


def test_guids_are_uuids_in_lower_case(java: Catalog) -> None:
    """Item 13: anything else is taken for a qualified name."""
    guid = java.create("DataDomain", "U")["guid"]

    assert str(UUID(guid)) == guid
