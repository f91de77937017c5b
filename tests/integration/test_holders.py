"""Which products hold an asset, on every engine: by selection, by pin, and in spite of either."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.product import Face, Product, Selection
from muster.errors import InvalidInput, NotFound
from muster.membership import Decision
from muster.query.shorthand import parse
from muster.query.wire import canonical, digest
from muster.service import decide, define
from muster.service.holders import Ground, Holders, Wanted, holders
from muster.service.ingest import ingest
from muster.service.resolve import live_members
from muster.service.sync import sync
from muster.service.tags import tag_names
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock

ROOT = "default/demo/1/db/schema"
ORDERS, CUSTOMERS, EVENTS = (f"{ROOT}/{name}" for name in ("orders", "customers", "événements"))
DAY = 86_400_000
MALFORMED = '{"bool":{"filter":[{"range":{"__timestamp":{"gte":"rubbish"}}}]}}'


def table(name: str, *tags: str) -> EntityDraft:
    """Return a table of the test schema."""
    return EntityDraft(Key("Table", f"{ROOT}/{name}"), {"name": name}, tags=tags)


@pytest.fixture
def shop(work: Workspace) -> Workspace:
    """A workspace with three tables."""
    ingest(
        work, [table("orders", "Gold"), table("customers", "Gold", "Pii"), table("événements", "Pii")], scopes=[ROOT]
    )
    return work


def define_one(work: Workspace, name: str, selection: str) -> Product:
    """Define a product by shorthand, whatever may be said against it."""
    return define.create(work, name, define.Written(selection), define.Details(), domain_name="Shop").product


def broken(work: Workspace, name: str) -> Product:
    """Define a product whose selection cannot be evaluated."""
    draft = EntityDraft(Key("DataProduct", f"default/product/{name}"), {"name": name})
    selection = Selection(MALFORMED, Face.WIRE, MALFORMED, "0" * 64, 1)
    return work.record.create_product(draft, selection, by="ada", at=work.clock())


def names(found: Holders) -> list[tuple[str, str]]:
    """Return the products by name, each with the reason."""
    return [(one.product.name, one.because.value) for one in found.holders]


def test_selections_are_asked_of_the_asset(shop: Workspace) -> None:
    """Those that hold it come in order of name, the others are left out."""
    for name, selection in {
        "Größe": "type:Table",
        "Gold": "tag:gold",
        "No Pii": "-tag:Pii",
        "Views": "type:View",
    }.items():
        define_one(shop, name, selection)
    define_one(shop, "Zwei", "tag:Gold tag:Pii")

    assert names(holders(shop, CUSTOMERS, Wanted())) == [("Größe", "selection"), ("Zwei", "selection")]
    assert names(holders(shop, shop.record.entity(ORDERS).guid, Wanted())) == [
        ("Größe", "selection"),
        ("No Pii", "selection"),
    ]


def test_tags_are_asked_by_the_names_that_people_give_them(shop: Workspace) -> None:
    """In the shape that a selection asks for as well."""
    define_one(shop, "Gold", "tag:Gold")
    define_one(shop, "Golden", "tag:Gol*")
    assert "Gold" in tag_names(shop.record).internal

    assert [name for name, _ in names(holders(shop, ORDERS, Wanted()))] == ["Gold", "Golden"]
    assert holders(shop, EVENTS, Wanted()).total == 0


def test_pins_and_exclusions_have_the_last_word(shop: Workspace, clock: SetClock) -> None:
    """A pin is told as the reason where the selection does not hold it; exclusions only where they are asked for."""
    for name, selection in {"a": "tag:Gold", "b": "tag:Pii", "c": "type:View", "d": "type:Table"}.items():
        define_one(shop, name, selection)
    for name in ("a", "b", "c"):
        decide.decide(shop, name, [ORDERS], Decision.PIN, decide.Given(f"pin {name}", clock() + DAY))
    decide.decide(shop, "d", [ORDERS], Decision.EXCLUSION, decide.Given("no"))

    found = holders(shop, ORDERS, Wanted())
    assert names(found) == [("a", "selection"), ("b", "pin"), ("c", "pin")]
    assert [one.standing.reason for one in found.holders if one.standing] == ["pin a", "pin b", "pin c"]

    every = holders(shop, ORDERS, Wanted(all=True))
    assert names(every)[3:] == [("d", "exclusion")]
    assert every.total == 4

    clock.time += 2 * DAY
    assert names(holders(shop, ORDERS, Wanted())) == [("a", "selection")]


def test_withdrawn_decisions_do_not_count(shop: Workspace) -> None:
    """Neither a pin nor an exclusion that was taken back, nor one of another asset."""
    define_one(shop, "a", "tag:Gold")
    define_one(shop, "b", "tag:Pii")
    decide.decide(shop, "a", [ORDERS], Decision.EXCLUSION, decide.Given("no"))
    decide.decide(shop, "b", [ORDERS], Decision.PIN, decide.Given("yes"))
    decide.decide(shop, "b", [CUSTOMERS], Decision.EXCLUSION, decide.Given("no"))
    decide.withdraw(shop, "a", [ORDERS])
    decide.withdraw(shop, "b", [ORDERS])

    (only,) = holders(shop, ORDERS, Wanted(all=True)).holders
    assert (only.product.name, only.because, only.standing) == ("a", Ground.SELECTION, None)


def test_the_stored_membership_is_told_beside(shop: Workspace) -> None:
    """None before the first sync; it stays behind until the next one."""
    define_one(shop, "synced", "tag:Gold")
    list(sync(shop))
    define_one(shop, "fresh", "type:Table")
    assert [(one.product.name, one.stored) for one in holders(shop, ORDERS, Wanted()).holders] == [
        ("fresh", None),
        ("synced", True),
    ]

    ingest(shop, [replace(table("événements"), tags=("Gold",))])
    assert {one.product.name: one.stored for one in holders(shop, EVENTS, Wanted()).holders} == {
        "fresh": None,
        "synced": False,
    }


def test_fuzzy_terms_are_asked_of_the_index(shop: Workspace) -> None:
    """What they stand for is known there alone, and every word of the catalog counts."""
    define_one(shop, "close", "name:orderz~1")
    define_one(shop, "far", "name:zzz~1")
    define_one(shop, "both", "tag:Gold name:ordres~2")

    assert names(holders(shop, ORDERS, Wanted())) == [("both", "selection"), ("close", "selection")]
    assert holders(shop, CUSTOMERS, Wanted()).total == 0


def test_products_of_which_nobody_can_say_are_told(shop: Workspace) -> None:
    """With the reason and its place; a pin counts all the same."""
    broken(shop, "broken")
    broken(shop, "pinned")
    define_one(shop, "fine", "tag:Gold")
    decide.decide(shop, "pinned", [ORDERS], Decision.PIN, decide.Given("yes"))

    found = holders(shop, ORDERS, Wanted(1))

    assert (found.total, found.failed) == (2, 2)
    assert names(found) == [("fine", "selection")]
    assert [(one.product.name, one.reason.path) for one in found.failing] == [
        ("broken", "/bool/filter/0/range/__timestamp")
    ]
    assert names(holders(shop, ORDERS, Wanted()))[1:] == [("pinned", "pin")]


def test_pages_follow_each_other(shop: Workspace) -> None:
    """Equal names by age, each product once; the cursor of the last page is none, and belongs to its question."""
    for number in range(7):
        define.create(
            shop, f"n{number // 3}", define.Written("tag:Gold"), define.Details(), domain_name=f"domain {number}"
        )
    every = [one.product.guid for one in holders(shop, ORDERS, Wanted()).holders]
    seen, cursor = [], None
    while True:
        page = holders(shop, ORDERS, Wanted(3, cursor))
        seen += [one.product.guid for one in page.holders]
        assert page.total == 7
        if (cursor := page.next) is None:
            break
    assert seen == every

    first = holders(shop, ORDERS, Wanted(3)).next
    with pytest.raises(InvalidInput, match="the cursor belongs to another question"):
        holders(shop, CUSTOMERS, Wanted(3, first))
    with pytest.raises(InvalidInput, match="that is not a cursor"):
        holders(shop, ORDERS, Wanted(3, "nonsense"))


def test_archived_products_hold_nothing(shop: Workspace) -> None:
    """And what is asked about may be archived itself: a selection says whether it wants that."""
    define_one(shop, "gone", "tag:Gold")
    define_one(shop, "any", "tag:Gold")
    define_one(shop, "active", "tag:Gold state:ACTIVE")
    define.delete(shop, "gone")
    assert [name for name, _ in names(holders(shop, ORDERS, Wanted()))] == ["active", "any"]

    shop.record.archive([shop.record.entity(ORDERS).ordinal], by="ada", at=shop.clock())
    assert [name for name, _ in names(holders(shop, ORDERS, Wanted()))] == ["any"]


def test_what_is_not_there_is_held_by_nobody(shop: Workspace) -> None:
    """That is an error, and so is a page of no size."""
    with pytest.raises(NotFound, match="there is no entity `nope`"):
        holders(shop, "nope", Wanted())
    with pytest.raises(InvalidInput, match="a page holds 1 to 1,000 products, not 0"):
        Wanted(0)


TEXTS = (
    "type:Table",
    "tag:Gold OR tag:Pii",
    "-tag:Gold",
    "name:*s",
    "name:/.*é.*/",
    "created:>now-1d",
    "updated:<2020",
    "SOME 2 (tag:Gold tag:Pii type:Table)",
    "name:custmers~2",
    "description:*",
)


def test_they_are_the_products_that_have_it_as_a_member(shop: Workspace) -> None:
    """Asset by asset, what is told of products is what products tell of their members."""
    products = [define_one(shop, text, text) for text in TEXTS]
    decide.decide(shop, TEXTS[2], [ORDERS], Decision.PIN, decide.Given("yes"))
    decide.decide(shop, TEXTS[0], [EVENTS], Decision.EXCLUSION, decide.Given("no"))
    members = {one.entity.name: live_members(shop, one) for one in products}

    for asset in map(shop.record.entity, (ORDERS, CUSTOMERS, EVENTS)):
        expected = {name for name, held in members.items() if asset.ordinal in held}
        assert {one.product.name for one in holders(shop, asset.guid, Wanted()).holders} == expected


def test_the_revision_is_the_one_that_was_asked(shop: Workspace) -> None:
    """An edit counts at once."""
    one = define_one(shop, "p", "tag:Pii")
    assert holders(shop, ORDERS, Wanted()).total == 0
    wire = canonical(parse("tag:Gold"))
    fresh = Selection("tag:Gold", Face.SHORTHAND, wire, digest(parse("tag:Gold")), 2)
    shop.record.update_product(one.entity.guid, one.entity.draft(), fresh, revision=1, by="ada", at=shop.clock())

    assert [one.revision for one in holders(shop, ORDERS, Wanted()).holders] == [2]
