"""Pins and exclusions: one that stands for each asset of a product, and those that stood before."""

from dataclasses import replace

import pytest

from muster.errors import NotFound
from muster.membership import Decision, Standing
from muster.record import SqlRecord
from tests.integration.record.samples import made, tables

PIN = Standing(Decision.PIN, 2, "für das Audit", "ann", 10)
EXCLUSION = Standing(Decision.EXCLUSION, 1, "broken", "bob", 11, expires_at=99)


def kept(standing: Standing, version: int = 2, **ended: object) -> Standing:
    """Return a standing as it comes back: with the version of its product that it made, the first after its creation."""
    return replace(standing, version=version, **ended)  # type: ignore[arg-type]


def test_standings_come_back_in_order_of_asset(record: SqlRecord) -> None:
    """Per product; products without any are left out."""
    record.write(tables(3), by="ann", at=1)
    one, two, none = (made(record, name).entity.guid for name in ("one", "two", "none"))
    record.decide(one, [PIN, EXCLUSION], by="ann", at=11)
    record.decide(two, [PIN], by="ann", at=11)
    assert record.standings([two, none, one, "nobody"]) == {one: (kept(EXCLUSION), kept(PIN)), two: (kept(PIN),)}
    assert record.standings([]) == {}


def test_later_standing_takes_the_place_of_the_one_before(record: SqlRecord) -> None:
    """An asset is either pinned or excluded; of several at once the last counts. What stood stays on record."""
    record.write(tables(3), by="ann", at=1)
    guid = made(record, "p").entity.guid
    record.decide(guid, [PIN, EXCLUSION], by="ann", at=11)
    over = Standing(Decision.EXCLUSION, 2, "no longer", "cy", 20)
    assert record.decide(guid, [PIN, over], by="cy", at=20) == 1
    ended = kept(PIN, withdrawn_at=20, withdrawn_by="cy", withdrawn_version=3)
    assert record.standings([guid])[guid] == (kept(EXCLUSION), ended, kept(over, 3))
    assert (ended.holds(19), ended.holds(20)) == (True, False)


def test_withdrawn_standings_are_counted_and_kept(record: SqlRecord) -> None:
    """What did not stand does not count, other products keep theirs, and who ended one stays on record."""
    record.write(tables(3), by="ann", at=1)
    one, two = made(record, "one").entity.guid, made(record, "two").entity.guid
    record.decide(one, [PIN, EXCLUSION], by="ann", at=11)
    record.decide(two, [PIN], by="ann", at=11)
    assert record.decide(one, (), [2, 3, 77], by="cy", at=30) == 1
    assert record.decide(one, (), [2], by="dan", at=40) == 0
    ended = kept(PIN, withdrawn_at=30, withdrawn_by="cy", withdrawn_version=3)
    assert record.standings([one, two]) == {one: (kept(EXCLUSION), ended), two: (kept(PIN),)}


def test_standings_about_assets_come_by_product(record: SqlRecord) -> None:
    """Of these assets alone, whichever products decided; those that expired are told, those that were withdrawn not."""
    record.write(tables(3), by="ann", at=1)
    one, two, three = (made(record, name).entity.guid for name in ("one", "two", "three"))
    record.decide(one, [PIN, EXCLUSION], by="ann", at=11)
    record.decide(two, [PIN], by="ann", at=11)
    record.decide(three, [PIN], by="ann", at=11)
    record.decide(three, (), [2], by="cy", at=30)

    assert record.standings_about([2]) == {one: (kept(PIN),), two: (kept(PIN),)}
    assert record.standings_about([1, 2, 77]) == {one: (kept(EXCLUSION), kept(PIN)), two: (kept(PIN),)}
    assert record.standings_about([]) == {}


def test_a_decision_is_a_version_of_its_product(record: SqlRecord) -> None:
    """It says what the one before said, is signed and dated, and is told to whoever follows changes; nothing is none."""
    record.write(tables(3), by="ann", at=1)
    product = made(record, "p").entity
    position = record.position()
    record.decide(product.guid, [PIN], [1], by="cy", at=30)
    record.decide(product.guid, (), [1], by="dan", at=40)
    now = record.product("p").entity
    assert now == replace(product, version=2, updated_by="cy", updated_at=30)
    assert [change.ordinal for change in record.changes(position, 9)] == [now.ordinal]
    assert record.versions(product.guid, limit=9) == [now, product]


def test_unknown_names_change_nothing(record: SqlRecord) -> None:
    """Neither an unknown product nor an unknown asset; the known asset beside it is not stored either."""
    record.write(tables(3), by="ann", at=1)
    guid = made(record, "p").entity.guid
    with pytest.raises(NotFound, match="there is no entity with ordinal 77"):
        record.decide(guid, [PIN, Standing(Decision.PIN, 77, "r", "ann", 10)], by="ann", at=11)
    with pytest.raises(NotFound, match="there is no product `nobody`"):
        record.decide("nobody", [PIN], by="ann", at=11)
    assert record.standings([guid]) == {}
