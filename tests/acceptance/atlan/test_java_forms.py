"""What Atlan's Java client sends and needs, as its sources say, in requests of that form; the client itself was not run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.acceptance.atlan.conftest import BULK, SEARCH, TYPEDEFS, Catalog

FLAGS = {
    "replaceTags": "false",
    "appendTags": "false",
    "replaceBusinessAttributes": "false",
    "overwriteBusinessAttributes": "false",
}
SEARCHING = {
    "suppressLogs": True,
    "showSearchScore": False,
    "excludeMeanings": False,
    "enableFullRestriction": False,
    "accessControlExclusive": False,
    "allowDeletedRelations": False,
    "requestRelationshipAttrsForSearch": False,
    "includeRelationshipAttributes": False,
    "requestMetadata": {"saveSearchLog": False, "utmTags": ["project_sdk_java"]},
    "showHighlights": False,
    "excludeClassifications": False,
    "includeClassificationNames": True,
}
HEADERS = {
    "x-atlan-agent-id": "java",
    "accept-charset": "UTF-8",
    "content-type": "application/json;charset=UTF-8",
    "cache-control": "no-cache",
    "pragma": "no-cache",
}
KEYS = {"errorCode", "errorMessage", "errorId", "errorCause", "causes"}
"""The keys of an error that a strict parser knows, of those that are sent."""
SELECTION = (
    '{"query":{"dsl":{"from":0,"query":{"bool":{"filter":{"bool":{"must":['
    '{"term":{"__typeName.keyword":{"value":"Table","case_insensitive":false}}},'
    '{"term":{"__state":{"value":"ACTIVE"}}},'
    '{"term":{"certificateStatus":{"value":"VERIFIED"}}},'
    '{"term":{"__traitNames":{"value":"Café","case_insensitive":false}}}'
    ']}}}}},"attributes":["name"],"suppressLogs":true},"filterScrubbed":true}'
)


@pytest.fixture(scope="module")
def java(plain: Catalog) -> Iterator[Catalog]:
    """The catalog, asked with the headers of the client."""
    plain.http.headers.update(HEADERS)
    yield plain
    for name in HEADERS:
        plain.http.headers.pop(name)


def asked(filters: list[Any], **dsl: Any) -> dict[str, Any]:
    """Return a search as the client sends it."""
    sort = [{"__guid": {"order": "asc"}}]
    page = {"from": 0, "size": 300, "query": {"bool": {"filter": filters}}, "sort": sort, "track_total_hits": True}
    return {"dsl": {**page, **dsl}, **SEARCHING, "showSearchMetadata": "search_after" in dsl}


def of_type(name: str) -> list[Any]:
    """Return the client's filters for active entities of a type."""
    return [
        {"term": {"__state": {"value": "ACTIVE"}}},
        {"term": {"__typeName.keyword": {"value": name, "case_insensitive": False}}},
    ]


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
    assert answer["mutatedEntities"]["UPDATE"] == []
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


def entity(type_name: str, name: str, **attributes: Any) -> dict[str, Any]:
    """Return an entity as the client sends it: without nulls."""
    return {"typeName": type_name, "guid": f"-{uuid4().int >> 68}", "attributes": {"name": name, **attributes}}


def product(domain: str) -> dict[str, Any]:
    """Return a product as the client creates it: both statuses, no visibility, no owners, its own selection."""
    return entity(
        "DataProduct",
        "P",
        qualifiedName=f"{domain}/product/P",
        dataProductStatus="Active",
        daapStatus="Active",
        parentDomainQualifiedName=domain,
        superDomainQualifiedName=domain,
        dataDomain={"typeName": "DataDomain", "uniqueAttributes": {"qualifiedName": domain}},
        dataProductAssetsDSL=SELECTION,
        dataProductAssetsPlaybookFilter='{"condition":"AND","isGroupLocked":false,"rules":[]}',
    )


def test_selection_of_the_client_is_kept_to_the_byte(java: Catalog) -> None:
    """It has no spaces, letters beyond ASCII as they are, and `must` where others have `filter`."""
    domain = java.create("DataDomain", "K")["attributes"]["qualifiedName"]
    (made,) = java.save(product(domain), **FLAGS)["mutatedEntities"]["CREATE"]

    assert java.read(made["guid"])["attributes"]["dataProductAssetsDSL"] == SELECTION
    stored = json.loads(SELECTION)["query"]
    assert java.ask("POST", SEARCH, json={**asked([]), **stored})["approximateCount"] == 0


