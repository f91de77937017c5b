"""Requests that are repeated, that meet others, and that may not be; and an index that is away."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from muster.catalog.entity import Entity, Status
from muster.catalog.writing import Transaction
from muster.errors import Conflict, EngineUnavailable, Forbidden, NotFound
from muster.protocols import Record
from muster.service.entities import entity
from muster.service.project import project
from muster.service.save.commands import Command, Ref, Removal
from muster.service.save.deleting import delete
from muster.service.save.saving import save
from muster.service.save.turns import TRIES
from muster.service.workspace import Workspace
from tests.integration.save.said import change, domain, found, listed, made, names, product, read, ref, relate, table


def test_repeated(work: Workspace) -> None:
    """A request that comes again is answered as before, with entities as they are now, and not done again."""
    commands = [domain("Marketing"), product("Reach", Ref("DataDomain", "-1"))]
    first = save(work, commands, request="one")
    save(work, [change(first.created[1], description="later")])
    again = save(work, commands, request="one")
    assert (listed(again), again.assigned) == (listed(first), first.assigned)
    assert again.created[1].attributes["description"] == "later"
    assert listed(save(work, commands, request="two")) == listed(first)


@pytest.mark.parametrize("how", list(Removal))
def test_repeated_removal(work: Workspace, how: Removal) -> None:
    """One that comes again is answered as before, though what it took away is no longer there."""
    orders, others = made(work, table("orders"), table("others"))
    first = delete(work, [orders.guid, others.guid], how, request="one")
    again = delete(work, [orders.guid, others.guid], how, request="one")
    assert listed(again) == listed(first) == {"deleted": ["orders", "others"]}
    assert listed(delete(work, [orders.guid, others.guid], how, request="two")) == {}


def test_what_comes_to_a_domain_that_goes(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A product that is created while its domain is about to be archived stays in it, and the domain stays."""
    (home,) = made(work, domain("Marketing"))
    transact, late = work.record.transact, [product("Late", ref(home))]

    def meanwhile(transaction: Transaction, *, by: str, at: int) -> list[int]:
        if late:
            save(work, [late.pop()])
        return transact(transaction, by=by, at=at)

    monkeypatch.setattr(work.record, "transact", meanwhile)
    with pytest.raises(Conflict):
        delete(work, [home.guid], Removal.SOFT)
    assert read(work, home).status is Status.ACTIVE


