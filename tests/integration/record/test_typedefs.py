"""Typedefs: by internal name, display names unique within a category."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import event

from muster.catalog.typedef import Category, Typedef, TypedefDraft
from muster.errors import Conflict, InvalidInput, LimitExceeded, MusterError, NotFound
from muster.record import SqlRecord, open_record


def tag(name: str, display_name: str = "", **body: object) -> TypedefDraft:
    """Return the draft of a tag."""
    return TypedefDraft(Category.CLASSIFICATION, name, display_name or f"Tag {name}", body)


def put(record: SqlRecord, *drafts: TypedefDraft, by: str = "ann", at: int = 1) -> list[Typedef]:
    """Store typedefs."""
    return record.put_typedefs(drafts, by=by, at=at)


@pytest.fixture
def other(url: str, record: SqlRecord) -> Iterator[SqlRecord]:
    """A second process's view of the same record."""
    del record
    with closing(open_record(url)) as opened:
        yield opened


def test_typedefs_come_back_as_they_were_said(record: SqlRecord) -> None:
    """With guid, version and times; in the order of the drafts."""
    body = {"attributeDefs": [{"name": "größe", "options": {"a": None}}], "typeVersion": "1.0"}
    first = TypedefDraft(Category.BUSINESS_METADATA, "abc", "Größe", body)
    one, two = put(record, first, tag("t"), by="ann", at=5)
    assert one == Typedef(Category.BUSINESS_METADATA, "abc", "Größe", one.guid, body, 1, 5, 5, "ann", "ann")
    assert record.typedefs().by_name == {"abc": one, "t": two}


def test_replaced_typedef_keeps_guid_and_origin(record: SqlRecord) -> None:
    """Version and last author move; what says what is stored changes nothing."""
    (first,) = put(record, tag("t", x=1))
    version = record.typedefs().version
    assert put(record, tag("t", x=1), by="bob", at=2) == [first]
    assert record.typedefs().version == version
    (second,) = put(record, tag("t", "Other", x=2), by="bob", at=3)
    assert second == replace(first, display_name="Other", body={"x": 2}, version=2, updated_at=3, updated_by="bob")
    assert record.typedefs().version > version


@pytest.mark.parametrize(
    ("drafts", "error", "message"),
    [
        ([tag("new", "Tag a")], Conflict, "there is a CLASSIFICATION called `Tag a` already"),
        ([tag("x", "Same"), tag("y", "Same")], Conflict, "there is a CLASSIFICATION called `Same` already"),
        ([replace(tag("a"), category=Category.ENUM)], Conflict, "`a` is the name of a CLASSIFICATION"),
        ([tag("x"), tag("x", "Other")], InvalidInput, "defines a name twice"),
        ([tag("nul\0")], InvalidInput, "NUL"),
        ([tag("x" * 1001)], LimitExceeded, "too long a name"),
        ([tag("x", bad=object())], InvalidInput, "`x` cannot be written as JSON"),
    ],
)
def test_one_that_cannot_be_kept_and_none_is(
    record: SqlRecord, drafts: list[TypedefDraft], error: type[MusterError], message: str
) -> None:
    """Names that are taken, here or in the same request, and what cannot be written."""
    put(record, tag("a"))
    before = record.typedefs()
    with pytest.raises(error, match=message):
        put(record, tag("sound"), *drafts)
    assert record.typedefs() == before


def test_display_names_are_told_apart_by_case_and_category(record: SqlRecord) -> None:
    """PII, pii and an enum PII are three."""
    put(record, tag("a", "PII"), tag("b", "pii"), TypedefDraft(Category.ENUM, "c", "PII", {}))
    assert set(record.typedefs().by_name) == {"a", "b", "c"}


def test_display_names_can_be_exchanged(record: SqlRecord) -> None:
    """What one leaves the other takes, in one request."""
    put(record, tag("a", "A"), tag("b", "B"))
    put(record, tag("a", "B"), tag("b", "A"))
    assert {name: one.display_name for name, one in record.typedefs().by_name.items()} == {"a": "B", "b": "A"}


def test_deleted_typedef_frees_its_names(record: SqlRecord) -> None:
    """It comes back once, and is not there a second time."""
    (one,) = put(record, tag("a"))
    assert record.delete_typedef("a") == one
    assert record.typedefs().by_name == {}
    with pytest.raises(NotFound, match="there is no typedef `a`"):
        record.delete_typedef("a")
    put(record, tag("b", one.display_name))


def test_others_see_every_change(record: SqlRecord, other: SqlRecord) -> None:
    """A second process that has read before reads anew: what is put, replaced and deleted."""
    assert other.typedefs().by_name == {}
    put(record, tag("a"))
    assert set(other.typedefs().by_name) == {"a"}
    put(record, tag("a", "Other"))
    assert other.typedefs() == record.typedefs()
    record.delete_typedef("a")
    assert other.typedefs().by_name == {}


def test_asking_again_reads_no_typedef(record: SqlRecord) -> None:
    """While nothing changes, the same answer comes by one number."""
    put(record, tag("a"))
    first, seen = record.typedefs(), list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(record._database.engine, "before_cursor_execute", note)
    assert record.typedefs() is first
    assert [statement.split()[1] for statement in seen if "FROM" in statement] == ["counters.value"]


def test_two_who_define_a_name_at_once(record: SqlRecord, other: SqlRecord) -> None:
    """One is told that it is taken."""

    def define(into: SqlRecord, name: str) -> bool:
        try:
            put(into, tag(name, "Same"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(define, [record, other], ["a", "b"])) == [False, True]
