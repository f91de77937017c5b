"""What one request writes: all of it or nothing, each entity from the version that was read."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from threading import Barrier

import pytest
from pyroaring import BitMap

from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.catalog.writing import Answered, Transaction, Write
from muster.errors import Conflict, InvalidInput, NotFound
from muster.membership import Decision, Standing
from muster.record import SqlRecord, open_record
from tests.integration.record.samples import made, product, proposal, selection, table, tables


def transact(record: SqlRecord, *writes: Write, at: int = 2, by: str = "bob") -> list[int]:
    """Store writes."""
    return record.transact(Transaction(writes), by=by, at=at)


def of(entity: Entity, **attributes: object) -> Write:
    """Return the write that adds attributes to an entity."""
    draft = replace(entity.draft(), attributes={**entity.attributes, **attributes})
    return Write(draft, entity.ordinal, entity.version)


def called(entity: Entity, name: str) -> Write:
    """Return the write that renames an entity."""
    write = of(entity)
    return replace(write, draft=replace(write.draft, key=Key(entity.key.type_name, name)))


def turned(entity: Entity, status: Status) -> Write:
    """Return the write that only changes the status."""
    return replace(of(entity), status=status)


def test_new_and_changed_are_stored_together(record: SqlRecord) -> None:
    """Ordinals come in the order of the writes; each change has its number in the log."""
    record.write([table("a"), table("b")], by="ann", at=1)
    a, b = record.entities([1, 2])
    assert transact(record, of(b, x=1), Write(table("new")), of(a, x=2), at=7) == [2, 3, 1]
    a, b, new = record.entities([1, 2, 3])
    assert (a.attributes, a.version, a.updated_by, a.updated_at) == ({"name": "a", "x": 2}, 2, "bob", 7)
    assert (b.attributes, b.version, b.guid) == ({"name": "b", "x": 1}, 2, record.entity("warehouse/b").guid)
    assert (new.key.qualified_name, new.status, new.version, new.created_by) == (
        "warehouse/new",
        Status.ACTIVE,
        1,
        "bob",
    )
    assert sorted((one.number, one.entity) for one in record.changes(2, 9)) == [(3, new), (4, b), (5, a)]


def test_what_equals_the_stored_makes_no_version(record: SqlRecord) -> None:
    """Body, key, status and selection as they are: neither a version nor an entry in the log."""
    record.write([table("a")], by="ann", at=1)
    one = made(record, "p")
    before = record.position()
    (a,) = record.entities([1])
    again = replace(of(one.entity), selection=replace(one.selection, revision=77))
    assert transact(record, of(a), again) == [1, 2]
    assert record.position() == before
    assert record.entities([1, 2]) == [a, one.entity]
    assert record.product("p") == one


def test_status_goes_both_ways(record: SqlRecord) -> None:
    """DELETED and back, each a version; what the entity says stays."""
    record.write([table("a", x=1)], by="ann", at=1)
    transact(record, turned(record.entity("warehouse/a"), Status.DELETED))
    gone = record.entity("warehouse/a")
    assert (gone.status, gone.version, gone.attributes) == (Status.DELETED, 2, {"name": "a", "x": 1})
    transact(record, turned(gone, Status.ACTIVE))
    assert (record.entity("warehouse/a").status, record.entity("warehouse/a").version) == (Status.ACTIVE, 3)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda a: replace(of(a, x=1), version=1), "`warehouse/a` is at version 2, not 1"),
        (lambda a: replace(of(a, x=1), ordinal=99), "`warehouse/a` is gone"),
        (lambda _: Write(table("b")), "a `Table` with the qualified name `warehouse/b` already"),
        (lambda _: Write(table("gone")), "a `Table` with the qualified name `warehouse/gone` already"),
        (lambda a: called(a, "warehouse/b"), "a `Table` with the qualified name `warehouse/b` already"),
        (lambda a: Write(replace(table("x"), guid=a.guid)), "belongs to another entity"),
        (lambda _: Write(table("sound")), "writes two entities of the key `Table` `warehouse/sound`"),
    ],
    ids=["stale", "unknown", "taken", "taken by a deleted one", "rename to a taken", "guid taken", "key twice"],
)
def test_one_conflict_and_nothing_is_stored(record: SqlRecord, wrong: Callable[[Entity], Write], message: str) -> None:
    """Neither the sound writes beside it, nor the answer."""
    record.write([table("a"), table("b"), table("gone"), table("d")], by="ann", at=1)
    record.write([table("a", y=1)], by="ann", at=2)
    record.archive([3], by="ann", at=3)
    before, position = record.entities([1, 2, 3, 4]), record.position()
    sound = [Write(table("sound")), of(before[3], x=1)]
    with pytest.raises(Conflict, match=message):
        record.transact(Transaction((*sound, wrong(before[0])), Answered("r", "{}")), by="bob", at=4)
    assert (record.entities([1, 2, 3, 4]), record.position(), record.answer("r")) == (before, position, None)
    assert record.find([], [table("sound").key]) == []


@pytest.mark.parametrize(
    ("writes", "message"),
    [
        ([Write(table("x"), 1, 1), Write(table("y"), 1, 1)], "writes an entity twice"),
        ([Write(product("p"))], "a new data product, which needs a selection"),
        ([Write(table("x"), selection=selection())], "`warehouse/x` is a `Table`, which has no selection"),
        ([Write(table("x"), status=Status.DELETED)], "`warehouse/x` is new and cannot be DELETED"),
        ([Write(EntityDraft(Key("View", "warehouse/a"), {}), 1, 1)], "`warehouse/a` keeps its type, `Table`"),
        ([Write(EntityDraft(Key("Table", "purged:1"), {}))], "cannot begin with `purged:`"),
    ],
)
def test_what_cannot_be_meant_is_refused(record: SqlRecord, writes: list[Write], message: str) -> None:
    """Before anything is stored."""
    record.write([table("a")], by="ann", at=1)
    with pytest.raises(InvalidInput, match=message):
        transact(record, *writes)
    assert record.position() == 1


def test_renamed_entity_keeps_guid_and_ordinal(record: SqlRecord) -> None:
    """It answers to the new name only; the old one is free for another, in the same transaction too."""
    record.write([table("a")], by="ann", at=1)
    a = record.entity("warehouse/a")
    assert transact(record, called(a, "warehouse/b"), Write(table("a"))) == [1, 2]
    assert record.entity(a.guid).key.qualified_name == "warehouse/b"
    assert (record.entity("warehouse/b").ordinal, record.entity("warehouse/a").ordinal) == (1, 2)


def test_two_entities_change_names(record: SqlRecord) -> None:
    """What one leaves the other takes, whichever is written first."""
    record.write([table("a"), table("b")], by="ann", at=1)
    a, b = record.entities([1, 2])
    transact(record, called(a, b.key.qualified_name), called(b, a.key.qualified_name))
    assert [one.key for one in record.entities([1, 2])] == [b.key, a.key]


def test_purged_entity_is_gone_and_its_key_is_free(record: SqlRecord) -> None:
    """Nobody can ask for it; history and the change log still name it."""
    record.write([table("a", x=1), table("b")], by="ann", at=1)
    a = record.entity("warehouse/a")
    transact(record, turned(a, Status.PURGED), Write(table("a", x=2)), at=3)
    for ref in (a.guid, f"purged:{a.guid}"):
        with pytest.raises(NotFound):
            record.entity(ref)
    assert record.find([a.guid], [a.key]) == [record.entity("warehouse/a")] == record.entities([1, 3])
    assert [one.ordinal for batch in record.scan(batch=1) for one in batch] == [2, 3]
    assert (record.types(BitMap([1, 2, 3])), record.under("warehouse")) == ({"Table": 2}, BitMap([2, 3]))
    assert list(record.guids(BitMap([1]))) == [a.guid]
    (last,) = record.entities([1], purged=True)
    assert last == replace(a, status=Status.PURGED, version=2, updated_at=3, updated_by="bob")
    assert [change.entity for change in record.changes(2, 9) if change.ordinal == 1] == [last]


def test_purged_entity_cannot_be_written(record: SqlRecord) -> None:
    """Not even by who has read what is left of it."""
    record.write([table("a")], by="ann", at=1)
    transact(record, turned(record.entity("warehouse/a"), Status.PURGED))
    (last,) = record.entities([1], purged=True)
    with pytest.raises(Conflict, match="`warehouse/a` is gone"):
        transact(record, turned(last, Status.ACTIVE))
    assert record.archive([1], by="ann", at=3) == 0
    with pytest.raises(NotFound):
        record.decide(made(record, "p").entity.guid, [Standing(Decision.PIN, 1, "r", "ann", 11)], by="ann", at=11)


def test_purged_entity_is_created_anew_by_importers(record: SqlRecord) -> None:
    """Under the same key, as another entity."""
    record.write([table("a")], by="ann", at=1)
    transact(record, turned(record.entity("warehouse/a"), Status.PURGED))
    assert record.write([table("a")], by="ann", at=3).created == (2,)
    transact(record, turned(record.entity("warehouse/a"), Status.PURGED))
    assert record.write([table("a")], by="ann", at=3).created == (3,)


def test_purging_ends_what_stands_about_an_asset(record: SqlRecord) -> None:
    """A pin would keep it among the members; who pinned it stays on record, as does what ended before."""
    record.write(tables(3), by="ann", at=1)
    guid = made(record, "p").entity.guid
    record.decide(guid, [Standing(Decision.PIN, ordinal, "r", "ann", 11) for ordinal in (1, 2, 3)], by="ann", at=11)
    record.decide(guid, (), [2], by="cy", at=12)
    transact(record, *(turned(one, Status.PURGED) for one in record.entities([1, 2])), at=13)
    ended = [(one.ordinal, one.withdrawn_by, one.withdrawn_at) for one in record.standings([guid])[guid]]
    assert ended == [(1, "bob", 13), (2, "cy", 12), (3, None, None)]


def test_products_are_created_with_their_selection(record: SqlRecord) -> None:
    """Of equal names in a domain too; by name they cannot be told apart."""
    drafts = [product("same", "d", key=f"products/{number}") for number in range(2)]
    ordinals = transact(record, *(Write(draft, selection=selection(draft.key.qualified_name)) for draft in drafts))
    assert [one.entity.ordinal for one in record.products()] == ordinals
    assert record.product("products/1").selection == selection("products/1")
    with pytest.raises(Conflict, match="`same` is the name of 2 products"):
        record.product("same")
    with pytest.raises(Conflict, match="product `same` is in domain `d` already"):
        record.create_product(product("same", "d", key="products/2"), selection(), by="ann", at=3)


def test_selection_makes_the_next_revision_and_a_version(record: SqlRecord) -> None:
    """Whatever number it comes with; who read the version before is refused."""
    one = made(record, "p")
    edit = replace(of(one.entity), selection=replace(selection("new"), revision=9))
    transact(record, edit, at=20)
    assert record.product("p").selection == replace(selection("new"), revision=2)
    assert record.revisions(one.entity.guid)[0] == (replace(selection("new"), revision=2), "bob", 20)
    with pytest.raises(Conflict, match="is at version 2, not 1"):
        transact(record, replace(edit, selection=selection("late")))


def test_product_takes_name_and_domain_from_its_entity(record: SqlRecord) -> None:
    """A product is found by its new name, and listed in its place."""
    first, second = made(record, "a"), made(record, "b")
    transact(record, of(first.entity, name="c", parentDomainQualifiedName="d"))
    assert record.product("c").entity.ordinal == first.entity.ordinal
    assert [one.entity.ordinal for one in record.products()] == [second.entity.ordinal, first.entity.ordinal]
    assert made(record, "c").entity.name == "c", "the name is free in every other domain"


def test_restored_product_keeps_what_it_had(record: SqlRecord) -> None:
    """Gone from the products while DELETED; then with its selection, decisions and runs."""
    record.write(tables(1), by="ann", at=1)
    one = made(record, "p")
    guid = one.entity.guid
    record.decide(guid, [Standing(Decision.PIN, 1, "r", "ann", 11)], by="ann", at=11)
    (run,) = record.commit([proposal(one, [1])])
    transact(record, turned(record.entity(guid), Status.DELETED))
    assert list(record.products()) == []
    with pytest.raises(NotFound):
        record.product("p")
    transact(record, turned(record.entity(guid), Status.ACTIVE))
    assert record.product("p").selection == one.selection
    assert (len(record.standings([guid])[guid]), record.runs(guid, limit=9)) == (1, [run])
    assert record.generations([guid])[guid].number == 1


def test_purged_product_stays_readable_by_guid(record: SqlRecord) -> None:
    """Its runs and revisions are history; its key is free for a new product."""
    one = made(record, "p")
    transact(record, turned(one.entity, Status.PURGED), Write(product("p"), selection=selection("new")))
    assert [found.selection.text for found in record.products()] == ["new"]
    assert record.revisions(one.entity.guid) == [(one.selection, "ann", 10)]


def test_request_is_answered_once(record: SqlRecord) -> None:
    """Its repetition is a conflict that writes nothing; answers older than an hour go when others come."""
    once = Transaction((Write(table("a")),), Answered("r1", '{"é": 1}'))
    assert record.answer("r1") is None
    record.transact(once, by="ann", at=1_000)
    assert record.answer("r1") == '{"é": 1}'
    with pytest.raises(Conflict, match="answered already"):
        record.transact(replace(once, writes=(Write(table("b")),)), by="ann", at=2_000)
    assert record.find([], [table("b").key]) == []
    record.transact(Transaction((), Answered("r2", "{}")), by="ann", at=3_601_000)
    assert (record.answer("r1"), record.answer("r2")) == ('{"é": 1}', "{}")
    record.transact(Transaction((), Answered("r3", "{}")), by="ann", at=3_601_001)
    assert (record.answer("r1"), record.answer("r2")) == (None, "{}")


def test_empty_transaction_does_nothing(record: SqlRecord) -> None:
    """No writes: no change."""
    assert transact(record) == []
    assert record.position() == 0


def test_thousand_writes_take_few_statements(record: SqlRecord) -> None:
    """As many as one write takes, not some for each."""
    record.write(tables(1000), by="ann", at=1)
    stored = record.entities(range(1, 1001))
    few = _statements(record, [of(stored[0], x=1), Write(table("new"))])
    many = _statements(record, [*(of(one, x=1) for one in stored[1:]), *map(Write, tables(2000)[1000:])])
    assert few == many


def _statements(record: SqlRecord, writes: list[Write]) -> int:
    from sqlalchemy import event  # noqa: PLC0415 - only here

    seen: list[str] = []
    engine = record._database.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    transact(record, *writes)
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


@pytest.fixture
def other(url: str, record: SqlRecord) -> Iterator[SqlRecord]:
    """A second process's view of the same record."""
    del record
    with closing(open_record(url)) as opened:
        yield opened


def test_no_update_is_lost(record: SqlRecord, other: SqlRecord) -> None:
    """Two who count up the same entity, each reading again after a conflict, reach the sum."""
    record.write([table("a", count=0)], by="ann", at=1)
    start = Barrier(2)

    def count(into: SqlRecord) -> None:
        start.wait()
        done = 0
        while done < 25:
            read = into.entity("warehouse/a")
            try:
                transact(into, of(read, count=read.attributes["count"] + 1))
            except Conflict:
                continue
            done += 1

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count, [record, other]))
    assert (record.entity("warehouse/a").attributes["count"], record.entity("warehouse/a").version) == (50, 51)
