"""Pins and exclusions: one for each asset of a product."""

from dataclasses import replace

import pytest

from muster.errors import NotFound
from muster.membership import Decision, Standing
from muster.record import SqlRecord
from tests.integration.record.samples import made, tables

PIN = Standing(Decision.PIN, 2, "für das Audit", "ann", 10)
EXCLUSION = Standing(Decision.EXCLUSION, 1, "broken", "bob", 11, expires_at=99)


def test_standings_come_back_in_order_of_asset(record: SqlRecord) -> None:
    """Per product; products without any are left out."""
    record.write(tables(3), by="ann", at=1)
    one, two, none = (made(record, name).entity.guid for name in ("one", "two", "none"))
    record.put_standings(one, [PIN, EXCLUSION])
    record.put_standings(two, [PIN])
    assert record.standings([two, none, one, "nobody"]) == {one: (EXCLUSION, PIN), two: (PIN,)}
    assert record.standings([]) == {}


def test_later_standing_replaces_the_one_before(record: SqlRecord) -> None:
    """An asset is either pinned or excluded; of several at once the last counts."""
    record.write(tables(3), by="ann", at=1)
    guid = made(record, "p").entity.guid
    record.put_standings(guid, [PIN, EXCLUSION])
    over = Standing(Decision.EXCLUSION, 2, "no longer", "cy", 20)
    record.put_standings(guid, [PIN, over])
    assert record.standings([guid])[guid] == (EXCLUSION, over)


def test_withdrawn_standings_are_counted_and_kept(record: SqlRecord) -> None:
    """What did not stand does not count, other products keep theirs, and who ended one stays on record."""
    record.write(tables(3), by="ann", at=1)
    one, two = made(record, "one").entity.guid, made(record, "two").entity.guid
    record.put_standings(one, [PIN, EXCLUSION])
    record.put_standings(two, [PIN])
    assert record.withdraw_standings(one, [2, 3, 77], by="cy", at=30) == 1
    assert record.withdraw_standings(one, [2], by="dan", at=40) == 0
    ended = replace(PIN, withdrawn_at=30, withdrawn_by="cy")
    assert record.standings([one, two]) == {one: (EXCLUSION, ended), two: (PIN,)}
    assert (ended.holds(29), ended.holds(30)) == (True, False)


def test_unknown_names_change_nothing(record: SqlRecord) -> None:
    """Neither an unknown product nor an unknown asset; the known asset beside it is not stored either."""
    record.write(tables(3), by="ann", at=1)
    guid = made(record, "p").entity.guid
    with pytest.raises(NotFound, match="there is no entity with ordinal 77"):
        record.put_standings(guid, [PIN, Standing(Decision.PIN, 77, "r", "ann", 10)])
    with pytest.raises(NotFound, match="there is no product `nobody`"):
        record.put_standings("nobody", [PIN])
    assert record.standings([guid]) == {}
