"""Five assets that the tests ask about."""

from __future__ import annotations

from tests.integration.places import document

EPOCH = 1_000_000_000_000
NAMES = ("customer orders", "orders by customer", "ordres", "invoices", "order")

ASSETS = [
    document(number, version=number, name=name, rows=[number, 10 * number], seen=EPOCH + number * 1000)
    for number, name in enumerate(NAMES, 1)
]
