"""Standing decisions: pins and exclusions, those that stand and those that stood."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from muster.batches import batches
from muster.errors import NotFound
from muster.membership import Decision, Standing
from muster.record import tables
from muster.record.database import Database
from muster.record.entity_rows import THERE, Stamp, touch
from muster.record.product_rows import active
from muster.record.tables import entities
from muster.record.within import within, within_given

BATCH = 5000

_ALL = (
    select(entities.c.guid, tables.standings)
    .join_from(tables.standings, entities, entities.c.ordinal == tables.standings.c.product)
    .order_by(tables.standings.c.product, tables.standings.c.asset, tables.standings.c.version)
)
_STANDINGS = _ALL.where(within_given(entities.c.guid, "guids"))
_ABOUT = _ALL.where(within_given(tables.standings.c.asset, "ordinals"), tables.standings.c.withdrawn_at.is_(None))


class Standings:
    """The part of the record that holds what was decided by hand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(
        self, guid: str, standings: Sequence[Standing], withdrawn: Collection[int] = (), *, by: str, at: int
    ) -> int:
        """Let decisions stand, each in the place of what stood about its asset, and end what stands about other assets.

        The product gets its next version, unless nothing stood and nothing shall. Of several decisions about one asset
        the last counts. Returns how many ended that had not been ended before.

        Raises:
            NotFound: there is no such ACTIVE product, or one of the assets is not there.
        """
        given = {standing.ordinal: standing for standing in standings}
        with self._database.writing() as connection:
            product = active(connection, guid).entity
            _refuse_unknown(connection, given)
            stamp, version = Stamp(by, at), product.version + 1
            ended = _end(connection, product.ordinal, {*given, *withdrawn}, stamp, version)
            _add(connection, product.ordinal, list(given.values()), version)
            if ended or given:
                touch(connection, product.ordinal, stamp)
            return ended

    def standings(self, guids: Sequence[str]) -> dict[str, tuple[Standing, ...]]:
        """Return pins and exclusions per product, ended ones too, in order of asset and time; products without are left out."""
        return self._by_product(_STANDINGS, "guids", guids)

    def standings_about(self, ordinals: Sequence[int]) -> dict[str, tuple[Standing, ...]]:
        """Return the pins and exclusions of these entities by product, those that expired too, not what was withdrawn."""
        return self._by_product(_ABOUT, "ordinals", ordinals)

    def _by_product(self, query: Select[Any], name: str, values: Sequence[Any]) -> dict[str, tuple[Standing, ...]]:
        found: dict[str, list[Standing]] = defaultdict(list)
        for some in batches(values, BATCH):
            with self._database.reading() as connection:
                for row in connection.execute(query, {name: some}):
                    found[row.guid].append(_standing(row))
        return {guid: tuple(of_one) for guid, of_one in found.items()}


def _refuse_unknown(connection: Connection, given: Collection[int]) -> None:
    known: set[int] = set()
    for some in batches(given, BATCH):
        known.update(connection.scalars(select(entities.c.ordinal).where(within(entities.c.ordinal, some), THERE)))
    if unknown := sorted(set(given) - known):
        raise NotFound(f"there is no entity with ordinal {unknown[0]}")


def _end(connection: Connection, here: int, assets: Collection[int], stamp: Stamp, version: int) -> int:
    """End what stands about assets; return how many there were."""
    rows = tables.standings.c
    ended = update(tables.standings).values(withdrawn_at=stamp.at, withdrawn_by=stamp.by, withdrawn_version=version)
    standing = (rows.product == here) & rows.withdrawn_at.is_(None)
    return sum(
        connection.execute(ended.where(standing & within(rows.asset, some))).rowcount for some in batches(assets, BATCH)
    )


def _add(connection: Connection, here: int, standings: Sequence[Standing], version: int) -> None:
    for some in batches(standings, BATCH):
        connection.execute(insert(tables.standings), [_values(here, standing, version) for standing in some])


def _values(here: int, standing: Standing, version: int) -> dict[str, Any]:
    return {
        "product": here,
        "asset": standing.ordinal,
        "version": version,
        "decision": standing.decision.value,
        "reason": standing.reason,
        "author": standing.by,
        "at": standing.at,
        "expires_at": standing.expires_at,
    }


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        Decision(row.decision),
        row.asset,
        row.reason,
        row.author,
        row.at,
        row.expires_at,
        row.withdrawn_at,
        row.withdrawn_by,
        row.version,
        row.withdrawn_version,
    )
