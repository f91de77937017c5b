"""Tags and custom metadata are written by the internal names that typedefs have."""

from dataclasses import replace
from typing import Any

import pytest

from muster.catalog.entity import Entity
from muster.catalog.typedef import Category, TypedefDraft
from muster.errors import InvalidInput, NotFound
from muster.service.save.commands import Attachment, Command, CustomChange, TagChange
from muster.service.save.saving import save
from muster.service.workspace import Workspace
from tests.integration.save.said import found, listed, made, read, table

ATTRIBUTES = [
    {"name": "text1", "displayName": "Text", "typeName": "string"},
    {"name": "many1", "displayName": "Texts", "typeName": "string", "options": {"multiValueSelect": "true"}},
    {"name": "list1", "displayName": "Numbers", "typeName": "array<int>"},
    {"name": "whole1", "displayName": "Whole", "typeName": "int"},
    {"name": "part1", "displayName": "Part", "typeName": "float"},
    {"name": "truth1", "displayName": "Truth", "typeName": "boolean"},
    {"name": "time1", "displayName": "Time", "typeName": "date"},
]


OF_ENUMS = [
    {"name": "level", "typeName": "Levels", "options": {"enumType": "Levels"}},
    {"name": "levels", "typeName": "array<Levels>", "options": {"multiValueSelect": True}},
    {"name": "older", "typeName": "string", "options": {"enumType": "Levels"}},
]


@pytest.fixture(autouse=True)
def typedefs(work: Workspace) -> None:
    """Three tags and two sets of custom metadata."""
    tags = [TypedefDraft(Category.CLASSIFICATION, f"tag{name}", f"Tag {name}", {}) for name in "ABC"]
    sets = [
        TypedefDraft(Category.BUSINESS_METADATA, "set1", "Set 1", {"attributeDefs": ATTRIBUTES}),
        TypedefDraft(
            Category.BUSINESS_METADATA, "set2", "Set 2", {"attributeDefs": [{"name": "other", "typeName": "string"}]}
        ),
        TypedefDraft(Category.BUSINESS_METADATA, "set3", "Set 3", {"attributeDefs": OF_ENUMS}),
    ]
    levels = TypedefDraft(Category.ENUM, "Levels", "Levels", {"elementDefs": [{"value": "low"}, {"value": "high"}]})
    work.record.put_typedefs([*tags, *sets, levels], by="ada", at=1)


@pytest.fixture
def orders(work: Workspace) -> Entity:
    """An entity with two tags, one of which propagates."""
    tags = (Attachment("tagA"), Attachment("tagB", {"propagate": True}))
    return made(work, replace(table("orders"), tags_when_new=tags))[0]


def tags(*names: str) -> tuple[Attachment, ...]:
    """Return tags that are attached in the usual way."""
    return tuple(Attachment(name) for name in names)


def test_tags_of_a_new_entity(work: Workspace, orders: Entity) -> None:
    """A new entity has the tags that it is sent with, and is found by them; those of an update do not count."""
    assert (orders.tags, orders.attachments) == (("tagA", "tagB"), {"tagB": {"propagate": True}})
    assert found(work, "__traitNames", "tagB") == 1
    assert listed(save(work, [replace(table("orders"), tags_when_new=tags("tagC"))])) == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(TagChange(all_=tags("tagC")), {"tagC": {}}, id="these are all"),
        pytest.param(TagChange(all_=()), {}, id="none"),
        pytest.param(
            TagChange(put=tags("tagC", "tagA")), {"tagA": {}, "tagB": {"propagate": True}, "tagC": {}}, id="one more"
        ),
        pytest.param(TagChange(put=tags("tagB")), {"tagA": {}, "tagB": {}}, id="attached otherwise"),
        pytest.param(TagChange(removed=("tagA", "tagC")), {"tagB": {"propagate": True}}, id="taken away"),
        pytest.param(TagChange(put=tags("tagC"), removed=("tagC", "tagB")), {"tagA": {}}, id="put, then taken away"),
    ],
)
def test_tag_changes(work: Workspace, orders: Entity, change: TagChange, expected: dict[str, Any]) -> None:
    """Tags are replaced, added and taken away; doing so again changes nothing."""
    command = Command("Table", orders.guid, tags=change)
    save(work, [command])
    now = read(work, orders)
    assert {tag: now.attachments.get(tag, {}) for tag in now.tags} == expected
    assert listed(save(work, [command])) == {}


