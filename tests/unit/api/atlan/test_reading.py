"""What Atlan's clients say of entities, and the commands it makes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from muster.api.atlan.reading import Intent, read_entities
from muster.catalog.entity import Status
from muster.errors import InvalidInput
from muster.service.save.commands import Attachment, Command, CustomChange, Ref, TagChange

WIRE = Path(__file__).parents[3] / "fixtures" / "atlan" / "wire.jsonl"
TAG = {
    "typeName": "t1",
    "propagate": False,
    "removePropagationsOnEntityDelete": True,
    "restrictPropagationThroughLineage": False,
    "restrictPropagationThroughHierarchy": False,
}


def one(entity: dict[str, Any], intent: Intent | None = None) -> Command:
    """Read one entity."""
    (command,) = read_entities({"entities": [{"typeName": "Table", **entity}]}, intent or Intent())
    return command


def bare(refs: Mapping[str, tuple[Ref, ...]]) -> dict[str, tuple[Ref, ...]]:
    """Return references without where they stand."""
    return {name: tuple(replace(ref, path="") for ref in some) for name, some in refs.items()}


def recorded() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every body of entities that a client was seen sending, with the query it came with."""
    for line in WIRE.read_text(encoding="utf-8").splitlines():
        exchange = json.loads(line)
        if exchange["path"].endswith("/entity/bulk/") and exchange["method"] == "POST":
            yield exchange["query"], json.loads(exchange["body"])


@pytest.mark.parametrize(("query", "body"), list(recorded()))
def test_every_recorded_body_is_read(query: str, body: dict[str, Any]) -> None:
    """Placeholder, key and name come through; no relationship is left among the attributes, and none is made up."""
    said = {name: values[-1] == "true" for name, values in parse_qs(query).items()}
    intent = Intent(said.get("replaceTags", False), said.get("appendTags", False))
    for command, entity in zip(read_entities(body, intent), body["entities"], strict=True):
        assert command.guid == entity["guid"]
        assert command.qualified_name == entity["attributes"]["qualifiedName"]
        assert command.attributes["name"] == entity["attributes"]["name"]
        kept = {"qualifiedName", *command.attributes, *command.relating.set_}
        assert kept == set(entity["attributes"])
        assert command.custom == CustomChange()
        for name, refs in command.relating.set_.items():
            assert bool(refs) == (entity["attributes"][name] is not None)


def test_header_of_an_entity_that_was_read_says_nothing() -> None:
    """Clients send back what they read; times, authors and names of tags are not theirs to say."""
    read = {
        "guid": "6f1c0f57-2d51-4d52-a0a0-1f6e9a4f0b11",
        "createdBy": "ada",
        "createTime": 1,
        "displayText": "x",
        "isIncomplete": False,
        "meanings": [{"termGuid": "g"}],
        "classificationNames": ["t1"],
        "classifications": [TAG],
        "deleteHandler": "SOFT",
        "attributes": {"name": "orders", "qualifiedName": "a/b"},
    }

    assert one(read) == Command(
        "Table",
        guid="6f1c0f57-2d51-4d52-a0a0-1f6e9a4f0b11",
        qualified_name="a/b",
        attributes={"name": "orders"},
        tags_when_new=(Attachment("t1"),),
        path="/entities/0",
    )


REFERENCES: list[tuple[Any, tuple[Ref, ...]]] = [
    ({"typeName": "Schema", "guid": "g1"}, (Ref("Schema", "g1"),)),
    ({"typeName": "Schema", "guid": "g1", "attributes": {}}, (Ref("Schema", "g1"),)),
    ({"typeName": "Schema", "guid": "-7"}, (Ref("Schema", "-7"),)),
    ({"uniqueAttributes": {"qualifiedName": "a"}}, (Ref("Schema", None, "a"),)),
    ({"typeName": "Schema", "attributes": {}, "uniqueAttributes": {"qualifiedName": "a"}}, (Ref("Schema", None, "a"),)),
    ({"typeName": "Schema", "attributes": {"qualifiedName": "a", "name": "n"}}, (Ref("Schema", None, "a"),)),
    ({"typeName": "Schema", "guid": "g1", "attributes": {"qualifiedName": "g1"}}, (Ref("Schema", "g1"),)),
    (
        {"guid": "g1", "attributes": {"qualifiedName": "b"}, "uniqueAttributes": {"qualifiedName": "a"}},
        (Ref("Schema", "g1", "a"),),
    ),
    ([{"typeName": "Schema", "guid": "g1"}], (Ref("Schema", "g1"),)),
    (None, ()),
    ([], ()),
]


@pytest.mark.parametrize("place", ["attributes", "relationshipAttributes"])
@pytest.mark.parametrize(("said", "refs"), REFERENCES)
def test_another_entity_is_named_in_any_form(said: Any, refs: tuple[Ref, ...], place: str) -> None:
    """By guid, by unique attribute, as it was read; a guid in the place of the qualified name is none. Null clears."""
    relating = one({place: {"atlanSchema": said}}).relating

    assert bare(relating.set_) == {"atlanSchema": refs}
    assert all(ref.path.startswith(f"/entities/0/{place}/atlanSchema") for ref in relating.set_["atlanSchema"])


@pytest.mark.parametrize(
    ("key", "part"), [("appendRelationshipAttributes", "added"), ("removeRelationshipAttributes", "removed")]
)
def test_relationships_are_added_and_taken_away(key: str, part: str) -> None:
    """To-many ones come as lists, others as objects; terms are assigned like any other relationship."""
    said = {"meanings": [{"typeName": "AtlasGlossaryTerm", "guid": "t"}], "atlanSchema": {"guid": "s"}}

    relating = one({key: said}).relating

    assert bare(getattr(relating, part)) == {
        "meanings": (Ref("AtlasGlossaryTerm", "t"),),
        "atlanSchema": (Ref("Schema", "s"),),
    }
    assert relating.set_ == {}