def test_what_comes_to_a_domain_that_moves(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A product that is created while its domain moves moves with it."""
    above, home = made(work, domain("Above"), domain("Marketing", placeholder="-2"))
    transact, late = work.record.transact, [product("Late", ref(home))]

    def meanwhile(transaction: Transaction, *, by: str, at: int) -> list[int]:
        if late:
            save(work, [late.pop()])
        return transact(transaction, by=by, at=at)

    monkeypatch.setattr(work.record, "transact", meanwhile)
    save(work, [relate(home, parentDomain=[ref(above)])])
    (name,) = [one.key.qualified_name for one in work.record.products() for one in [one.entity]]
    assert name.startswith(f"{read(work, home).key.qualified_name}/product/")


def test_repeated_without_effect(work: Workspace) -> None:
    """A request that changed nothing does not do so later either."""
    (orders,) = made(work, table("orders"))
    first = save(work, [change(orders)], request="one")
    save(work, [change(orders, description="x")])
    assert save(work, [change(orders, description=None)], request="one") == first
    assert read(work, orders).attributes["description"] == "x"


@dataclass(frozen=True)
class Meddling:
    """A record where something happens before each transaction, as often as it is said."""

    record: Record
    meddle: Callable[[int], None]
    times: list[int]

    def transact(self, transaction: Transaction, *, by: str, at: int) -> list[int]:
        """Let the other one come first."""
        self.meddle(len(self.times))
        self.times.append(1)
        return self.record.transact(transaction, by=by, at=at)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.record, name)


def meddled(work: Workspace, meddle: Callable[[int], None]) -> Workspace:
    """Return a workspace where something always comes first."""
    return replace(work, record=Meddling(work.record, meddle, []))


def test_met_another(work: Workspace) -> None:
    """When another request was faster, this one is worked out anew on what that left."""
    (orders,) = made(work, table("orders"))

    def once(times: int) -> None:
        if not times:
            save(work, [change(orders, description="theirs")])

    save(meddled(work, once), [change(orders, ownerUsers=["ann"])])
    assert read(work, orders).attributes == {"name": "orders", "description": "theirs", "ownerUsers": ["ann"]}


def test_met_another_creator(work: Workspace) -> None:
    """Of two requests that create the same entity the slower one updates it."""

    def once(times: int) -> None:
        if not times:
            save(work, [table("orders")])

    described = replace(table("orders", "-1"), attributes={"name": "orders", "description": "x"})
    assert listed(save(meddled(work, once), [described])) == {"updated": ["orders"]}


def test_met_itself(work: Workspace) -> None:
    """Of two repetitions of a request at the same time one is done."""

    def once(times: int) -> None:
        if not times:
            save(work, [domain("Marketing")], request="one")

    mutation = save(meddled(work, once), [domain("Marketing")], request="one")
    assert mutation.created == (entity(work, mutation.assigned["-1"]),)
    assert work.record.position() == 1


@pytest.mark.parametrize("act", ["save", "delete"])
def test_met_others_always(work: Workspace, act: str) -> None:
    """Who never comes first is told so in the end, and nothing is written."""
    (orders,) = made(work, table("orders"))

    def always(times: int) -> None:
        save(work, [change(orders, description=str(times))])

    busy = meddled(work, always)
    with pytest.raises(Conflict):
        save(busy, [change(orders, name="x")]) if act == "save" else delete(busy, [orders.guid], Removal.SOFT)
    assert read(work, orders).attributes == {"name": "orders", "description": str(TRIES - 1)}


@dataclass(frozen=True)
class Away:
    """An engine that does not answer."""

    def __getattr__(self, _: str) -> Any:
        raise EngineUnavailable("away")


def test_index_away(work: Workspace) -> None:
    """With the index away everything is written, and found when it is back."""
    away = replace(work, engine=Away())
    (orders,) = made(away, table("orders"))
    assert found(work, "__guid", orders.guid) == 0
    project(work)
    assert found(work, "__guid", orders.guid) == 1


@pytest.fixture
def domains(work: Workspace) -> tuple[Entity, ...]:
    """Two domains, a domain below the first, and a product in each."""
    roots = made(work, domain("A"), domain("B", placeholder="-2"), domain("C", Ref("DataDomain", "-1"), "-3"))
    return (*roots, *made(work, product("P", ref(roots[2])), product("Q", ref(roots[1]), "-4")))


def allowed(domains: tuple[Entity, ...]) -> dict[str, Command]:
    """Return what an editor of the first domain may do."""
    a, b, c, p, q = domains
    return {
        "the domain itself": change(a, description="x"),
        "a domain below": domain("D", ref(c)),
        "a product below": product("R", ref(c)),
        "a move within": relate(p, dataDomain=[ref(a)]),
        "what changes nothing": change(b),
        "a product of another domain as it is": change(q),
    }


def forbidden(domains: tuple[Entity, ...]) -> dict[str, Command]:
    """Return what that editor may not do."""
    a, b, c, p, q = domains
    return {
        "another domain": change(b, description="x"),
        "a new root": domain("D"),
        "a product elsewhere": product("R", ref(b)),
        "a move away": relate(p, dataDomain=[ref(b)]),
        "a move of a domain away": relate(c, parentDomain=[]),
        "a move here": relate(q, dataDomain=[ref(a)]),
        "a move here, told to the domain": relate(a, dataProducts=[ref(q)]),
        "an asset": table("orders"),
    }


def test_allowed(work: Workspace, domains: tuple[Entity, ...]) -> None:
    """Who is bound to a domain may do anything at or below it."""
    for command in allowed(domains).values():
        save(work, [command], within=[domains[0].key.qualified_name])
    assert names(delete(work, [domains[3].guid], Removal.SOFT, within=[domains[0].key.qualified_name]).deleted) == ["P"]


def test_forbidden(work: Workspace, domains: tuple[Entity, ...]) -> None:
    """Who is bound to a domain may do nothing elsewhere, and moves out and in count as both."""
    position, bound = work.record.position(), [domains[0].key.qualified_name]
    for name, command in forbidden(domains).items():
        with pytest.raises(Forbidden):
            save(work, [command], within=bound)
        assert work.record.position() == position, name
    with pytest.raises(Forbidden):
        delete(work, [domains[4].guid], Removal.SOFT, within=bound)


def test_unknown_guid(work: Workspace) -> None:
    """An entity that nobody has is not found."""
    with pytest.raises(NotFound):
        entity(work, "nobody")
