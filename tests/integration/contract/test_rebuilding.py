"""Whose an index is, and another one in its place."""

from __future__ import annotations

import time

import pytest
from pyroaring import BitMap

from muster.engines.opensearch.index.index import KNOWN_FOR
from muster.errors import EngineUnavailable
from muster.protocols import Engine, Page
from muster.query.nodes import MatchAll, Prefix, Range, Term
from muster.query.sorting import Sort
from tests.integration.contract.assets import ASSETS
from tests.integration.places import MAPPINGS, OnServer, Place, document

OTHER = {**MAPPINGS, "properties": {**MAPPINGS["properties"], "rows": {"type": "keyword"}}}


def test_an_index_keeps_whose_it_is(engine: Engine, there: Place) -> None:
    """Nobody's at first, then the record's that claimed it first; writing does not change that."""
    assert engine.owner() is None
    engine.claim("someone")
    engine.claim("someone else")
    engine.apply([document(6, fresh="x")], position=6)
    assert (engine.owner(), there.beside().owner(), there.open().owner()) == ("someone", "someone", "someone")


def test_a_rebuilt_index_takes_the_place_of_the_one_before(engine: Engine, there: Place) -> None:
    """It begins with nothing: no assets, no names, no owner; then it is what everybody has, and can be rebuilt again."""
    engine.apply([document(6, fresh="text")], position=6)
    engine.claim("someone")
    current = engine
    for round_ in (1, 2):
        successor = current.successor()
        assert (successor.position(), successor.owner(), successor.fields().found) == (0, None, {})
        assert successor.count(MatchAll(), now=0) == 0
        successor.claim("another")
        successor.apply([document(round_, version=1, fresh=1)], position=7 + round_)
        successor.take_over()
        time.sleep(KNOWN_FOR)
        held = (7 + round_, "another", [round_])
        assert [seen(one) for one in (successor, there.beside())] == [held, held]
        current = there.open()
        assert seen(current) == held


def seen(engine: Engine) -> tuple[int, str | None, list[int]]:
    """Return position, owner, and the assets with a number for `fresh`."""
    return engine.position(), engine.owner(), list(engine.members(Range(field="fresh", gte=1), now=0))


def test_what_serves_goes_on_until_it_is_replaced(on_server: OnServer) -> None:
    """Readers have the old index while the new one is filled, and what is written to it meanwhile."""
    engine, reader = on_server.open(), on_server.open()
    engine.apply(ASSETS, position=5)
    engine.claim("someone")
    successor = engine.successor()
    successor.claim("someone")
    successor.apply([document(1, version=1, rows=9)], position=6)
    engine.apply([document(7, version=6, rows=7)], position=6)
    assert list(reader.members(MatchAll(), now=0)) == [1, 2, 3, 4, 5, 7]
    assert (reader.position(), successor.position()) == (6, 6)
    successor.take_over()
    assert on_server.indices() == [f"{on_server.alias}-000002"]
    assert list(reader.members(MatchAll(), now=0)) == [1]
    assert reader.terms("rows", limit=3) == [(9, 1)]


def test_a_replaced_index_is_not_believed_before_it_is_as_far(on_server: OnServer) -> None:
    """Who has been told a position gets no answer from an index that has not reached it."""
    engine, reader = on_server.open(), on_server.open()
    engine.apply(ASSETS, position=5)
    assert reader.position() == 5
    successor = engine.successor()
    successor.apply([], position=3)
    successor.take_over()
    time.sleep(KNOWN_FOR)
    for ask in (
        lambda: reader.count(MatchAll(), now=0),
        lambda: reader.members(MatchAll(), now=0),
        lambda: reader.postings([MatchAll()], now=0),
        lambda: reader.search(MatchAll(), Page(1), now=0),
        lambda: reader.terms("rows", limit=1),
    ):
        with pytest.raises(EngineUnavailable, match="is at position 3 of 5"):
            ask()
    successor.apply(ASSETS, position=5)
    assert reader.count(MatchAll(), now=0) == 5


