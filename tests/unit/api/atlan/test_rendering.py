"""What Atlan's clients are told of entities; each case of `CRASHES` is one that breaks a client when it is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from pyatlan.model.assets import Asset
from pyatlan.model.core import AtlanResponse
from pydantic.v1 import parse_obj_as

from muster.api.atlan.projection import FULL, WHOLE, Projection, wanted
from muster.api.atlan.rendering import Around, reference, render
from muster.catalog.entity import Entity, Key, Status

GUID = "6f1c0f57-2d51-4d52-a0a0-1f6e9a4f0b11"
ALLOWED = {
    "typeName",
    "entityGuid",
    "entityStatus",
    "displayName",
    "propagate",
    "removePropagationsOnEntityDelete",
    "restrictPropagationThroughLineage",
    "restrictPropagationThroughHierarchy",
    "validityPeriods",
    "attributes",
}
"""The keys of a classification that strict clients take."""


def table(**other: Any) -> Entity:
    """Return a table."""
    plain = Entity(
        ordinal=1,
        guid=GUID,
        key=Key("Table", "default/pg/1/db/public/orders"),
        status=Status.ACTIVE,
        attributes={"name": "orders", "certificateStatus": "VERIFIED", "description": None},
        tags=(),
        terms=(),
        relationships={},
        custom={},
        version=1,
        created_at=1795219328620,
        updated_at=1795219328675,
        created_by="ada",
        updated_by="bob",
    )
    return replace(plain, **other)


SCHEMA = table(ordinal=2, guid="g2", key=Key("Schema", "default/pg/1/db/public"), attributes={"name": "public"})
COLUMN = table(ordinal=3, guid="g3", key=Key("Column", "default/pg/1/db/public/orders/id"), attributes={"name": "id"})
TERM = table(ordinal=4, guid="g4", key=Key("AtlasGlossaryTerm", "t@g"), attributes={"name": "Order"})
GONE = replace(COLUMN, guid="g5", status=Status.DELETED)
OLD_TERM = replace(TERM, guid="g6", status=Status.DELETED)
AROUND = Around(
    related={1: {"atlanSchema": (SCHEMA,), "columns": (COLUMN, GONE), "meanings": (TERM, OLD_TERM)}},
    sets={"attr": "set"},
)


def test_header() -> None:
    """Everything that clients build updates and pages from; `createTime` is what searches sort by."""
    assert render(table(), Around(), FULL) == {
        "typeName": "Table",
        "guid": GUID,
        "status": "ACTIVE",
        "displayText": "orders",
        "createdBy": "ada",
        "updatedBy": "bob",
        "createTime": 1795219328620,
        "updateTime": 1795219328675,
        "isIncomplete": False,
        "attributes": {
            "name": "orders",
            "qualifiedName": "default/pg/1/db/public/orders",
            "certificateStatus": "VERIFIED",
        },
        "labels": [],
        "classificationNames": [],
        "classifications": [],
        "meaningNames": [],
        "meanings": [],
    }


CRASHES: list[tuple[str, dict[str, Any]]] = [
    ("null attributes", {"attributes": {"name": None, "description": None}}),
    ("unknown certificate", {"attributes": {"name": "x", "certificateStatus": "verified"}}),
    ("empty certificate", {"attributes": {"name": "x", "certificateStatus": ""}}),
    ("time as text", {"attributes": {"name": "x", "certificateUpdatedAt": "2024-01-01"}}),
    ("truth as text", {"attributes": {"name": "x", "isProfiled": "sometimes"}}),
    ("text where a list belongs", {"attributes": {"name": "x", "ownerUsers": "ada"}}),
    ("null in a list", {"attributes": {"name": "x", "ownerUsers": ["ada", None]}}),
    ("list where a text belongs", {"attributes": {"name": "x", "description": ["a", "b"]}}),
    ("free properties that are none", {"attributes": {"name": "x", "__customAttributes": {"k": "v"}}}),
    ("tags among the attributes", {"attributes": {"name": "x", "classifications": "t1", "classificationNames": [1]}}),
    ("no tags in an object", {"attributes": {"name": "x", "other": [{"classifications": None, "a": {}}, None]}}),
    ("archived", {"status": Status.DELETED}),
    ("purged", {"status": Status.PURGED}),
    ("tagged", {"tags": ("t1",), "attachments": {"t1": {"propagate": True, "attributes": {"a": []}}}}),
    ("with unknown sets", {"custom": {"attr": 1, "stray": 2, "empty": None}}),
]
TAGS = SimpleNamespace(get_name_for_id=lambda tag: f"name of {tag}", get_source_tags_attr_id=lambda _: None)
CLIENT: Any = SimpleNamespace(atlan_tag_cache=TAGS)
"""As much of a client as its parser of answers asks."""
PROJECTIONS = [
    FULL,
    WHOLE,
    wanted(["certificateStatus", "ownerUsers", "description", "__customAttributes", "other"], [], {}),
]


@pytest.mark.parametrize("projection", PROJECTIONS, ids=["full", "whole", "page"])
@pytest.mark.parametrize(("what", "other"), CRASHES)
def test_no_content_breaks_a_client(what: str, other: dict[str, Any], projection: Projection) -> None:
    """The client's own parser takes it, whatever importers brought; null is nowhere but for a relationship to none."""
    shown = render(table(**other), AROUND, projection)
    read = AtlanResponse(json.loads(json.dumps(shown)), CLIENT).to_dict()
    beside = read.pop("relationshipAttributes", {})
    parsed = parse_obj_as(Asset, {**read, "attributes": {**read["attributes"], **beside}})
    shown.pop("relationshipAttributes", None)

    assert parsed.guid == GUID, what
    assert None not in list(values(shown))
    assert all(set(one) <= ALLOWED for one in shown["classifications"])


