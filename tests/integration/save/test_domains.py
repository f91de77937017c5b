"""Domains and products: the names they get, where they are, and what moves with them."""

import re
from dataclasses import replace

import pytest

from muster.catalog.entity import Entity, Key, Status
from muster.errors import Conflict, InvalidInput, NotFound
from muster.service.entities import by_name
from muster.service.save.commands import Command, Ref, Relating, Removal
from muster.service.save.deleting import delete
from muster.service.save.saving import save
from muster.service.workspace import Workspace
from tests.integration.save.said import (
    change,
    domain,
    keys,
    listed,
    made,
    named,
    names,
    product,
    read,
    ref,
    relate,
    table,
)

ID = "[A-Za-z0-9]{21}"


def moved(of: Entity, parent: Entity | None) -> Command:
    """Return the command that puts a domain or product elsewhere."""
    relation = "parentDomain" if of.key.type_name == "DataDomain" else "dataDomain"
    return relate(of, **{relation: [] if parent is None else [ref(parent)]})


def test_names(work: Workspace) -> None:
    """Names are made by Atlan's pattern, and say where each is; what the client says of that does not count."""
    root, sub, sold = made(
        work,
        replace(domain("Marketing"), attributes={"name": "Marketing", "superDomainQualifiedName": "elsewhere"}),
        domain("Campaigns", ref("-1", "DataDomain"), "-3"),
        product("Reach", ref("-3", "DataDomain"), parentDomainQualifiedName="elsewhere"),
    )
    top, below = root.key.qualified_name, sub.key.qualified_name
    assert re.fullmatch(f"default/domain/{ID}/super", top)
    assert re.fullmatch(f"{top}/domain/{ID}", below)
    assert re.fullmatch(f"{below}/product/{ID}", sold.key.qualified_name)
    assert root.attributes == {"name": "Marketing"}
    assert sub.attributes == {"name": "Campaigns", "parentDomainQualifiedName": top, "superDomainQualifiedName": top}
    above = {name: sold.attributes[name] for name in ("parentDomainQualifiedName", "superDomainQualifiedName")}
    assert above == {"parentDomainQualifiedName": below, "superDomainQualifiedName": top}


def test_parents_are_listed(work: Workspace) -> None:
    """A sub-domain lists its parent, and a product its domain, among what was updated."""
    (root,) = made(work, domain("Marketing"))
    assert listed(save(work, [domain("Campaigns", ref(root))])) == {"created": ["Campaigns"], "updated": ["Marketing"]}
    assert listed(save(work, [product("Reach", ref(root))])) == {"created": ["Reach"], "updated": ["Marketing"]}


def test_stated_name(work: Workspace) -> None:
    """A name that has the form of a generated one is kept when it is free, and only then."""
    top = f"default/domain/{'a' * 21}/super"
    (root,) = made(work, replace(domain("Marketing"), qualified_name=top))
    (sold,) = made(work, replace(product("Reach", ref(root)), qualified_name=f"{top}/product/{'b' * 21}"))
    assert (root.key.qualified_name, sold.key.qualified_name) == (top, f"{top}/product/{'b' * 21}")
    delete(work, [root.guid, sold.guid], Removal.SOFT)
    (again,) = made(work, replace(domain("Marketing"), qualified_name=top))
    assert again.key.qualified_name != top


def test_same_name_twice(work: Workspace) -> None:
    """Names of domains are no keys: two may have the same."""
    first, second = made(work, domain("Marketing"), domain("Marketing", placeholder="-2"))
    assert first.guid != second.guid


def test_renaming_keeps_the_qualified_name(work: Workspace) -> None:
    """The qualified name stays when the name changes."""
    (root,) = made(work, domain("Marketing"))
    (renamed,) = save(work, [replace(change(root), attributes={"name": "Sales"})]).updated
    assert (renamed.name, renamed.key) == ("Sales", root.key)


