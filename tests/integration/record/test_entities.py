"""Entities: written by key, all or none, read back as they were said."""

from contextlib import closing
from dataclasses import replace
from uuid import UUID

import pytest
from pyroaring import BitMap

from muster.catalog.document import document
from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.catalog.writing import Transaction, Write
from muster.errors import Conflict, InvalidInput, LimitExceeded, NotFound
from muster.protocols import Written
from muster.record import SqlRecord, open_record
from tests.integration.record.samples import product, selection, table, tables

WHOLE = EntityDraft(
    key=Key("Table", "lager/größe/注文/🦆"),
    attributes={"name": "注文", "rows": 12, "share": 0.25, "owners": ["ann", "bob"], "nested": {"a": [None, True]}},
    tags=("PII", "Größe"),
    terms=("order@glossary",),
    relationships={"columns": (Key("Column", "lager/c1"), Key("Column", "lager/c2")), "schema": (Key("Schema", "s"),)},
    custom={"Team": {"size": 3}, "text": 'quotes " and \\ and \n and \u0000'},
    guid="0f3c1c7e-0000-4000-8000-000000000001",
)


def test_entity_comes_back_as_it_was_said(record: SqlRecord) -> None:
    """Every part of a draft survives: Unicode, nesting, order, floats, NUL inside values."""
    assert record.write([WHOLE], by="ann", at=1234567890123) == Written(created=(1,))
    expected = Entity(
        ordinal=1,
        guid="0f3c1c7e-0000-4000-8000-000000000001",
        key=WHOLE.key,
        status=Status.ACTIVE,
        attributes=WHOLE.attributes,
        tags=WHOLE.tags,
        terms=WHOLE.terms,
        relationships=WHOLE.relationships,
        custom=WHOLE.custom,
        version=1,
        created_at=1234567890123,
        updated_at=1234567890123,
        created_by="ann",
        updated_by="ann",
    )
    assert record.entity(WHOLE.key.qualified_name) == expected
    assert record.entity(expected.guid) == expected
    assert record.entities([1]) == [expected]
    assert list(record.scan()) == [[expected]]


def test_empty_entity_comes_back_empty(record: SqlRecord) -> None:
    """What a draft leaves out is empty, and a guid is made."""
    record.write([EntityDraft(Key("Table", "t"), {})], by="ann", at=1)
    found = record.entity("t")
    assert (found.attributes, found.tags, found.terms, found.relationships, found.custom) == ({}, (), (), {}, {})
    assert UUID(found.guid).version == 4


def test_effects_are_told_apart_in_the_order_of_the_drafts(record: SqlRecord) -> None:
    """New, changed and equal drafts of one batch are counted by ordinal, each group in the order given."""
    record.write([table("a"), table("b"), table("c")], by="ann", at=1)
    batch = [table("e"), table("c", rows=1), table("b"), table("d"), table("a", rows=1)]
    assert record.write(batch, by="bob", at=2) == Written(created=(4, 5), updated=(3, 1), unchanged=(2,))
    assert [record.entity(f"warehouse/{name}").ordinal for name in "abcde"] == [1, 2, 3, 5, 4]


def test_equal_draft_changes_nothing(record: SqlRecord) -> None:
    """Neither version, nor times, nor the change log; the order of attributes does not count, that of tags does."""
    record.write([replace(table("a", x=1, y=2), tags=("p", "q"))], by="ann", at=1)
    again = replace(table("a", y=2, x=1), tags=("p", "q"))
    assert record.write([again], by="bob", at=2) == Written(unchanged=(1,))
    assert (record.entity("warehouse/a").version, record.entity("warehouse/a").updated_by) == (1, "ann")
    assert record.position() == 1
    assert record.write([replace(again, tags=("q", "p"))], by="bob", at=2) == Written(updated=(1,))


def test_update_states_the_whole_entity(record: SqlRecord) -> None:
    """What the new draft leaves out is cleared; origin and guid stay, version and last author move."""
    record.write([replace(WHOLE, attributes={"name": "old", "rows": 1})], by="ann", at=1)
    record.write([EntityDraft(WHOLE.key, {"name": "new"})], by="bob", at=2)
    found = record.entity(WHOLE.guid or "")
    assert (found.attributes, found.tags, found.custom) == ({"name": "new"}, (), {})
    assert (found.version, found.created_at, found.created_by, found.updated_at, found.updated_by) == (
        2,
        1,
        "ann",
        2,
        "bob",
    )


def test_last_of_several_drafts_of_one_key_counts(record: SqlRecord) -> None:
    """Within a batch as between batches: one entity, one version, what was said last."""
    assert record.write([table("a", x=1), table("b"), table("a", x=2)], by="ann", at=1) == Written(created=(1, 2))
    assert record.entity("warehouse/a").attributes == {"name": "a", "x": 2}
    assert record.entity("warehouse/a").version == 1


