"""What a data contract says of itself, and of which asset it is."""

import pytest

from muster.catalog.entity import Key
from muster.service.save.commands import Command
from muster.service.save.rules.contracts import asset_key, is_verified


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, False),
        ({"dataContractJson": '{"status": "VERIFIED"}'}, True),
        ({"dataContractJson": '{"status": "verified"}'}, True),
        ({"dataContractJson": '{"status": "DRAFT"}'}, False),
        ({"dataContractJson": '{"status": 1}'}, False),
        ({"dataContractJson": '["VERIFIED"]'}, False),
        ({"dataContractJson": "status: VERIFIED"}, False),
        ({"dataContractSpec": "kind: DataContract\nstatus: VERIFIED\n"}, True),
        ({"dataContractSpec": "status:   'verified'  # since May\r\n"}, True),
        ({"dataContractSpec": 'status: "DRAFT"'}, False),
        ({"dataContractSpec": "columns:\n  - status: VERIFIED\n"}, False),
        ({"dataContractJson": None, "dataContractSpec": "status: VERIFIED"}, True),
    ],
)
def test_verified(attributes: dict[str, str], *, expected: bool) -> None:
    """The status stands at the top of the JSON or the YAML, in any case."""
    assert is_verified(attributes) is expected


@pytest.mark.parametrize(
    ("type_name", "name", "text", "expected"),
    [
        ("DataContract", "wh/orders/contract", '{"type": "Table"}', Key("Table", "wh/orders")),
        ("DataContract", "wh/orders/contract", "{}", Key("", "wh/orders")),
        ("DataContract", "wh/orders/contract", '{"type": "\\ud800"}', Key("", "wh/orders")),
        ("DataContract", "wh/orders/Table/contract/V2", "{}", Key("Table", "wh/orders")),
        ("DataContract", "wh/orders", '{"type": "Table"}', None),
        ("DataContract", "/contract", '{"type": "Table"}', None),
        ("Table", "wh/orders/contract", '{"type": "Table"}', None),
    ],
)
def test_asset(type_name: str, name: str, text: str, expected: Key | None) -> None:
    """The qualified name tells the asset, the contract or the qualified name its type."""
    command = Command(type_name, qualified_name=name, attributes={"dataContractJson": text})
    assert asset_key(command) == expected
