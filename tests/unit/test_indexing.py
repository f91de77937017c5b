"""Indexing: from documents to indexed values. Every case was settled on a real OpenSearch node."""

from typing import Any

import pytest

from muster.analysis.numbers import NEGATIVE_ZERO
from muster.fields import Fields, asset_fields
from muster.indexing import IndexedAsset, Indexer, Tokens

PROPERTIES: dict[str, Any] = {
    "tags": {"type": "keyword"},
    "code": {"type": "keyword", "ignore_above": 4},
    "label": {"type": "keyword", "normalizer": "lowercase"},
    "status": {"type": "keyword", "null_value": "NONE"},
    "name": {"type": "text", "fields": {"keyword": {"type": "keyword"}}},
    "count": {"type": "long", "fields": {"date": {"type": "date"}}},
    "exact": {"type": "long", "coerce": False},
    "priority": {"type": "integer", "null_value": -1},
    "ratio": {"type": "float"},
    "verified": {"type": "boolean"},
    "day": {"type": "date", "format": "yyyy-MM-dd"},
    "hidden": {"type": "keyword", "index": False, "doc_values": False},
    "owner": {"properties": {"name": {"type": "keyword"}, "age": {"type": "integer"}}},
    "columns": {
        "type": "nested",
        "properties": {
            "name": {"type": "keyword"},
            "tests": {"type": "nested", "properties": {"name": {"type": "keyword"}}},
        },
    },
}


@pytest.fixture
def indexer() -> Indexer:
    """An indexer whose unmapped names become fields."""
    return Indexer(Fields.from_mapping({}, {"date_detection": False, "properties": PROPERTIES}))


@pytest.mark.parametrize(
    ("document", "values"),
    [
        ({"tags": ["b", None, ["a", "b"]]}, {"tags": ("b", "a")}),
        ({"tags": None, "name": None, "count": []}, {}),
        ({"tags": ""}, {"tags": ("",)}),
        ({"tags": [1, 1.5, True, {"a": 1}]}, {"tags": ("1", "1.5", "true")}),
        ({"tags": "é" * 16_384}, {}),
        (
            {"code": ["abcd", "abcde", "\U0001d400\U0001d400", "\U0001d400\U0001d400a"]},
            {"code": ("abcd", "\U0001d400\U0001d400")},
        ),
        ({"code": "abcde"}, {}),
        ({"label": "ÀB"}, {"label": ("àb",)}),
        ({"status": None}, {"status": ("NONE",)}),
        ({"status": []}, {}),
        ({"status": [None, "A"]}, {"status": ("NONE", "A")}),
        ({"name": ""}, {"name": Tokens((), ()), "name.keyword": ("",)}),
        ({"name": ["A b", None, "c"]}, {"name": Tokens(("a", "b", "c"), (0, 1, 102)), "name.keyword": ("A b", "c")}),
        ({"name": 12.5}, {"name": Tokens(("12.5",), (0,)), "name.keyword": ("12.5",)}),
        ({"count": ["12.7", "x", True]}, {"count": (12,), "count.date": (12,)}),
        ({"count": 1_706_702_400_000}, {"count": (1_706_702_400_000,), "count.date": (1_706_702_400_000,)}),
        ({"exact": ["1", 1.5, 2]}, {"exact": (2,)}),
        ({"priority": [None, ""]}, {"priority": (-1,)}),
        ({"ratio": [0.1, -0.0, 1e39]}, {"ratio": (0.10000000149011612, NEGATIVE_ZERO)}),
        ({"verified": ["true", "", 1, False]}, {"verified": (True, False)}),
        ({"day": ["2024-01-31", "2024-02-30"]}, {"day": (1_706_659_200_000,)}),
        ({"hidden": "x"}, {}),
        ({"hidden": {"x": 1}, "hidden.x": 1, "name.x": 1, "tags": {"x": 1}}, {}),
        ({"columns.name": "a", "columns": "a"}, {}),
        ({"owner.status": None, "owner.age": None}, {}),
        ({"tags": "x" * 32_766, "label": "\u023a" * 16_383}, {"tags": ("x" * 32_766,)}),
        ({"name": "x " * 20_000}, {}),
        ({"tags": ["a\ud800", "\ud83d\ude00"]}, {"tags": ("a\ufffd", "\U0001f600")}),
        ({"count": 2024.0, "day": 2024.0}, {"count": (2024,), "count.date": (2024,)}),
        (
            {"owner": [{"name": "a"}, {"name": "b", "age": 3}], "owner.age": 4},
            {"owner.name": ("a", "b"), "owner.age": (3, 4)},
        ),
        ({"owner": "x"}, {}),
    ],
)
def test_values_are_indexed_as_the_server_does(
    indexer: Indexer, document: dict[str, Any], values: dict[str, Any]
) -> None:
    """Coercion, null values, limits and flattening are OpenSearch's; a key is there when `exists` holds."""
    assert indexer.index("g", document) == IndexedAsset("g", values, {})


