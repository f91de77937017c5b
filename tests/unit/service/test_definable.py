"""What parts of typedefs may hold."""

from __future__ import annotations

from typing import Any

import pytest

from muster.errors import InvalidInput
from muster.service.definable import refuse_unreadable

READABLE: dict[str, Any] = {
    "description": None,
    "cardinality": "SET",
    "ordinal": 3,
    "valuesMaxCount": 1.0,
    "enumValues": ["a"],
    "anything": [{}],
    "options": {"multiValueSelect": "true", "allowSearch": False, "maxStrLength": "100", "color": 7},
}


def test_what_clients_read_is_taken() -> None:
    """Truth values as text too, and everything that nobody knows."""
    refuse_unreadable(READABLE, "/defs/0")


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"description": []}, "/description"),
        ({"cardinality": "MANY"}, "/cardinality"),
        ({"cardinality": []}, "/cardinality"),
        ({"ordinal": "3"}, "/ordinal"),
        ({"ordinal": 1e308}, "/ordinal"),
        ({"enumValues": "a"}, "/enumValues"),
        ({"isOptional": 5}, "/isOptional"),
        ({"options": ""}, "/options"),
        ({"options": {"multiValueSelect": []}}, "/options/multiValueSelect"),
    ],
)
def test_what_keeps_clients_from_reading_is_refused(said: dict[str, Any], path: str) -> None:
    """It would keep them from reading any typedef."""
    with pytest.raises(InvalidInput) as raised:
        refuse_unreadable(said, "/defs/0")

    assert raised.value.path == f"/defs/0{path}"
