"""Entities come into being and change: by guid, by placeholder, by type and qualified name."""

from dataclasses import replace
from typing import Any

import pytest

from muster.catalog.entity import Status
from muster.errors import InvalidInput, MusterError, NotFound
from muster.service.save.commands import Command, Ref, Relating, Removal
from muster.service.save.deleting import delete
from muster.service.save.saving import save
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock
from tests.integration.save.said import asset, change, found, listed, made, names, read, ref, table


def test_create(work: Workspace) -> None:
    """What is created is found by a search at once, and its placeholder is told."""
    mutation = save(work, [table("orders", "-1")])
    assert mutation.assigned == {"-1": mutation.created[0].guid}
    assert found(work, "__guid", mutation.created[0].guid) == 1


def test_update(work: Workspace) -> None:
    """A placeholder with a known qualified name updates what is there, and only what is said changes."""
    (orders,) = made(work, table("orders"))
    save(work, [change(orders, description="all of them")])
    mutation = save(work, [change(orders, ownerUsers=["ann"])])
    assert (mutation.created, mutation.assigned) == ((), {"-9": orders.guid})
    assert mutation.updated[0].attributes == {"name": "orders", "description": "all of them", "ownerUsers": ["ann"]}


@pytest.mark.parametrize("nothing", [None, []])
def test_clear(work: Workspace, nothing: Any) -> None:
    """Null and an empty list take a value away; for a new entity they say nothing."""
    (orders,) = made(work, replace(table("orders"), attributes={"name": "orders", "ownerUsers": nothing}))
    save(work, [change(orders, ownerUsers=["ann"])])
    assert save(work, [change(orders, ownerUsers=nothing)]).updated[0].attributes == {"name": "orders"}


def test_no_change(work: Workspace, clock: SetClock) -> None:
    """An update that changes nothing is listed nowhere, makes no version, and has its placeholder told."""
    (orders,) = made(work, table("orders"))
    clock.time += 1000
    mutation = save(work, [change(orders)])
    assert (listed(mutation), mutation.assigned) == ({}, {"-9": orders.guid})
    assert read(work, orders) == orders


def test_two_commands_for_one_entity(work: Workspace) -> None:
    """Several commands about one entity count in their order, whether it is new or not."""
    first = replace(table("orders", "-1"), attributes={"name": "orders", "description": "a", "displayName": "A"})
    (orders,) = made(work, first, replace(table("orders", "-2"), attributes={"description": "b"}))
    assert orders.attributes == {"name": "orders", "description": "b", "displayName": "A"}
    save(work, [change(orders, description="c"), change(orders, description="d")])
    assert read(work, orders).attributes["description"] == "d"


def test_placeholders_in_any_order(work: Workspace) -> None:
    """An entity may refer to another one of its request that comes later."""
    column, orders = made(work, asset("Column", "orders/id", "-1", table=[ref("-2", "Table")]), table("orders", "-2"))
    assert column.relationships == {"table": (orders.key,)}


@pytest.mark.parametrize(
    ("parent", "child", "relation"),
    [
        ("Database", "Schema", "database"),
        ("Schema", "Table", "atlanSchema"),
        ("Schema", "View", "atlanSchema"),
        ("Table", "Column", "table"),
    ],
)
def test_parent_is_listed(work: Workspace, parent: str, child: str, relation: str) -> None:
    """Creating a child lists its direct parent, once and unchanged, among what was updated; updating it does not."""
    (above,) = made(work, asset(parent, "above"))
    related: dict[str, Any] = {relation: [ref(above)]}
    mutation = save(work, [asset(child, "a", **related), asset(child, "b", **related)])
    assert listed(mutation) == {"created": ["a", "b"], "updated": ["above"]}
    assert mutation.updated[0] == above
    assert listed(save(work, [change(mutation.created[0], description="x")])) == {"updated": ["a"]}


def test_archived_name_is_taken_over(work: Workspace) -> None:
    """Creating what is archived makes it anew under the old guid: nothing that it said before is left."""
    (orders,) = made(work, replace(table("orders"), attributes={"name": "orders", "description": "old"}))
    delete(work, [orders.guid], Removal.SOFT)
    mutation = save(work, [table("orders")])
    assert [(one.guid, one.status) for one in mutation.created] == [(orders.guid, Status.ACTIVE)]
    assert mutation.created[0].attributes == {"name": "orders"}