def test_a_rebuild_that_was_stopped_goes_on(on_server: OnServer) -> None:
    """By whoever rebuilds next, where it was, unless a fresh one is wanted."""
    on_server.open().apply(ASSETS, position=5)
    on_server.open().successor().apply(ASSETS[:2], position=2)
    resumed = on_server.open().successor()
    assert (resumed.position(), list(resumed.members(MatchAll(), now=0))) == (2, [1, 2])
    fresh = on_server.open().successor(fresh=True)
    assert (fresh.position(), fresh.count(MatchAll(), now=0)) == (0, 0)
    assert on_server.open().count(MatchAll(), now=0) == 5
    assert on_server.indices() == [f"{on_server.alias}-00000{number}" for number in (1, 2, 3)]


def test_a_page_begun_before_is_continued_after(on_server: OnServer) -> None:
    """A cursor outlives the index that it came from."""
    engine = on_server.open()
    engine.apply(ASSETS, position=5)
    page = Page(2, (Sort("name.keyword"),))
    first = engine.search(MatchAll(), page, now=0)
    successor = engine.successor()
    successor.apply(ASSETS, position=5)
    successor.take_over()
    rest = engine.search(MatchAll(), Page(9, page.sort, first.hits[-1].after), now=0)
    assert [hit.ordinal for hit in (*first.hits, *rest.hits)] == [1, 4, 5, 2, 3]


def test_an_index_by_another_mapping_serves_until_it_is_rebuilt(on_server: OnServer) -> None:
    """As it was mapped; the engine says so, and a rebuild follows the mapping at hand."""
    on_server.open().apply(ASSETS, position=5)
    changed = on_server.open(OTHER)
    assert changed.count(Range("rows", gte=4, lt=10), now=0) == 2
    assert [one.message for one in changed.examine() if not one.ok] == ["the index was made by another index template"]
    successor = changed.successor()
    successor.apply([document(1, rows="7")], position=1)
    successor.take_over()
    time.sleep(KNOWN_FOR)
    rebuilt = on_server.open(OTHER)
    assert list(rebuilt.members(Prefix(field="rows", value="7"), now=0)) == [1]
    assert all(one.ok for one in rebuilt.examine())


def test_aliases_that_begin_alike_leave_each_other_alone(on_server: OnServer) -> None:
    """An alias, one that is longer, and one that looks like an index of the first."""
    names = [on_server.alias, f"{on_server.alias}-more", f"{on_server.alias}-0"]
    engines = []
    for number, name in enumerate(names, 1):
        on_server.alias = name
        engines.append(on_server.open())
        engines[-1].apply([document(number)], position=number)
    on_server.alias = names[0]
    unfinished = [engine.successor() for engine in engines]
    for number, (engine, successor) in enumerate(zip(engines, unfinished, strict=True), 1):
        successor.apply([document(10 * number)], position=10 * number)
        assert [engine.successor().position(), engine.position()] == [10 * number, number]
        successor.take_over()
    assert [list(engine.members(MatchAll(), now=0)) for engine in engines] == [[10], [20], [30]]


def test_a_healthy_index_has_nothing_wrong(engine: Engine) -> None:
    """Empty, filled and grown."""
    assert [one.message for one in engine.examine() if not one.ok] == []
    engine.apply([document(6, fresh="x")], position=6)
    assert [one.message for one in engine.examine() if not one.ok] == []


def test_an_index_that_was_replaced_is_examined_as_the_one_there_is(on_server: OnServer) -> None:
    """By whoever knew the one before: a server waits for the health of an index that is gone, and in vain."""
    engine = on_server.open()
    engine.apply(ASSETS, position=5)
    successor = on_server.open().successor()
    successor.apply(ASSETS, position=5)
    successor.take_over()
    assert all(one.ok for one in engine.examine())


def test_an_index_that_was_deleted_is_begun_anew(on_server: OnServer) -> None:
    """Deleted behind Muster's back it is empty, at nothing, and nobody's; it is filled as a new one is."""
    engine = on_server.open()
    engine.apply(ASSETS, position=5)
    engine.claim("someone")
    on_server.server.request("DELETE", f"/{on_server.alias}-000001")
    time.sleep(KNOWN_FOR)
    assert (engine.position(), engine.owner()) == (0, None)
    engine.apply(ASSETS, position=5)
    assert engine.members(Term("rows", 1), now=0) == BitMap([1])
