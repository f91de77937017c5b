"""What all products ask for, read without the products themselves."""

import pytest

from muster.catalog.product import Face, Outline, Selection
from muster.record import SqlRecord
from tests.integration.record.samples import made, product

WORDY = Selection(
    text="tag:größe", face=Face.SHORTHAND, wire='{"term":{"__traitNames":"🦆"}}', digest="f" * 64, revision=1
)


def test_outlines_have_the_current_selection(record: SqlRecord) -> None:
    """With the number of its revision; the name is the one that the product goes by."""
    first = made(record, "Bestellgröße", "d")
    record.update_product(first.entity.guid, first.entity.draft(), WORDY, revision=1, by="bob", at=20)

    assert list(record.outlines()) == [
        Outline(
            first.entity.ordinal, first.entity.guid, "Bestellgröße", first.entity.key.qualified_name, 2, WORDY.wire
        ),
    ]


def test_outlines_stream_in_order_of_name(record: SqlRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """As products do: by code point, over several chunks, equal names by age; DELETED ones are left out."""
    monkeypatch.setattr("muster.record.products.BATCH", 2)
    for place, name in enumerate(["b", "a", "é", "Z", "b", "z", "a"]):
        made(record, name, domain=str(place))
    record.delete_product(record.product("z").entity.guid, by="ann", at=2)

    assert [one.guid for one in record.outlines()] == [one.entity.guid for one in record.products()]
    assert [one.name for one in record.outlines()] == ["Z", "a", "a", "b", "b", "é"]


def test_a_record_without_products_has_none(record: SqlRecord) -> None:
    """What is deleted is none, and entities of other types are none."""
    gone = record.create_product(product("gone"), WORDY, by="ann", at=1)
    record.delete_product(gone.entity.guid, by="ann", at=2)

    assert list(record.outlines()) == []
