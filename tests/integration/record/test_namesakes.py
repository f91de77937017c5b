"""Domains and products that shall be alone with their name where they are, on both databases."""

import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.catalog.writing import Transaction, Write
from muster.errors import Taken
from muster.record import SqlRecord
from tests.integration.record.samples import product, selection, table

MARKETING, SALES = Key("DataDomain", "default/domain/m/super"), Key("DataDomain", "default/domain/s/super")


def domain(key: Key, name: str, parent: Key | None = None) -> EntityDraft:
    """Return the draft of a domain."""
    return EntityDraft(key, {"name": name}, relationships={"parentDomain": (parent,)} if parent else {})


def below(parent: Key, own: str) -> Key:
    """Return the key of a domain in another one."""
    return Key("DataDomain", f"{parent.qualified_name}/domain/{own}")


def stored(record: SqlRecord, *drafts: EntityDraft, alone: bool = True) -> list[Entity]:
    """Store new entities, each alone with its name or not, and return them."""
    writes = [
        Write(draft, selection=selection() if draft.key.type_name == "DataProduct" else None, alone=alone)
        for draft in drafts
    ]
    return record.entities(record.transact(Transaction(tuple(writes)), by="ann", at=1))


def changed(record: SqlRecord, one: Entity, *, alone: bool = True, status: Status = Status.ACTIVE, **attributes: str) -> Entity:  # fmt: skip
    """Store other attributes of an entity, or another status."""
    draft = replace(one.draft(), attributes={**one.attributes, **attributes})
    record.transact(Transaction((Write(draft, one.ordinal, one.version, status, alone=alone),)), by="ann", at=2)
    return record.entities([one.ordinal])[0]


def test_a_domain_has_one_product_of_a_name(record: SqlRecord) -> None:
    """Another domain may have one too; the error names the one that is there, and nothing of the request is stored."""
    (first, _) = stored(record, product("P", "m", "a"), product("P", "s", "b"))
    position = record.position()

    with pytest.raises(Taken, match="there is a DataProduct `P` there already") as taken:
        stored(record, product("Q", "m", "c"), product("P", "m", "d"))
    assert taken.value.hint == f"update `{first.guid}`"
    assert record.position() == position
    assert record.products_called("Q") == []


def test_who_does_not_ask_for_it_gets_no_such_refusal(record: SqlRecord) -> None:
    """Other clients may have several of a name; who comes later and asks is refused by any of them."""
    stored(record, product("P", "m", "a"))
    stored(record, product("P", "m", "b"), alone=False)

    assert len(record.products_called("P")) == 2
    with pytest.raises(Taken):
        stored(record, product("P", "m", "c"))


def test_two_of_one_request_are_no_exception(record: SqlRecord) -> None:
    """They refuse each other."""
    with pytest.raises(Taken):
        stored(record, product("P", "m", "a"), product("P", "m", "b"))
    assert record.products_called("P") == []


def test_an_archived_one_takes_no_name(record: SqlRecord) -> None:
    """Until it comes back, which it cannot while another has its name."""
    (first,) = stored(record, product("P", "m", "a"))
    gone = changed(record, first, status=Status.DELETED)
    (second,) = stored(record, product("P", "m", "b"))

    with pytest.raises(Taken, match="`P`"):
        changed(record, gone)
    changed(record, second, name="Q")
    assert changed(record, gone).status is Status.ACTIVE


def test_names_are_changed_and_kept(record: SqlRecord) -> None:
    """To what is free; what stays as it is stands in nobody's way, its own least."""
    first, second = stored(record, product("P", "m", "a"), product("Q", "m", "b"))

    with pytest.raises(Taken):
        changed(record, second, name="P")
    assert changed(record, first, description="x").attributes["description"] == "x"
    renamed = changed(record, second, name="p")
    assert changed(record, renamed, alone=False, name="P").name == "P"


def test_a_domain_has_one_domain_of_a_name(record: SqlRecord) -> None:
    """As the top has; elsewhere, and among products, the name is free."""
    stored(record, domain(MARKETING, "M"), domain(SALES, "S"), domain(below(MARKETING, "e"), "E", MARKETING))
    stored(record, domain(below(SALES, "e"), "E", SALES), domain(below(MARKETING, "m"), "M", MARKETING))
    stored(record, product("E", MARKETING.qualified_name, "a"))

    for draft in (
        domain(Key("DataDomain", "default/domain/x/super"), "M"),
        domain(below(MARKETING, "x"), "E", MARKETING),
    ):
        with pytest.raises(Taken, match="there is a DataDomain"):
            stored(record, draft)


def test_assets_may_have_any_name(record: SqlRecord) -> None:
    """Nobody asks it of them."""
    stored(record, table("a"), replace(table("b"), attributes={"name": "a"}), alone=False)

    assert len(record.find([], [Key("Table", "warehouse/a"), Key("Table", "warehouse/b")])) == 2


def test_of_two_who_come_at_once_one_is_refused(record: SqlRecord) -> None:
    """However many times; the other is stored."""
    for number in range(5):
        outcomes: list[str] = []
        threads = [
            threading.Thread(target=_come, args=(record, product(f"P{number}", "m", f"{number}/{each}"), outcomes))
            for each in range(2)
        ]
        _run(threads)

        assert sorted(outcomes) == ["stored", "taken"]
        assert len(record.products_called(f"P{number}")) == 1


def _come(record: SqlRecord, draft: EntityDraft, outcomes: list[str]) -> None:
    try:
        stored(record, draft)
    except Taken:
        outcomes.append("taken")
    else:
        outcomes.append("stored")


def _run(threads: Sequence[threading.Thread]) -> None:
    for one in threads:
        one.start()
    for one in threads:
        one.join()
