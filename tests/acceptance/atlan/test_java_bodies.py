"""What Atlan's Java client sends of entities, as its sources say; the client itself was not run."""

from __future__ import annotations

import json
from uuid import uuid4

from tests.acceptance.atlan.conftest import BULK, SEARCH, TYPEDEFS, Catalog
from tests.acceptance.atlan.java import FLAGS, SELECTION, asked, entity, of_type, product


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