def values(part: Any) -> Iterator[Any]:
    """Yield all values of a JSON value that are in it anywhere."""
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield one
        yield from values(one)


STATES = [
    (Status.ACTIVE, "ACTIVE", None),
    (Status.DELETED, "DELETED", "SOFT"),
    (Status.PURGED, "DELETED", "PURGE"),
]


@pytest.mark.parametrize(("status", "said", "handler"), STATES)
def test_there_are_two_statuses(status: Status, said: str, handler: str | None) -> None:
    """What is gone for good is DELETED too; how it went is said only then."""
    shown = render(table(status=status), Around(), FULL)

    assert (shown["status"], shown.get("deleteHandler")) == (said, handler)


def test_tags() -> None:
    """By internal names, attached as is usual where nothing else was said."""
    shown = render(table(tags=("t1",), attachments={"t1": {"propagate": True}}), Around(), FULL)

    assert shown["classificationNames"] == ["t1"]
    assert shown["classifications"] == [
        {
            "typeName": "t1",
            "entityGuid": GUID,
            "entityStatus": "ACTIVE",
            "propagate": True,
            "removePropagationsOnEntityDelete": True,
            "restrictPropagationThroughLineage": False,
            "restrictPropagationThroughHierarchy": False,
        }
    ]


def test_terms_are_told_by_guid_and_name() -> None:
    """Archived ones are left out."""
    shown = render(table(terms=("t@g",)), AROUND, FULL)

    assert (shown["meanings"], shown["meaningNames"]) == ([{"termGuid": "g4", "displayText": "Order"}], ["Order"])


def test_custom_metadata_is_told_by_set() -> None:
    """To those who see everything."""
    shown = render(table(custom={"attr": [1], "stray": 2}), AROUND, FULL)

    assert shown["businessAttributes"] == {"set": {"attr": [1]}}


@pytest.mark.parametrize(("name", "by_set"), [("attr", {"set": {"attr": [1]}}), ("set.attr", None)])
def test_custom_metadata_is_projected_under_the_name_it_is_asked_by(name: str, by_set: dict[str, Any] | None) -> None:
    """With its set before a dot, from where clients put it under its set; or alone, and then under its set as well."""
    shown = render(table(custom={"attr": [1], "other": 2}), AROUND, wanted([name], [], {}))

    assert shown["attributes"][name] == [1]
    assert shown.get("businessAttributes") == by_set


