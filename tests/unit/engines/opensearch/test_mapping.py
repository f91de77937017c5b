"""Mapping: what an index is made with, and what it is told of names that documents brought."""

from __future__ import annotations

import json
from typing import Any

from muster.engines.opensearch.index.mapping import of_server, properties, sent
from muster.fields import Fields, asset_template

TEXTS = {"type": "keyword", "ignore_above": 9, "fields": {"text": {"type": "text", "norms": False}}}
TEMPLATE: dict[str, Any] = {
    "settings": {"index": {"mapping": {"total_fields": {"limit": 50}}}, "number_of_replicas": 0},
    "mappings": {
        "dynamic": True,
        "date_detection": False,
        "dynamic_templates": [{"texts": {"match_mapping_type": "string", "mapping": TEXTS}}],
        "properties": {
            "name": {"type": "text", "fields": {"keyword": {"type": "keyword"}}},
            "closed": {"dynamic": False, "properties": {"code": {"type": "keyword"}}},
            "columns": {"type": "nested", "properties": {"size": {"type": "long"}}},
        },
    },
}
FIELDS = Fields.from_mapping(TEMPLATE["settings"], TEMPLATE["mappings"])


def test_the_server_maps_nothing_of_itself() -> None:
    """The root is closed and all in it with it; names are counted as Muster counts them; what is malformed is ignored."""
    before = json.dumps(TEMPLATE)
    made = sent(TEMPLATE, shards=3)
    assert json.dumps(TEMPLATE) == before
    assert made["mappings"] == {
        "dynamic": False,
        "properties": {**TEMPLATE["mappings"]["properties"], "closed": {"properties": {"code": {"type": "keyword"}}}},
    }
    assert made["settings"]["number_of_replicas"] == 0
    index = made["settings"]["index"]
    assert index["mapping"] == {
        "ignore_malformed": True,
        "total_fields": {"limit": 50},
        "depth": {"limit": 20},
        "nested_objects": {"limit": 1 << 20},
    }
    assert (index["number_of_shards"], index["refresh_interval"]) == (3, -1)


def test_the_shipped_template_keeps_its_analyzers_and_fields() -> None:
    """What assets are searched by is sent as it stands in the template."""
    template = asset_template()["template"]
    made = sent(template)
    assert made["settings"]["analysis"] == template["settings"]["analysis"]
    assert made["mappings"]["properties"] == template["mappings"]["properties"]
    assert made["settings"]["index"]["mapping"]["total_fields"] == {"limit": 7000}


def test_a_server_is_told_only_of_what_is_new() -> None:
    """Properties by the dynamic rules, inside of the objects around them, which keep their type."""
    known = FIELDS.with_found({"own": "string", "x.y": "long"})
    grown = known.with_found({"x.z.w": "string", "columns.deep.flag": "boolean", "name": "long", "own": "long"})
    assert properties(known, known) == {}
    assert properties(known, grown) == {
        "x": {"properties": {"z": {"properties": {"w": TEXTS}}}},
        "columns": {"type": "nested", "properties": {"deep": {"properties": {"flag": {"type": "boolean"}}}}},
    }
    assert properties(FIELDS, known) == {"own": TEXTS, "x": {"properties": {"y": {"type": "long"}}}}


def test_fields_are_read_back_with_the_rules_of_the_template() -> None:
    """The server says that nothing grows: what does is the template's to say, as are the limits."""
    grown = FIELDS.with_found({"own": "string", "x.y": "double", "columns.flag": "boolean"})
    said = {
        "dynamic": "false",
        "_meta": {"muster": {}},
        "properties": {
            "closed": {"properties": {"code": {"type": "keyword"}}},
            "columns": {"type": "nested", "properties": {"flag": {"type": "boolean"}, "size": {"type": "long"}}},
            "name": {"type": "text", "fields": {"keyword": {"type": "keyword"}}},
            "own": TEXTS,
            "x": {"properties": {"y": {"type": "float"}}},
        },
    }
    read = of_server(FIELDS, said)
    assert read == grown
    assert not read.grows("closed")


def test_what_somebody_else_has_mapped_is_no_name_that_was_found() -> None:
    """A field of another form than the rules give is searchable like any other, and not told to a server again."""
    read = of_server(
        FIELDS, {"properties": {"own": {"type": "keyword"}, "whole": {"type": "integer"}, "n": {"type": "long"}}}
    )
    assert list(read.leaves) == ["n", "own", "whole"]
    assert read.found == {"n": "long"}
    assert properties(read, read.with_found({"own": "string", "m": "long"})) == {"m": {"type": "long"}}
