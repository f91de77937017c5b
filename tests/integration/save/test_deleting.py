"""Entities are archived and purged."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from muster.catalog.entity import Entity, Status
from muster.errors import Conflict
from muster.service.save.commands import Ref, Relating, Removal
from muster.service.save.deleting import delete
from muster.service.save.saving import save
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock
from tests.integration.save.said import change, domain, found, listed, made, product, read, relate, table


def test_archive(work: Workspace, clock: SetClock) -> None:
    """What is archived stays readable and is found as such; archiving it again does nothing."""
    (orders,) = made(work, table("orders"))
    clock.time += 5
    mutation = delete(work, [orders.guid], Removal.SOFT)
    assert mutation.deleted == (read(work, orders),)
    assert (mutation.deleted[0].status, mutation.deleted[0].updated_at) == (Status.DELETED, clock.time)
    assert (found(work, "__state", "DELETED"), found(work, "__state", "ACTIVE")) == (1, 0)
    assert listed(delete(work, [orders.guid], Removal.SOFT)) == {}


@pytest.mark.parametrize("how", [Removal.HARD, Removal.PURGE])
@pytest.mark.parametrize("archived", [False, True])
def test_purge(work: Workspace, how: Removal, *, archived: bool) -> None:
    """What is purged is gone, from search too, and told once; its name is free again."""
    (orders,) = made(work, table("orders"))
    if archived:
        delete(work, [orders.guid], Removal.SOFT)
    (gone,) = delete(work, [orders.guid, orders.guid], how).deleted
    assert (gone.guid, gone.key, gone.status) == (orders.guid, orders.key, Status.PURGED)
    assert work.record.find([orders.guid], [orders.key]) == []
    assert found(work, "__guid", orders.guid) == 0
    assert listed(delete(work, [orders.guid], how)) == {}
    assert made(work, table("orders"))[0].guid != orders.guid


@pytest.mark.parametrize("how", Removal)
def test_unknown(work: Workspace, how: Removal) -> None:
    """Guids that nobody has are passed over."""
    (orders,) = made(work, table("orders"))
    assert [one.guid for one in delete(work, ["nobody", orders.guid], how).deleted] == [orders.guid]


@pytest.fixture
def tree(work: Workspace) -> Sequence[Entity]:
    """A domain with a domain with a product."""
    home, below = Ref("DataDomain", "-1"), Ref("DataDomain", "-3")
    return made(work, domain("A"), domain("B", home, "-3"), product("P", below))


@pytest.mark.parametrize("how", Removal)
@pytest.mark.parametrize("going", [(0,), (1,), (0, 1), (0, 2)])
def test_inhabited_domain(work: Workspace, tree: Sequence[Entity], how: Removal, going: tuple[int, ...]) -> None:
    """A domain stays as long as anything active is in it that does not go with it."""
    position = work.record.position()
    with pytest.raises(Conflict, match="still has 1 products or domains in use"):
        delete(work, [tree[one].guid for one in going], how)
    assert work.record.position() == position


@pytest.mark.parametrize("how", Removal)
def test_whole_domain(work: Workspace, tree: Sequence[Entity], how: Removal) -> None:
    """A domain goes together with what is in it, or after that, and nothing else is listed."""
    a, b, p = tree
    assert [one.guid for one in delete(work, [p.guid], how).deleted] == [p.guid]
    assert listed(delete(work, [a.guid, b.guid], how)) == {"deleted": ["A", "B"]}


def test_columns_stay(work: Workspace) -> None:
    """A table goes without its columns."""
    orders, *_ = made(work, table("orders", "-1"), table("other"))
    assert listed(delete(work, [orders.guid], Removal.PURGE)) == {"deleted": ["orders"]}


def test_port_goes(work: Workspace) -> None:
    """A product whose port was purged can be saved as it was read."""
    home, port = Ref("DataDomain", "-1"), (Ref("Table", "-4"),)
    selling = replace(product("P", home), relating=Relating({"dataDomain": (home,), "outputPorts": port}))
    _, sold, orders = made(work, domain("A"), selling, table("orders", "-4"))
    delete(work, [orders.guid], Removal.PURGE)
    assert listed(save(work, [change(sold, **sold.attributes)])) == {}
    assert listed(save(work, [relate(sold, outputPorts=[])])) == {"updated": ["P"]}
    assert "daapOutputPortGuids" not in read(work, sold).attributes