@pytest.fixture
def tree(work: Workspace) -> tuple[Entity, ...]:
    """Two roots; below the first a domain with a domain with a product, and a stakeholder who names the first."""
    return made(
        work,
        domain("A", placeholder="-1"),
        domain("B", placeholder="-2"),
        domain("C", ref("-1", "DataDomain"), "-3"),
        domain("D", ref("-3", "DataDomain"), "-4"),
        product("P", ref("-4", "DataDomain"), "-5"),
        Command("Stakeholder", "-6", "who", {"name": "who"}, Relating({"stakeholderDataDomain": (ref("-3"),)})),
    )


def test_move(work: Workspace, tree: tuple[Entity, ...]) -> None:
    """A domain takes everything below it along, and everybody who names one of them names it as it is called now."""
    _, b, c, d, p, who = tree
    mutation = save(work, [moved(c, b)])
    assert names(mutation.updated) == ["C"]
    c, d, p = (read(work, one) for one in (c, d, p))
    top = b.key.qualified_name
    assert c.key.qualified_name == f"{top}/domain/{tree[2].key.qualified_name.rsplit('/', 1)[1]}"
    assert d.key.qualified_name.startswith(f"{c.key.qualified_name}/domain/")
    assert p.key.qualified_name.startswith(f"{d.key.qualified_name}/product/")
    assert (d.relationships["parentDomain"], p.relationships["dataDomain"]) == (keys(c), keys(d))
    assert read(work, who).relationships["stakeholderDataDomain"] == keys(c)
    assert [one.attributes["superDomainQualifiedName"] for one in (c, d, p)] == [top] * 3
    assert work.record.product("P").entity.key == p.key


def test_move_to_the_top(work: Workspace, tree: tuple[Entity, ...]) -> None:
    """A domain without a parent is a root."""
    c = save(work, [moved(tree[2], None)]).updated[0]
    assert re.fullmatch(f"default/domain/{ID}/super", c.key.qualified_name)
    assert c.attributes == {"name": "C"}
    assert read(work, tree[4]).attributes["superDomainQualifiedName"] == c.key.qualified_name


def test_archived_ones_move_too(work: Workspace, tree: tuple[Entity, ...]) -> None:
    """What is archived below a domain moves with it, and can be restored there."""
    delete(work, [tree[4].guid], Removal.SOFT)
    save(work, [moved(tree[2], tree[1])])
    archived = read(work, tree[4])
    assert archived.key.qualified_name.startswith(tree[1].key.qualified_name)
    (back,) = save(work, [replace(change(archived), status=Status.ACTIVE)]).updated
    assert back.status is Status.ACTIVE


def test_moves_in_one_request(work: Workspace, tree: tuple[Entity, ...]) -> None:
    """Several may move at once, one below another that moves as well, also below a new one."""
    a, b, c, d, p, _ = tree
    save(work, [moved(d, a), moved(b, d), moved(p, c), domain("E", ref(b))])
    a, b, c, d, p = (read(work, one) for one in (a, b, c, d, p))
    assert d.key.qualified_name.startswith(f"{a.key.qualified_name}/domain/")
    assert b.key.qualified_name.startswith(f"{d.key.qualified_name}/domain/")
    assert p.key.qualified_name.startswith(f"{c.key.qualified_name}/product/")
    assert p.attributes["parentDomainQualifiedName"] == c.key.qualified_name


@pytest.mark.parametrize("moves", [[(0, 0)], [(0, 2)], [(0, 3)], [(0, 1), (1, 0)], [(1, 3), (0, 1)]])
def test_no_circles(work: Workspace, tree: tuple[Entity, ...], moves: list[tuple[int, int]]) -> None:
    """No domain can be below itself, however many move."""
    with pytest.raises(InvalidInput, match="below itself") as raised:
        save(work, [moved(tree[one], tree[other]) for one, other in moves])
    assert raised.value.path == "/entities/0/attributes/parentDomain"


