"""Several products together, and what another selection would move, on every engine."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.product import Face, Product, Selection
from muster.errors import InvalidInput, InvalidSelection, LimitExceeded, NotFound
from muster.membership import Decision
from muster.query.shorthand import parse
from muster.query.sorting import Sort
from muster.service import decide, define
from muster.service.combining import Combination, combined, combined_page
from muster.service.ingest import ingest
from muster.service.replacing import replacing
from muster.service.resolve import Live, MaxAge, Mode, PageRequest, Source, Stored
from muster.service.selecting import stored
from muster.service.sync import sync
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock

ROOT = "default/demo/1/db/schema"
MALFORMED = '{"range":{"__timestamp":{"gte":"rubbish"}}}'
BY_NAME = (Sort("name.keyword"),)


def table(name: str, *tags: str) -> EntityDraft:
    """Return a table of the test schema."""
    return EntityDraft(Key("Table", f"{ROOT}/{name}"), {"name": name}, tags=tags)


@pytest.fixture
def shop(work: Workspace) -> Workspace:
    """A workspace with five tables, and the products A, B and C."""
    drafts = [
        table("a", "A"),
        table("ab", "A", "B"),
        table("abc", "A", "B", "C"),
        table("bc", "B", "C"),
        table("ç", "C"),
    ]
    ingest(work, drafts, scopes=[ROOT])
    for name in "ABC":
        define.create(work, name, define.Written(f"tag:{name}"), define.Details(), domain_name="Shop")
    return work


def broken(work: Workspace) -> Product:
    """Define a product whose selection cannot be evaluated."""
    draft = EntityDraft(Key("DataProduct", "default/product/broken"), {"name": "broken"})
    selection = Selection(MALFORMED, Face.WIRE, MALFORMED, "0" * 64, 1)
    return work.record.create_product(draft, selection, by="ada", at=work.clock())


def of(work: Workspace, any_of: str, also: str = "", without: str = "") -> Combination:
    """Return a combination of products that are named by letters."""
    named = (tuple(work.record.product(name) for name in some) for some in (any_of, also, without))
    return Combination(*named)


def names(work: Workspace, wanted: Combination, mode: Mode | None = None) -> list[str]:
    """Return the members of a combination by name."""
    found = combined(work, wanted, mode or Live())
    return sorted(one.name for one in work.record.entities(list(found.members)))


SETS = (
    ("A", "", "", ["a", "ab", "abc"]),
    ("AC", "", "", ["a", "ab", "abc", "bc", "ç"]),
    ("A", "B", "", ["ab", "abc"]),
    ("A", "BC", "", ["abc"]),
    ("AC", "B", "", ["ab", "abc", "bc"]),
    ("A", "B", "C", ["ab"]),
    ("ABC", "", "AB", ["ç"]),
    ("A", "A", "A", []),
    ("AA", "", "", ["a", "ab", "abc"]),
)


def test_products_are_combined_as_sets(shop: Workspace) -> None:
    """The union of the first, cut by each of the next, less the last; one may stand in several places."""
    for any_of, also, without, expected in SETS:
        assert names(shop, of(shop, any_of, also, without)) == expected, (any_of, also, without)


def test_pins_and_exclusions_count(shop: Workspace) -> None:
    """In every place, as they do for the product itself."""
    decide.decide(shop, "A", [f"{ROOT}/ç"], Decision.PIN, decide.Given("yes"))
    decide.decide(shop, "B", [f"{ROOT}/abc"], Decision.EXCLUSION, decide.Given("no"))

    assert names(shop, of(shop, "A", "C")) == ["abc", "ç"]
    assert names(shop, of(shop, "A", "B")) == ["ab"]
    assert names(shop, of(shop, "A", without="B")) == ["a", "abc", "ç"]


def test_stored_memberships_are_read_as_they_are(shop: Workspace, clock: SetClock) -> None:
    """They stay as the last sync left them; each says what it stands on, and a young one is taken for a live one."""
    list(sync(shop))
    ingest(shop, [table("new", "A", "B")])
    assert names(shop, of(shop, "A", "B"), Stored()) == ["ab", "abc"]
    assert names(shop, of(shop, "A", "B")) == ["ab", "abc", "new"]

    clock.time += 10_000
    list(sync(shop, ["B"]))
    clock.time += 10_000
    mixed = combined(shop, of(shop, "A", "B"), MaxAge(15_000))
    assert [one.source for one in mixed.provenance] == [Source.LIVE, Source.STORED]
    assert mixed.provenance[1].age == 10_000
    assert len(mixed.members) == 3


def test_what_was_never_synced_has_no_stored_membership(shop: Workspace) -> None:
    """That is an error, whichever of the products it is."""
    list(sync(shop, ["A"]))
    with pytest.raises(NotFound, match="product `B` has no stored membership yet"):
        combined(shop, of(shop, "A", "B"), Stored())


def test_a_selection_that_cannot_be_evaluated_is_an_error(shop: Workspace) -> None:
    """It says which product's it is, and keeps the kind of the error."""
    wanted = Combination((shop.record.product("A"),), without=(broken(shop),))
    with pytest.raises(InvalidSelection, match="the selection of `broken` cannot be evaluated: `rubbish` is not"):
        combined(shop, wanted, Live())