@pytest.mark.parametrize(
    "change", [TagChange(put=tags("no")), TagChange(removed=("no",)), TagChange(all_=tags("set1"))]
)
def test_unknown_tag(work: Workspace, orders: Entity, change: TagChange) -> None:
    """A tag that is not defined is refused."""
    with pytest.raises(NotFound, match="there is no tag"):
        save(work, [Command("Table", orders.guid, tags=change)])


def test_undefined_tag(work: Workspace, orders: Entity) -> None:
    """A tag whose definition is gone may stay, and may go."""
    work.record.delete_typedef("tagA")
    assert listed(save(work, [Command("Table", orders.guid, tags=TagChange(all_=tags("tagA")))])) != {}
    save(work, [Command("Table", orders.guid, tags=TagChange(removed=("tagA",)))])
    assert read(work, orders).tags == ()


GOOD: dict[str, Any] = {
    "text1": "x",
    "many1": ["x", "y"],
    "list1": [1, 2],
    "whole1": 3,
    "part1": 0.5,
    "truth1": True,
    "time1": 1_700_000_000_000,
}


def test_custom_metadata(work: Workspace, orders: Entity) -> None:
    """Values are kept by attribute, found by it, and null takes one away; the others stay."""
    save(work, [Command("Table", orders.guid, custom=CustomChange({"set1": GOOD, "set2": {"other": "x"}}))])
    assert read(work, orders).custom == {**GOOD, "other": "x"}
    assert found(work, "text1", "x") == 1
    save(work, [Command("Table", orders.guid, custom=CustomChange({"set1": {"text1": None, "many1": "z"}}))])
    rest = {name: value for name, value in GOOD.items() if name != "text1"}
    assert read(work, orders).custom == {**rest, "many1": ["z"], "other": "x"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(CustomChange({"set1": {"text1": "y"}}, replaces=True), {"text1": "y"}, id="everything"),
        pytest.param(
            CustomChange({"set1": {"text1": "y"}}, replaces=True, only="set1"),
            {"text1": "y", "other": "x"},
            id="one set",
        ),
        pytest.param(CustomChange({}, replaces=True), {}, id="nothing is left"),
    ],
)
def test_custom_metadata_replaced(
    work: Workspace, orders: Entity, change: CustomChange, expected: dict[str, Any]
) -> None:
    """A replacement takes away what it does not say, of one set or of all."""
    save(work, [Command("Table", orders.guid, custom=CustomChange({"set1": GOOD, "set2": {"other": "x"}}))])
    save(work, [Command("Table", orders.guid, custom=change)])
    assert read(work, orders).custom == expected


@pytest.mark.parametrize(
    ("values", "error", "path"),
    [
        ({"no": {}}, NotFound, "/no"),
        ({"tagA": {}}, NotFound, "/tagA"),
        ({"set1": {"other": "x"}}, NotFound, "/set1/other"),
        ({"set1": {"text1": 5}}, InvalidInput, "/set1/text1"),
        ({"set1": {"text1": ["x"]}}, InvalidInput, "/set1/text1"),
        ({"set1": {"whole1": "3"}}, InvalidInput, "/set1/whole1"),
        ({"set1": {"whole1": 2**64}}, InvalidInput, "/set1/whole1"),
        ({"set1": {"truth1": "true"}}, InvalidInput, "/set1/truth1"),
        ({"set1": {"list1": [1, "2"]}}, InvalidInput, "/set1/list1"),
        ({"set1": {"time1": "2024-01-01"}}, InvalidInput, "/set1/time1"),
        ({"set3": {"level": "middle"}}, InvalidInput, "/set3/level"),
        ({"set3": {"levels": ["low", "middle"]}}, InvalidInput, "/set3/levels"),
        ({"set3": {"older": "middle"}}, InvalidInput, "/set3/older"),
    ],
)
def test_custom_metadata_refused(
    work: Workspace, orders: Entity, values: Any, error: type[Exception], path: str
) -> None:
    """A set or an attribute that is not defined is refused, a value of another type, and one that its enum has not."""
    with pytest.raises(error) as raised:
        save(work, [Command("Table", orders.guid, custom=CustomChange(values), path="/entities/0")])
    assert getattr(raised.value, "path", None) == f"/entities/0/businessAttributes{path}"


def test_custom_metadata_of_an_enum(work: Workspace, orders: Entity) -> None:
    """Values that the enum has are kept."""
    said = {"level": "low", "levels": ["low", "high"], "older": "high"}
    save(work, [Command("Table", orders.guid, custom=CustomChange({"set3": said}))])
    assert read(work, orders).custom == said
