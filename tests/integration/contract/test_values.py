"""Values of a field counted by asset, and digests of ranges of ordinals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from muster.protocols import Digest, Engine
from muster.query.nodes import MatchAll
from tests.integration.contract.corpora import FIELDS, Corpus, Filled, corpora
from tests.integration.places import Place, document, lines
from tests.servers import report

DAY = 86_400_000

SOME = [
    document(1, rows=3, tags="b", seen=["1970-01-02", "1970-01-03"], ratio=0.5, flag=True, score=0.1),
    document(2, rows=[1, 9], tags=["a", "c", "a"], ratio=[-0.0, 0.0]),
    document(3, tags="b", flag=[False, True], columns=[{"name": "p", "key": True}, {"name": "p", "key": False}]),
    document(4, rows=3, seen="1970-01-02", columns={"name": ["p", "q"], "size": 7, "made": "1970-01-02"}),
    document(5),
    document(6, rows=2, tags=["a", None, ""], fresh={"level": 4, "word": "x"}),
]
COUNTS: dict[str, list[tuple[Any, int]]] = {
    "tags": [("a", 2), ("b", 2), ("", 1), ("c", 1)],
    "rows": [(3, 2), (1, 1), (2, 1), (9, 1)],
    "seen": [(DAY, 2), (2 * DAY, 1)],
    "ratio": [(-0.0, 1), (0.0, 1), (0.5, 1)],
    "score": [(0.10000000149011612, 1)],
    "flag": [(True, 2), (False, 1)],
    "columns.name": [("p", 2), ("q", 1)],
    "columns.size": [(7, 1)],
    "columns.key": [(False, 1), (True, 1)],
    "columns.made": [(DAY, 1)],
    "columns.checks.name": [],
    "fresh.level": [(4, 1)],
    "fresh.word.keyword": [("x", 1)],
    "nowhere": [],
    "columns": [],
}


@pytest.fixture
def counting(there: Place) -> Engine:
    """An engine with six assets."""
    engine = there.open()
    engine.apply(SOME, position=1)
    return engine


def test_an_asset_counts_once_for_each_of_its_values(counting: Engine) -> None:
    """However often it or its objects repeat one; most frequent first, then by value; no more than wanted."""
    everything = BitMap(range(1, 100_000))
    for field, expected in COUNTS.items():
        assert lines(counting.terms(field, limit=10)) == lines(expected), field
        assert lines(counting.tally(everything, field, limit=10)) == lines(expected), field
        assert counting.tally(everything, field, limit=1) == expected[:1], field
        assert counting.tally(BitMap(), field, limit=10) == [], field


def test_a_set_is_counted_alone(counting: Engine) -> None:
    """Only the assets in it, whatever else is in it."""
    assert counting.tally(BitMap([2, 4, 77]), "rows", limit=5) == [(1, 1), (3, 1), (9, 1)]
    assert counting.tally(BitMap([3]), "columns.name", limit=5) == [("p", 1)]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), corpus=corpora)
def test_every_engine_counts_alike(filled: Filled, data: st.DataObject, corpus: Corpus) -> None:
    """Over random assets, sets, fields and limits."""
    filled.fill(corpus)
    for field in FIELDS:
        limit = data.draw(st.sampled_from((1, 2, 3, 100)))
        members = data.draw(st.sets(st.sampled_from((*corpus, 7))).map(BitMap))
        counts = {
            name: (lines(engine.terms(field, limit=limit)), lines(engine.tally(members, field, limit=limit)))
            for name, engine in filled.engines.items()
        }
        assert list(counts.values()) == [counts["embedded"]] * len(counts), field
        report.count(f"contract, {' and '.join(filled.engines)}", "random counts of values agree")


@pytest.fixture(scope="module")
def filled(all_engines: Mapping[str, Engine]) -> Filled:
    """All engines, to be filled."""
    return Filled(all_engines)


def test_ranges_of_ordinals_are_digested(engine: Engine) -> None:
    """Per range: how many documents, and the exact sum of the checksums that came with them."""
    last = 2**32 - 1
    engine.apply([document(one, version=6, __checksum=last - one) for one in (2, 3, 2**31 - 1)], position=6)
    large = Digest(1, last - (2**31 - 1))
    assert engine.digests(2) == {0: Digest(1, 0), 1: Digest(2, 2 * last - 5), 2: Digest(2, 0), 2**30 - 1: large}
    assert engine.digests(4096) == {0: Digest(5, 2 * last - 5), 2**19 - 1: large}


def test_an_empty_index_has_no_values_and_no_digests(there: Place) -> None:
    """Asked before anything was written, and after everything was taken out."""
    engine = there.open()
    assert (engine.terms("rows", limit=5), engine.tally(BitMap([1]), "rows", limit=5), engine.digests(2)) == (
        [],
        [],
        {},
    )
    assert (engine.count(MatchAll(), now=0), list(engine.members(MatchAll(), now=0))) == (0, [])
    assert engine.postings([MatchAll()], now=0).sets == (BitMap(),)
