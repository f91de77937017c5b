"""An entity as it was: every body it ever had, on both databases."""

from dataclasses import replace

import pytest

from muster.catalog.entity import Entity, Key, Status
from muster.catalog.writing import Transaction, Write
from muster.errors import NotFound
from muster.record import SqlRecord
from tests.integration.record.samples import made, selection, table, tables


def revised(record: SqlRecord, one: Entity, at: int, status: Status = Status.ACTIVE, **attributes: object) -> Entity:
    """Store the next version of an entity."""
    draft = replace(one.draft(), attributes={**one.attributes, **attributes})
    record.transact(Transaction((Write(draft, one.ordinal, one.version, status),)), by=f"by {at}", at=at)
    return record.entities([one.ordinal], purged=True)[0]


def test_versions_come_newest_first(record: SqlRecord) -> None:
    """Each as it was read when it was the current one, with who made it and when."""
    record.write(tables(1), by="ann", at=1)
    seen = record.entities([1])
    for at in range(2, 6):
        seen.append(revised(record, seen[-1], at, number=at))

    found = record.versions(seen[0].guid, limit=9)
    assert found == seen[::-1]
    assert [(one.version, one.updated_by, one.updated_at) for one in found[:2]] == [(5, "by 5", 5), (4, "by 4", 4)]
    assert {(one.created_by, one.created_at) for one in found} == {("ann", 1)}


WINDOWS = [(9, None, [4, 3, 2, 1]), (2, None, [4, 3]), (2, 4, [3, 2]), (9, 2, [1]), (9, 1, []), (9, 0, []), (0, 3, []), (1, 99, [4])]  # fmt: skip


@pytest.mark.parametrize(("limit", "before", "versions"), WINDOWS)
def test_part_by_part(record: SqlRecord, limit: int, before: int | None, versions: list[int]) -> None:
    """So many of those below a version."""
    record.write(tables(1), by="ann", at=1)
    (one,) = record.entities([1])
    for at in range(2, 5):
        one = revised(record, one, at, number=at)

    assert [each.version for each in record.versions(one.guid, limit=limit, before=before)] == versions


def test_what_says_the_same_is_no_version(record: SqlRecord) -> None:
    """However often it comes."""
    for at in (1, 2, 3):
        record.write([table("a", x=1)], by="ann", at=at)

    assert len(record.versions(record.entity("warehouse/a").guid, limit=9)) == 1


def test_a_change_of_the_status_is_a_version(record: SqlRecord) -> None:
    """With the body that was there."""
    record.write(tables(1), by="ann", at=1)
    (one,) = record.entities([1])
    record.archive([1], by="bob", at=2)

    gone, before = record.versions(one.guid, limit=9)
    assert (gone.status, before.status) == (Status.DELETED, Status.ACTIVE)
    assert gone.attributes == before.attributes


def test_another_selection_is_a_version_of_its_product(record: SqlRecord) -> None:
    """Though nothing else of it is another."""
    one = made(record, "p")
    draft, chosen = one.entity.draft(), replace(selection("type:View"), digest="1" * 64)
    record.transact(Transaction((Write(draft, one.entity.ordinal, 1, selection=chosen),)), by="bob", at=20)

    assert [(each.version, each.updated_at) for each in record.versions(one.entity.guid, limit=9)] == [(2, 20), (1, 10)]
    assert [at for _, _, at in record.revisions(one.entity.guid)] == [20, 10]


def test_all_versions_have_the_key_of_now(record: SqlRecord) -> None:
    """Whoever looks for one by name finds it under that."""
    record.write(tables(1), by="ann", at=1)
    (one,) = record.entities([1])
    renamed = replace(one.draft(), key=Key("Table", "elsewhere/a"))
    record.transact(Transaction((Write(renamed, 1, 1),)), by="bob", at=2)

    assert {each.key.qualified_name for each in record.versions(one.guid, limit=9)} == {"elsewhere/a"}


def test_what_is_not_there_has_none(record: SqlRecord) -> None:
    """Neither unknown nor purged; of what is below a version there is simply nothing."""
    record.write(tables(1), by="ann", at=1)
    (one,) = record.entities([1])
    revised(record, one, 2, Status.PURGED)

    for guid in ("nobody", one.guid):
        with pytest.raises(NotFound, match=f"there is no entity `{guid}`"):
            record.versions(guid, limit=9)
        assert record.versions(guid, limit=9, before=9) == []
