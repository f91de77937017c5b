"""`range` as tests."""

from __future__ import annotations

from typing import Any

import pytest

from muster.binding.scope import NOTHING
from muster.binding.tests import Between, Bound, OneOf, Present
from muster.errors import InvalidSelection
from muster.query.algebra import Atom
from tests.unit.binding.index import NOW, bound

MARCH = 1_709_251_200_000
DAY = 86_400_000

LOWERED: list[tuple[dict[str, Any], Bound]] = [
    ({"count": {"gt": 1, "lte": "5"}}, Atom(Between("count", 2, 5))),
    ({"count": {"gte": 1.5, "lt": 2.5}}, Atom(Between("count", 2, 2))),
    ({"count": {"gte": 5, "lt": 5}}, NOTHING),
    ({"count": {"gte": None, "lt": 3}}, Atom(Between("count", None, 2))),
    ({"type": {"gt": "a", "lte": 12}}, Atom(Between("type", "a", "12", False, True))),
    ({"label": {"gte": "CAFE"}}, Atom(Between("label", "cafe", None))),
    ({"name": {"gte": "Order"}}, Atom(Between("name", "Order", None))),
    ({"verified": {"gt": False}}, Atom(OneOf("verified", frozenset({True})))),
    ({"verified": {"gte": "false"}}, Atom(OneOf("verified", frozenset({True, False})))),
    ({"verified": {"gt": True}}, NOTHING),
    (
        {"updated": {"gt": "2024-03-01", "lte": "2024-03-02"}},
        Atom(Between("updated", MARCH + DAY, MARCH + 2 * DAY - 1)),
    ),
    ({"updated": {"gte": "now-1d"}}, Atom(Between("updated", NOW - DAY, None))),
    ({"updated": {"gte": "2024-03-02", "lt": "2024-03-01"}}, NOTHING),
    ({"updated": {"gte": "2024-03-01", "time_zone": "+01:00"}}, Atom(Between("updated", MARCH - 3_600_000, None))),
    ({"type": {}}, Atom(Present("type"))),
    ({"owner": {}}, NOTHING),
    ({"nowhere": {"gte": 1}}, NOTHING),
]


@pytest.mark.parametrize(("clause", "expected"), LOWERED, ids=str)
def test_bounds_are_settled_by_the_kind_of_the_field(clause: dict[str, Any], expected: Bound) -> None:
    """Numbers are rounded inwards, dates to their unit, keywords normalized; impossible ranges are nothing."""
    assert bound({"range": clause}) == expected


@pytest.mark.parametrize(
    "clause",
    [
        {"count": {"gte": "abc"}},
        {"count": {"gte": 1, "gt": 0}},
        {"count": {"gte": 1, "relation": "beside"}},
        {"count": {"gte": 1, "time_zone": "Foo/Bar"}},
        {"nowhere": {"gte": 1, "time_zone": "Foo/Bar"}},
        {"updated": {"gte": "soon"}},
        {"verified": {"gte": "yes"}},
        {"_id": {"gte": "a"}},
    ],
    ids=str,
)
def test_bounds_and_options_that_cannot_be_read_are_refused(clause: dict[str, Any]) -> None:
    """The refusal points into the clause."""
    with pytest.raises(InvalidSelection) as refused:
        bound({"range": clause})
    assert str(refused.value.path).startswith("/range/")
