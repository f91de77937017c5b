"""Sweeps: what is searched together, and each set of it by itself."""

from hypothesis import given
from hypothesis import strategies as st

from muster.engines.intervals import Interval
from muster.engines.opensearch.sets.sweeps import (
    Alone,
    ByInterval,
    ByPrefix,
    ByTerm,
    Sweep,
    body,
    divided,
    in_utf16,
    parents,
    queries,
)

PREFIXES = st.lists(st.text("a/\U0001f600\uffe0", max_size=4), unique=True, max_size=12)


@given(PREFIXES, st.text("a/\U0001f600\uffe0", max_size=6))
def test_the_longest_prefix_of_a_value_is_found_from_the_last_one_not_above_it(found: list[str], value: str) -> None:
    """In the order of UTF-16 units: the parents of that one lead to the longest prefix that the value starts with."""
    prefixes = sorted(found, key=in_utf16)
    around = parents(prefixes)
    number = sum(in_utf16(prefix) <= in_utf16(value) for prefix in prefixes) - 1
    while number >= 0 and not value.startswith(prefixes[number]):
        number = around[number]
    longest = max((prefix for prefix in prefixes if value.startswith(prefix)), key=len, default=None)
    assert (prefixes[number] if number >= 0 else None) == longest


@given(PREFIXES)
def test_a_parent_is_the_longest_other_prefix_within(found: list[str]) -> None:
    """Or there is none."""
    prefixes = sorted(found, key=in_utf16)
    within = [[other for other in prefixes if other != one and one.startswith(other)] for one in prefixes]
    expected = [prefixes.index(max(shorter, key=len)) if shorter else -1 for shorter in within]
    assert parents(prefixes) == expected


SWEEPS: list[tuple[Sweep, list[dict[str, object]]]] = [
    (Alone({"match_all": {}}), [{"match_all": {}}]),
    (ByTerm("tags", ("a", "b", "c")), [{"term": {"tags": term}} for term in "abc"]),
    (ByPrefix("path", ("a", "ab", "b")), [{"prefix": {"path": prefix}} for prefix in ("a", "ab", "b")]),
    (
        ByInterval("size", (Interval(None, 1), Interval(1, 5), Interval(5, None))),
        [{"range": {"size": ends}} for ends in ({"lt": 1}, {"gte": 1, "lt": 5}, {"gte": 5})],
    ),
    (
        ByInterval("at", (Interval(0, 9),), dates=True),
        [{"range": {"at": {"gte": 0, "lt": 9, "format": "epoch_millis"}}}],
    ),
]


def test_each_set_has_a_query_of_its_own() -> None:
    """In order; numbers on a date are milliseconds whatever its format."""
    assert [queries(sweep) for sweep, _ in SWEEPS] == [expected for _, expected in SWEEPS]


def test_a_sweep_is_divided_in_order() -> None:
    """Its parts are of the same field and have the same sets, none of them more than asked for."""
    for sweep, expected in SWEEPS:
        parts = divided(sweep, 2)
        assert [query for part in parts for query in queries(part)] == expected
        assert [len(queries(part)) for part in parts] == ([2, 1] if len(expected) == 3 else [1])


def test_a_search_counts_exactly_and_gives_no_hits() -> None:
    """What comes can be held against the total."""
    for sweep, _ in SWEEPS:
        search = body(sweep)
        assert (search["size"], search["track_total_hits"]) == (0, True)
