"""Search as clients do, on every engine: pages, totals, orders to go on from, and aggregations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.errors import InvalidInput, LimitExceeded, UnsupportedClause
from muster.query.aggregations import read_aggregations
from muster.query.nodes import Bool, Exists, MatchAll, MatchNone, Nested, Node, Prefix, Term
from muster.query.sorting import Sort, read_sorts
from muster.service.project import project
from muster.service.search import Search, search
from muster.service.workspace import Workspace

COUNT = 25
NAMES = [f"table {number:02}" for number in range(COUNT)]


def draft(number: int, **attributes: Any) -> EntityDraft:
    """Return a table: every fifth is verified, and there are three row counts, and none."""
    said = {"name": NAMES[number], "certificateStatus": "VERIFIED" if number % 5 == 0 else None}
    rows = {"rowCount": number % 3} if number % 4 else {}
    return EntityDraft(Key("Table", f"default/db/{number:02}"), {**said, **rows, **attributes})


@pytest.fixture
def shop(work: Workspace) -> Workspace:
    """Twenty-five tables, indexed."""
    work.record.write([draft(number) for number in range(COUNT)], by="ada", at=work.clock())
    project(work)
    return work


def names(work: Workspace, wanted: Search) -> list[str]:
    """Return the names on a page."""
    return [entity.name for entity in search(work, wanted).entities]


BY_NAME = (Sort("name.keyword"),)
TABLES = Term("__typeName.keyword", "Table")


def test_a_page_begins_anywhere_and_has_the_exact_total(shop: Workspace) -> None:
    """However far in; past the end there is nothing, and the total is the same."""
    for offset, size in ((0, 10), (20, 10), (24, 1), (25, 10), (10_000, 300), (3, 0)):
        found = search(shop, Search(TABLES, offset, size, BY_NAME))
        assert (found.total, [one.name for one in found.entities]) == (COUNT, NAMES[offset : offset + size])


def test_what_is_shown_is_as_the_record_has_it(shop: Workspace) -> None:
    """An entity that changed since it was indexed is found by what it was, and shown as it is."""
    shop.record.write([draft(0, name="renamed")], by="bob", at=shop.clock())
    found = search(shop, Search(Term("name.keyword", NAMES[0])))
    assert (found.total, [one.name for one in found.entities]) == (1, ["renamed"])


def test_a_search_costs_one_question_of_each(shop: Workspace) -> None:
    """One search and one read of the record for hits and hits in buckets; aggregations and counts where asked."""
    hits = read_aggregations({"t": {"terms": {"field": "rowCount"}, "aggs": {"h": {"top_hits": {"size": 2}}}}})
    assert spent(shop, Search(size=5)) == {"search": 1, "entities": 1}
    assert spent(shop, Search(size=0)) == {"count": 1}
    assert spent(shop, Search(MatchNone())) == {"search": 1}
    assert spent(shop, Search(size=5, aggregations=hits)) == {"search": 1, "entities": 1, "aggregate": 1}
    assert spent(shop, Search(size=0, aggregations=hits)) == {"count": 1, "entities": 1, "aggregate": 1}


def spent(work: Workspace, wanted: Search) -> dict[str, int]:
    """Return how often engine and record are asked what."""
    watched = replace(work, engine=Mock(wraps=work.engine), record=Mock(wraps=work.record))
    search(watched, wanted)
    calls = [*watched.engine.method_calls, *watched.record.method_calls]  # type: ignore[attr-defined]
    asked = [name for name, _, _ in calls if name != "fields"]
    return {name: asked.count(name) for name in asked}


ORDERS: tuple[Any, ...] = (
    [{"__guid": "asc"}],
    [{"rowCount": "desc"}, {"__guid": "asc"}],
    [{"rowCount": {"order": "asc", "missing": "_first"}}, "name.keyword", {"__guid": "desc"}],
    [{"nowhere": {"order": "asc", "unmapped_type": "keyword"}}, {"__guid": "asc"}],
    [],
    ["_score"],
    ["_doc", {"rowCount": "asc"}],
    [{"certificateStatus": "asc"}, {"rowCount": "desc"}],
)


def pages(work: Workspace, sort: tuple[Sort, ...], size: int) -> Iterator[tuple[list[str], tuple[Any, ...]]]:
    """Yield the guids of each page with the values of its last hit, by which the next one is asked."""
    after: tuple[Any, ...] | None = None
    while True:
        found = search(work, Search(TABLES, 0, size, sort, after))
        assert found.total == COUNT
        if not found.entities:
            return
        after = found.sorts[-1]
        yield [entity.guid for entity in found.entities], after


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_pages_go_on_from_the_values_of_a_hit(shop: Workspace, order: Any) -> None:
    """Whatever the order, no asset is lost or comes twice; the values are the client's keys, and one more where they tie."""
    sort = read_sorts(order)
    whole = [entity.guid for entity in search(shop, Search(TABLES, size=COUNT, sort=sort)).entities]
    unique = any(one.field == "__guid" for one in sort)
    for size in (1, 4, 100):
        walked = list(pages(shop, sort, size))
        assert [guid for guids, _ in walked for guid in guids] == whole
        assert {len(after) for _, after in walked} == {len(sort) if unique else len(sort) + 1}


