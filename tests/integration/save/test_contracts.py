"""Data contracts: drafts, versions, and what the asset says of them."""

import json
from collections.abc import Sequence

import pytest

from muster.catalog.entity import Entity, Status
from muster.errors import InvalidInput, NotFound
from muster.service.entities import related
from muster.service.save.commands import Command, Mutation, Removal
from muster.service.save.deleting import delete
from muster.service.save.saving import save
from muster.service.workspace import Workspace
from tests.integration.save.said import keys, listed, made, names, read, table

POINTERS = ("dataContractLatest", "dataContractLatestCertified")


def contract(
    status: str = "DRAFT", *, note: str = "", name: str = "wh/orders/contract", kind: str = "Table"
) -> Command:
    """Return what clients send of the contract of `orders`."""
    text = json.dumps({"type": kind, "status": status, "kind": "DataContract", "dataset": "orders", "note": note})
    said = {"name": "Data contract for orders", "dataContractJson": text, "dataContractSpec": None}
    return Command("DataContract", "-5", name, said, path="/entities/0")


def sent(work: Workspace, status: str, note: str = "") -> Mutation:
    """Save the contract."""
    return save(work, [contract(status, note=note)])


def pointing(work: Workspace, orders: Entity) -> list[str | None]:
    """Return which versions the asset names as the latest, and as the latest certified one."""
    named = [read(work, orders).relationships.get(name, ()) for name in POINTERS]
    return [keys[0].qualified_name.rsplit("/", 1)[1] if keys else None for keys in named]


def has_contract(work: Workspace, orders: Entity) -> bool:
    """Return whether the asset says that it has a contract."""
    return bool(read(work, orders).attributes.get("hasContract"))


@pytest.fixture
def orders(work: Workspace) -> Entity:
    """The asset."""
    return made(work, table("orders"))[0]


def test_first_draft(work: Workspace, orders: Entity) -> None:
    """The first draft is version 1, named below its asset, which is listed and knows it."""
    mutation = sent(work, "DRAFT")
    assert listed(mutation) == {"created": ["Data contract for orders"], "updated": ["orders"]}
    first = mutation.created[0]
    assert first.key.qualified_name == "wh/orders/Table/contract/V1"
    assert (first.attributes["dataContractVersion"], first.attributes["dataContractAssetGuid"]) == (1, orders.guid)
    assert mutation.assigned == {"-5": first.guid}
    assert (pointing(work, orders), has_contract(work, orders)) == (["V1", None], True)
    assert related(work, [first])[first.ordinal]["dataContractAssetLatest"] == [read(work, orders)]


@pytest.mark.parametrize(
    ("steps", "versions", "expected"),
    [
        pytest.param(["DRAFT a", "DRAFT b"], 1, ["V1", None], id="a draft changes"),
        pytest.param(["DRAFT a", "DRAFT a"], 1, ["V1", None], id="a draft is repeated"),
        pytest.param(["DRAFT a", "verified a"], 1, ["V1", "V1"], id="a draft is published"),
        pytest.param(["VERIFIED a", "VERIFIED a"], 1, ["V1", "V1"], id="a verified one is repeated"),
        pytest.param(["VERIFIED a", "DRAFT b"], 2, ["V2", "V1"], id="a draft after a verified one"),
        pytest.param(["VERIFIED a", "DRAFT b", "DRAFT c"], 2, ["V2", "V1"], id="a second draft after it"),
        pytest.param(["VERIFIED a", "DRAFT b", "VERIFIED b"], 2, ["V2", "V2"], id="the second is published"),
        pytest.param(["VERIFIED a", "VERIFIED b", "DRAFT c"], 3, ["V3", "V2"], id="three versions"),
    ],
)
def test_versions(
    work: Workspace, orders: Entity, steps: Sequence[str], versions: int, expected: list[str | None]
) -> None:
    """While the latest version is a draft it changes; after it was verified, whatever differs is the next version."""
    for step in steps:
        status, note = step.split()
        sent(work, status, note)
    assert pointing(work, orders) == expected
    assert len(work.record.under("wh/orders/Table/contract")) == versions


def test_next_version(work: Workspace, orders: Entity) -> None:
    """A version names the one before, and is created, not updated."""
    first = sent(work, "VERIFIED").created[0]
    second = sent(work, "DRAFT").created[0]
    assert second.relationships["dataContractPreviousVersion"] == keys(first)
    assert has_contract(work, orders)