def test_page_tells_what_is_asked_for_and_no_more() -> None:
    """Name and qualified name are always there; header parts and names of other types never appear as attributes."""
    asked = ["certificateStatus", "AtlasGlossaryTerm.anchor", "classifications", "meanings", "typeName", "parent"]

    assert render(table(), AROUND, wanted(asked, [], {}))["attributes"] == {
        "name": "orders",
        "qualifiedName": "default/pg/1/db/public/orders",
        "certificateStatus": "VERIFIED",
    }


def test_page_tells_the_header_among_the_attributes_to_who_asks_for_it_there() -> None:
    """Under the names that searches know."""
    asked = ["__guid", "__state", "__traitNames", "__timestamp"]
    shown = render(table(tags=("t1",)), Around(), wanted(asked, [], {}))["attributes"]

    assert {name: shown[name] for name in asked} == {
        "__guid": GUID,
        "__state": "ACTIVE",
        "__traitNames": ["t1"],
        "__timestamp": 1795219328620,
    }


def test_page_leaves_out_what_its_flags_say() -> None:
    """Tags, their names and terms, each by its own flag."""
    tagged = table(tags=("t1",), terms=("t@g",))

    shown = render(tagged, AROUND, wanted([], [], {"excludeClassifications": True, "excludeMeanings": True}))
    assert not shown.keys() & {"classifications", "classificationNames", "meanings", "meaningNames"}
    flags = {"excludeClassifications": True, "includeClassificationNames": True}
    assert render(tagged, AROUND, wanted([], [], flags))["classificationNames"] == ["t1"]


def test_page_tells_relationships_by_what_is_wanted_of_the_others() -> None:
    """As one object or a list; archived ones only to those who ask for them."""
    asked = ["atlanSchema", "columns"]
    shown = render(table(), AROUND, wanted(asked, ["name"], {}))["attributes"]

    assert shown["atlanSchema"]["attributes"] == {"name": "public"}
    assert [one["guid"] for one in shown["columns"]] == ["g3"]
    flags = {"allowDeletedRelations": True}
    shown = render(table(), AROUND, wanted(asked, [], flags))["attributes"]
    assert [(one["guid"], one["entityStatus"]) for one in shown["columns"]] == [("g3", "ACTIVE"), ("g5", "DELETED")]


def test_relationships_stand_beside_the_attributes_of_who_sees_everything() -> None:
    """Those without any are told too: none of one as null, none of many as an empty list."""
    beside = render(table(), AROUND, WHOLE)["relationshipAttributes"]

    assert (beside["dataContractLatest"], beside["outputPortDataProducts"]) == (None, [])
    assert beside["atlanSchema"] == reference(SCHEMA)
    assert [one["guid"] for one in beside["columns"]] == ["g3", "g5"]


def test_reference() -> None:
    """What names another entity."""
    assert reference(SCHEMA) == {
        "typeName": "Schema",
        "guid": "g2",
        "entityStatus": "ACTIVE",
        "displayText": "public",
        "relationshipStatus": "ACTIVE",
        "uniqueAttributes": {"qualifiedName": "default/pg/1/db/public"},
    }


def test_free_properties_and_labels() -> None:
    """Kept as attributes, told beside them, and as the text that searches find where that is asked for."""
    kept = table(attributes={"name": "x", "__customAttributes": '{"k": "v"}', "__labels": ["a"]})

    shown = render(kept, Around(), FULL)
    assert (shown["customAttributes"], shown["labels"]) == ({"k": "v"}, ["a"])
    assert not [name for name in shown["attributes"] if name.startswith("__")]
    page = render(kept, Around(), wanted(["__customAttributes"], [], {}))
    assert page["attributes"]["__customAttributes"] == '{"k": "v"}'
