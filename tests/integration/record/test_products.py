"""Products: a name of their own, a selection with revisions, a life after deletion."""

from dataclasses import replace

import pytest

from muster.catalog.entity import EntityDraft, Key, Status
from muster.catalog.product import Face, Selection
from muster.errors import Conflict, InvalidInput, NotFound
from muster.membership import Decision, Standing
from muster.record import SqlRecord
from tests.integration.record.samples import made, product, proposal, selection, table

WORDY = Selection(text=' {"bool" : {}}\n', face=Face.DSL, wire='{"bool":{"größe":"🦆"}}', digest="f" * 64, revision=7)


def test_product_comes_back_as_it_was_said(record: SqlRecord) -> None:
    """The selection is kept verbatim, and counts from revision 1 whatever the writer's copy says."""
    created = record.create_product(product("Bestellgröße", "d"), WORDY, by="ann", at=10)
    assert created.selection == replace(WORDY, revision=1)
    assert (created.entity.name, created.entity.version, created.entity.created_by) == ("Bestellgröße", 1, "ann")
    for ref in (created.entity.guid, "products/d/Bestellgröße", "Bestellgröße"):
        assert record.product(ref) == created
    assert record.revisions(created.entity.guid) == [(replace(WORDY, revision=1), "ann", 10)]


def test_product_without_a_name_goes_by_its_qualified_name(record: SqlRecord) -> None:
    """Its last part is the name, for look-ups and for uniqueness alike."""
    created = record.create_product(EntityDraft(Key("DataProduct", "a/b"), {}), selection(), by="ann", at=1)
    assert record.product("b") == created
    with pytest.raises(Conflict, match="product `b` is in no domain already"):
        record.create_product(product("b"), selection(), by="ann", at=2)


def test_name_is_taken_within_its_domain_only(record: SqlRecord) -> None:
    """Case tells names apart, domains do, and so does an end: DELETED products have no name to defend."""
    first = made(record, "Orders", "sales")
    made(record, "orders", "sales")
    made(record, "Orders", "finance")
    made(record, "Orders")
    position = record.position()
    with pytest.raises(Conflict, match="product `Orders` is in domain `sales` already") as caught:
        record.create_product(product("Orders", "sales", key="other"), selection(), by="ann", at=2)
    assert caught.value.hint == f"choose another name, or update `{first.entity.guid}`"
    assert record.position() == position
    record.delete_product(first.entity.guid, by="ann", at=3)
    assert record.create_product(product("Orders", "sales", key="other"), selection(), by="ann", at=4)


def test_taken_qualified_name_is_a_conflict(record: SqlRecord) -> None:
    """An ACTIVE product is not written over by creating it again."""
    first = made(record, "p")
    with pytest.raises(Conflict, match="there is a product `products//p` already") as caught:
        record.create_product(product("other", key="products//p"), selection(), by="ann", at=2)
    assert caught.value.hint == f"update `{first.entity.guid}`"


def test_other_types_are_no_products(record: SqlRecord) -> None:
    """Only a `DataProduct` takes a selection; an entity of another type cannot be found as one."""
    with pytest.raises(InvalidInput, match="a product is a `DataProduct`, not a `Table`"):
        record.create_product(table("t"), selection(), by="ann", at=1)
    record.write([table("t")], by="ann", at=1)
    with pytest.raises(NotFound, match="there is no product `warehouse/t`"):
        record.product("warehouse/t")


def test_reference_prefers_guid_then_qualified_name(record: SqlRecord) -> None:
    """A name that several domains have is a conflict that lists them."""
    one, two = made(record, "same", "a"), made(record, "same", "b")
    three = record.create_product(product(one.entity.guid, key="same"), selection(), by="ann", at=1)
    assert record.product(one.entity.guid) == one
    assert record.product("same") == three
    record.delete_product(three.entity.guid, by="ann", at=2)
    with pytest.raises(Conflict, match="`same` is the name of 2 products: `products/a/same`, `products/b/same`"):
        record.product("same")
    record.delete_product(one.entity.guid, by="ann", at=3)
    assert record.product("same") == two


def test_update_stores_attributes_and_the_next_revision(record: SqlRecord) -> None:
    """Revisions come newest first, each with author and time; an equal selection makes none."""
    guid = made(record, "p").entity.guid
    draft = product("renamed", key="products//p")
    after = record.update_product(guid, draft, WORDY, revision=1, by="bob", at=20)
    assert (after.entity.name, after.entity.version, after.entity.updated_by) == ("renamed", 2, "bob")
    assert after.selection == replace(WORDY, revision=2)
    again = record.update_product(guid, replace(draft, tags=("T",)), WORDY, revision=2, by="cy", at=30)
    assert (again.selection.revision, again.entity.version) == (2, 3)
    only = record.update_product(guid, replace(draft, tags=("U",)), None, revision=2, by="cy", at=40)
    assert (only.selection, only.entity.tags) == (replace(WORDY, revision=2), ("U",))
    assert record.revisions(guid) == [(replace(WORDY, revision=2), "bob", 20), (selection(), "ann", 10)]
    assert record.product("renamed") == only


