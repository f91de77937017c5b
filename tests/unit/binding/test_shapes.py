"""`prefix`, `wildcard`, `regexp` and `fuzzy` as tests."""

from __future__ import annotations

from typing import Any

import pytest

from muster.binding.scope import NOTHING
from muster.binding.tests import Bound, OneOf, Pattern, Similar, StartsWith
from muster.errors import InvalidSelection, UnsupportedClause
from muster.query.algebra import AnyOf, Atom
from tests.unit.binding.index import bound

LOWERED: list[tuple[dict[str, Any], Bound]] = [
    ({"prefix": {"type": "Ta"}}, Atom(StartsWith("type", "Ta"))),
    ({"prefix": {"label": "CA"}}, Atom(StartsWith("label", "ca"))),
    ({"prefix": {"name": "Or"}}, Atom(StartsWith("name", "Or"))),
    ({"prefix": {"type": ""}}, Atom(StartsWith("type", ""))),
    ({"prefix": {"type": {"value": "t1", "case_insensitive": True}}}, Atom(Pattern("type", "(?s)[tT]1.*"))),
    ({"prefix": {"nowhere": "x"}}, NOTHING),
    ({"wildcard": {"type": "a*b?"}}, Atom(Pattern("type", "(?s)a.*b."))),
    ({"wildcard": {"label": "CA*"}}, Atom(Pattern("label", "(?s)ca.*"))),
    ({"wildcard": {"label": "A\\B*"}}, Atom(Pattern("label", "(?s)aB.*"))),
    ({"wildcard": {"type": ""}}, NOTHING),
    ({"regexp": {"type": "a|b"}}, Atom(Pattern("type", "(?s)(?:a|b)"))),
    ({"regexp": {"label": "CA."}}, Atom(Pattern("label", "(?s)ca."))),
    ({"regexp": {"type": "a.&.b"}}, Atom(Pattern("type", "(?s)a.", ("(?s).b",)))),
    (
        {"regexp": {"type": {"value": "~(ab)", "flags": "COMPLEMENT"}}},
        Atom(Pattern("type", "(?s).*", (), ("(?s)ab",))),
    ),
    (
        {"regexp": {"type": {"value": "a&b|c", "flags": "ALL"}}},
        AnyOf((Atom(Pattern("type", "(?s)a", ("(?s)b",))), Atom(Pattern("type", "(?s)c")))),
    ),
    ({"regexp": {"nowhere": "a"}}, NOTHING),
    ({"fuzzy": {"type": "Table"}}, Atom(Similar("type", "Table", 1, 0, True, 50))),
    ({"fuzzy": {"type": "ab"}}, Atom(OneOf("type", frozenset({"ab"})))),
    ({"fuzzy": {"type": "tables"}}, Atom(Similar("type", "tables", 2, 0, True, 50))),
    ({"fuzzy": {"label": "TABLE"}}, Atom(Similar("label", "table", 1, 0, True, 50))),
    ({"fuzzy": {"type": {"value": "", "fuzziness": 2}}}, Atom(OneOf("type", frozenset({""})))),
    (
        {
            "fuzzy": {
                "type": {
                    "value": "abc",
                    "fuzziness": "AUTO:1,2",
                    "prefix_length": 1,
                    "max_expansions": 3,
                    "transpositions": False,
                }
            }
        },
        Atom(Similar("type", "abc", 2, 1, False, 3)),
    ),
    ({"fuzzy": {"type": {"value": "abc", "rewrite": "top_terms_2"}}}, Atom(Similar("type", "abc", 1, 0, True, 2))),
    (
        {"fuzzy": {"type": {"value": "abc", "rewrite": "constant_score"}}},
        Atom(Similar("type", "abc", 1, 0, True, 2**31 - 1)),
    ),
]


@pytest.mark.parametrize(("selection", "expected"), LOWERED, ids=str)
def test_clauses_become_tests_of_shape(selection: dict[str, Any], expected: Bound) -> None:
    """A keyword's normalizer goes over the text, an analyzer does not."""
    assert bound(selection) == expected


@pytest.mark.parametrize(
    "selection",
    [
        {"prefix": {"count": "1"}},
        {"wildcard": {"updated": "2*"}},
        {"regexp": {"verified": "t.*"}},
        {"fuzzy": {"count": 1}},
        {"prefix": {"_id": "a"}},
        {"regexp": {"type": "("}},
        {"regexp": {"nowhere": "("}},
        {"fuzzy": {"type": {"value": "a", "max_expansions": 0}}},
        {"fuzzy": {"type": {"value": "a", "prefix_length": -1}}},
        {"fuzzy": {"type": {"value": "a", "fuzziness": "AUTO:5,2"}}},
        {"fuzzy": {"type": {"value": "a", "fuzziness": "some"}}},
        {"fuzzy": {"type": {"value": "a", "rewrite": "top_terms_0"}}},
    ],
    ids=lambda selection: str(selection)[:80],
)
def test_what_the_server_refuses_is_refused(selection: dict[str, Any]) -> None:
    """Numbers, dates and booleans have no shape; options out of their range are no options."""
    with pytest.raises(InvalidSelection) as refused:
        bound(selection)
    assert refused.value.path is not None


@pytest.mark.parametrize(
    "selection",
    [
        {"prefix": {"type": {"value": "a", "rewrite": "top_terms_3"}}},
        {"regexp": {"type": {"value": "(a&.)*", "flags": "ALL"}}},
        {"regexp": {"type": "a{1001}"}},
    ],
    ids=str,
)
def test_what_cannot_be_said_exactly_is_unsupported(selection: dict[str, Any]) -> None:
    """Nothing is approximated: the clause is named and refused."""
    with pytest.raises(UnsupportedClause) as refused:
        bound(selection)
    assert refused.value.path == f"/{next(iter(selection))}/type"
