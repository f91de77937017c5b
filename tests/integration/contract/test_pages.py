"""Pages: in order, narrowed to a set, and continued to the end."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from muster.errors import InvalidInput, UnknownField, UnsupportedClause
from muster.protocols import Engine, Page
from muster.query.nodes import Bool, Exists, MatchAll, Node, Term
from muster.query.sorting import Sort
from tests.integration.contract.corpora import FIELDS, Corpus, Filled, corpora
from tests.integration.places import OnServer, Place, document
from tests.servers import report

SOME: Corpus = {
    1: {"rows": 3, "tags": "b", "seen": "2024-02-01", "ratio": 0.5, "flag": True},
    2: {"rows": [1, 9], "tags": ["a", "c"], "ratio": -0.0},
    3: {"tags": "b", "flag": [False, True], "columns": [{"name": "a", "size": 1}]},
    4: {"rows": 3, "ratio": [0.0, 7], "flag": False},
    5: {},
    6: {"rows": 2, "tags": ["a", None], "seen": ["2024-01-01", "2024-03-01"]},
}


@pytest.fixture
def sorted_by(there: Place) -> Engine:
    """An engine with six assets, with and without values to order by."""
    engine = there.open()
    engine.apply([document(ordinal, **one) for ordinal, one in SOME.items()], position=1)
    return engine


def walked(engine: Engine, query: Node, page: Page, within: BitMap | None = None) -> tuple[list[int], set[int]]:
    """Return all assets, page by page, and the totals that the pages had."""
    ordinals: list[int] = []
    totals: set[int] = set()
    after: tuple[Any, ...] | None = None
    while True:
        found = engine.search(query, Page(page.size, page.sort, after), now=0, within=within)
        totals.add(found.total)
        if not found.hits:
            return ordinals, totals
        ordinals += [hit.ordinal for hit in found.hits]
        after = found.hits[-1].after


ORDERS: dict[tuple[Sort, ...], list[int]] = {
    (): [1, 2, 3, 4, 5, 6],
    (Sort("rows"),): [2, 6, 1, 4, 3, 5],
    (Sort("rows", descending=True),): [2, 1, 4, 6, 3, 5],
    (Sort("tags"),): [2, 6, 1, 3, 4, 5],
    (Sort("tags", descending=True),): [2, 1, 3, 6, 4, 5],
    (Sort("seen"),): [6, 1, 2, 3, 4, 5],
    (Sort("seen", descending=True),): [6, 1, 2, 3, 4, 5],
    (Sort("ratio"),): [2, 4, 1, 3, 5, 6],
    (Sort("ratio", descending=True),): [4, 1, 2, 3, 5, 6],
    (Sort("flag"),): [3, 4, 1, 2, 5, 6],
    (Sort("flag", descending=True),): [1, 3, 4, 2, 5, 6],
    (Sort("tags"), Sort("rows", descending=True)): [2, 6, 1, 3, 4, 5],
    (Sort("flag"), Sort("tags", descending=True), Sort("rows")): [3, 4, 1, 2, 6, 5],
    (Sort("name.keyword"), Sort("ratio")): [2, 4, 1, 3, 5, 6],
    (Sort("rows", missing_first=True),): [3, 5, 2, 6, 1, 4],
    (Sort("rows", descending=True, missing_first=True),): [3, 5, 2, 1, 4, 6],
    (Sort("tags", missing_first=True), Sort("rows")): [4, 5, 2, 6, 1, 3],
    (Sort("seen", descending=True, missing_first=True), Sort("ratio")): [2, 4, 3, 5, 6, 1],
    (Sort("ratio", missing_first=True),): [3, 5, 6, 2, 4, 1],
    (Sort("flag", missing_first=True),): [2, 5, 6, 3, 4, 1],
}


def test_pages_walk_through_every_order(sorted_by: Engine) -> None:
    """Least value up, greatest value down, missing last, ties by ordinal; pages meet without gap or overlap."""
    for sort, expected in ORDERS.items():
        for size in (1, 2, 4, 6, 10_000):
            assert walked(sorted_by, MatchAll(), Page(size, sort)) == (expected, {6}), (sort, size)


def test_a_page_begins_anywhere(sorted_by: Engine) -> None:
    """`offset` counts from the first asset, or from the hit that is gone on from; past the end there is nothing."""
    for sort, expected in ORDERS.items():
        first = sorted_by.search(MatchAll(), Page(1, sort), now=0).hits[0].after
        for offset, size in product(range(8), (1, 2, 10)):
            found = sorted_by.search(MatchAll(), Page(size, sort, offset=offset), now=0)
            assert (found.total, [hit.ordinal for hit in found.hits]) == (6, expected[offset:][:size]), (sort, offset)
            behind = sorted_by.search(MatchAll(), Page(size, sort, first, offset), now=0)
            assert (behind.total, [hit.ordinal for hit in behind.hits]) == (6, expected[1:][offset:][:size]), sort


def test_a_page_begins_beyond_what_a_server_reaches(there: Place) -> None:
    """An index reaches 10,000 assets far unless it says more: at its edge, beyond it and past the end all is exact."""
    engine = there.open()
    for start in range(0, 23_000, 5_000):
        some = range(start, min(start + 5_000, 23_000))
        engine.apply([document(one, rows=one % 7) for one in some], position=start + 1)
    expected = sorted(range(23_000), key=lambda one: (one % 7, one))
    for offset in (9_990, 9_991, 9_999, 10_000, 10_001, 19_999, 20_000, 20_001, 22_995, 23_000, 40_000):
        found = engine.search(MatchAll(), Page(10, (Sort("rows"),), offset=offset), now=0)
        assert (found.total, [hit.ordinal for hit in found.hits]) == (23_000, expected[offset : offset + 10]), offset
        assert [hit.after for hit in found.hits] == [(one % 7, one) for one in expected[offset : offset + 10]]


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), corpus=corpora)
def test_every_engine_walks_through_the_same_order(filled: Filled, data: st.DataObject, corpus: Corpus) -> None:
    """Over random assets and orders, narrowed or not, the whole walk over pages is the same, and of all members."""
    filled.fill(corpus)
    for _ in range(6):
        sort = tuple(data.draw(st.lists(_sorts, max_size=3)))
        size = data.draw(st.sampled_from((1, 2, 3, 5, 100)))
        query = data.draw(st.sampled_from(QUERIES))
        within = data.draw(st.none() | st.sets(st.sampled_from((*corpus, 7))).map(BitMap))
        walks = {name: walked(engine, query, Page(size, sort), within) for name, engine in filled.engines.items()}
        assert list(walks.values()) == [walks["embedded"]] * len(walks)
        for engine in filled.engines.values():
            members = engine.members(query, now=0) & (BitMap(corpus) if within is None else within)
            assert sorted(walks["embedded"][0]) == list(members)
        report.count(f"contract, {' and '.join(filled.engines)}", "random walks over pages agree")


QUERIES: tuple[Node, ...] = (MatchAll(), Exists("tags"), Bool(must_not=(Term("flag", value=True),)))
_sortable = st.sampled_from([name for name in FIELDS if not name.startswith("columns.")])
_sorts = st.builds(Sort, _sortable, st.booleans(), st.booleans())


@pytest.fixture(scope="module")
def filled(all_engines: Mapping[str, Engine]) -> Filled:
    """All engines, to be filled."""
    return Filled(all_engines)


def test_a_page_is_within_a_set(engine: Engine) -> None:
    """However large the set, whatever is in it that no asset is."""
    page = Page(2, (Sort("rows", descending=True),))
    for size in (0, 1, 70_000, 100_000):
        within = BitMap(range(4, 4 + size))
        expected = [number for number in (5, 4) if number in within]
        found = engine.search(MatchAll(), page, now=0, within=within)
        assert (found.total, [hit.ordinal for hit in found.hits]) == (len(expected), expected)


def test_a_page_is_in_order_and_within_a_set(engine: Engine) -> None:
    """Sorted, narrowed and continued from the values of a hit."""
    page = Page(1, (Sort("name.keyword", descending=True),))
    query, within = Bool(must_not=(Term(field="rows", value=4),)), BitMap([1, 3, 4, 5])
    first = engine.search(query, page, now=0, within=within)
    assert (first.total, [(hit.ordinal, hit.after) for hit in first.hits]) == (3, [(3, ("ordres", 3))])
    second = engine.search(query, Page(1, page.sort, first.hits[0].after), now=0, within=within)
    assert (second.total, [hit.ordinal for hit in second.hits]) == (3, [5])


def test_a_server_takes_the_last_of_all_numbers_for_none(on_server: OnServer) -> None:
    """The one place where engines differ: it ties with what has no value, and no page loses or repeats it."""
    engine = on_server.open()
    engine.apply([document(1), document(2, rows=2**63 - 1), document(3), document(4, rows=-(2**63))], position=1)
    assert walked(engine, MatchAll(), Page(1, (Sort("rows"),))) == ([4, 1, 2, 3], {4})
    assert walked(engine, MatchAll(), Page(1, (Sort("rows", descending=True),))) == ([2, 1, 3, 4], {4})


def test_an_order_by_an_unknown_field_is_refused(engine: Engine) -> None:
    """No asset can have the field; the hint names the one that was meant."""
    with pytest.raises(UnknownField) as caught:
        engine.search(MatchAll(), Page(1, (Sort("rowss"),)), now=0)
    assert caught.value.hint == "did you mean `rows`?"


def test_an_order_by_text_is_refused(engine: Engine) -> None:
    """Words have no order; the hint names a field that has, also where no asset has the text."""
    for sort in (Sort("name"), Sort("rows"), Sort("name", descending=True)):
        page = Page(1, (sort, Sort("name")))
        with pytest.raises(UnsupportedClause, match="`name` is text") as caught:
            engine.search(MatchAll(), page, now=0)
        assert caught.value.hint == "sort by its `.keyword` field"


def test_an_order_by_nested_objects_is_refused(engine: Engine) -> None:
    """An asset has any number of them, and none is the one to go by."""
    with pytest.raises(UnsupportedClause, match=r"`columns\.name` is a field of nested objects"):
        engine.search(MatchAll(), Page(1, (Sort("columns.name"),)), now=0)


def test_a_cursor_of_another_order_is_refused(engine: Engine) -> None:
    """`after` has one value per key and the ordinal."""
    with pytest.raises(InvalidInput, match="`after` needs 2 values, got 1"):
        engine.search(MatchAll(), Page(1, (Sort("rows"),), (1,)), now=0)


def test_a_cursor_that_no_page_gave_is_refused_or_goes_on_from_there(engine: Engine) -> None:
    """It never fails otherwise, whatever value it has for whatever kind of field."""
    engine.apply([document(6, ratio=1.5, flag=True, tags="x")], position=6)
    values: tuple[Any, ...] = ("x", "", "2024", True, None, 7, -1.5, 2**63 - 1, -(2**63), {}, [1])
    for field, value, descending in product(("rows", "seen", "ratio", "flag", "tags"), values, (True, False)):
        page = Page(10, (Sort(field, descending),), (value, 3))
        try:
            assert engine.search(MatchAll(), page, now=0).total == 6
        except InvalidInput as refused:
            assert refused.message == f"`after` has no value of `{field}`"  # noqa: PT017 - some of them are taken
