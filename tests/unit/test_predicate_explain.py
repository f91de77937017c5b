"""Why an asset matches, clause by clause."""

from __future__ import annotations

from typing import Any

import pytest

from muster.errors import InvalidSelection
from muster.indexing import Indexer
from muster.predicate import Explanation, explain
from muster.query.wire import read, write
from tests.unit.binding.index import FIELDS, NOW

DOCUMENT = {
    "type": "Table",
    "tags": ["a", "b"],
    "name": "Order items",
    "columns": [{"name": "id", "checks": [{"name": "unique"}]}, {"name": "email"}],
}

FOUND = ({"fuzzy": {"name": "ordre"}}, {"nested": {"path": "columns", "query": {"fuzzy": {"columns.name": "emial"}}}})
"""The queries by which the index finds the asset, of those that only an index can answer."""


def explained(selection: dict[str, Any]) -> Explanation:
    """Explain a selection in wire form on the only asset there is."""
    asset = Indexer(FIELDS).index("g", DOCUMENT)
    return explain(read(selection), FIELDS, asset, now=NOW, verdict=lambda query: write(query) in FOUND)


def outline(one: Explanation) -> Any:
    """What a test compares: path, verdict and values, or the parts."""
    return (one.path, one.matched, [outline(part) for part in one.parts] or list(one.seen))


def test_each_clause_says_whether_it_holds_and_what_it_saw() -> None:
    """Paths point into the canonical wire form; a prohibited clause that holds says so itself."""
    selection = {
        "bool": {
            "filter": [{"term": {"type": "View"}}, {"prefix": {"tags": "b"}}],
            "must_not": [{"match": {"name": "order"}}],
        }
    }
    assert outline(explained(selection)) == (
        "",
        False,
        [
            ("/bool/filter/0", False, ["Table"]),
            ("/bool/filter/1", True, ["a", "b"]),
            ("/bool/must_not/0", True, ["order", "items"]),
        ],
    )


def test_a_nested_clause_looks_at_the_nested_objects() -> None:
    """Inside, a clause holds when some object satisfies it, and shows the values of all."""
    both = [{"term": {"columns.name": "id"}}, {"term": {"columns.name": "email"}}]
    selection = {"nested": {"path": "columns", "query": {"bool": {"must": both}}}}
    inner = [
        ("/nested/query/bool/must/0", True, ["id", "email"]),
        ("/nested/query/bool/must/1", True, ["id", "email"]),
    ]
    assert outline(explained(selection)) == ("", False, [("/nested/query", False, inner)])


def test_a_path_of_two_nested_objects_is_followed() -> None:
    """The objects inside objects are the ones that are seen."""
    selection = {"nested": {"path": "columns.checks", "query": {"term": {"columns.checks.name": "unique"}}}}
    assert outline(explained(selection)) == ("", True, [("/nested/query", True, ["unique"])])


def test_the_index_has_the_say_where_terms_stand_for_others() -> None:
    """It is asked for the clause as it would be asked from the root, so that it need not know the object."""
    selection = {"nested": {"path": "columns", "query": {"fuzzy": {"columns.name": "emial"}}}}
    assert outline(explained(selection)) == ("", True, [("/nested/query", True, ["id", "email"])])


@pytest.mark.parametrize(
    ("selection", "matched", "seen"),
    [
        ({"match_all": {}}, True, ()),
        ({"term": {"nowhere": "x"}}, False, ()),
        ({"ids": {"values": ["h"]}}, False, ("g",)),
        ({"exists": {"field": "tags"}}, True, ("a", "b")),
        ({"fuzzy": {"name": "ordre"}}, True, ("order", "items")),
        ({"multi_match": {"query": "order", "fields": ["name", "type"]}}, True, ("order", "items", "Table")),
    ],
    ids=str,
)
def test_leaves_show_the_values_of_the_fields_they_read(
    selection: dict[str, Any], *, matched: bool, seen: tuple[str, ...]
) -> None:
    """Values are those that are indexed, in order and each once."""
    one = explained(selection)
    assert (one.matched, one.seen, one.parts) == (matched, seen, ())


def test_a_negative_zero_is_seen_as_one() -> None:
    """However it is kept."""
    asset = Indexer(FIELDS).index("g", {"score": [-0.0, 0.0]})
    (low, high) = explain(read({"term": {"score": 0}}), FIELDS, asset, now=NOW, verdict=lambda _: False).seen
    assert (str(low), str(high)) == ("-0.0", "0.0")


def test_an_explanation_names_clause_field_and_meaning() -> None:
    """The name of the clause is the wire's, the field the clause's, the English the selection's."""
    one = explained({"term": {"type": "Table"}})
    assert (one.clause, one.field, bool(one.english)) == ("term", "type", True)


def test_a_wrong_clause_is_refused_with_its_path() -> None:
    """An explanation does not hide what would not run."""
    with pytest.raises(InvalidSelection) as refused:
        explained({"bool": {"must": [{"term": {"count": "x"}}]}})
    assert refused.value.path == "/bool/must/0/term/count"