def test_guid_counts_at_creation_only(record: SqlRecord) -> None:
    """A draft with another guid updates the entity of its key, which keeps its own."""
    record.write([replace(table("a"), guid="g1")], by="ann", at=1)
    assert record.write([replace(table("a", x=1), guid="g2")], by="ann", at=2) == Written(updated=(1,))
    assert record.entity("warehouse/a").guid == "g1"


@pytest.mark.parametrize(
    "batch",
    [[replace(table("b"), guid="g1")], [replace(table("b"), guid="g2"), replace(table("c"), guid="g2")]],
    ids=["stored", "in the batch"],
)
def test_taken_guid_is_a_conflict(record: SqlRecord, batch: list[EntityDraft]) -> None:
    """A new entity cannot have another's guid, and nothing of its batch is written."""
    record.write([replace(table("a"), guid="g1")], by="ann", at=1)
    with pytest.raises(Conflict, match=r"guid `g[12]` belongs to another entity"):
        record.write([table("x"), *batch], by="ann", at=2)
    assert record.position() == 1


def test_archived_entity_revives_with_guid_and_ordinal(record: SqlRecord) -> None:
    """DELETED is a new version; an equal draft afterwards is a change, because it makes the entity ACTIVE again."""
    record.write([table("a"), table("b")], by="ann", at=1)
    guid = record.entity("warehouse/a").guid
    assert record.archive([1, 2, 99], by="bob", at=2) == 2
    assert record.archive([1], by="bob", at=3) == 0
    gone = record.entity("warehouse/a")
    assert (gone.status, gone.version, gone.updated_by, gone.attributes) == (Status.DELETED, 2, "bob", {"name": "a"})
    assert record.write([table("a")], by="ann", at=4) == Written(updated=(1,))
    back = record.entity("warehouse/a")
    assert (back.guid, back.ordinal, back.status, back.version) == (guid, 1, Status.ACTIVE, 3)


def test_every_version_is_kept(record: SqlRecord) -> None:
    """The bodies that an entity had stay in the record, with time and author of each."""
    record.write([table("a", x=1)], by="ann", at=1)
    record.write([table("a", x=2)], by="bob", at=2)
    record.archive([1], by="cy", at=3)
    with record._database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT version, status, body, at, author FROM versions ORDER BY version"
        ).all()
    assert [tuple(row) for row in rows] == [
        (1, "ACTIVE", '{"attributes":{"name":"a","x":1}}', 1, "ann"),
        (2, "ACTIVE", '{"attributes":{"name":"a","x":2}}', 2, "bob"),
        (3, "DELETED", '{"attributes":{"name":"a","x":2}}', 3, "cy"),
    ]


def test_reference_prefers_guid_then_what_is_active(record: SqlRecord) -> None:
    """A guid beats a name, ACTIVE beats DELETED, and two ACTIVE ones of a name are a conflict that lists them."""
    batch = [EntityDraft(Key(kind, "same"), {}, guid=f"g-{kind}") for kind in ("Table", "View", "Column")]
    record.write([*batch, EntityDraft(Key("Table", "g-View"), {})], by="ann", at=1)
    assert record.entity("g-View").key == Key("View", "same")
    with pytest.raises(Conflict, match="`same` is the name of 3 entities: Table g-Table, View g-View, Column g-Column"):
        record.entity("same")
    record.archive([1, 2], by="ann", at=2)
    assert record.entity("same").guid == "g-Column"
    with pytest.raises(NotFound, match="there is no entity `other`"):
        record.entity("other")


def test_entities_keep_the_order_asked_for(record: SqlRecord) -> None:
    """Unknown ordinals are left out, repeated ones repeat."""
    record.write(tables(5), by="ann", at=1)
    assert [entity.ordinal for entity in record.entities([5, 77, 2, 5, 0, 3])] == [5, 2, 5, 3]
    assert record.entities([]) == []


def test_guids_stream_in_order_of_ordinal(record: SqlRecord) -> None:
    """Also over more than one chunk; unknown ordinals are left out."""
    record.write([replace(draft, guid=f"g{number}") for number, draft in enumerate(tables(12_001))], by="ann", at=1)
    assert list(record.guids(BitMap([3, 1, 99_999]))) == ["g0", "g2"]
    assert list(record.guids(BitMap(range(20_000)))) == [f"g{number}" for number in range(12_001)]
    assert list(record.guids(BitMap())) == []


def test_rows_stream_in_order_of_ordinal(record: SqlRecord) -> None:
    """In batches, archived and PURGED ones with their last words; unknown ordinals are left out, nothing is kept."""
    record.write(tables(5, rank=3), by="ann", at=1)
    record.archive([2], by="ann", at=2)
    (gone,) = record.entities([4])
    record.transact(Transaction((Write(gone.draft(), 4, gone.version, Status.PURGED),)), by="bob", at=2)
    batches = list(record.rows(BitMap([5, 4, 2, 9, 1]), ["rank", "other"], batch=2))
    assert [len(batch) for batch in batches] == [2, 2, 0]
    assert [row for batch in batches for row in batch] == [
        (one.guid, "Table", one.key.qualified_name, one.name, one.status.value, 3, None)
        for one in record.entities([1, 2, 4, 5], purged=True)
    ]