LISTS = {
    "classifications": [TAG],
    "addOrUpdateClassifications": [{"typeName": "t2"}],
    "removeClassifications": [{"typeName": "t3"}],
}
TAGS = [
    (Intent(), TagChange()),
    (Intent(replaces_tags=True), TagChange(all_=(Attachment("t1"),))),
    (Intent(appends_tags=True), TagChange(put=(Attachment("t2"),), removed=("t3",))),
]


@pytest.mark.parametrize(("intent", "change"), TAGS)
def test_tags_follow_the_query(intent: Intent, change: TagChange) -> None:
    """They are replaced, added and removed, or left alone; a new entity has those of the body anyway."""
    command = one(LISTS, intent)

    assert command.tags == change
    assert command.tags_when_new == (Attachment("t1"),)


def test_replacing_tags_by_none_takes_all_away() -> None:
    """Which is how clients remove them all."""
    assert one({}, Intent(replaces_tags=True)).tags == TagChange(all_=())


def test_how_a_tag_is_attached_is_kept_where_it_is_not_the_usual_way() -> None:
    """Nulls and what the record knows better are not."""
    said = {
        **TAG,
        "propagate": True,
        "entityGuid": "g",
        "validityPeriods": None,
        "attributes": {"a": [1]},
        "tagId": "x",
    }

    assert one({"classifications": [said]}).tags_when_new == (
        Attachment("t1", {"propagate": True, "attributes": {"a": [1]}}),
    )


VALUES = {"cm": {"a": 1, "b": None}}
CUSTOM = [
    (Intent(), VALUES, CustomChange()),
    (Intent(merges=True), VALUES, CustomChange(VALUES)),
    (Intent(merges=True, overwrites=True), VALUES, CustomChange(VALUES, replaces=True)),
    (Intent(overwrites=True), VALUES, CustomChange(VALUES, replaces=True)),
    (Intent(merges=True, overwrites=True), {}, CustomChange({}, replaces=True)),
    (Intent(merges=True, overwrites=True), None, CustomChange()),
]


@pytest.mark.parametrize(("intent", "said", "change"), CUSTOM)
def test_custom_metadata_follows_the_query(intent: Intent, said: Any, change: CustomChange) -> None:
    """Null, which some clients send with every save, never says anything; a new entity has what is said anyway."""
    command = one({"businessAttributes": said}, intent)

    assert command.custom == change
    assert command.custom_when_new == (said or {})


def test_labels_and_free_properties_are_attributes() -> None:
    """Under the names that searches know; free properties as the text that clients parse."""
    said = {"labels": ["a"], "customAttributes": {"k": "v"}}

    assert one(said).attributes == {"__labels": ["a"], "__customAttributes": '{"k": "v"}'}


@pytest.mark.parametrize(("said", "status"), [("ACTIVE", Status.ACTIVE), ("DELETED", None), (None, None)])
def test_status_revives_and_does_nothing_else(said: str | None, status: Status | None) -> None:
    """An archived entity that is sent back as it was read stays as it is."""
    assert one({"status": said}).status == status


WRONG: list[tuple[Any, str]] = [
    ([], ""),
    ({}, ""),
    (None, ""),
    ({"entities": {}}, "/entities"),
    ({"entities": ["x"]}, "/entities/0"),
    ({"entities": [{}]}, "/entities/0/typeName"),
    ({"entities": [{"typeName": ""}]}, "/entities/0/typeName"),
    ({"entities": [{"typeName": "Table"}, {"typeName": 1}]}, "/entities/1/typeName"),
    ({"entities": [{"typeName": "Table", "guid": 7}]}, "/entities/0/guid"),
    ({"entities": [{"typeName": "Table", "status": "GONE"}]}, "/entities/0/status"),
    ({"entities": [{"typeName": "Table", "status": []}]}, "/entities/0/status"),
    ({"entities": [{"typeName": "Table", "attributes": []}]}, "/entities/0/attributes"),
    ({"entities": [{"typeName": "Table", "attributes": {"qualifiedName": 1}}]}, "/entities/0/attributes/qualifiedName"),
    ({"entities": [{"typeName": "Table", "attributes": {"atlanSchema": {}}}]}, "/entities/0/attributes/atlanSchema"),
    ({"entities": [{"typeName": "Table", "attributes": {"atlanSchema": "g"}}]}, "/entities/0/attributes/atlanSchema"),
    (
        {
            "entities": [
                {"typeName": "Table", "relationshipAttributes": {"atlanSchema": [{"guid": "a"}, {"guid": "b"}]}}
            ]
        },
        "/entities/0/relationshipAttributes/atlanSchema",
    ),
    (
        {"entities": [{"typeName": "Table", "appendRelationshipAttributes": {"x/y": []}}]},
        "/entities/0/appendRelationshipAttributes/x~1y",
    ),
    ({"entities": [{"typeName": "Table", "classifications": [{}]}]}, "/entities/0/classifications/0/typeName"),
    ({"entities": [{"typeName": "Table", "labels": [1]}]}, "/entities/0/labels/0"),
]


@pytest.mark.parametrize(("body", "path"), WRONG)
def test_what_cannot_be_read_is_refused_where_it_stands(body: Any, path: str) -> None:
    """The error points at the part to mend."""
    with pytest.raises(InvalidInput) as refused:
        read_entities(body, Intent())
    assert refused.value.path == path