def test_nested_objects_are_indexed_each_for_itself(indexer: Indexer) -> None:
    """Objects of a nested path keep their values together, empty ones count, nulls do not."""
    found = indexer.index("g", {"columns": [{"name": "a", "tests": {"name": "t"}}, None, {}]})
    inner = IndexedAsset("g", {"columns.tests.name": ("t",)}, {})
    first = IndexedAsset("g", {"columns.name": ("a",)}, {"columns.tests": (inner,)})
    assert found == IndexedAsset("g", {}, {"columns": (first, IndexedAsset("g", {}, {}))})


def test_only_what_is_wanted_is_indexed() -> None:
    """Of the fields that a value fills, those that are asked for, also inside of nested objects; what has no term has none."""
    fields = Fields.from_mapping({}, {"date_detection": False, "properties": PROPERTIES})
    indexer = Indexer(fields, {"name", "owner.age", "columns.tests.name"})
    said = {
        "tags": "a",
        "name": "A",
        "owner": {"name": "b", "age": 2},
        "columns": {"name": "c", "tests": {"name": "t"}},
    }
    inner = IndexedAsset("g", {"columns.tests.name": ("t",)}, {})
    column = IndexedAsset("g", {}, {"columns.tests": (inner,)})
    values = {"name": Tokens(("a",), (0,)), "owner.age": (2,)}
    assert indexer.index("g", said) == IndexedAsset("g", values, {"columns": (column,)})
    assert indexer.index("g", {"name": "x " * 20_000}) == IndexedAsset("g", {}, {})


def test_unmapped_names_become_fields(indexer: Indexer) -> None:
    """The first value decides on the kind; later values of another sort are coerced or left out."""
    first = indexer.index("g", {"extra": 3, "note": ["a b"], "deep": {"x.y": True}, "none": None, "empty": []})
    assert first.values == {
        "extra": (3,),
        "note": Tokens(("a", "b"), (0, 1)),
        "note.keyword": ("a b",),
        "deep.x.y": (True,),
    }
    assert indexer.index("h", {"extra": ["4", "word"]}).values == {"extra": (4,)}
    assert indexer.fields.found == {"extra": "long", "note": "string", "deep.x.y": "boolean"}
    again = Indexer(
        Fields.from_mapping({}, {"date_detection": False, "properties": PROPERTIES}).with_found(indexer.fields.found)
    )
    assert again.index("h", {"extra": "5"}).values == {"extra": (5,)}


def test_names_that_no_server_takes_are_not_indexed(indexer: Indexer) -> None:
    """Empty and blank parts, a server's own names, and what is too long or no text, become no fields anywhere."""
    names = ["", " ", ".", "a.", ".a", "a..b", "a. .b", "_id", "_own.x", "__soft_deletes", "\ud800", "é" * 513]
    inside = dict.fromkeys(["", "\t", "b.", "\ud800"], 1)
    document = dict.fromkeys(names, 1) | {"deep": inside, "_o": {"a": 1}}
    assert indexer.index("g", document).values == {}
    assert indexer.index("g", {"__own": 1, "a": {"_id": 2}, "é" * 512: 3}).values == {
        "__own": (1,),
        "a._id": (2,),
        "é" * 512: (3,),
    }


def test_a_name_is_taken_by_its_first_value_and_not_before(indexer: Indexer) -> None:
    """An object without values takes no name, so that all who know the fields read the next document alike."""
    assert indexer.index("g", {"x": {"y": {}, "z": [None]}, "w": [{}, 5]}).values == {}
    assert indexer.fields.found == {}
    assert indexer.index("g", {"x": 1, "x.y": 2, "w": [{"a": 1}, 5, {"a": 2, "b": {"c": 3}}], "w.b.c": 4}).values == {
        "x": (1,),
        "w.a": (1, 2),
        "w.b.c": (3, 4),
    }
    assert indexer.index("g", {"x": {"y": 1}, "w": 1, "w.a": {"d": 1}}).values == {}


def test_a_path_is_as_deep_as_the_index_allows(indexer: Indexer) -> None:
    """Twenty parts are indexed, one more is not, objects and dots alike."""
    parts = [f"p{at}" for at in range(20)]
    assert indexer.index("g", {".".join(parts): 1}).values == {".".join(parts): (1,)}
    assert indexer.index("g", {"q": {".".join(parts): 1}}).values == {}


def test_a_closed_mapping_leaves_unmapped_names_out() -> None:
    """With `dynamic: false` what is not mapped is not indexed."""
    indexer = Indexer(Fields.from_mapping({}, {"dynamic": False, "properties": PROPERTIES}))
    assert indexer.index("g", {"extra": 3, "owner": {"extra": 1, "age": 2}, "a.b": 1}).values == {"owner.age": (2,)}


def test_an_asset_by_the_shipped_template() -> None:
    """The header and the multi-fields of an asset are filled from one document."""
    document = {"name": "daily orders", "displayName": "orders_daily", "__timestamp": 0, "__typeName": "Table"}
    values = Indexer(asset_fields()).index("g", document).values
    assert values["name.stemmed"] == Tokens(("daili", "order"), (0, 1))
    assert values["displayName.delimiter"] == Tokens(("orders", "daily"), (0, 1))
    assert values["__timestamp.date"] == (0,)
    assert values["__typeName.keyword"] == ("Table",)