def test_rows_leave_what_is_kept_alone(url: str) -> None:
    """However many there are: what others read often stays in memory."""
    with closing(open_record(url, keeping=10_000)) as record:
        record.write(tables(100, padding="x" * 1000), by="ann", at=1)
        (before,) = record.entities([1])
        assert sum(map(len, record.rows(BitMap(range(101)), ["padding"]))) == 100
        assert record.entities([1])[0] is before


@pytest.mark.parametrize(
    "draft", [WHOLE, EntityDraft(Key("Column", "a/b/c"), {}), EntityDraft(Key("Odd", "x"), {"name": 7, "rank": None})]
)
def test_rows_say_what_entities_say(record: SqlRecord, draft: EntityDraft) -> None:
    """Every field that the index has of one, attributes and custom metadata among them, and the name it goes by."""
    record.write([draft], by="ann", at=1)
    record.archive([1], by="bob", at=2)
    (one,) = record.entities([1])
    fields = [name for name in document(one) if name != "qualifiedName"]
    ((row,),) = record.rows(BitMap([1]), [*fields, "none"])
    header = (one.guid, one.key.type_name, one.key.qualified_name, one.name, "DELETED")
    assert row == (*header, *(document(one)[name] for name in fields), None)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("a", ["a", "a/b", "a/b/c", "a/é", "a/\U0001f986"]),
        ("a/b", ["a/b", "a/b/c"]),
        ("a%", ["a%", "a%/x"]),
        ("a_", []),
        ("A", ["A/b"]),
        ("none", []),
    ],
)
def test_under_a_prefix(record: SqlRecord, prefix: str, expected: list[str]) -> None:
    """A prefix ends at a slash, is told apart by case, and has no wildcards; DELETED ones do not count."""
    names = ["a", "a/b", "a/b/c", "a/é", "a/\U0001f986", "ab", "a-b", "a0", "a.b", "a%", "a%/x", "A/b", "a/gone"]
    record.write([EntityDraft(Key("Table", name), {}) for name in names], by="ann", at=1)
    record.archive([len(names)], by="ann", at=2)
    found = record.entities(list(record.under(prefix)))
    assert [entity.key.qualified_name for entity in found] == expected


def test_scan_streams_everything_in_order(record: SqlRecord) -> None:
    """Batches of the size asked for, DELETED entities among them."""
    record.write(tables(25), by="ann", at=1)
    record.archive([3], by="ann", at=2)
    batches = list(record.scan(batch=10))
    assert [len(batch) for batch in batches] == [10, 10, 5]
    assert [entity.ordinal for batch in batches for entity in batch] == list(range(1, 26))


def test_scan_leaves_room_for_writers(record: SqlRecord) -> None:
    """A scan that is under way holds no lock, and sees what comes behind it."""
    record.write(tables(4), by="ann", at=1)
    batches = record.scan(batch=2)
    assert [entity.ordinal for entity in next(batches)] == [1, 2]
    record.write([table("late"), table("t000000", x=1)], by="ann", at=2)
    assert [entity.ordinal for batch in batches for entity in batch] == [3, 4, 5]


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (product("p"), InvalidInput),
        (EntityDraft(Key("Table", "nul\0"), {}), InvalidInput),
        (EntityDraft(Key("Table", "\ud800"), {}), InvalidInput),
        (EntityDraft(Key("Table", "a"), {"x": "\ud800"}), InvalidInput),
        (EntityDraft(Key("Table", "a"), {"x": object()}), InvalidInput),
        (EntityDraft(Key("Table", "a"), {"x": 2**64}), InvalidInput),
        (EntityDraft(Key("Table", "é" * 1300), {}), LimitExceeded),
        (EntityDraft(Key("Table", "a"), {}, guid="g" * 2601), LimitExceeded),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(record: SqlRecord, draft: EntityDraft, error: type[Exception]) -> None:
    """One bad draft, and nothing of its batch is written; both databases refuse the same."""
    with pytest.raises(error) as caught:
        record.write([table("good"), draft], by="ann", at=1)
    assert type(caught.value) is error
    assert record.position() == 0


def test_longest_key_is_kept(record: SqlRecord) -> None:
    """A key at the limit can be indexed by both databases, even one that does not compress."""
    long = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(865))
    draft = EntityDraft(Key("Table", long), {}, guid=long)
    assert record.write([draft], by="ann", at=1) == Written(created=(1,))
    assert record.entity(long).key.qualified_name == long


def test_empty_batches_do_nothing(record: SqlRecord) -> None:
    """No drafts, no ordinals: no change."""
    assert record.write([], by="ann", at=1) == Written()
    assert record.archive([], by="ann", at=1) == 0
    assert record.position() == 0


def test_products_are_entities_too(record: SqlRecord) -> None:
    """A product has an ordinal and a place in the change log like everything else."""
    made = record.create_product(product("p"), selection(), by="ann", at=1)
    assert record.entity("products//p") == made.entity
    assert [change.entity for change in record.changes(0, 10)] == [made.entity]
