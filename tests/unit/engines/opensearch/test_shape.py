"""Shape: what a server is sent of a document."""

from __future__ import annotations

import math
from typing import Any

import pytest

from muster.engines.opensearch.index.shape import Shaper
from muster.fields import Fields, asset_fields
from muster.indexing import Indexer

PROPERTIES: dict[str, Any] = {
    "tags": {"type": "keyword"},
    "name": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 4}}},
    "status": {"type": "keyword", "null_value": "NONE"},
    "count": {"type": "long", "fields": {"date": {"type": "date"}}},
    "size": {"type": "integer", "null_value": -1},
    "ratio": {"type": "float", "fields": {"keyword": {"type": "keyword"}}},
    "exact": {"type": "double", "coerce": False, "fields": {"keyword": {"type": "keyword"}}},
    "verified": {"type": "boolean"},
    "day": {"type": "date", "format": "yyyy-MM-dd"},
    "hidden": {"type": "keyword", "index": False, "doc_values": False},
    "owner": {"properties": {"tags": {"type": "keyword"}, "columns": {"type": "nested"}}},
    "columns": {"type": "nested", "properties": {"tags": {"type": "keyword"}, "owner.size": {"type": "long"}}},
}
FIELDS = Fields.from_mapping({}, {"date_detection": False, "properties": PROPERTIES})


@pytest.mark.parametrize(
    ("document", "shaped"),
    [
        ({"tags": ["b", None, [["a"]], []], "name": None, "day": []}, {"tags": ["b", "a"]}),
        ({"tags": [1, 1.5, 1e22, True, 10**40], "name": 1e16}, {"tags": ["1", "1.5", "1e+22", "true", f"1{'0' * 40}"], "name": "1e+16"}),
        ({"tags": "a\ud800", "name": "\ud83d\ude00"}, {"tags": "a\ufffd", "name": "\U0001f600"}),
        ({"tags": ["é" * 16_384, "x"], "name": "x" * 40_000}, {"tags": "x", "name": "x" * 40_000}),
        ({"tags": {"a": 1}, "owner": [1, "x", {"tags": "a"}, [{"tags": "b"}]], "columns": [None, 1]}, {"owner": {"tags": ["a", "b"]}}),
        ({"owner.tags": "b", "owner": {"tags": "a", "columns": {}}, "name.keyword": "x"}, {"owner": {"tags": ["b", "a"], "columns": [{}]}}),
        ({"columns": [{"tags": "a", "owner.size": "7"}, {}, [{"owner": {"size": 8.5}}]], "columns.tags": "x"}, {"columns": [{"tags": "a", "owner": {"size": "7"}}, {}, {"owner": {"size": 8.5}}]}),
        ({"status": None, "size": [None, ""]}, {"status": None, "size": None}),
        ({"status": "A", "size": None, "count": None}, {"status": "A", "size": None}),
        ({"count": ["x", True, {}, "12.7", 2**63, "2024-01-31"], "size": 2**31}, {"count": ["12.7", "2024-01-31"]}),
        ({"verified": [1, "yes", "", "true", False]}, {"verified": ["", "true"]}),
        ({"size": [3, "3", 4, 3.5], "day": ["2024-02-29", "2024-02-29"], "tags": ["a", "a"]}, {"size": [3, 4], "day": "2024-02-29", "tags": ["a", "a"]}),
        ({"day": ["2024-02-30", "2024-02-29", 3]}, {"day": "2024-02-29"}),
        ({"ratio": [1e22, 0.1, "x", 1e39], "exact": [1e22, 3, True]}, {"ratio": ["1e+22", "0.1", "x", "1e+39"], "exact": [1e22, 3, "true"]}),
        ({"ratio": [math.nan, math.inf], "tags": math.nan}, {}),
        ({"hidden": "x", "": 1, "a..b": 1, "_id": "x", "__soft_deletes": 1}, {}),
        ({"x": {"y": [{}, None, {"z.w": 1}]}, "v": [[], "a"]}, {"x": {"y": {"z": {"w": 1}}}, "v": "a"}),
    ],
)  # fmt: skip
def test_documents_are_sent_as_a_server_reads_them(document: dict[str, Any], shaped: dict[str, Any]) -> None:
    """Mapped names alone, as a tree, with the values that one of their fields can hold, each number and date once."""
    shaper = Shaper(FIELDS)
    assert shaper.shape(document) == shaped
    assert shaper.shape(shaped) == shaped


def test_names_grow_as_in_the_index_of_the_embedded_engine() -> None:
    """The first value decides, for both alike."""
    documents: list[dict[str, Any]] = [{"own": 3, "x": {}}, {"own": "word", "x": "4"}, {"own": "5", "x": {"y": 1}}]
    shaper, indexer = Shaper(FIELDS), Indexer(FIELDS)
    assert [shaper.shape(one) for one in documents] == [{"own": 3}, {"x": "4"}, {"own": "5"}]
    for one in documents:
        indexer.index("g", one)
    assert shaper.fields == indexer.fields
    assert shaper.fields.found == {"own": "long", "x": "string"}


def test_an_asset_is_sent_with_its_header() -> None:
    """Ordinal and checksum are fields of the shipped template, as is everything that an asset has of its own."""
    document = {
        "__guid": "g",
        "__ordinal": 7,
        "__checksum": 4_294_967_295,
        "__timestamp": 1_700_000_000_000,
        "name": "Orders",
        "starredDetailsList": [{"assetStarredBy": "ada", "assetStarredAt": 1}],
    }
    shaper = Shaper(asset_fields())
    assert shaper.shape(document) == document
    assert shaper.fields is asset_fields()
