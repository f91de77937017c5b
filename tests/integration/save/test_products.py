"""Data products: their query, what they say when nobody does, and their ports."""

from dataclasses import replace
from typing import Any

import pytest

from muster.catalog.entity import Entity
from muster.errors import InvalidInput, InvalidSelection, NotFound
from muster.query.faces import Face
from muster.query.nodes import Term
from muster.query.rules import EMPTY
from muster.service import resolve
from muster.service.save.commands import Ref
from muster.service.save.saving import save
from muster.service.workspace import Workspace
from tests.integration.save.said import change, domain, dsl, keys, listed, made, product, read, ref, relate, table

HOME = Ref("DataDomain", "-1")


@pytest.fixture
def sold(work: Workspace) -> Entity:
    """A product."""
    return made(work, domain("Marketing"), product("Reach", HOME))[1]


def test_selection(work: Workspace, sold: Entity) -> None:
    """The query is kept to the letter, and is the product's selection."""
    stored = work.record.product(sold.guid)
    assert sold.attributes["dataProductAssetsDSL"] == stored.selection.text == dsl()
    assert (stored.selection.face, stored.selection.revision) == (Face.DSL, 1)
    assert stored.selection.node.filter == (Term("__typeName.keyword", "Table"),)  # type: ignore[union-attr]


def test_revisions(work: Workspace, sold: Entity) -> None:
    """A revision is made when the query changes, and only then."""
    save(work, [change(sold, dataProductAssetsDSL=dsl(), description="x")])
    assert work.record.product(sold.guid).selection.revision == 1
    (updated,) = save(work, [change(sold, dataProductAssetsDSL=dsl("View"))]).updated
    assert updated.attributes["dataProductAssetsDSL"] == dsl("View")
    assert [one.text for one, *_ in work.record.revisions(sold.guid)] == [dsl("View"), dsl()]


def test_playbook_filter(work: Workspace, sold: Entity) -> None:
    """A playbook filter is kept to the letter; the query stays the one that counts."""
    rules = '{"condition": "AND", "isGroupLocked": false, "rules": [{"operand": "name"}]}'
    (updated,) = save(work, [change(sold, dataProductAssetsPlaybookFilter=rules)]).updated
    assert updated.attributes["dataProductAssetsPlaybookFilter"] == rules
    assert work.record.product(sold.guid).selection.revision == 1


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("no query", ""),
        ("{}", ""),
        ('{"query": {"dsl": {"query": {"bool": {"filter": [{"term": {}}]}}}}}', "/query/dsl/query/bool/filter/0/term"),
    ],
)
def test_unreadable_selection(work: Workspace, sold: Entity, text: str, path: str) -> None:
    """A query that cannot be read is refused with its place, and nothing is written."""
    position = work.record.position()
    with pytest.raises(InvalidInput) as raised:
        save(work, [table("orders"), change(sold, dataProductAssetsDSL=text)])
    assert isinstance(raised.value, InvalidSelection)
    assert raised.value.path == f"/entities/0/attributes/dataProductAssetsDSL{path}"
    assert work.record.position() == position


def test_unknown_fields_are_let_through(work: Workspace, sold: Entity) -> None:
    """A query may ask for fields that nothing has yet."""
    text = '{"query": {"dsl": {"query": {"term": {"notYet": "x"}}}}}'
    assert save(work, [change(sold, dataProductAssetsDSL=text)]).updated


def test_a_product_may_begin_without_a_query(work: Workspace) -> None:
    """It has no members until somebody says which; its first query is the second revision."""
    _, spread = save(work, [domain("Sales"), product("Spread", HOME, dataProductAssetsDSL=None)]).created
    assert "dataProductAssetsDSL" not in spread.attributes
    assert not resolve.live_members(work, work.record.product(spread.guid))

    save(work, [change(spread, dataProductAssetsDSL=dsl())])
    assert work.record.product(spread.guid).selection.revision == 2


def test_a_product_keeps_a_query(work: Workspace, sold: Entity) -> None:
    """Once it has one, it can be replaced, and not be taken away: the product would be empty all at once."""
    with pytest.raises(InvalidInput, match="cannot do without its query"):
        save(work, [change(sold, dataProductAssetsDSL=None)])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, ("Active", "Private")),
        ({"daapStatus": None, "daapVisibility": []}, ("Active", "Private")),
        ({"daapStatus": "Draft", "daapVisibility": "Public"}, ("Draft", "Public")),
        ({"dataProductStatus": "Active"}, ("Active", "Private")),
        ({"dataProductStatus": "Sunset", "daapStatus": "Draft"}, ("Draft", "Private")),
    ],
)
def test_defaults(work: Workspace, said: dict[str, Any], expected: tuple[str, str]) -> None:
    """A new product is active and private, and has an empty playbook filter, unless it says otherwise."""
    (_, one) = made(work, domain("Marketing"), product("Reach", HOME, **said))
    assert (one.attributes["daapStatus"], one.attributes["daapVisibility"]) == expected
    assert one.attributes["dataProductAssetsPlaybookFilter"] == EMPTY


def test_ports_by_relationship(work: Workspace, sold: Entity) -> None:
    """Ports that are stated as relationships are listed by guid too, whichever side states them."""
    orders, customers = made(work, table("orders"), table("customers"))
    save(work, [relate(sold, outputPorts=[ref(orders)])])
    assert read(work, sold).attributes["daapOutputPortGuids"] == [orders.guid]
    mutation = save(work, [relate(customers, outputPortDataProducts=[ref(sold)])])
    assert listed(mutation) == {"updated": ["customers"]}
    assert read(work, sold).relationships["outputPorts"] == keys(orders, customers)
    assert read(work, sold).attributes["daapOutputPortGuids"] == [orders.guid, customers.guid]
    save(work, [relate(sold, outputPorts=[])])
    assert "daapOutputPortGuids" not in read(work, sold).attributes


def test_ports_by_guid(work: Workspace, sold: Entity) -> None:
    """Ports that are listed by guid are relationships too; an unknown one is refused with its place."""
    (orders,) = made(work, table("orders"))
    save(work, [change(sold, daapInputPortGuids=[orders.guid])])
    assert read(work, sold).relationships["inputPorts"] == keys(orders)
    assert listed(save(work, [change(sold, daapInputPortGuids=[orders.guid])])) == {}
    with pytest.raises(NotFound) as raised:
        save(work, [change(sold, daapInputPortGuids=[orders.guid, "gone"])])
    assert raised.value.path == "/entities/0/attributes/daapInputPortGuids/1"
    save(work, [change(sold, daapInputPortGuids=None)])
    assert "inputPorts" not in read(work, sold).relationships


def test_product_as_read(work: Workspace, sold: Entity) -> None:
    """A product that is sent back with everything that was read of it does not change."""
    made(work, table("orders"))
    save(work, [replace(change(sold), attributes={**sold.attributes, "certificateUpdatedAt": 5})])
    assert read(work, sold) == sold


def test_update_lists_the_product_alone(work: Workspace, sold: Entity) -> None:
    """Updating a product lists nothing but the product."""
    assert listed(save(work, [change(sold, dataProductAssetsDSL=dsl("View"))])) == {"updated": ["Reach"]}
