"""Typedefs: what people define, how it is named, and when it may go."""

import re
from typing import Any

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.typedef import Category, Typedef
from muster.errors import Conflict, InvalidInput, LimitExceeded, MusterError, NotFound
from muster.query.nodes import Exists, Term
from muster.service.check import check
from muster.service.project import project
from muster.service.typedefs import MOST_PARTS, Definition, create, custom_attributes, delete, get, listed, update
from muster.service.workspace import Workspace

TAG, CUSTOM, ENUM, STRUCT = (
    Category.CLASSIFICATION,
    Category.BUSINESS_METADATA,
    Category.ENUM,
    Category.STRUCT,
)
GENERATED = re.compile(r"[A-Za-z0-9]{21}")

RACI: dict[str, Any] = {
    "category": "BUSINESS_METADATA",
    "name": "RACI",
    "displayName": "RACI",
    "description": None,
    "guid": None,
    "options": {"emoji": "📦", "isLocked": "true"},
    "attributeDefs": [
        {"name": "", "displayName": "Responsible", "typeName": "array<string>", "options": {"multiValueSelect": True}},
        {"name": "", "displayName": "Level", "typeName": "Levels", "options": {"enumType": "Levels"}},
    ],
}
LEVELS: dict[str, Any] = {"name": "Levels", "elementDefs": [{"value": "a", "ordinal": 0}, {"value": "b", "ordinal": 1}]}
MARKETING: dict[str, Any] = {"name": "Marketing", "displayName": "Marketing", "options": {"color": "Green"}}


def made(work: Workspace, category: Category, said: dict[str, Any]) -> Typedef:
    """Create one typedef."""
    return create(work, [Definition(category, said, "/defs/0")])[0]


def parts(one: Typedef) -> dict[str, str]:
    """Return the internal names of attributes by what people read."""
    return {part["displayName"]: part["name"] for part in one.body["attributeDefs"]}


def test_a_tag_gets_an_internal_name(work: Workspace) -> None:
    """What a client calls the name of a new tag is its display name; its options stay as they came."""
    tag = made(work, TAG, MARKETING)
    assert GENERATED.fullmatch(tag.name)
    assert (tag.display_name, tag.body) == ("Marketing", {"options": {"color": "Green"}})
    assert get(work, tag.name) == get(work, tag.guid) == tag
    assert (tag.version, tag.created_by, tag.created_at) == (1, "ada", work.clock())


def test_custom_metadata_and_its_attributes_get_internal_names(work: Workspace) -> None:
    """A set and its attributes are named at random; of what came nothing is lost but nulls."""
    raci = made(work, CUSTOM, RACI)
    names = parts(raci)
    assert all(map(GENERATED.fullmatch, [raci.name, *names.values()]))
    assert len({raci.name, *names.values()}) == 3
    assert raci.body["options"] == RACI["options"]
    assert raci.body["attributeDefs"][0] == RACI["attributeDefs"][0] | {"name": names["Responsible"]}
    assert set(raci.body) == {"options", "attributeDefs"}
    assert custom_attributes(work) == set(names.values())


def test_an_enum_keeps_its_name(work: Workspace) -> None:
    """An enum goes by one name, and its values are kept in order."""
    levels = made(work, ENUM, LEVELS)
    assert (levels.name, levels.display_name) == ("Levels", "Levels")
    assert levels.body == {"elementDefs": LEVELS["elementDefs"]}


def test_an_update_keeps_names(work: Workspace) -> None:
    """Attributes that are named keep their names whatever they are called now; new ones get one."""
    raci = made(work, CUSTOM, RACI)
    names = parts(raci)
    said = {
        "name": raci.name,
        "displayName": "RACI 2",
        "attributeDefs": [
            {"name": names["Level"], "displayName": "Depth", "typeName": "string"},
            {"name": names["Responsible"], "displayName": "Responsible", "typeName": "array<string>"},
            {"name": "", "isNew": True, "displayName": "Informed", "typeName": "string"},
        ],
    }
    changed = update(work, [Definition(CUSTOM, said)])[0]
    assert (changed.name, changed.guid, changed.display_name, changed.version) == (raci.name, raci.guid, "RACI 2", 2)
    assert parts(changed) | {"Informed": ""} == {
        "Depth": names["Level"],
        "Responsible": names["Responsible"],
        "Informed": "",
    }
    assert GENERATED.fullmatch(parts(changed)["Informed"])


@pytest.mark.parametrize("key", ["name", "guid", "displayName", "display name as name"])
def test_an_update_finds_what_it_means(work: Workspace, key: str) -> None:
    """A typedef is named by internal name, guid or display name."""
    tag = made(work, TAG, MARKETING)
    said = {
        "name": {"name": tag.name, "displayName": "M"},
        "guid": {"guid": tag.guid, "displayName": "M"},
        "displayName": {"displayName": "Marketing", "description": "new"},
        "display name as name": {"name": "Marketing", "description": "new"},
    }[key]
    assert update(work, [Definition(TAG, said)])[0].name == tag.name


def test_listed_by_category(work: Workspace) -> None:
    """Each category lists its own; a struct and an enum are always there: clients take none for an expired token."""
    tag, levels = made(work, TAG, MARKETING), made(work, ENUM, LEVELS)
    assert listed(work, {TAG}) == [tag]
    assert [one.name for one in listed(work, {STRUCT})] == ["SourceTagAttachment"]
    (always,) = (one for one in listed(work, {ENUM}) if one != levels)
    assert listed(work, {TAG, ENUM}) == sorted([tag, levels, always], key=lambda one: one.name)
    assert len(listed(work)) == 4