def test_combinations_are_bounded(shop: Workspace) -> None:
    """A product to begin with, and not more than a hundred in all."""
    one = shop.record.product("A")
    with pytest.raises(InvalidInput, match="no product is named to begin with"):
        Combination(())
    with pytest.raises(LimitExceeded, match="101 products; the limit is 100"):
        Combination((one,) * 50, (one,) * 50, (one,))
    assert Combination((one,) * 100).products == (one,) * 100


def test_pages_follow_each_other(shop: Workspace) -> None:
    """In any order, live and stored; each member once, and the total on every page."""
    list(sync(shop))
    for sort, mode in product(((), BY_NAME, (Sort("name.keyword", descending=True),)), (Live(), Stored())):
        seen = walked(shop, sort, mode)
        assert sorted(seen) == ["a", "ab", "abc", "bc", "ç"], (sort, mode)
        if sort:
            assert seen == sorted(seen, reverse=sort[0].descending), (sort, mode)


def walked(shop: Workspace, sort: tuple[Sort, ...], mode: Mode) -> list[str]:
    """Return whom the pages of a union have, in their order."""
    wanted, seen, cursor = of(shop, "AC"), [], None
    while True:
        page = combined_page(shop, wanted, mode, PageRequest(2, sort, cursor))
        seen += [one.name for one in page.members]
        assert len(page.of.members) == 5
        if (cursor := page.next) is None:
            return seen


def test_a_cursor_belongs_to_its_question(shop: Workspace) -> None:
    """Other products, other places, or another order are other questions."""
    first = combined_page(shop, of(shop, "AC"), Live(), PageRequest(2)).next
    for other in (of(shop, "AB"), of(shop, "CA"), of(shop, "A", "C"), of(shop, "AC", without="B")):
        with pytest.raises(InvalidInput, match="the cursor belongs to another question"):
            combined_page(shop, other, Live(), PageRequest(2, cursor=first))


Moved = tuple[list[str], list[str]]


@pytest.fixture
def would_move(shop: Workspace) -> Callable[[str, str], Moved]:
    """Who would join a product, and who would leave it, with another selection."""

    def moved(name: str, selection: str) -> Moved:
        node = parse(selection)
        found = replacing(shop, shop.record.product(name), stored(selection, Face.SHORTHAND, node), PageRequest())
        assert (found.joins.total, found.leaves.total) == (len(found.joins.assets), len(found.leaves.assets))
        return [one.name for one in found.joins.assets], [one.name for one in found.leaves.assets]

    return moved


def test_another_selection_moves_what_differs(would_move: Callable[[str, str], Moved]) -> None:
    """Who would join and who would leave; the same again moves nobody."""
    assert would_move("A", "tag:B") == (["bc"], ["a"])
    assert would_move("A", "tag:A") == ([], [])
    assert would_move("A", "tag:Nobody") == ([], ["a", "ab", "abc"])


def test_pins_and_exclusions_count_on_both_sides(shop: Workspace, would_move: Callable[[str, str], Moved]) -> None:
    """A pinned asset never leaves, an excluded one never joins."""
    decide.decide(shop, "A", [f"{ROOT}/a"], Decision.PIN, decide.Given("yes"))
    decide.decide(shop, "A", [f"{ROOT}/bc"], Decision.EXCLUSION, decide.Given("no"))

    assert would_move("A", "tag:C") == (["ç"], ["ab"])


def test_moves_are_counted_in_full_and_shown_in_part(shop: Workspace) -> None:
    """As many as are asked for, in their order."""
    selection = stored("tag:C", Face.SHORTHAND, parse("tag:C"))
    last = (Sort("name.keyword", descending=True),)
    found = replacing(shop, shop.record.product("A"), selection, PageRequest(1, last))

    assert (found.joins.total, [one.name for one in found.joins.assets]) == (2, ["ç"])
    assert (found.leaves.total, [one.name for one in found.leaves.assets]) == (2, ["ab"])


def test_what_a_product_has_now_may_be_beyond_telling(shop: Workspace) -> None:
    """Then nobody can say what would move, and the error says whose fault it is."""
    selection = stored("tag:C", Face.SHORTHAND, parse("tag:C"))
    with pytest.raises(InvalidSelection, match="what the product has now cannot be evaluated: `rubbish`"):
        replacing(shop, broken(shop), selection, PageRequest())
