"""A small index, and selections bound against it."""

from __future__ import annotations

from typing import Any

from muster.binding.bind import bind
from muster.binding.tests import Bound
from muster.fields import Fields
from muster.query.wire import read

NOW = 1_700_000_000_000
"""2023-11-14T22:13:20Z."""

FIELDS = Fields.from_mapping(
    {
        "analysis": {
            "normalizer": {"folded": {"type": "custom", "filter": ["lowercase"]}},
            "analyzer": {
                "stemmed": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "porter_stem"]}
            },
        }
    },
    {
        "dynamic": False,
        "properties": {
            "type": {"type": "keyword"},
            "tags": {"type": "keyword"},
            "label": {"type": "keyword", "normalizer": "folded"},
            "name": {"type": "text", "fields": {"keyword": {"type": "keyword"}}},
            "title": {"type": "text", "analyzer": "stemmed"},
            "about": {"type": "text"},
            "count": {"type": "long"},
            "score": {"type": "double"},
            "verified": {"type": "boolean"},
            "updated": {"type": "date"},
            "hidden": {"type": "keyword", "index": False, "doc_values": False},
            "owner": {"properties": {"name": {"type": "keyword"}, "age": {"type": "integer"}}},
            "columns": {
                "type": "nested",
                "properties": {
                    "name": {"type": "keyword"},
                    "checks": {"type": "nested", "properties": {"name": {"type": "keyword"}}},
                },
            },
        },
    },
)


def bound(selection: dict[str, Any]) -> Bound:
    """Bind a selection in wire form."""
    return bind(read(selection), FIELDS, now=NOW)