def test_moving_by_the_other_side(work: Workspace, tree: tuple[Entity, ...]) -> None:
    """Saying which domains are below one moves them, and lists the one that was told."""
    a, b, c, *_ = tree
    assert listed(save(work, [relate(b, subDomains=[ref(c)])])) == {"updated": ["B"]}
    assert read(work, c).key.qualified_name.startswith(b.key.qualified_name)
    assert listed(save(work, [relate(a, subDomains=[])])) == {}


def test_archived_domain(work: Workspace, tree: tuple[Entity, ...]) -> None:
    """Nothing can be put into an archived domain."""
    delete(work, [tree[1].guid], Removal.SOFT)
    for command in (product("Q", ref(tree[1])), moved(tree[2], tree[1]), moved(tree[4], tree[1])):
        with pytest.raises(InvalidInput, match="is archived"):
            save(work, [command])


@pytest.mark.parametrize("friendly", ["default/domain/marketingInfluence", "default/domain/MARKETING-influence/super"])
def test_friendly_names(work: Workspace, friendly: str) -> None:
    """A name that no domain has means the one whose name has its letters and digits."""
    (root,) = made(work, domain("Marketing Influence"))
    (sold,) = made(work, product("Best-of 2024!", named("DataDomain", friendly)))
    assert sold.relationships["dataDomain"] == keys(root)
    (updated,) = save(work, [replace(change(root, description="x"), qualified_name=friendly)]).updated
    assert updated.guid == root.guid
    for slug in (
        "default/product/bestOf2024",
        f"{root.key.qualified_name}/product/bestof2024",
        f"{friendly}/product/bestOf2024",
    ):
        assert by_name(work, "DataProduct", slug).guid == sold.guid
        (one,) = made(work, table(slug.replace("/", "-"), outputPortDataProducts=[named("DataProduct", slug)]))
        assert one.key in read(work, sold).relationships["outputPorts"]
    (updated,) = save(
        work, [replace(change(sold, description="x"), qualified_name="default/product/bestOf2024")]
    ).updated
    assert updated.guid == sold.guid


def test_friendly_names_of_creators(work: Workspace) -> None:
    """What creators send for a new product never means one that is there: two may have the same name."""
    (root,) = made(work, domain("Marketing"))
    below = f"{root.key.qualified_name}/product/Reach"
    (first,) = made(work, replace(product("Reach", ref(root)), qualified_name=below))
    (second,) = made(work, replace(product("Reach", ref(root)), qualified_name=below))
    assert first.guid != second.guid


def test_ambiguous_friendly_name(work: Workspace) -> None:
    """A friendly name that means several is refused, and one that means none is not found."""
    made(work, domain("Marketing"), domain("marketing!", placeholder="-2"))
    with pytest.raises(Conflict, match="may be any of"):
        save(work, [product("Reach", named("DataDomain", "default/domain/marketing"))])
    with pytest.raises(NotFound) as raised:
        save(work, [product("Reach", named("DataDomain", "default/domain/sales"))])
    assert raised.value.path == "/entities/0/attributes/dataDomain"


def test_loose_product(work: Workspace) -> None:
    """A product needs a domain, from the start and for good."""
    loose = replace(product("Reach", Ref("DataDomain")), relating=Relating())
    with pytest.raises(InvalidInput, match="needs a domain"):
        save(work, [loose])
    (_, sold) = made(work, domain("Marketing"), product("Reach", ref("-1", "DataDomain")))
    with pytest.raises(InvalidInput, match="needs a domain"):
        save(work, [moved(sold, None)])


def test_nameless(work: Workspace) -> None:
    """A domain needs a name."""
    with pytest.raises(InvalidInput, match="needs a name"):
        save(work, [Command("DataDomain", "-1", "x")])


def test_by_name(work: Workspace) -> None:
    """An entity is read by type and qualified name, archived or not; what is not there is not found."""
    (orders,) = made(work, table("orders"))
    delete(work, [orders.guid], Removal.SOFT)
    assert by_name(work, "Table", "wh/orders").status is Status.DELETED
    with pytest.raises(NotFound):
        by_name(work, "View", "wh/orders")
    assert work.record.find([], [Key("View", "wh/orders")]) == []
