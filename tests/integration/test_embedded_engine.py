"""The embedded engine from document to answer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyroaring import BitMap

from muster.engines.embedded import EmbeddedEngine
from muster.errors import EngineUnavailable, UnknownField
from muster.fields import Fields
from muster.protocols import Digest, Page, Postings, Sort, Update
from muster.query.nodes import Bool, Fuzzy, Leaf, Match, MatchAll, MatchPhrase, MatchPhrasePrefix, Prefix, Range, Term

MAPPINGS: dict[str, Any] = {
    "date_detection": False,
    "properties": {
        "__guid": {"type": "keyword"},
        "name": {"type": "text", "fields": {"keyword": {"type": "keyword"}}},
        "rows": {"type": "long"},
        "seen": {"type": "date"},
    },
}
NAMES = ("customer orders", "orders by customer", "ordres", "invoices", "order")

EPOCH = 1_000_000_000_000

Open = Callable[[], EmbeddedEngine]


def fields(mappings: dict[str, Any] = MAPPINGS) -> Fields:
    """Return the fields of a small mapping."""
    return Fields.from_mapping({}, mappings)


def document(ordinal: int, **attributes: object) -> Update:
    """Return an update with these attributes."""
    return Update(ordinal, {"__guid": f"g{ordinal}", **attributes})


@pytest.fixture
def reopen(tmp_path: Path) -> Iterator[Open]:
    """A function that opens the engine of the test, having closed it where it is open."""
    opened: list[EmbeddedEngine] = []

    def reopened() -> EmbeddedEngine:
        if opened:
            opened.pop().close()
        opened.append(EmbeddedEngine(tmp_path / "index", fields(), memory="200MB", threads=1))
        return opened[0]

    yield reopened
    opened.pop().close()


@pytest.fixture
def engine(reopen: Open) -> EmbeddedEngine:
    """An engine with five assets."""
    made = reopen()
    updates = [document(n, name=name, rows=[n, 10 * n], seen=EPOCH + n * 1000) for n, name in enumerate(NAMES, 1)]
    made.apply(updates, position=5)
    return made


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        (MatchAll(), [1, 2, 3, 4, 5]),
        (Term(field="name.keyword", value="invoices"), [4]),
        (Term(field="__guid", value="g2"), [2]),
        (Match(field="name", query="Orders"), [1, 2]),
        (MatchPhrase(field="name", query="customer orders"), [1]),
        (MatchPhrasePrefix(field="name", query="orders b"), [2]),
        (Prefix(field="name", value="ord"), [1, 2, 3, 5]),
        (Fuzzy(field="name", value="orders"), [1, 2, 3, 5]),
        (Range(field="rows", gt=4, lt=20), [1, 5]),
        (Range(field="seen", gte="now-2s"), [3, 4, 5]),
        (Term(field="unmapped", value="x"), []),
    ],
    ids=str,
)
def test_a_clause_is_answered_alike_however_it_is_asked(
    engine: EmbeddedEngine, leaf: Leaf, expected: list[int]
) -> None:
    """Members, count, page and postings are of the same assets."""
    assert list(engine.members(leaf, now=EPOCH + 5000)) == expected
    assert engine.count(leaf, now=EPOCH + 5000) == len(expected)
    everything = engine.members(MatchAll(), now=0)
    together = engine.postings([leaf, MatchAll()], now=EPOCH + 5000)
    assert together == Postings(5, everything, (BitMap(expected), everything))
    found = engine.search(leaf, Page(10), now=EPOCH + 5000)
    assert (found.total, [hit.ordinal for hit in found.hits]) == (len(expected), expected)


def test_a_page_is_in_order_and_within_a_set(engine: EmbeddedEngine) -> None:
    """Sorted, narrowed and continued from the values of a hit."""
    page = Page(1, (Sort("name.keyword", descending=True),))
    query, within = Bool(must_not=(Term(field="rows", value=4),)), BitMap([1, 3, 4, 5])
    first = engine.search(query, page, now=0, within=within)
    assert (first.total, [(hit.ordinal, hit.after) for hit in first.hits]) == (3, [(3, ("ordres", 3))])
    second = engine.search(query, Page(1, page.sort, first.hits[0].after), now=0, within=within)
    assert (second.total, [hit.ordinal for hit in second.hits]) == (3, [5])


def test_an_order_by_an_unknown_field_is_refused(engine: EmbeddedEngine) -> None:
    """No asset can have the field; the hint names the one that was meant."""
    with pytest.raises(UnknownField) as caught:
        engine.search(MatchAll(), Page(1, (Sort("rowss"),)), now=0)
    assert caught.value.hint == "did you mean `rows`?"


def test_values_are_counted(engine: EmbeddedEngine) -> None:
    """Over all assets, and over a set."""
    assert engine.terms("rows", limit=3) == [(1, 1), (2, 1), (3, 1)]
    assert engine.tally(BitMap([1, 5]), "name.keyword", limit=5) == [("customer orders", 1), ("order", 1)]


def test_ranges_of_ordinals_are_digested(engine: EmbeddedEngine) -> None:
    """Per range: how many documents, and the sum of the checksums that came with them."""
    engine.apply([document(one, __checksum=10 * one) for one in (2, 3)], position=6)
    assert engine.digests(2) == {0: Digest(1, 0), 1: Digest(2, 50), 2: Digest(2, 0)}


def test_an_index_keeps_whose_it_is(engine: EmbeddedEngine, reopen: Open) -> None:
    """Nobody's at first, then the record's that claimed it; writing does not change that."""
    assert engine.owner() is None
    engine.claim("someone")
    engine.apply([document(6)], position=6)
    assert (engine.owner(), reopen().owner()) == ("someone", "someone")


def test_what_is_written_again_replaces_what_was(engine: EmbeddedEngine) -> None:
    """An update is the whole asset, None takes it out, an old position does nothing."""
    engine.apply([document(1, rows=7), Update(2, None), Update(9, None)], position=6)
    engine.apply([Update(1, None)], position=5)
    assert engine.position() == 6
    leaves = [Term(field="rows", value=7), Term(field="rows", value=1)]
    assert engine.postings(leaves, now=0) == Postings(6, BitMap([1, 3, 4, 5]), (BitMap([1]), BitMap()))


def test_names_that_documents_bring_are_fields_from_then_on(engine: EmbeddedEngine, reopen: Open) -> None:
    """They can be searched and sorted by, also when the engine is opened again, and keep the type they came with."""
    engine.apply([document(6, custom={"level": 3}), document(7, custom={"level": "4"})], position=6)
    for again in (lambda: engine, reopen):
        current = again()
        assert list(current.members(Range(field="custom.level", gte=3), now=0)) == [6, 7]
        page = Page(1, (Sort("custom.level", descending=True),))
        assert [hit.ordinal for hit in current.search(MatchAll(), page, now=0).hits] == [7]


def test_a_batch_that_fails_leaves_no_names_behind(engine: EmbeddedEngine) -> None:
    """What a failed batch brought may come in another form later."""
    with pytest.raises(KeyError, match="__guid"):
        engine.apply([document(6, fresh="text"), Update(7, {"name": "no guid"})], position=6)
    assert (engine.position(), engine.count(MatchAll(), now=0)) == (5, 5)
    engine.apply([document(6, fresh=1)], position=6)
    assert list(engine.members(Range(field="fresh", gte=1), now=0)) == [6]


def test_a_cleared_engine_starts_anew(engine: EmbeddedEngine, reopen: Open) -> None:
    """No assets, no names, position 0; also after opening again."""
    engine.apply([document(6, fresh="text")], position=6)
    engine.claim("someone")
    engine.successor().take_over()
    for again in (lambda: engine, reopen):
        current = again()
        assert (current.position(), current.owner(), current.count(MatchAll(), now=0)) == (0, None, 0)
    current.apply([document(1, fresh=1)], position=1)
    assert list(current.members(Range(field="fresh", gte=1), now=0)) == [1]


def test_an_index_of_other_fields_is_refused_until_cleared(engine: EmbeddedEngine, tmp_path: Path) -> None:
    """When the mapping has changed the index must be rebuilt, and clearing it is how that begins."""
    engine.close()
    rows = {"properties": MAPPINGS["properties"] | {"rows": {"type": "keyword"}}}
    changed = EmbeddedEngine(tmp_path / "index", fields(MAPPINGS | rows), memory="200MB", threads=1)
    with pytest.raises(EngineUnavailable, match="not an index of this version"):
        changed.position()
    changed.successor()
    changed.apply([document(1, rows="7")], position=1)
    assert list(changed.members(Prefix(field="rows", value="7"), now=0)) == [1]
    changed.close()
