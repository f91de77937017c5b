"""Stored texts of every shape, and those that are refused with a pointer."""

import json
from typing import Any

import pytest

from muster.errors import LimitExceeded, MusterError
from muster.query import wire
from muster.query.dsl import read_dsl, write_dsl
from muster.query.nodes import Bool, Exists, MatchNone, Node, Term

TERM = Term("certificateStatus", "VERIFIED")
CLAUSE = {"term": {"certificateStatus": "VERIFIED"}}
TAGGED = {"exists": {"field": "__traitNames"}}
HAS_TAG = Exists("__traitNames")

SHAPES: dict[str, tuple[Any, Node]] = {
    "whole text": ({"query": {"attributes": [], "dsl": {"query": CLAUSE}}, "filterScrubbed": True}, TERM),
    "only must": ({"query": {"dsl": {"query": {"bool": {"must": [CLAUSE]}}}}}, Bool(must=(TERM,))),
    "wrapped filters": (
        {"query": {"dsl": {"query": {"bool": {"filter": {"bool": {"filter": [CLAUSE, TAGGED]}}}}}}},
        Bool(filter=(TERM, HAS_TAG)),
    ),
    "a bool in a list is no wrapping": (
        {"query": {"dsl": {"query": {"bool": {"filter": [{"bool": {"filter": [CLAUSE, TAGGED]}}]}}}}},
        Bool(filter=(Bool(filter=(TERM, HAS_TAG)),)),
    ),
    "a wrapping that says more stays": (
        {"query": {"dsl": {"query": {"bool": {"filter": {"bool": {"filter": [CLAUSE], "must_not": [TAGGED]}}}}}}},
        Bool(filter=(Bool(filter=(TERM,), must_not=(HAS_TAG,)),)),
    ),
    "post filter beside the query": (
        {"query": {"dsl": {"query": CLAUSE, "post_filter": TAGGED}}},
        Bool(filter=(TERM, HAS_TAG)),
    ),
    "post filter alone": ({"dsl": {"post_filter": TAGGED}}, HAS_TAG),
    "what only shapes the answer is ignored": (
        {
            "dsl": {
                "from": 5,
                "size": 300,
                "sort": [{"__guid": {"order": "asc"}}],
                "aggs": {"n": {"terms": {"field": "x"}}},
                "aggregations": {},
                "script_fields": {"x": {"script": "1"}},
                "query": CLAUSE,
                "post_filter": None,
            }
        },
        TERM,
    ),
    "request": ({"dsl": {"query": CLAUSE}, "attributes": ["name"]}, TERM),
    "search body": ({"query": CLAUSE, "size": 10}, TERM),
    "bare clause": (CLAUSE, TERM),
}


@pytest.mark.parametrize(("document", "node"), SHAPES.values(), ids=SHAPES)
def test_shape_is_read(document: Any, node: Node) -> None:
    """Each shape reads to its clause, and the text stays as it was."""
    text = json.dumps(document, indent=1)
    read = read_dsl(text)
    assert (read.node, read.text) == (node, text)


REFUSED: dict[str, tuple[str, str, str | None]] = {
    "not JSON": ("{", "invalid_selection", None),
    "no object": ("[]", "invalid_selection", ""),
    "dsl missing": ('{"query": {"attributes": []}, "filterScrubbed": true}', "invalid_selection", "/query/dsl"),
    "dsl is no object": ('{"query": {"dsl": 1}}', "invalid_selection", "/query/dsl"),
    "query missing": ('{"query": {"dsl": {"from": 0}}}', "invalid_selection", "/query/dsl/query"),
    "query empty": ('{"query": {"dsl": {"query": {}}}}', "invalid_selection", "/query/dsl/query"),
    "an emptied clause": (
        '{"query": {"dsl": {"query": {"bool": {"filter": {"bool": {"filter": [{}]}}}}}}}',
        "invalid_selection",
        "/query/dsl/query/bool/filter/bool/filter/0",
    ),
    "a script": (
        '{"query": {"dsl": {"query": {"bool": {"filter": [{"script": {"script": "1"}}]}}}}}',
        "unsupported_clause",
        "/query/dsl/query/bool/filter/0/script",
    ),
}


@pytest.mark.parametrize(("text", "code", "path"), REFUSED.values(), ids=REFUSED)
def test_refusal_points_into_the_text(text: str, code: str, path: str | None) -> None:
    """What is no query is refused with a code and a pointer into the stored text."""
    with pytest.raises(MusterError) as refused:
        read_dsl(text)
    assert (refused.value.code, refused.value.path) == (code, path)


def test_deep_nesting_is_refused_before_recursion() -> None:
    """Ten megabytes of brackets, and a text within the size that is too deep, are refused at once."""
    for text in ("[" * 10_000_000, '{"query":' * 10_000):
        with pytest.raises(LimitExceeded):
            read_dsl(text)


@pytest.mark.parametrize(
    "node",
    [TERM, Bool(must=(TERM,)), Bool(should=(TERM, HAS_TAG)), Bool(must_not=(TERM,)), MatchNone(), Bool()],
    ids=lambda node: type(node).__name__,
)
def test_clause_without_filter_is_wrapped(node: Node) -> None:
    """A clause that clients would not write becomes the one filter of a `bool`."""
    assert read_dsl(write_dsl(node)).node == Bool(filter=(node,))


def test_empty_clauses_are_written() -> None:
    """`match_none` keeps its empty body: without it the text would be no query."""
    written = json.loads(write_dsl(Bool(filter=(MatchNone(), TERM))))
    filters = written["query"]["dsl"]["query"]["bool"]["filter"]["bool"]["filter"]
    assert filters == [{"match_none": {}}, {"term": {"certificateStatus": {"value": "VERIFIED"}}}]


def test_writing_again_gives_the_same_text() -> None:
    """Reading and writing a text of a client is stable, also with everything said in the outer `bool`."""
    node = Bool(must=(TERM,), filter=(HAS_TAG,), should=(TERM,), must_not=(MatchNone(),), boost=2.0, name="n")
    text = write_dsl(node)
    assert write_dsl(read_dsl(text).node) == text
    assert wire.write(read_dsl(text).node) == wire.write(node)
