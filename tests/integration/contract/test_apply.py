"""Batches: in order, again, late, and how far the index has got."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyroaring import BitMap

from muster.protocols import Digest, Engine, Postings, Update
from muster.query.nodes import MatchAll, Term
from tests.integration.places import Place, document


def rows(engine: Engine) -> dict[int, list[int]]:
    """Return the numbers of the rows of each asset."""
    everything = engine.members(MatchAll(), now=0)
    return {one: sorted(value for value, _ in engine.tally(BitMap([one]), "rows", limit=9)) for one in everything}


def test_an_empty_index_stands_at_nothing(there: Place) -> None:
    """Before anything is written, and also after a batch of nothing, which moves the position alone."""
    engine = there.open()
    assert (engine.position(), engine.count(MatchAll(), now=0)) == (0, 0)
    assert engine.apply([], position=3) == ()
    assert (engine.position(), there.open().position()) == (3, 3)


def test_what_is_written_again_replaces_what_was(engine: Engine) -> None:
    """An update is the whole asset, None takes it out, an old position does nothing."""
    engine.apply([document(1, version=6, rows=7), Update(2, None, 6), Update(9, None, 6)], position=6)
    engine.apply([Update(1, None, 7)], position=5)
    assert engine.position() == 6
    leaves = [Term(field="rows", value=7), Term(field="rows", value=1)]
    assert engine.postings(leaves, now=0) == Postings(6, BitMap([1, 3, 4, 5]), (BitMap([1]), BitMap()))


def test_a_batch_may_come_again(engine: Engine, there: Place) -> None:
    """At the position where the index stands, by the same process or the next: it is as it was."""
    batch = [document(1, version=6, rows=8), Update(2, None, 6)]
    opens: list[Callable[[], Engine]] = [lambda: engine, lambda: engine, there.open]
    for again in opens:
        again().apply(batch, position=6)
        assert rows(there.beside()) == {1: [8], 3: [3, 30], 4: [4, 40], 5: [5, 50]}
        assert there.beside().position() == 6


def test_a_batch_at_the_same_position_may_be_another(engine: Engine) -> None:
    """So that what was lost on the way can be mended."""
    engine.apply([document(2, version=5, rows=0), document(8, version=5, rows=8)], position=5)
    assert (engine.position(), rows(engine)[2], rows(engine)[8]) == (5, [0], [8])


def test_a_batch_of_another_index_is_ignored(engine: Engine) -> None:
    """One that follows a position which this index has not reached, or that this index is beyond."""
    engine.apply([document(1, version=9, rows=0)], position=9, after=6)
    engine.apply([document(1, version=9, rows=0)], position=4, after=4)
    assert (engine.position(), rows(engine)[1]) == (5, [1, 10])
    engine.apply([document(1, version=9, rows=0)], position=9, after=5)
    assert (engine.position(), rows(engine)[1]) == (9, [0])


def test_without_a_position_the_index_stays_where_it_stands(engine: Engine) -> None:
    """Wherever that is."""
    engine.apply([document(1, version=6, rows=0), Update(2, None, 6)], position=None)
    assert (engine.position(), rows(engine)) == (5, {1: [0], 3: [3, 30], 4: [4, 40], 5: [5, 50]})


def test_an_older_version_never_takes_the_place_of_a_newer_one(engine: Engine) -> None:
    """Nor does it take the asset out, whatever position it comes with; a newer one does."""
    engine.apply([document(1, version=9, rows=9)], position=9)
    engine.apply([document(1, version=8, rows=8), document(6, version=8, rows=8)], position=10)
    engine.apply([Update(1, None, 8)], position=None)
    assert (engine.position(), rows(engine)[1], rows(engine)[6]) == (10, [9], [8])
    engine.apply([document(1, version=9, rows=0)], position=10)
    assert rows(engine)[1] == [0]
    engine.apply([Update(1, None, 10)], position=10)
    assert 1 not in rows(engine)


def test_of_several_updates_of_an_asset_the_last_counts(engine: Engine) -> None:
    """In the order of the batch, whether they write it or take it out."""
    batch = [
        document(1, version=6, rows=6),
        document(1, version=7, rows=7),
        *(Update(2, None, 6), document(2, version=7, rows=8)),
        *(document(3, version=6, rows=9), Update(3, None, 7)),
        *(document(6, version=6, rows=9), Update(6, None, 7)),
    ]
    engine.apply(batch, position=7)
    assert rows(engine) == {1: [7], 2: [8], 4: [4, 40], 5: [5, 50]}


def test_what_is_taken_out_is_gone_from_every_answer(engine: Engine) -> None:
    """Sets, values and digests; many at once, and ones that never were."""
    engine.apply([Update(one, None, 6) for one in range(2, 20_000)], position=6)
    assert rows(engine) == {1: [1, 10]}
    assert engine.terms("name.keyword", limit=5) == [("customer orders", 1)]
    assert engine.digests(10) == {0: Digest(1, 0)}


def test_many_documents_are_one_batch(there: Place) -> None:
    """Of all sizes, more than a server takes in one request; all can be searched when `apply` has returned."""
    engine = there.open()
    sizes = [10, 100_000, 1_000] * 100
    batch = [document(one, version=1, rows=one, about="word " * (size // 5)) for one, size in enumerate(sizes)]
    assert engine.apply(batch, position=1) == ()
    assert engine.count(Term("about", "word"), now=0) == len(sizes)
    assert engine.members(MatchAll(), now=0) == BitMap(range(len(sizes)))


@pytest.mark.parametrize("ordinal", [0, 1, 2**31 - 1])
def test_every_ordinal_that_a_record_gives_is_kept(there: Place, ordinal: int) -> None:
    """From nothing to the last of 31 bits."""
    engine = there.open()
    engine.apply([document(ordinal, rows=1)], position=1)
    assert list(engine.members(Term("rows", 1), now=0)) == [ordinal]
    assert engine.postings([MatchAll()], now=0).universe == BitMap([ordinal])
    engine.apply([Update(ordinal, None, 1)], position=2)
    assert engine.count(MatchAll(), now=0) == 0


def test_odd_texts_are_kept(there: Place) -> None:
    """Half a surrogate pair, a null character, a term that is too long: the asset is there all the same."""
    engine = there.open()
    odd = ["\ud800", "a\0b", "x" * 40_000, "\U0001f600"]
    refused = engine.apply([document(one, tags=text) for one, text in enumerate(odd)], position=1)
    assert (refused, engine.count(MatchAll(), now=0)) == ((), 4)
    assert list(engine.members(Term("tags", "a\0b"), now=0)) == [1]
    assert list(engine.members(Term("tags", "\U0001f600"), now=0)) == [3]
    assert [value for value, _ in engine.terms("tags", limit=9)] == sorted({"\ufffd", "a\0b", "\U0001f600"})
