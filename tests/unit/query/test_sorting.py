"""Orders in OpenSearch's words."""

from __future__ import annotations

from typing import Any

import pytest

from muster.errors import InvalidInput, LimitExceeded, UnsupportedClause
from muster.query.sorting import Sort, read_sorts

READ: list[tuple[Any, tuple[Sort, ...]]] = [
    ([], ()),
    ("name.keyword", (Sort("name.keyword"),)),
    (["a", {"b": "desc"}], (Sort("a"), Sort("b", descending=True))),
    ({"a": {"order": "DESC"}}, (Sort("a", descending=True),)),
    ([{"a": {}}], (Sort("a"),)),
    ([{"a": {"missing": "_first", "unmapped_type": "keyword"}}], (Sort("a", missing_first=True),)),
    ([{"a": {"order": "asc", "missing": "_last", "mode": "min", "nested": None}}], (Sort("a"),)),
    ([{"a": {"mode": "max", "order": "desc"}}], (Sort("a", descending=True),)),
    ([{"a": "asc", "b": "desc"}], (Sort("a"), Sort("b", descending=True))),
    (["_score", {"_doc": "asc"}], (Sort("_score", descending=True), Sort("_doc"))),
]


@pytest.mark.parametrize(("value", "expected"), READ)
def test_an_order_is_read_in_every_spelling(value: Any, expected: tuple[Sort, ...]) -> None:
    """A name, a direction, or an object of options; one key or several."""
    assert read_sorts(value) == expected


REFUSED: list[tuple[Any, type[InvalidInput], str]] = [
    (7, InvalidInput, "/dsl/sort"),
    ([None], InvalidInput, "/dsl/sort/0"),
    ([{}], InvalidInput, "/dsl/sort/0"),
    ([{"a": 1}], InvalidInput, "/dsl/sort/0/a"),
    ([{"a": "up"}], InvalidInput, "/dsl/sort/0/a/order"),
    ([{"a": {"order": "up"}}], InvalidInput, "/dsl/sort/0/a/order"),
    ([{"a": {"missing": "N/A"}}], InvalidInput, "/dsl/sort/0/a/missing"),
    ([{"a": {"mode": "avg"}}], UnsupportedClause, "/dsl/sort/0/a/mode"),
    ([{"a": {"nested": {"path": "p"}}}], UnsupportedClause, "/dsl/sort/0/a/nested"),
    ([{"a/b": {"numeric_type": "long"}}], UnsupportedClause, "/dsl/sort/0/a~1b/numeric_type"),
    (["a", {"_script": {"type": "number"}}], UnsupportedClause, "/dsl/sort/1/_script"),
    (["a"] * 11, LimitExceeded, "/dsl/sort"),
]


@pytest.mark.parametrize(("value", "kind", "path"), REFUSED)
def test_what_is_no_order_is_refused_where_it_stands(value: Any, kind: type[InvalidInput], path: str) -> None:
    """With the pointer to it, and what to do instead."""
    with pytest.raises(kind) as caught:
        read_sorts(value, "/dsl/sort")
    assert (type(caught.value), caught.value.path, bool(caught.value.hint)) == (kind, path, True)