def test_restore(work: Workspace) -> None:
    """`status` ACTIVE revives what is archived, with all that it said; what is active already stays as it is."""
    (orders,) = made(work, replace(table("orders"), attributes={"name": "orders", "description": "old"}))
    delete(work, [orders.guid], Removal.SOFT)
    restoring = replace(change(orders), status=Status.ACTIVE)
    mutation = save(work, [restoring])
    assert (names(mutation.updated), mutation.assigned) == (["orders"], {"-9": orders.guid})
    assert mutation.updated[0].attributes["description"] == "old"
    assert listed(save(work, [restoring])) == {}


REFUSED = {
    "an unknown guid": (Command("Table", "0" * 8, attributes={"name": "x"}, path="/e/0"), NotFound, "/e/0/guid"),
    "a new entity without a name of its own": (
        Command("Table", "-1", attributes={"name": "x"}, path="/e/0"),
        InvalidInput,
        "/e/0/attributes/qualifiedName",
    ),
    "a value of the wrong kind": (
        Command("Table", "-1", "wh/x", {"name": "x", "rowCount": "many"}, path="/e/0"),
        InvalidInput,
        "/e/0/attributes/rowCount",
    ),
    "a value that is none of those": (
        Command("Table", "-1", "wh/x", {"name": "x", "certificateStatus": "GOOD"}, path="/e/0"),
        InvalidInput,
        "/e/0/attributes/certificateStatus",
    ),
    "a reference to nobody": (
        Command("Table", "-1", "wh/x", {}, Relating({"columns": (Ref("Column", "nobody"),)}), path="/e/0"),
        NotFound,
        "/e/0/attributes/columns/0",
    ),
    "a reference to one that is nobody": (
        Command("Table", "-1", "wh/x", {}, Relating({"atlanSchema": (Ref("Schema", None, "no"),)}), path="/e/0"),
        NotFound,
        "/e/0/attributes/atlanSchema",
    ),
    "a reference whose place is told": (
        Command("Table", "-1", "wh/x", {}, Relating({"columns": (Ref("Column", "no", path="/here"),)}), path="/e/0"),
        NotFound,
        "/here",
    ),
    "a relationship that the type has not": (
        Command("Table", "-1", "wh/x", {}, Relating({"colums": ()}), path="/e/0"),
        InvalidInput,
        "/e/0/attributes/colums",
    ),
    "several where there is one": (
        Command("Table", "-1", "wh/x", {}, Relating({"atlanSchema": (Ref("Schema", "-1"),) * 2}), path="/e/0"),
        InvalidInput,
        "/e/0/attributes/atlanSchema",
    ),
    "one of the wrong type": (
        Command("Table", "-1", "wh/x", {}, Relating({"atlanSchema": (Ref("Table", "-1"),)}), path="/e/0"),
        InvalidInput,
        "/e/0/attributes/atlanSchema",
    ),
}


@pytest.mark.parametrize(("command", "error", "path"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(work: Workspace, command: Command, error: type[MusterError], path: str) -> None:
    """What cannot be is refused with its place in the request, and nothing of the request is written."""
    with pytest.raises(error) as raised:
        save(work, [table("fine"), command])
    assert raised.value.path == path
    assert work.record.position() == 0


def test_refused_by_guid(work: Workspace) -> None:
    """A guid is taken for an entity of its type and qualified name only."""
    (orders,) = made(work, table("orders"))
    with pytest.raises(InvalidInput, match="is a Table, not a View"):
        save(work, [Command("View", orders.guid)])
    with pytest.raises(InvalidInput, match="keeps that qualified name"):
        save(work, [Command("Table", orders.guid, "wh/others")])


def test_suggested_relationship(work: Workspace) -> None:
    """A relationship that is almost one is suggested."""
    with pytest.raises(InvalidInput) as raised:
        save(work, [table("orders", colums=[])])
    assert raised.value.hint == "did you mean `columns`?"


@pytest.mark.parametrize(
    ("mark", "said"),
    [("certificate", {"certificateStatus": "VERIFIED"}), ("announcement", {"announcementTitle": "news"})],
)
def test_marks(work: Workspace, clock: SetClock, mark: str, said: dict[str, str]) -> None:
    """Setting a certificate or an announcement is signed and dated, taking it away too, and repeating it is not."""
    (orders,) = made(work, table("orders"))
    clock.time = 5000
    save(work, [change(orders, **said, **{f"{mark}UpdatedBy": "eve"})])
    clock.time = 6000
    assert listed(save(work, [change(orders, **said)])) == {}
    signed = read(work, orders).attributes
    assert (signed[f"{mark}UpdatedAt"], signed[f"{mark}UpdatedBy"]) == (5000, "ada")
    save(work, [change(orders, **dict.fromkeys(said))])
    assert read(work, orders).attributes == {"name": "orders", f"{mark}UpdatedAt": 6000, f"{mark}UpdatedBy": "ada"}