def test_stale_update_is_refused_whole(record: SqlRecord) -> None:
    """Whoever read an older revision changes neither selection nor attributes."""
    guid = made(record, "p").entity.guid
    now = record.update_product(guid, product("p"), WORDY, revision=1, by="bob", at=20)
    with pytest.raises(Conflict, match="product `p` is at revision 2, not 1"):
        record.update_product(guid, product("q", key="products//p"), selection("late"), revision=1, by="cy", at=30)
    assert record.product(guid) == now


def test_update_cannot_take_a_name_or_move_a_key(record: SqlRecord) -> None:
    """A new name is held to the same rule as at creation; the qualified name stays."""
    made(record, "p")
    second = made(record, "q")
    guid = second.entity.guid
    with pytest.raises(Conflict, match="product `p` is in no domain already"):
        record.update_product(guid, product("p", key="products//q"), None, revision=1, by="ann", at=2)
    with pytest.raises(InvalidInput, match="keeps its type and qualified name, `products//q`"):
        record.update_product(guid, product("q", key="elsewhere"), None, revision=1, by="ann", at=2)
    assert record.product(guid) == second


def test_products_stream_in_order_of_name(record: SqlRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """By code point, over several chunks, equal names by age; DELETED ones are left out."""
    monkeypatch.setattr("muster.record.products.BATCH", 2)
    names = ["b", "a", "é", "Z", "b", "z", "a"]
    created = [made(record, name, domain=str(place)) for place, name in enumerate(names)]
    record.delete_product(created[5].entity.guid, by="ann", at=2)
    assert list(record.products()) == [created[place] for place in (3, 1, 6, 0, 4, 2)]


def test_deleted_product_stays_readable_by_guid(record: SqlRecord) -> None:
    """It is no product to find or to change, but its past answers."""
    gone = made(record, "p")
    guid = gone.entity.guid
    record.decide(guid, [Standing(Decision.PIN, 1, "r", "ann", 11)], by="ann", at=11)
    (run,) = record.commit([proposal(gone, [1, 2])])
    record.delete_product(guid, by="bob", at=30)
    assert record.entity(guid).status is Status.DELETED
    assert list(record.products()) == []
    assert record.revisions(guid) == [(selection(), "ann", 10)]
    assert record.runs(guid, limit=5) == [run]
    assert record.generations([guid])[guid].number == 1
    assert [standing.reason for standing in record.standings([guid])[guid]] == ["r"]
    for act in (
        lambda: record.product(guid),
        lambda: record.delete_product(guid, by="ann", at=40),
        lambda: record.update_product(guid, product("p"), None, revision=1, by="ann", at=40),
        lambda: record.decide(guid, [], [1], by="ann", at=40),
        lambda: record.decide(guid, (), [1], by="ann", at=40),
    ):
        with pytest.raises(NotFound, match=f"there is no product `{guid}`"):
            act()


def test_recreated_product_begins_anew_under_its_guid(record: SqlRecord) -> None:
    """Revisions and generations count on, so that none is told twice; nothing stands and nothing is synced yet."""
    first = made(record, "p")
    guid = first.entity.guid
    record.decide(guid, [Standing(Decision.PIN, 1, "r", "ann", 11)], by="ann", at=11)
    record.commit([proposal(first, [1, 2])])
    record.delete_product(guid, by="bob", at=30)
    second = record.create_product(product("p"), WORDY, by="cy", at=40)
    assert (second.entity.guid, second.entity.ordinal, second.selection.revision) == (guid, first.entity.ordinal, 2)
    assert (record.standings([guid]), record.generations([guid])) == ({}, {})
    (run,) = record.commit([proposal(second, [1, 2], revision=2)])
    assert (run.generation, run.joined) == (2, 2)
    assert [text.revision for text, _, _ in record.revisions(guid)] == [2, 1]


def test_revisions_are_read_page_by_page(record: SqlRecord) -> None:
    """Newest first, so many of those below one."""
    guid = made(record, "p").entity.guid
    for number in (1, 2, 3):
        text = selection(f"type:View {number}")
        record.update_product(guid, product("p"), text, revision=number, by="ann", at=number)

    assert [text.revision for text, _, _ in record.revisions(guid, limit=2)] == [4, 3]
    assert [text.revision for text, _, _ in record.revisions(guid, limit=2, before=3)] == [2, 1]


@pytest.mark.parametrize("ask", ["revisions", "delete_product"])
def test_unknown_products_are_not_found(record: SqlRecord, ask: str) -> None:
    """Neither a stranger's guid nor that of an entity which is no product."""
    record.write([table("t")], by="ann", at=1)
    for guid in ("nobody", record.entity("warehouse/t").guid):
        with pytest.raises(NotFound, match="there is no product"):
            getattr(record, ask)(guid, **({"by": "ann", "at": 1} if ask == "delete_product" else {}))


def test_some_products_are_read_together(record: SqlRecord) -> None:
    """By guid; what is archived, unknown or no product is left out."""
    first, second, gone = (made(record, name, "d") for name in ("first", "second", "gone"))
    record.delete_product(gone.entity.guid, by="ann", at=2)
    record.write([table("t")], by="ann", at=3)
    (asset,) = record.find([], [table("t").key])

    wanted = [second.entity.guid, gone.entity.guid, asset.guid, "nobody's", first.entity.guid]
    assert sorted(one.entity.name for one in record.products_of(wanted)) == ["first", "second"]
    assert not list(record.products_of([]))
