"""Relationships are stated from either side, replaced, extended and reduced, and read from both sides."""

from collections.abc import Sequence

import pytest

from muster.catalog.entity import Entity
from muster.service.entities import related
from muster.service.save.commands import Command, Ref, Relating, Removal
from muster.service.save.deleting import delete
from muster.service.save.saving import save
from muster.service.workspace import Workspace
from tests.integration.save.said import asset, keys, listed, made, names, read, ref, relate, table


def changed(of: Entity, **relating: dict[str, Sequence[Ref]]) -> Command:
    """Return a command that adds and takes away."""
    parts = {part: {name: tuple(refs) for name, refs in said.items()} for part, said in relating.items()}
    return Command(of.key.type_name, of.guid, relating=Relating(**parts), path="/entities/0")


def around(work: Workspace, of: Entity, name: str) -> list[str]:
    """Return the names of what is related to an entity under a name, in order of the alphabet."""
    found = related(work, [read(work, of)], {of.key.type_name: [name]})
    return sorted(names(found.get(of.ordinal, {}).get(name, ())))


@pytest.fixture
def columns(work: Workspace) -> tuple[Entity, ...]:
    """A table with three columns, the third of which is another table's."""
    return made(
        work,
        table("orders", "-1"),
        table("others", "-2"),
        asset("Column", "a", table=[ref("-1", "Table")]),
        asset("Column", "b", table=[ref("-1", "Table")]),
        asset("Column", "c", table=[ref("-2", "Table")]),
    )


def test_replace_from_the_other_side(work: Workspace, columns: tuple[Entity, ...]) -> None:
    """The columns of a table are kept by the columns: saying them writes those that differ, and lists the table."""
    orders, others, _, b, c = columns
    assert listed(save(work, [relate(orders, columns=[ref(b), ref(c)])])) == {"updated": ["orders"]}
    assert around(work, orders, "columns") == ["b", "c"]
    assert around(work, others, "columns") == []
    assert [read(work, one).version for one in columns] == [1, 1, 2, 1, 2]
    assert listed(save(work, [relate(orders, columns=[ref(c), ref(b)])])) == {}


def test_add_and_remove_from_the_other_side(work: Workspace, columns: tuple[Entity, ...]) -> None:
    """Others are told that they belong to an entity, and that they do not."""
    orders, others, a, b, c = columns
    save(work, [changed(orders, added={"columns": [ref(c)]}, removed={"columns": [ref(a), ref(c)]})])
    assert around(work, orders, "columns") == ["b"]
    assert listed(save(work, [changed(others, removed={"columns": [ref(b)]})])) == {}
    assert around(work, orders, "columns") == ["b"]


def test_many_to_many(work: Workspace) -> None:
    """Inputs of a process are kept by the process; either side adds, replaces and removes."""
    orders, bills, flow = made(
        work, table("orders", "-1"), table("bills"), asset("Process", "flow", inputs=[ref("-1", "Table")])
    )
    save(work, [changed(bills, added={"inputToProcesses": [ref(flow)]})])
    assert read(work, flow).relationships["inputs"] == keys(orders, bills)
    save(work, [changed(flow, removed={"inputs": [ref(orders)]})])
    assert around(work, orders, "inputToProcesses") == []
    save(work, [relate(bills, inputToProcesses=[])])
    assert read(work, flow).relationships == {}


def test_equals(work: Workspace) -> None:
    """A relationship between equals is one, whoever stated it: both have it, and either can end it."""
    tables = made(work, *(asset("SapErpTable", name) for name in ("a", "b", "c")))
    a, b, c = tables
    save(work, [relate(a, sapErpRelatedTables=[ref(b)])])
    assert [around(work, one, "sapErpRelatedTables") for one in tables] == [["b"], ["a"], []]
    assert listed(save(work, [relate(b, sapErpRelatedTables=[ref(a)])])) == {}
    save(work, [relate(b, sapErpRelatedTables=[ref(c)])])
    assert [around(work, one, "sapErpRelatedTables") for one in tables] == [[], ["c"], ["b"]]
    save(work, [changed(c, removed={"sapErpRelatedTables": [ref(b)]})])
    assert [around(work, one, "sapErpRelatedTables") for one in tables] == [[], [], []]


def test_one_from_the_other_side(work: Workspace) -> None:
    """An asset that gets another readme has no longer the one before."""
    orders, first, second = made(
        work, table("orders", "-1"), asset("Readme", "first", asset=[ref("-1", "Table")]), asset("Readme", "second")
    )
    save(work, [relate(orders, readme=[ref(second)])])
    assert around(work, orders, "readme") == ["second"]
    assert read(work, first).relationships == {}
    save(work, [relate(orders, readme=[])])
    assert read(work, second).relationships == {}


@pytest.mark.parametrize("added", [False, True], ids=["set", "added"])
def test_one_from_the_side_that_keeps_it(work: Workspace, *, added: bool) -> None:
    """A readme of an asset that had another takes its place; so does one that comes with the request."""
    orders, first, second = made(
        work, table("orders", "-1"), asset("Readme", "first", asset=[ref("-1", "Table")]), asset("Readme", "second")
    )
    stated = changed(second, added={"asset": [ref(orders)]}) if added else relate(second, asset=[ref(orders)])
    save(work, [stated])
    assert around(work, orders, "readme") == ["second"]
    assert read(work, first).relationships == {}
    (third,) = made(work, asset("Readme", "third", asset=[ref(orders)]))
    assert around(work, orders, "readme") == ["third"]
    assert read(work, second).relationships == {}
    save(work, [relate(third, asset=[ref(orders)])])
    assert around(work, orders, "readme") == ["third"]


def test_same_request(work: Workspace) -> None:
    """Commands about the two sides count in their order."""
    orders, column = made(work, table("orders", "-1", columns=[ref("-2", "Column")]), asset("Column", "a", "-2"))
    assert column.relationships["table"] == keys(orders)
    save(work, [relate(column, table=[]), changed(orders, added={"columns": [ref(column)]})])
    assert read(work, column) == column


def test_related(work: Workspace, columns: tuple[Entity, ...]) -> None:
    """Both sides are read for a page at once; archived ones are there, purged ones are not, and no more than asked."""
    orders, others, a, b, c = columns
    delete(work, [a.guid], Removal.SOFT)
    delete(work, [c.guid], Removal.PURGE)
    found = related(work, [orders, others, b])
    assert names(found[orders.ordinal]["columns"]) == ["a", "b"]
    assert found[b.ordinal] == {"table": [orders]}
    assert others.ordinal not in found
    assert names(related(work, [orders], limit=1)[orders.ordinal]["columns"]) == ["a"]
    assert related(work, [orders], {"Table": ["atlanSchema"], "Column": ["table"]}) == {}


def test_related_purged(work: Workspace, columns: tuple[Entity, ...]) -> None:
    """Who named a purged entity still does, and nobody sees it."""
    orders, _, a, *_ = columns
    delete(work, [orders.guid], Removal.PURGE)
    assert related(work, [read(work, a)]) == {}
