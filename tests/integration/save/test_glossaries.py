"""Glossaries, terms, categories, and the terms that entities have."""

from dataclasses import replace

import pytest

from muster.catalog.entity import Entity
from muster.errors import InvalidInput
from muster.service.entities import related
from muster.service.save.commands import Command, Ref, Relating, Removal
from muster.service.save.deleting import delete
from muster.service.save.saving import save
from muster.service.workspace import Workspace
from tests.integration.save.said import change, found, listed, made, names, read, ref, relate, table


def within(type_name: str, name: str, glossary: Ref, placeholder: str | None = None) -> Command:
    """Return what creators of terms and categories send."""
    relating = Relating({"anchor": (glossary,)})
    return Command(type_name, placeholder, "-17", {"name": name}, relating, path="/entities/0")


@pytest.fixture
def glossary(work: Workspace) -> tuple[Entity, ...]:
    """A glossary with two terms and a category."""
    home = Ref("AtlasGlossary", "-1")
    return made(
        work,
        Command("AtlasGlossary", "-1", "-17", {"name": "Words"}),
        within("AtlasGlossaryTerm", "Revenue", home),
        within("AtlasGlossaryTerm", "Cost", home),
        within("AtlasGlossaryCategory", "Money", home),
    )


def test_names(glossary: tuple[Entity, ...]) -> None:
    """A glossary gets an id for a name, and what is in it an id and that."""
    home, *rest = (one.key.qualified_name for one in glossary)
    assert len(home) == 21
    assert {name.partition("@")[2] for name in rest} == {home}
    assert len(set(rest)) == 3


def test_anchor(work: Workspace, glossary: tuple[Entity, ...]) -> None:
    """A term needs a glossary, and stays there."""
    words, revenue, *_ = glossary
    with pytest.raises(InvalidInput, match="needs a glossary") as raised:
        save(work, [replace(within("AtlasGlossaryTerm", "Loose", ref(words)), relating=Relating())])
    assert raised.value.path == "/entities/0/attributes/anchor"
    (other,) = made(work, Command("AtlasGlossary", "-1", "-17", {"name": "Other words"}))
    with pytest.raises(InvalidInput, match="stays in its glossary"):
        save(work, [relate(revenue, anchor=[ref(other)])])
    assert names(save(work, [change(revenue, description="x")]).updated) == ["Revenue"]


def test_meanings(work: Workspace, glossary: tuple[Entity, ...]) -> None:
    """Terms are assigned, added and taken away as relationships, and found by their qualified names."""
    _, revenue, cost, _ = glossary
    (orders,) = made(work, table("orders", meanings=[ref(revenue)]))
    assert orders.terms == (revenue.key.qualified_name,)
    assert found(work, "__meanings", revenue.key.qualified_name) == 1
    relating = Relating(added={"meanings": (ref(cost),)}, removed={"meanings": (ref(revenue),)})
    save(work, [Command("Table", orders.guid, relating=relating)])
    assert read(work, orders).terms == (cost.key.qualified_name,)
    assert listed(save(work, [relate(orders, meanings=[ref(cost)])])) == {}
    save(work, [relate(orders, meanings=[])])
    assert read(work, orders).terms == ()


def test_meanings_of_one_request(work: Workspace, glossary: tuple[Entity, ...]) -> None:
    """A term that its own request creates is assigned by the name that it gets."""
    term = within("AtlasGlossaryTerm", "Margin", ref(glossary[0]), "-5")
    orders, margin = made(work, table("orders", meanings=[Ref("AtlasGlossaryTerm", "-5")]), term)
    assert orders.terms == (margin.key.qualified_name,)


def test_assigned_entities(work: Workspace, glossary: tuple[Entity, ...]) -> None:
    """A term can be told what it is assigned to."""
    revenue = glossary[1]
    (orders,) = made(work, table("orders"))
    relating = Relating(added={"assignedEntities": (ref(orders),)})
    assert listed(save(work, [Command("AtlasGlossaryTerm", revenue.guid, relating=relating)])) == {
        "updated": ["Revenue"]
    }
    assert read(work, orders).terms == (revenue.key.qualified_name,)
    assert related(work, [revenue])[revenue.ordinal]["assignedEntities"] == [read(work, orders)]
    assert related(work, [read(work, orders)])[orders.ordinal] == {"meanings": [revenue]}
    assert listed(save(work, [relate(revenue, assignedEntities=[])])) == {"updated": ["Revenue"]}
    assert read(work, orders).terms == ()


@pytest.mark.parametrize("how", Removal)
def test_delete(work: Workspace, glossary: tuple[Entity, ...], how: Removal) -> None:
    """With a glossary go its terms and categories."""
    gone = delete(work, [glossary[0].guid], how).deleted
    assert sorted(names(gone)) == ["Cost", "Money", "Revenue", "Words"]
