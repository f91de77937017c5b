"""Plans: whatever is asked together, each clause gets the assets that it has alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from muster.binding.tests import Between, OneOf, StartsWith, Test
from muster.engines.opensearch.sets.plan import ASSETS_A_SEARCH, FEW, Asked, Plan, planned
from muster.engines.opensearch.sets.postings import Pieces, united
from muster.engines.opensearch.sets.sweeps import LARGEST, Alone, ByInterval, ByPrefix, ByTerm, Sweep
from muster.fields import Fields
from muster.query.algebra import Atom

FIELDS = Fields.from_mapping(
    {},
    {
        "dynamic": False,
        "properties": {
            "tag": {"type": "keyword"},
            "hidden": {"type": "keyword", "doc_values": False},
            "text": {"type": "text"},
            "size": {"type": "long"},
            "at": {"type": "date"},
            "ratio": {"type": "double"},
            "parts": {"type": "nested", "properties": {"tag": {"type": "keyword"}}},
        },
    },
)
WORDS = st.text("ab/", max_size=3)
NUMBERS = st.integers(-6, 6)
ENDS = st.none() | NUMBERS
TESTS = st.one_of(
    st.builds(OneOf, st.sampled_from(["tag", "hidden"]), st.frozensets(WORDS, min_size=1, max_size=3)),
    st.builds(StartsWith, st.sampled_from(["tag", "hidden"]), WORDS),
    st.builds(Between, st.sampled_from(["size", "at", "ratio"]), ENDS, ENDS, st.booleans(), st.booleans()),
)
ASSETS = st.lists(
    st.fixed_dictionaries(
        {
            **{name: st.lists(WORDS, max_size=2) for name in ("tag", "hidden")},
            **{name: st.lists(NUMBERS, max_size=2) for name in ("size", "at", "ratio")},
        }
    ),
    max_size=8,
)
Asset = Mapping[str, Sequence[Any]]


def asked(tests: Sequence[Test]) -> list[Asked]:
    """Return clauses whose query is the test itself."""
    return [Asked({"test": repr(test)}, Atom(test)) for test in tests]


def passes(test: Test, asset: Asset) -> bool:
    """Whether an asset passes a test, by the words of it."""
    match test:
        case OneOf(field, terms):
            return any(value in terms for value in asset[field])
        case StartsWith(field, prefix):
            return any(value.startswith(prefix) for value in asset[field])
        case Between(field, low, high, low_included, high_included):
            above = [low is None or value > low or (low_included and value == low) for value in asset[field]]
            below = [high is None or value < high or (high_included and value == high) for value in asset[field]]
            return any(a and b for a, b in zip(above, below, strict=True))
        case _:
            raise AssertionError(test)


def asked_of(sweep: Sweep, alone: Mapping[str, Test]) -> Iterator[Test]:
    """Yield what each set of a sweep is of."""
    match sweep:
        case Alone(query):
            yield alone[query["test"]]
        case ByTerm(field, terms):
            yield from (OneOf(field, frozenset({term})) for term in terms)
        case ByPrefix(field, prefixes):
            yield from (StartsWith(field, prefix) for prefix in prefixes)
        case ByInterval(field, intervals):
            yield from (Between(field, one.start, one.end, high_included=False) for one in intervals)
        case _:
            assert_never(sweep)


def answered(plan: Plan, tests: Sequence[Test], assets: Sequence[Asset]) -> list[list[BitMap]]:
    """Answer the sweeps of a plan as a server would."""
    alone = {repr(test): test for test in tests}
    return [[having(test, assets) for test in asked_of(sweep, alone)] for sweep in plan.sweeps]


def having(test: Test, assets: Sequence[Asset]) -> BitMap:
    """Return the numbers of the assets that pass."""
    return BitMap(number for number, asset in enumerate(assets) if passes(test, asset))


@given(st.lists(TESTS, max_size=40), ASSETS)
def test_each_clause_gets_its_assets(tests: list[Test], assets: list[Asset]) -> None:
    """Whatever else is asked with it."""
    plan = planned(asked(tests), FIELDS, 0)
    assert united(plan, answered(plan, tests, assets)) == [having(test, assets) for test in tests]


@given(st.lists(TESTS, max_size=40))
def test_pieces_of_a_field_ascend_without_overlap(tests: list[Test]) -> None:
    """So that a server can find the piece of a value by its order; no piece is empty, and none is a date before 1970."""
    for sweep in planned(asked(tests), FIELDS, 0).sweeps:
        if isinstance(sweep, ByInterval):
            ends = [end for one in sweep.intervals for end in (one.start, one.end) if end is not None]
            assert ends == sorted(ends)
            assert all(one.start is None or one.end is None or one.start < one.end for one in sweep.intervals)
            assert sweep.dates == (sweep.field == "at")
            assert not sweep.dates or min(ends) >= 0


@given(st.lists(st.frozensets(st.integers(0, 30)).map(BitMap), max_size=20), st.data())
def test_a_run_is_the_union_of_its_pieces(sets: list[BitMap], data: st.DataObject) -> None:
    """From any number to any other."""
    start, stop = sorted(data.draw(st.integers(0, len(sets))) for _ in range(2))
    assert Pieces(sets).run(start, stop) == BitMap().union(*sets[start:stop])


def ways(tests: Sequence[Test], assets: int = 0) -> set[type]:
    """Return the sorts of sweeps that tests are asked by."""
    return {type(sweep) for sweep in planned(asked(tests), FIELDS, assets).sweeps}


def test_few_are_asked_one_by_one() -> None:
    """One more, and they are asked together; prefixes of a large index only when they are many."""
    terms = [OneOf("tag", frozenset({str(number)})) for number in range(FEW + 1)]
    assert ways(terms[:FEW]) == {Alone}
    assert ways(terms) == {ByTerm}
    prefixes = [StartsWith("tag", str(number)) for number in range(10)]
    assert ways(prefixes, 9 * ASSETS_A_SEARCH) == {ByPrefix}
    assert ways(prefixes, 10 * ASSETS_A_SEARCH) == {Alone}


def test_what_an_aggregation_cannot_tell_is_asked_alone() -> None:
    """No values beside the assets, words of text, fractions, numbers that a double cannot tell apart, old dates."""
    many = range(FEW + 1)
    assert ways([OneOf("hidden", frozenset({str(one)})) for one in many]) == {Alone}
    assert ways([OneOf("text", frozenset({str(one)})) for one in many]) == {Alone}
    assert ways([OneOf("parts.tag", frozenset({str(one)})) for one in many]) == {Alone}
    assert ways([Between("ratio", one / 2, None) for one in many]) == {Alone}
    assert ways([Between("size", LARGEST + 1 + one, None) for one in many]) == {Alone}
    assert ways([Between("size", -LARGEST + one, None) for one in many]) == {ByInterval}
    assert ways([Between("at", -1 - one, None) for one in many]) == {Alone}
    assert ways([Between("at", one, None) for one in many]) == {ByInterval}


def test_the_same_query_is_asked_once() -> None:
    """However often it is there."""
    plan = planned([Asked({"exists": {"field": "tag"}}, Atom(OneOf("text", frozenset({"x"}))))] * 3, FIELDS, 0)
    assert len(plan.sweeps) == 1
    assert [share.sweep for share in plan.shares] == [0, 0, 0]