REFUSED: dict[str, tuple[Category, dict[str, Any], type[MusterError], str | None]] = {
    "a display name that is taken": (TAG, MARKETING, Conflict, None),
    "an enum that is there": (ENUM, LEVELS, Conflict, "/defs/0"),
    "the struct that is always there": (STRUCT, {"name": "SourceTagAttachment"}, Conflict, "/defs/0"),
    "no name": (TAG, {"options": {}}, InvalidInput, "/defs/0/name"),
    "a blank name": (TAG, {"displayName": " "}, InvalidInput, "/defs/0/displayName"),
    "half a character": (TAG, {"displayName": "\ud800"}, InvalidInput, "/defs/0/displayName"),
    "attributes of the same name": (
        CUSTOM,
        {"name": "A", "attributeDefs": [{"displayName": "x"}, {"displayName": "x"}]},
        InvalidInput,
        "/defs/0/attributeDefs/1",
    ),
    "an attribute without a name": (
        CUSTOM,
        {"name": "A", "attributeDefs": [{"typeName": "string"}]},
        InvalidInput,
        "/defs/0/attributeDefs/0/name",
    ),
    "attributes that are none": (CUSTOM, {"name": "A", "attributeDefs": "x"}, InvalidInput, "/defs/0/attributeDefs"),
    "a value twice": (
        ENUM,
        {"name": "E", "elementDefs": [{"value": "a"}, {"value": "a"}]},
        InvalidInput,
        "/defs/0/elementDefs/1",
    ),
    "too many values": (
        ENUM,
        {"name": "E", "elementDefs": [{"value": str(each)} for each in range(MOST_PARTS + 1)]},
        LimitExceeded,
        "/defs/0/elementDefs",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(work: Workspace, case: str) -> None:
    """What cannot be defined is refused where it stands, and nothing of the request is kept."""
    made(work, TAG, MARKETING)
    made(work, ENUM, LEVELS)
    before = listed(work)
    category, said, error, path = REFUSED[case]
    with pytest.raises(error) as refused:
        create(work, [Definition(category, said, "/defs/0"), Definition(TAG, {"name": "Other"}, "/defs/1")])
    assert refused.value.path == path
    assert listed(work) == before


def test_an_update_of_nothing(work: Workspace) -> None:
    """What is not there cannot be updated; nor can it by the name of another category."""
    made(work, ENUM, LEVELS)
    with pytest.raises(NotFound):
        update(work, [Definition(TAG, {"name": "Levels"})])


def test_a_tag_in_use_stays(work: Workspace) -> None:
    """A tag that an asset in use has cannot go; once the asset is archived it can, and is gone."""
    tag = made(work, TAG, MARKETING)
    draft = EntityDraft(Key("Table", "q"), {"name": "t"}, tags=(tag.name,))
    ordinals = work.record.write([draft], by="ada", at=work.clock()).created
    with pytest.raises(Conflict, match="1 asset has `Marketing`") as refused:
        delete(work, tag.name)
    assert refused.value.hint
    work.record.archive(ordinals, by="ada", at=work.clock())
    assert delete(work, tag.name) == tag
    with pytest.raises(NotFound):
        delete(work, tag.name)


def test_custom_metadata_in_use_stays(work: Workspace) -> None:
    """A set goes when no asset in use has a value of it; so does an attribute that an update leaves out."""
    raci = made(work, CUSTOM, RACI)
    names = parts(raci)
    draft = EntityDraft(Key("Table", "q"), {"name": "t"}, custom={names["Level"]: "a"})
    ordinals = work.record.write([draft], by="ada", at=work.clock()).created
    kept = {**RACI, "name": raci.name, "attributeDefs": [raci.body["attributeDefs"][1]]}
    with pytest.raises(Conflict, match="1 asset has `RACI`"):
        delete(work, raci.name)
    assert list(parts(update(work, [Definition(CUSTOM, kept)])[0])) == ["Level"]
    with pytest.raises(Conflict, match="1 asset has `RACI`"):
        update(work, [Definition(CUSTOM, {**kept, "attributeDefs": []}, "/defs/0")])
    work.record.archive(ordinals, by="ada", at=work.clock())
    assert delete(work, raci.name).name == raci.name


def test_an_enum_in_use_stays(work: Workspace) -> None:
    """An enum that an attribute is of cannot go before the attribute."""
    made(work, ENUM, LEVELS)
    raci = made(work, CUSTOM, RACI)
    with pytest.raises(Conflict, match="`Level` of `RACI` is of `Levels`"):
        delete(work, "Levels")
    delete(work, raci.name)
    assert delete(work, "Levels").name == "Levels"


def test_the_struct_stays(work: Workspace) -> None:
    """What is always there cannot go."""
    with pytest.raises(Conflict):
        delete(work, "SourceTagAttachment")


def test_an_attribute_without_values_can_be_asked_for(work: Workspace) -> None:
    """The field of an attribute comes with its first value; before that it finds nothing, and nobody complains."""
    names = parts(made(work, CUSTOM, RACI))
    level = Term(names["Level"], "a")
    project(work)
    assert work.engine.count(level, now=work.clock()) == 0
    assert work.engine.count(Exists(names["Level"]), now=work.clock()) == 0
    assert "unknown_field" not in {one.code for one in check(work, level)}
    draft = EntityDraft(Key("Table", "q"), {"name": "t"}, custom={names["Level"]: "a"})
    work.record.write([draft], by="ada", at=work.clock())
    project(work)
    assert work.engine.count(level, now=work.clock()) == 1
