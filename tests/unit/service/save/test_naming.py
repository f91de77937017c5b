"""The qualified names that are made: what new entities get, and what others keep or get when they move."""

import re
from typing import Any

import pytest

from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.service.save.naming import names, rename
from muster.service.save.working import Desk, Working

A, B, C = "a" * 21, "b" * 21, "c" * 21
ROOT, OTHER = f"default/domain/{A}/super", f"default/domain/{B}/super"


def stored(type_name: str, qualified_name: str, guid: str, **relationships: Key) -> Entity:
    """Return an entity as it was read."""
    related = {name: (key,) for name, key in relationships.items()}
    return Entity(
        1, guid, Key(type_name, qualified_name), Status.ACTIVE, {}, (), (), related, {}, 1, 0, 0, "ada", "ada"
    )


def domain(qualified_name: str) -> Key:
    """Return the key of a domain."""
    return Key("DataDomain", qualified_name)


def laid(*entities: Entity) -> Desk:
    """Return a desk with copies of entities."""
    desk = Desk()
    desk.take(entities)
    return desk


def new(desk: Desk, type_name: str, wanted: str | None = None, **relationships: Key) -> Working:
    """Lay a new entity on a desk."""
    related = {name: (key,) for name, key in relationships.items()}
    working = Working(EntityDraft(Key(type_name, "new"), {}, relationships=related, guid="new"), fresh=True)
    desk.wanted |= {"new": wanted} if wanted else {}
    desk.put(working)
    return working


@pytest.mark.parametrize(
    ("type_name", "relationships", "pattern"),
    [
        ("DataDomain", {}, "default/domain/ID/super"),
        ("DataDomain", {"parentDomain": domain(ROOT)}, f"{ROOT}/domain/ID"),
        ("DataProduct", {"dataDomain": domain(ROOT)}, f"{ROOT}/product/ID"),
        ("AtlasGlossary", {}, "ID"),
        ("AtlasGlossaryTerm", {"anchor": Key("AtlasGlossary", "words")}, "ID@words"),
        ("AtlasGlossaryCategory", {"anchor": Key("AtlasGlossary", "words")}, "ID@words"),
    ],
)
def test_new(type_name: str, relationships: dict[str, Any], pattern: str) -> None:
    """A new entity has an id of letters and digits in the form of its type."""
    desk = laid()
    key = new(desk, type_name, **relationships).key
    made = names(desk)[key]
    assert made.type_name == type_name
    assert re.fullmatch(pattern.replace("ID", "[A-Za-z0-9]{21}"), made.qualified_name)


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (f"{ROOT}/product/{C}", True),
        (f"{ROOT}/product/{'-' * 21}", True),
        (f"{ROOT}/product/{B}", False),
        (f"{ROOT}/product/Reach", False),
        (f"{OTHER}/product/{C}", False),
        (f"{ROOT}/product/{C}/product/{C}", False),
        ("Reach", False),
    ],
)
def test_wanted(wanted: str, *, kept: bool) -> None:
    """A name that a new entity asks for is kept when it has exactly the form that would be made, and is free."""
    desk = laid(stored("DataProduct", f"{ROOT}/product/{B}", "p", dataDomain=domain(ROOT)))
    key = new(desk, "DataProduct", wanted, dataDomain=domain(ROOT)).key
    assert (names(desk)[key].qualified_name == wanted) is kept


@pytest.mark.parametrize(
    "entity",
    [
        stored("DataDomain", ROOT, "a"),
        stored("DataDomain", "made/elsewhere", "a", parentDomain=domain(OTHER)),
        stored("AtlasGlossaryTerm", "revenue", "a", anchor=Key("AtlasGlossary", "words")),
        stored("Table", "wh/orders", "a"),
    ],
)
def test_kept(entity: Entity) -> None:
    """What is stored and stays where it is keeps its name, whatever its form."""
    assert names(laid(entity)) == {}


def test_moved() -> None:
    """What moves gets a name under its id, what is below follows, and everybody names it by that."""
    child, sold = f"{ROOT}/domain/{C}", f"{ROOT}/domain/{C}/product/{B}"
    desk = laid(
        stored("DataDomain", OTHER, "b"),
        stored("DataDomain", child, "c", parentDomain=domain(ROOT)),
        stored("DataProduct", sold, "p", dataDomain=domain(child)),
        stored("Stakeholder", "who", "w", stakeholderDataDomain=domain(child)),
    )
    desk.relate("c", "parentDomain", [domain(OTHER)])
    renamed = names(desk)
    moved = domain(f"{OTHER}/domain/{C}")
    assert renamed == {
        domain(child): moved,
        Key("DataProduct", sold): Key("DataProduct", f"{moved.qualified_name}/product/{B}"),
    }
    rename(desk, renamed)
    assert desk.get("w").named("stakeholderDataDomain") == desk.get("p").named("dataDomain") == (moved,)
    assert desk.at(moved) == desk.get("c")
    assert desk.at(domain(child)) is None


def test_renamed_terms() -> None:
    """Who has a term that its request creates has it by the name that it gets."""
    desk = laid(stored("Table", "wh/orders", "t"))
    term = new(desk, "AtlasGlossaryTerm", anchor=Key("AtlasGlossary", "words"))
    desk.relate("t", "meanings", [term.key])
    renamed = names(desk)
    rename(desk, renamed)
    assert desk.get("t").draft.terms == (renamed[term.key].qualified_name,)