def test_update(work: Workspace, orders: Entity) -> None:
    """A changed draft is updated under its guid, and nothing else is listed."""
    first = sent(work, "DRAFT").created[0]
    mutation = sent(work, "DRAFT", "changed")
    assert listed(mutation) == {"updated": ["Data contract for orders"]}
    assert (mutation.updated[0].guid, mutation.assigned) == (first.guid, {"-5": first.guid})
    assert listed(sent(work, "DRAFT", "changed")) == {}
    assert has_contract(work, orders)


def test_specification(work: Workspace, orders: Entity) -> None:
    """A contract may come as YAML: it takes the place of the JSON."""
    first = sent(work, "DRAFT").created[0]
    spec = "kind: DataContract\nstatus: 'VERIFIED'\ntype: Table\ndataset: orders\n"
    save(work, [Command("DataContract", "-5", "wh/orders/contract", {"name": "Contract", "dataContractSpec": spec})])
    assert pointing(work, orders) == ["V1", "V1"]
    assert "dataContractJson" not in read(work, first).attributes


def test_asset_of_the_request(work: Workspace) -> None:
    """The asset may come with the same request, before the contract."""
    orders, first = made(work, table("orders", "-1"), contract())
    assert first.attributes["dataContractAssetGuid"] == orders.guid
    assert pointing(work, orders) == ["V1", None]


@pytest.mark.parametrize("kind", ["", "table", "View"])
def test_type_is_not_told(work: Workspace, orders: Entity, kind: str) -> None:
    """A contract that tells no type of its asset, or none that it has, is known by the qualified name."""
    first = save(work, [contract(kind=kind)]).created[0]
    assert first.attributes["dataContractAssetGuid"] == orders.guid
    assert first.key.qualified_name == "wh/orders/Table/contract/V1"
    assert listed(save(work, [contract(kind=kind, note="x")])) == {"updated": ["Data contract for orders"]}


def test_refused(work: Workspace, orders: Entity) -> None:
    """A contract needs an asset that is there and in use."""
    with pytest.raises(NotFound) as raised:
        save(work, [contract(name="wh/nothing/contract")])
    assert raised.value.path == "/entities/0/attributes/qualifiedName"
    with pytest.raises(InvalidInput):
        save(work, [contract(name="anything")])
    delete(work, [orders.guid], Removal.SOFT)
    with pytest.raises(NotFound):
        sent(work, "DRAFT")


@pytest.fixture
def versions(work: Workspace, orders: Entity) -> list[Entity]:
    """Two verified versions and a draft after them."""
    steps = ("VERIFIED a", "VERIFIED b", "DRAFT c")
    return [sent(work, *step.split()).created[0] for step in steps if orders.guid]


@pytest.mark.parametrize("number", [0, 2])
def test_purge(work: Workspace, orders: Entity, versions: list[Entity], number: int) -> None:
    """With any version of a contract go all others, and the asset has none any longer; a new one begins at 1."""
    gone = delete(work, [versions[number].guid], Removal.PURGE).deleted
    assert {(one.guid, one.status) for one in gone} == {(one.guid, Status.PURGED) for one in versions}
    assert (pointing(work, orders), has_contract(work, orders)) == ([None, None], False)
    assert sent(work, "DRAFT").created[0].attributes["dataContractVersion"] == 1


def test_purge_latest_only(work: Workspace, orders: Entity, versions: list[Entity]) -> None:
    """The latest version may go alone: the one before is the latest then."""
    for left, expected in ((1, ["V2", "V2"]), (0, ["V1", "V1"]), (None, [None, None])):
        guid = versions[0 if left is None else left + 1].guid
        assert [one.guid for one in delete(work, [guid], Removal.PURGE, latest_only=True).deleted] == [guid]
        assert pointing(work, orders) == expected
    assert not has_contract(work, orders)


def test_archive(work: Workspace, orders: Entity, versions: list[Entity]) -> None:
    """An archived contract is none, and a new one takes the place of its first version."""
    assert len(delete(work, [versions[2].guid], Removal.SOFT).deleted) == 3
    assert not has_contract(work, orders)
    again = sent(work, "VERIFIED", "z").created[0]
    assert (again.guid, again.attributes["dataContractVersion"]) == (versions[0].guid, 1)
    assert sent(work, "DRAFT").created[0].guid == versions[1].guid
    assert pointing(work, orders) == ["V2", "V1"]


def test_asset_goes(work: Workspace, orders: Entity, versions: list[Entity]) -> None:
    """With an asset goes its contract."""
    gone = delete(work, [orders.guid], Removal.PURGE).deleted
    assert {one.guid for one in gone} == {orders.guid, *(one.guid for one in versions)}
    assert names(gone)[0] == "orders"