def test_empty_list_clears(java: Catalog) -> None:
    """As null does: it is how this client says it of lists."""
    made = java.create("View", "owned", attributes={"qualifiedName": "default/java/1/db/s/o", "ownerUsers": ["ada"]})
    assert java.read(made["guid"])["attributes"]["ownerUsers"] == ["ada"]

    java.save(entity("View", "owned", qualifiedName="default/java/1/db/s/o", ownerUsers=[], ownerGroups=[]), **FLAGS)

    assert "ownerUsers" not in java.read(made["guid"])["attributes"]
    java.remove(made["guid"])


def test_request_that_comes_twice_is_done_once(java: Catalog) -> None:
    """The runtime repeats a POST by itself when the connection drops; both get the same answer."""
    body = {"entities": [entity("DataDomain", "Once", qualifiedName="Once")]}
    headers = {"X-Atlan-Request-Id": str(uuid4())}

    first, second = (java.ask("POST", BULK, json=body, params=FLAGS, headers=headers) for _ in range(2))

    assert first == second
    filters = [*of_type("DataDomain"), {"term": {"name.keyword": {"value": "Once"}}}]
    assert java.ask("POST", SEARCH, json=asked(filters))["approximateCount"] == 1


def test_certificate_by_unique_attribute(java: Catalog) -> None:
    """A body without name and guid; a space in a name is a plus."""
    made = java.create("View", "a b", attributes={"qualifiedName": "default/java/1/db/s/a b"})
    query = "attr:qualifiedName=default%2Fjava%2F1%2Fdb%2Fs%2Fa+b"
    said = {"qualifiedName": "default/java/1/db/s/a b", "certificateStatus": "DRAFT"}

    answer = java.ask(
        "PUT",
        f"/api/meta/entity/uniqueAttribute/type/View?{query}",
        json={"entity": {"typeName": "View", "attributes": said}},
    )

    (updated,) = answer["mutatedEntities"]["UPDATE"]
    assert (updated["guid"], updated["attributes"]["certificateStatus"]) == (made["guid"], "DRAFT")
    java.remove(made["guid"])


def test_tags_in_the_words_of_older_releases(java: Catalog) -> None:
    """Attached and taken away by paths of their own, and replaced by `replaceClassifications`."""
    tag, other = java.tag("Old"), java.tag("Other")
    made = java.create("View", "tagged", attributes={"qualifiedName": "default/java/1/db/s/tagged"})
    by_name = (
        "/api/meta/entity/uniqueAttribute/type/View/classification{}?attr:qualifiedName=default/java/1/db/s/tagged"
    )

    java.ask("POST", by_name.format("s"), json=[{"typeName": tag, "propagate": True}], code=204)
    (attached,) = java.read(made["guid"])["classifications"]
    assert (attached["typeName"], attached["propagate"]) == (tag, True)
    java.ask("DELETE", by_name.format(f"/{tag}"), code=204)
    assert java.read(made["guid"])["classificationNames"] == []

    tagged = entity("View", "tagged", qualifiedName="default/java/1/db/s/tagged")
    java.save({**tagged, "classifications": [{"typeName": other}]}, replaceClassifications="true")
    assert java.read(made["guid"])["classificationNames"] == [other]
    java.remove(made["guid"])


def test_custom_metadata_in_both_forms(java: Catalog) -> None:
    """Several sets at once, or one by its path."""
    made = {
        "category": "BUSINESS_METADATA",
        "name": "RACI",
        "displayName": "RACI",
        "attributeDefs": [{"displayName": name, "name": "", "typeName": "string"} for name in ("R", "A")],
    }
    (one,) = java.ask("POST", TYPEDEFS, json={"businessMetadataDefs": [made]})["businessMetadataDefs"]
    r, a = (each["name"] for each in one["attributeDefs"])
    guid = java.create("View", "cm", attributes={"qualifiedName": "default/java/1/db/s/cm"})["guid"]
    path = f"/api/meta/entity/guid/{guid}/businessmetadata"

    java.ask("POST", f"{path}?isOverwrite=false", json={one["name"]: {r: "x"}}, code=204)
    java.ask("POST", f"{path}/{one['name']}", json={a: "y"}, code=204)
    assert java.read(guid)["businessAttributes"] == {one["name"]: {r: "x", a: "y"}}
    java.ask("POST", f"{path}/{one['name']}", json={r: None}, code=204)
    assert java.read(guid)["businessAttributes"] == {one["name"]: {a: "y"}}
    java.ask("POST", f"{path}?isOverwrite=true", json={}, code=204)
    assert "businessAttributes" not in java.read(guid)
    java.remove(guid)
