"""Fields: read from mappings, found by name, suggested, grown."""

from dataclasses import replace

import pytest

from muster.errors import InvalidInput, UnknownField
from muster.fields import Field, Fields, Kind, asset_fields, asset_template

MAPPINGS = {
    "date_detection": False,
    "dynamic_templates": [
        {
            "texts": {
                "match_mapping_type": "string",
                "mapping": {"type": "keyword", "fields": {"text": {"type": "text"}}},
            }
        }
    ],
    "properties": {
        "name": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 8}}},
        "owner": {"properties": {"age": {"type": "integer"}, "team": {"properties": {"name": {"type": "keyword"}}}}},
        "columns": {
            "type": "nested",
            "properties": {
                "name": {"type": "keyword"},
                "tests": {"type": "nested", "properties": {"name": {"type": "keyword"}}},
            },
        },
        "day": {"type": "date", "format": "yyyy-MM-dd"},
        "fixed": {"dynamic": False, "properties": {"code": {"type": "keyword"}}},
        "dotted.name": {"type": "long"},
    },
}


@pytest.fixture
def fields() -> Fields:
    """The fields of a mapping with objects, nested objects and multi-fields."""
    return Fields.from_mapping({}, MAPPINGS)


def test_leaves_know_what_fills_them(fields: Fields) -> None:
    """A multi-field is filled from its parent; a nested leaf knows the innermost path around it."""
    assert fields.find("name.keyword") == Field(
        name="name.keyword", kind=Kind.KEYWORD, source="name", ignore_above=8, doc_values=True
    )
    assert fields.find("columns.tests.name").nested == "columns.tests"
    assert fields.find("columns.name").nested == "columns"
    assert fields.find("day").format == "yyyy-MM-dd"
    assert [leaf.name for leaf in fields] == sorted(leaf.name for leaf in fields)


def test_objects_are_no_leaves(fields: Fields) -> None:
    """Objects, dotted parents and nested paths are objects; `get` does not find them."""
    objects = {"owner", "owner.team", "columns", "columns.tests", "fixed", "dotted"}
    assert {path for path in (*objects, "name", "nothing") if fields.is_object(path)} == objects
    assert fields.nested_paths == {"columns", "columns.tests"}
    assert fields.get("owner") is None


def test_patterns_match_whole_names(fields: Fields) -> None:
    """`*` stands for any run of characters, dots included; everything else for itself."""
    assert [leaf.name for leaf in fields.match("*name")] == [
        "columns.name",
        "columns.tests.name",
        "dotted.name",
        "name",
        "owner.team.name",
    ]
    assert [leaf.name for leaf in fields.match("owner.*")] == ["owner.age", "owner.team.name"]
    assert fields.match("owner?age") == ()


def test_an_unknown_name_is_answered_with_similar_ones() -> None:
    """The hint offers the most similar names, at most three."""
    with pytest.raises(UnknownField) as caught:
        asset_fields().find("certificateState")
    assert caught.value.message == "`certificateState` is not a searchable field"
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("did you mean `certificateStatus`")
    assert len(asset_fields().suggest("certificateState")) <= 3
    with pytest.raises(UnknownField) as caught:
        asset_fields().find("q")
    assert caught.value.hint == "see the reference of fields"


def test_unmapped_names_become_fields_by_the_dynamic_rules(fields: Fields) -> None:
    """A text becomes what the template says, numbers what OpenSearch makes of them; mapped names stay."""
    grown = fields.with_found({"x.y": "string", "n": "long", "columns.size": "double", "name": "long"})
    assert [grown.find(name).kind for name in ("x.y", "x.y.text", "n", "columns.size", "name")] == [
        Kind.KEYWORD,
        Kind.TEXT,
        Kind.LONG,
        Kind.FLOAT,
        Kind.TEXT,
    ]
    assert grown.find("columns.size").nested == "columns"
    assert grown.is_object("x")
    assert grown.found == {"x.y": "string", "n": "long", "columns.size": "double"}
    assert fields.get("n") is None


def test_names_beyond_the_limit_are_not_taken_in(fields: Fields) -> None:
    """An index has at most so many fields and objects; what it has already stays known when it is opened again."""
    text = len(fields.with_found({"a": "string"}).leaves) - len(fields.leaves)
    room = len(fields.leaves) + len(fields.objects) + 2 * text
    tight = replace(fields, limit=room)
    grown = tight.with_found({"a": "string"}).with_found({"b": "string"}).with_found({"c": "string"})
    assert (grown.found, grown.is_full()) == ({"a": "string", "b": "string"}, True)
    assert tight.with_found(grown.found).leaves == grown.leaves
    assert not tight.is_full()
    assert asset_fields().limit == 7000