def test_values_without_the_last_one_never_repeat_an_asset(shop: Workspace) -> None:
    """As on a server: what ties with the last hit in all keys counts as seen."""
    sort = (Sort("rowCount"),)
    first = search(shop, Search(TABLES, 0, 3, sort))
    after = search(shop, Search(TABLES, 0, COUNT, sort, first.sorts[-1][:1]))
    values = [entity.attributes.get("rowCount") for entity in after.entities]
    assert first.sorts[-1][0] == 0
    assert 0 not in values
    assert (values.count(1), values.count(2), after.total) == (6, 6, COUNT)


def test_what_orders_nothing_has_no_value(shop: Workspace) -> None:
    """A field that no asset has, and how well an asset matches: nothing ranks here."""
    sort = read_sorts([{"nowhere": "desc"}, "name.keyword", "_score", {"__guid": "asc"}])
    found = search(shop, Search(TABLES, 0, 2, sort))
    assert [values[:3] for values in found.sorts] == [(None, NAMES[0], None), (None, NAMES[1], None)]
    assert names(shop, Search(TABLES, 0, 2, sort, found.sorts[0])) == NAMES[1:3]


def test_an_order_by_text_is_refused(shop: Workspace) -> None:
    """As servers refuse it; the hint names the field that has an order."""
    with pytest.raises(UnsupportedClause) as caught:
        search(shop, Search(sort=(Sort("name"),)))
    assert caught.value.hint == "sort by its `.keyword` field"


@pytest.mark.parametrize(
    ("sort", "after"),
    [
        (BY_NAME, ()),
        (BY_NAME, ("x", 1, 2)),
        (BY_NAME, ("x", None)),
        (BY_NAME, ("x", True)),
        (BY_NAME, ("x", -1)),
        (BY_NAME, (7, 1)),
        ((Sort("rowCount"),), ("x",)),
    ],
)
def test_values_of_another_order_are_refused(shop: Workspace, sort: tuple[Sort, ...], after: tuple[Any, ...]) -> None:
    """Too few, too many, or of a kind that the key has not; never anything worse."""
    with pytest.raises(InvalidInput):
        search(shop, Search(sort=sort, after=after))


def test_a_page_has_its_limits() -> None:
    """Ten thousand assets, and no negative numbers."""
    with pytest.raises(LimitExceeded):
        Search(size=10_001)
    for offset, size in ((-1, 1), (0, -1)):
        with pytest.raises(InvalidInput):
            Search(offset=offset, size=size)


POST_FILTERS: tuple[tuple[Node, int], ...] = ((Exists("rowCount"), 18), (Prefix("name.keyword", "table 0"), 10))


@pytest.mark.parametrize(("narrower", "total"), POST_FILTERS, ids=str)
def test_a_post_filter_narrows_hits_and_not_aggregations(shop: Workspace, narrower: Node, total: int) -> None:
    """Total and page are of what passes both, buckets of what passes the query."""
    wanted = read_aggregations({"types": {"terms": {"field": "__typeName.keyword"}}})
    for size in (0, 30):
        found = search(shop, Search(TABLES, size=size, post_filter=narrower, aggregations=wanted))
        assert (found.total, len(found.entities)) == (total, min(size, total))
        assert [one["doc_count"] for one in found.aggregations["types"]["buckets"]] == [COUNT]


def test_hits_in_buckets_show_documents_of_the_record(shop: Workspace) -> None:
    """Under the names that the index has, as much of them as is asked for."""
    top = {"top_hits": {"size": 1, "_source": {"includes": ["name", "__type*"]}, "sort": ["name.keyword"]}}
    wanted = read_aggregations({"rows": {"terms": {"field": "rowCount", "size": 2}, "aggs": {"top": top}}})
    found = search(shop, Search(MatchAll(), size=0, aggregations=wanted)).aggregations["rows"]["buckets"]
    hits = [(one["key"], one["top"]["hits"]["total"]["value"], one["top"]["hits"]["hits"][0]) for one in found]
    told = [(key, total, hit["_source"], hit["sort"]) for key, total, hit in hits]
    assert told == [
        (0, 6, {"name": NAMES[3], "__typeName": "Table"}, [NAMES[3]]),
        (1, 6, {"name": NAMES[1], "__typeName": "Table"}, [NAMES[1]]),
    ]


WRONG = Nested("nowhere", MatchAll())
HELD = read_aggregations({"f": {"filter": {"nested": {"path": "nowhere", "query": {"match_all": {}}}}}})
WRONGS: tuple[tuple[Search, str], ...] = (
    (Search(WRONG), "/query/nested"),
    (Search(Bool(must_not=(MatchAll(), WRONG)), size=0), "/query/bool/must_not/1/nested"),
    (Search(WRONG, post_filter=MatchAll()), "/query/nested"),
    (Search(post_filter=Bool(filter=(WRONG,))), "/post_filter/bool/filter/0/nested"),
    (Search(aggregations=HELD), "/aggregations"),
)


@pytest.mark.parametrize(("wanted", "path"), WRONGS, ids=[path for _, path in WRONGS])
def test_where_a_wrong_clause_stands_is_told(shop: Workspace, wanted: Search, path: str) -> None:
    """In the search, whatever the engine is asked in its place."""
    with pytest.raises(InvalidInput) as caught:
        search(shop, wanted)
    assert caught.value.path == path
