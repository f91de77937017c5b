"""Odd documents: whatever JSON can hold, at names that are mapped, that are not, and that no server takes."""

from __future__ import annotations

from typing import Any, Self

from hypothesis import strategies as st

Json = Any

TEMPLATE: Json = {
    "settings": {
        "analysis": {
            "normalizer": {"folded": {"type": "custom", "filter": ["lowercase", "asciifolding"]}},
        }
    },
    "mappings": {
        "date_detection": False,
        "dynamic_templates": [
            {
                "texts": {
                    "match_mapping_type": "string",
                    "mapping": {
                        "type": "keyword",
                        "ignore_above": 20,
                        "fields": {"text": {"type": "text", "norms": False, "fielddata": True}},
                    },
                }
            },
            {"fractions": {"match_mapping_type": "double", "mapping": {"type": "double"}}},
        ],
        "properties": {
            "tags": {"type": "keyword"},
            "code": {"type": "keyword", "ignore_above": 4},
            "label": {"type": "keyword", "normalizer": "folded"},
            "status": {"type": "keyword", "null_value": "NONE"},
            "name": {"type": "text", "fielddata": True, "fields": {"keyword": {"type": "keyword"}}},
            "whole": {"type": "text", "analyzer": "keyword", "fielddata": True},
            "tiny": {"type": "byte"},
            "short": {"type": "short"},
            "size": {"type": "integer", "null_value": -1},
            "count": {"type": "long", "fields": {"date": {"type": "date"}, "text": {"type": "keyword"}}},
            "exact": {"type": "long", "coerce": False},
            "half": {"type": "half_float"},
            "ratio": {"type": "float", "coerce": False, "fields": {"text": {"type": "text", "fielddata": True}}},
            "score": {"type": "double", "fields": {"keyword": {"type": "keyword"}}},
            "verified": {"type": "boolean"},
            "certain": {"type": "boolean", "null_value": True, "fields": {"keyword": {"type": "keyword"}}},
            "updated": {"type": "date"},
            "day": {"type": "date", "format": "yyyy-MM-dd", "fields": {"year": {"type": "short"}}},
            "hidden": {"type": "keyword", "index": False, "doc_values": False},
            "kept": {"type": "long", "index": False},
            "owner": {"properties": {"tags": {"type": "keyword"}, "size": {"type": "integer"}}},
            "closed": {"dynamic": False, "properties": {"tags": {"type": "keyword"}}},
            "a.b": {"type": "long"},
            "columns": {
                "type": "nested",
                "properties": {
                    "tags": {"type": "keyword"},
                    "size": {"type": "long"},
                    "owner": {"properties": {"tags": {"type": "keyword"}}},
                    "columns": {"type": "nested", "properties": {"tags": {"type": "keyword"}}},
                },
            },
            "bare": {"type": "nested"},
            "free": {"type": "object"},
        },
    },
}


class Long(str):
    """A long text that is told in few words."""

    __slots__ = ()

    def __new__(cls, text: str, times: int) -> Self:
        """Repeat a text."""
        return super().__new__(cls, text * times)

    def __repr__(self) -> str:
        return f"Long({self[:2]!r}, of {len(self)})"


MAPPED = tuple(TEMPLATE["mappings"]["properties"])
UNMAPPED = ("x", "y", "é", "a", "b", "keyword", "text", "type", "properties", " z", "*", '"')
REFUSED = ("", " ", ".", "..", "a.", ".a", "_id", "_source", "_doc_count", "__soft_deletes", "\ud800", Long("é", 600))

_parts = st.sampled_from((*MAPPED, *UNMAPPED, *MAPPED, *UNMAPPED, *REFUSED))
_names = st.one_of(_parts, _parts, st.lists(_parts, min_size=2, max_size=3).map(".".join))

_texts = st.sampled_from(
    (
        *(
            "",
            " ",
            "Order by",
            "É",
            "\ud800",
            "\ud83d\ude00",
            "a\0b",
            "true",
            "false",
            "no",
            "x" * 21,
            Long("é", 16_384),
        ),
        *(Long("x", 8_192), Long("x", 32_766), Long("x", 32_767), Long("x ", 16_384)),
        *(Long("\u023a", 16_383), Long("\U0001d400", 8_191)),
        *("1", "-1", "12.7", " 3 ", "1e3", "0x1p3", "NaN", "Infinity", "1d", "9" * 30, "1e400", "-0", "+5", "1_0"),
        *("2024-03-01", "2024-03-01T10:00:00Z", "2024", "2024.0", "now", "2024-02-30", "1706694000000"),
    )
)
_numbers = st.one_of(
    st.integers(-3, 3),
    st.sampled_from(
        (127, 128, 32_768, 65_504, 65_520, 2_024, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**40, -(2**63) - 1)
    ),
    st.sampled_from((-0.0, 0.1, 1.5, 12.7, 2024.0, 1e16, 1e22, 3e38, 3.5e38, 1e-50, 5e-324, 2147483647.5)),
    st.sampled_from((float("nan"), float("inf"), float("-inf"))),
    st.floats(-1e40, 1e40),
)
_scalars = st.one_of(st.none(), st.booleans(), _texts, _texts, _numbers, _numbers)
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_names, inner, max_size=3)),
    max_leaves=6,
)
_odd = st.dictionaries(_names, _values, max_size=5)


def _plain(properties: Json) -> st.SearchStrategy[Json]:
    """Objects with what is mapped, more or less as it is mapped."""
    return st.fixed_dictionaries({}, optional={name: _of(options) for name, options in properties.items()})


def _of(options: Json) -> st.SearchStrategy[Json]:
    if options.get("type", "object") not in {"object", "nested"}:
        return st.one_of(_scalars, st.lists(_scalars, max_size=3))
    inner = st.builds(lambda plain, odd: odd | plain, _plain(options.get("properties", {})), _odd)
    return st.one_of(inner, st.lists(inner, max_size=2))


documents = st.builds(lambda plain, odd: plain | odd, _plain(TEMPLATE["mappings"]["properties"]), _odd)
"""Documents for `TEMPLATE`."""