def test_one_path_after_the_other_is_taken_in(fields: Fields) -> None:
    """What is found together is taken in as if it came one by one: a leaf is no object, and a free path has to be one."""
    found = {
        "x": "long",
        "x.y": "long",
        "z.y": "long",
        "z": "long",
        "name.x": "long",
        "name.keyword": "long",
        "_id": "long",
    }
    grown = fields.with_found(found)
    assert grown.found == {"x": "long", "z.y": "long"}
    one_by_one = fields
    for path, type_ in found.items():
        one_by_one = one_by_one.with_found({path: type_})
    assert grown == one_by_one
    assert fields.with_found({"x..y": "long", "columns": "long"}) is fields


def test_small_names_may_still_have_room(fields: Fields) -> None:
    """Where a text has too many sub-fields to be taken in, a number may not."""
    tight = replace(fields, limit=len(fields.leaves) + len(fields.objects) + 2)
    assert tight.with_found({"a": "string", "b.c": "long", "d": "long"}).found == {"a": "string"}
    assert tight.with_found({"a.b.c": "long", "d.e": "string", "f": "long"}).found == {"f": "long"}


def test_paths_deeper_than_the_index_allows_are_not_taken_in() -> None:
    """The index settings say how deep, 20 parts if they do not."""
    shallow = Fields.from_mapping({"index": {"mapping": {"depth": {"limit": 2}}}}, MAPPINGS)
    assert shallow.with_found({"a.b": "long", "c.d.e": "long"}).found == {"a.b": "long"}
    assert Fields.from_mapping({}, MAPPINGS).depth == 20


def test_objects_that_do_not_grow(fields: Fields) -> None:
    """`dynamic: false` closes an object and what is inside of it."""
    assert fields.grows("")
    assert fields.grows("owner.team")
    assert fields.grows("unknown.path")
    assert not fields.grows("fixed")
    assert not fields.grows("fixed.deeper")


@pytest.mark.parametrize(
    ("mappings", "message"),
    [
        ({"properties": {"a": {"type": "geo_point"}}}, "mapping type `geo_point` of `a` is not supported"),
        ({"properties": {"a": {"type": "text", "analyzer": "french"}}}, "there is no analyzer `french`"),
        ({"properties": {"a": {"type": "keyword", "normalizer": "n"}}}, "there is no normalizer `n`"),
        ({"properties": {"a": {"type": "keyword", "copy_to": "b"}}}, "mapping option `copy_to` of `a`"),
        ({"properties": {"a": {"type": "date", "format": "hh"}}}, "date format `hh` is not supported"),
        ({"properties": {"a": {"properties": {}, "enabled": False}}}, "mapping option `enabled` of `a`"),
        ({"dynamic": "strict"}, "`dynamic: strict` of `` is not supported"),
        ({"dynamic_templates": [{"t": {"match": "*_at", "mapping": {"type": "date"}}}]}, "a dynamic template"),
        ({"date_detection": True}, "`date_detection` is not supported"),
    ],
)
def test_mappings_that_are_not_understood_are_refused(mappings: dict[str, object], message: str) -> None:
    """What would change the meaning of a selection, and is not known, is an error when the mapping is read."""
    with pytest.raises(InvalidInput, match=message.replace("*", r"\*")):
        Fields.from_mapping({}, {"date_detection": False, **mappings})


def test_the_shipped_template_holds_the_fields_that_clients_name() -> None:
    """Header fields, sub-fields and nested structures of the asset template are there."""
    fields = asset_fields()
    kinds = {
        "__ordinal": Kind.INTEGER,
        "__typeName.keyword": Kind.KEYWORD,
        "__superTypeNames": Kind.TEXT,
        "__timestamp.date": Kind.DATE,
        "__traitNames": Kind.KEYWORD,
        "__classificationsText.text": Kind.TEXT,
        "__hasLineage": Kind.BOOLEAN,
        "name": Kind.TEXT,
        "name.stemmed": Kind.TEXT,
        "displayName.delimiter": Kind.TEXT,
        "description.keyword": Kind.KEYWORD,
        "qualifiedName.text": Kind.TEXT,
        "certificateStatus": Kind.KEYWORD,
        "popularityScore": Kind.FLOAT,
        "rowCount": Kind.LONG,
        "starredDetailsList.assetStarredBy": Kind.KEYWORD,
    }
    assert {name: fields.find(name).kind for name in kinds} == kinds
    assert "starredDetailsList" in fields.nested_paths
    assert "sourceReadTopUserRecordList" in fields.nested_paths
    assert asset_template()["template"]["settings"]["index"]["mapping"]["ignore_malformed"] is True
