"""Clauses asked every way: as a set, as a number, as a page, and many of them together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyroaring import BitMap

from muster.errors import InvalidSelection, UnsupportedClause
from muster.protocols import Engine, Page, Postings
from muster.query.algebra import atoms, combine
from muster.query.formula import formula
from muster.query.nodes import (
    Bool,
    Clause,
    Exists,
    Fuzzy,
    Ids,
    Leaf,
    Match,
    MatchAll,
    MatchPhrase,
    MatchPhrasePrefix,
    Nested,
    Node,
    Prefix,
    Range,
    Regexp,
    Term,
    Terms,
    Wildcard,
)
from muster.query.wire import canonical
from tests.integration.contract.assets import ASSETS, EPOCH
from tests.integration.places import ENGINES, UrlOf, document, place

NOW = EPOCH + 5000
MORE = [
    document(6, tags=["a", "b"], columns=[{"name": "x", "size": 1}, {"name": "y", "size": 2}]),
    document(2_147_483_647, tags="b", flag=True, columns={"name": "x", "size": 2}),
]
LAST = 2_147_483_647
EVERYTHING = [1, 2, 3, 4, 5, 6, LAST]

LEAVES: list[tuple[Leaf, list[int]]] = [
    (MatchAll(), EVERYTHING),
    (Ids(("g1", "g6", "g9")), [1, 6]),
    (Term(field="name.keyword", value="invoices"), [4]),
    (Term(field="__guid", value="g2"), [2]),
    (Terms("tags", ("a", "b", "c")), [6, LAST]),
    (Terms("tags", ()), []),
    (Term("flag", value=True), [LAST]),
    (Exists("columns.size"), []),
    (Match(field="name", query="Orders"), [1, 2]),
    (MatchPhrase(field="name", query="customer orders"), [1]),
    (MatchPhrasePrefix(field="name", query="orders b"), [2]),
    (Prefix(field="name", value="ord"), [1, 2, 3, 5]),
    (Wildcard("name", "o*r"), [5]),
    (Regexp("name", "ord(er|re)s"), [1, 2, 3]),
    (Fuzzy(field="name", value="orders"), [1, 2, 3, 5]),
    (Range(field="rows", gt=4, lt=20), [1, 5]),
    (Range(field="seen", gte="now-2s"), [3, 4, 5]),
    (Term(field="unmapped", value="x"), []),
    (Nested("columns", Bool(filter=(Term("columns.name", "x"), Term("columns.size", 2)))), [LAST]),
    (Nested("columns", Exists("columns.name")), [6, LAST]),
]
COMPOUND: list[tuple[Node, list[int]]] = [
    (Bool(), EVERYTHING),
    (Bool(must_not=(Prefix(field="name", value="ord"),)), [4, 6, LAST]),
    (Bool(should=(Term("rows", 1), Term("rows", 20), Term("tags", "a"))), [1, 2, 6]),
    (
        Bool(
            should=(Prefix("name", "o"), Range("rows", lte=2), Match("name", "customer")),
            minimum_should_match="-1",
        ),
        [1, 2],
    ),
    (Bool(filter=(Exists("name"),), should=(Term("rows", 1),)), [1, 2, 3, 4, 5]),
]


def said(value: object) -> str | None:
    """Name a test by its clause."""
    return canonical(value) if isinstance(value, Clause) else None  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf
) -> Iterator[Engine]:
    """An engine with seven assets, which nothing here changes."""
    folder: Path = tmp_path_factory.mktemp("clauses")
    with place(request.param, folder, engine_url) as there:
        opened = there.open()
        opened.apply([*ASSETS, *MORE], position=7)
        yield opened


@pytest.mark.parametrize(("leaf", "expected"), LEAVES, ids=said)
def test_a_clause_is_answered_alike_however_it_is_asked(engine: Engine, leaf: Leaf, expected: list[int]) -> None:
    """Members, count, page and postings are of the same assets."""
    assert answers(engine, leaf) == (expected, len(expected), (len(expected), expected))
    everything = BitMap(EVERYTHING)
    assert engine.postings([leaf, MatchAll()], now=NOW) == Postings(7, everything, (BitMap(expected), everything))


@pytest.mark.parametrize(("node", "expected"), COMPOUND, ids=said)
def test_a_selection_is_answered_alike_however_it_is_asked(engine: Engine, node: Node, expected: list[int]) -> None:
    """Members, count and page are of the same assets, as are the sets of its clauses when they are combined."""
    assert answers(engine, node) == (expected, len(expected), (len(expected), expected))
    clauses = formula(node)
    leaves = list(dict.fromkeys(atoms(clauses)))
    found = engine.postings(leaves, now=NOW)
    combined = combine(clauses, dict(zip(leaves, found.sets, strict=True)).__getitem__, found.universe)
    assert list(combined) == expected


def answers(engine: Engine, node: Node) -> tuple[list[int], int, tuple[int, list[int]]]:
    """Ask for members, count and a page."""
    page = engine.search(node, Page(10), now=NOW)
    ordinals = [hit.ordinal for hit in page.hits]
    return list(engine.members(node, now=NOW)), engine.count(node, now=NOW), (page.total, ordinals)


def test_many_clauses_together_have_the_sets_of_each(engine: Engine) -> None:
    """In their order, repeated ones too; none at all are all assets alone."""
    leaves = [leaf for leaf, _ in LEAVES]
    found = engine.postings([*leaves, *reversed(leaves)], now=NOW)
    expected = [BitMap(members) for _, members in LEAVES]
    assert found == Postings(7, BitMap(EVERYTHING), (*expected, *reversed(expected)))
    assert engine.postings([], now=NOW) == Postings(7, BitMap(EVERYTHING), ())


def test_a_page_of_nothing_has_the_total(engine: Engine) -> None:
    """No assets may be wanted, and there may be none."""
    assert engine.search(MatchAll(), Page(0), now=NOW).total == len(EVERYTHING)
    assert engine.search(Term("rows", -1), Page(10), now=NOW).hits == ()


def test_a_set_that_is_returned_is_the_callers(engine: Engine) -> None:
    """Changing it changes no later answer."""
    for _ in range(2):
        found = engine.postings([MatchAll(), Exists("name")], now=NOW)
        assert list(found.universe) == EVERYTHING
        assert list(found.sets[0]) == EVERYTHING
        found.universe.clear()
        engine.members(MatchAll(), now=NOW).clear()


@pytest.mark.parametrize(
    ("node", "path"),
    [
        (Bool(filter=(MatchAll(), Range("rows", gte="x"))), "/bool/filter/1/range/rows"),
        (Bool(filter=(Term("seen", "yesterday"),)), "/bool/filter/0/term/seen"),
        (Bool(must=(Regexp("tags", "a{2"),)), "/bool/must/0/regexp/tags"),
        (Nested("nowhere", Term("nowhere.x", 1)), "/nested"),
    ],
    ids=said,
)
def test_what_is_wrong_is_refused_alike_however_it_is_asked(engine: Engine, node: Node, path: str) -> None:
    """With its path, before anything is asked."""
    told = set()
    for ask in (engine.count, engine.members, lambda node, now: engine.search(node, Page(1), now=now)):
        with pytest.raises(InvalidSelection) as caught:
            ask(node, now=NOW)
        told.add((caught.value.path, caught.value.message))
    assert [where for where, _ in told] == [path]


def test_what_no_engine_can_express_is_refused(engine: Engine) -> None:
    """A wildcard on dates has no meaning that could be shared."""
    with pytest.raises((UnsupportedClause, InvalidSelection)):
        engine.count(Wildcard("seen", "2*"), now=NOW)
