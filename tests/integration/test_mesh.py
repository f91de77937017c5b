"""Domains and products by name and as lists, and what domains hold, on every engine."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from muster.catalog.entity import Entity, EntityDraft, Key
from muster.errors import Conflict, NotFound
from muster.membership import Decision
from muster.service import dotted
from muster.service.decide import Given, decide
from muster.service.ingest import ingest
from muster.service.mesh import Include, Listed, Listing, assets_of, below, listed, sizes
from muster.service.save.commands import Command, Removal
from muster.service.save.deleting import delete
from muster.service.save.saving import save
from muster.service.workspace import Workspace
from tests.integration.save.said import domain as root
from tests.integration.save.said import dsl, product, ref

NAMES = ("b", "a", "a", "c", "a", "ä", "B", "cust.v1", "😀", "Z")
"""Names of products; those that several have are in different domains."""


@dataclass(frozen=True, slots=True)
class Mesh:
    """Domains `Sales`, `Marketing` and below it `Emea` and `v1.0`, each in the one before, with products and assets."""

    work: Workspace
    sales: Entity
    marketing: Entity
    emea: Entity
    deep: Entity
    products: tuple[Entity, ...]
    archived: Entity

    def list(self, size: int = 100, **more: object) -> Listed:
        """Return a part of the list of products."""
        return listed(self.work, Listing("DataProduct", size, **more))  # type: ignore[arg-type]


@pytest.fixture
def mesh(work: Workspace) -> Mesh:
    """A small mesh; of the products one is archived."""
    sales, marketing, emea, deep = save(
        work,
        [
            root("Sales", placeholder="-1"),
            root("Marketing", placeholder="-2"),
            root("Emea", ref("-2", "DataDomain"), "-3"),
            root("v1.0", ref("-3", "DataDomain"), "-4"),
        ],
    ).created
    homes, taken = (marketing, emea, deep), dict.fromkeys(NAMES, 0)
    commands = []
    for number, name in enumerate(NAMES):
        commands.append(product(name, ref(homes[taken[name]]), f"-{number + 1}"))
        taken[name] += 1
    products = save(work, [*commands, product("gone", ref(marketing), "-98")]).created
    (archived,) = delete(work, [products[-1].guid], Removal.SOFT).deleted
    return Mesh(work, sales, marketing, emea, deep, products[:-1], archived)


def named(some: Sequence[Entity]) -> list[str]:
    """Return names, in order."""
    return [one.name for one in some]


def place(one: Entity) -> tuple[str, str]:
    """Return where an entity is in a list."""
    return one.name, one.guid


def test_pages_join_to_the_whole_in_both_directions(mesh: Mesh) -> None:
    """In order of name and guid; each once, though several have one name."""
    expected = sorted(mesh.products, key=place)
    for size in (1, 2, 3, 7, 10):
        forth, page = [], mesh.list(size)
        assert page.is_first
        while not page.is_last:
            forth += page.entities
            page = mesh.list(size, after=place(page.entities[-1]))
        assert ([*forth, *page.entities], page.total) == (expected, len(expected))
        back: list[Entity] = []
        while not page.is_first:
            back = [*page.entities, *back]
            page = mesh.list(size, before=place(page.entities[0]))
            assert len(page.entities) == size
        assert [*page.entities, *back] == expected


def test_the_place_of_nobody_is_one(mesh: Mesh) -> None:
    """Whoever was there may be gone; before the first and after the last there is nothing."""
    assert named(mesh.list(2, after=("b", "~")).entities) == ["c", "cust.v1"]
    assert named(mesh.list(2, before=("c", "")).entities) == ["a", "b"]
    assert (mesh.list(2, before=("", "")).entities, mesh.list(2, before=("", "")).is_first) == ((), True)
    assert (mesh.list(2, after=("\U0010ffff", "")).entities, mesh.list(2, after=("\U0010ffff", "")).is_last) == (
        (),
        True,
    )


def test_a_list_of_a_domain_has_what_is_below(mesh: Mesh) -> None:
    """However deep; a domain is not in itself."""
    assert len(mesh.list(home=mesh.marketing).entities) == len(NAMES)
    assert named(mesh.list(home=mesh.emea).entities) == ["a", "a"]
    assert named(mesh.list(home=mesh.deep).entities) == ["a"]
    assert mesh.list(home=mesh.sales).total == 0
    found = listed(mesh.work, Listing("DataDomain", 9, home=mesh.marketing))
    assert named(found.entities) == ["Emea", "v1.0"]


def test_archived_ones_are_listed_on_request(mesh: Mesh) -> None:
    """Alone, or among the others."""
    totals = {include: mesh.list(include=include).total for include in Include}

    assert totals == {Include.PRESENT: len(NAMES), Include.DELETED: 1, Include.ALL: len(NAMES) + 1}
    assert mesh.list(include=Include.DELETED).entities == (mesh.archived,)


def test_a_list_of_nothing_has_its_length(mesh: Mesh) -> None:
    """A size of 0 counts."""
    found = mesh.list(0)

    assert (found.total, found.entities) == (len(NAMES), ())


def test_what_is_below_a_domain(mesh: Mesh) -> None:
    """Domains and products, archived ones among them."""
    assert {one.guid for one in below(mesh.work, mesh.marketing)} == {
        one.guid for one in (mesh.emea, mesh.deep, *mesh.products, mesh.archived)
    }
    assert below(mesh.work, mesh.sales) == []


def test_assets_of_a_domain(mesh: Mesh) -> None:
    """Those that are assigned to it or to one below it, in order of name, page by page; archived ones are none."""
    homes = (mesh.deep, mesh.marketing, mesh.sales, mesh.emea, mesh.emea)
    drafts = [
        EntityDraft(Key("Table", f"wh/t{number}"), {"name": f"t{number}", "domainGUIDs": [home.guid]})
        for number, home in enumerate(homes)
    ]
    ingest(mesh.work, drafts)
    mesh.work.record.archive([one.ordinal for one in mesh.work.record.find([], [drafts[-1].key])], by="ada", at=1)

    found = assets_of(mesh.work, mesh.marketing, offset=0, size=9)
    assert (named(found.entities), found.total) == (["t0", "t1", "t3"], 3)
    assert named(assets_of(mesh.work, mesh.emea, offset=1, size=1).entities) == ["t3"]
    assert assets_of(mesh.work, mesh.deep, offset=5, size=9).entities == ()


def test_sizes(mesh: Mesh) -> None:
    """Of every product in use: what its selection finds, with its pins and without its exclusions; all at once."""
    ingest(mesh.work, [EntityDraft(Key("Table", f"wh/{name}"), {"name": name}) for name in ("x", "y", "z")])
    first, second, third, *_ = mesh.products
    decide(mesh.work, first.guid, [f"wh/{name}" for name in "xy"], Decision.EXCLUSION, Given("r"))
    save(mesh.work, [Command("DataProduct", second.guid, attributes={"dataProductAssetsDSL": dsl("View")})])
    decide(mesh.work, second.guid, ["wh/z"], Decision.PIN, Given("r"))

    found = {one.entity.guid: count for one, count in sizes(mesh.work)}
    assert found.keys() == {one.guid for one in mesh.products}
    assert (found[first.guid], found[second.guid], found[third.guid]) == (1, 1, 3)


@pytest.mark.parametrize("spelled", ["Marketing.Emea", '"Marketing"."Emea"'])
def test_a_domain_by_any_of_its_names(mesh: Mesh, spelled: str) -> None:
    """Guid, qualified name, dotted name; its own name alone is that of a domain that is in no other."""
    for ref_ in (mesh.emea.guid, mesh.emea.key.qualified_name, spelled):
        assert dotted.domain(mesh.work, ref_).guid == mesh.emea.guid
    assert dotted.domain(mesh.work, 'Marketing.Emea."v1.0"').guid == mesh.deep.guid
    for ref_ in ("Emea", "Marketing.Emea.v1.0", "marketing", "", ".", "*"):
        with pytest.raises(NotFound, match=r"domain instance for .* not found"):
            dotted.domain(mesh.work, ref_)


def test_a_product_by_any_of_its_names(mesh: Mesh) -> None:
    """Its own name too, where only one has it; else the error lists who does."""
    one = next(each for each in mesh.products if each.name == "cust.v1")
    for ref_ in (one.guid, one.key.qualified_name, 'Marketing."cust.v1"', "cust.v1", '"cust.v1"'):
        assert dotted.product(mesh.work, ref_).entity.guid == one.guid
    deep = dotted.product(mesh.work, 'Marketing.Emea."v1.0".a').entity
    assert deep.key.qualified_name.startswith(mesh.deep.key.qualified_name)
    with pytest.raises(Conflict, match="is the name of 3") as refused:
        dotted.product(mesh.work, "a")
    assert deep.guid in refused.value.message
    for ref_ in ("Marketing.nobody", "Sales.b", "gone", "Marketing.gone", mesh.archived.guid, mesh.emea.guid):
        with pytest.raises(NotFound, match=r"dataProduct instance for .* not found"):
            dotted.product(mesh.work, ref_)


def test_archived_ones_are_found_when_they_are_asked_for(mesh: Mesh) -> None:
    """A domain in use before one that is archived."""
    for ref_ in (mesh.archived.guid, mesh.archived.key.qualified_name, "Marketing.gone", "gone"):
        assert dotted.archived_product(mesh.work, ref_).guid == mesh.archived.guid
    with pytest.raises(NotFound):
        dotted.archived_product(mesh.work, "Marketing.b")
    delete(mesh.work, [mesh.sales.guid], Removal.SOFT)
    with pytest.raises(NotFound):
        dotted.domain(mesh.work, "Sales")
    assert dotted.domain(mesh.work, "Sales", archived=True).guid == mesh.sales.guid
    (again,) = save(mesh.work, [root("Sales")]).created
    assert dotted.domain(mesh.work, "Sales", archived=True).guid == again.guid


def test_two_domains_of_one_name(mesh: Mesh) -> None:
    """Other clients may make them: then their name means neither."""
    save(mesh.work, [root("Sales")])

    with pytest.raises(Conflict, match="is the name of 2"):
        dotted.domain(mesh.work, "Sales")


def test_names_of_many_are_read_at_once(mesh: Mesh) -> None:
    """By guid, as they are now: a domain that gets another name gives it to all below it."""
    save(mesh.work, [Command("DataDomain", mesh.marketing.guid, attributes={"name": "Growth"})])
    names = dotted.dotted_names(mesh.work, [mesh.deep, *mesh.products])

    assert names[mesh.deep.guid] == 'Growth.Emea."v1.0"'
    assert sorted(names[one.guid] for one in mesh.products if one.name == "a") == [
        'Growth.Emea."v1.0".a',
        "Growth.Emea.a",
        "Growth.a",
    ]
