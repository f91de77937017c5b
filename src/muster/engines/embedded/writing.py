"""Whole batches into the index: rows replaced, tables and columns grown as needed, all in one transaction."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import pyarrow as pa
from pyroaring import BitMap

from muster.engines.embedded.batch import Sheet, sheets
from muster.engines.embedded.bitmaps import to_arrow, union_of_chunks
from muster.engines.embedded.layout import ASSETS, ROOT, Layout, statements
from muster.engines.embedded.store import State, Store, View
from muster.errors import EngineUnavailable
from muster.indexing import IndexedAsset

Batch = Mapping[int, IndexedAsset | None]
"""Assets by ordinal; None takes one out."""


def write(
    store: Store,
    batch: Batch,
    position: int,
    *,
    found: Mapping[str, str] | None = None,
    versions: Mapping[int, int] | None = None,
) -> None:
    """Replace the rows of a batch and remember its position; an older position changes nothing.

    `found` are all names that documents have brought so far, None when they are those of before. Where an asset has a
    newer version than that in `versions`, by ordinal, it stays as it is; without one it is 0.
    """
    with store.write() as view:
        if position < view.state.position:
            return
        told = versions or {}
        stale = _stale(view, {ordinal: told.get(ordinal, 0) for ordinal in batch})
        laid_out = sheets(
            (ordinal, asset) for ordinal, asset in batch.items() if asset is not None and ordinal not in stale
        )
        layout = _grow(view, laid_out.values())
        gone = BitMap(batch) - stale
        _delete(view, gone & view.state.universe)
        for sheet in laid_out.values():
            _insert(view, layout, sheet, told)
        universe = (view.state.universe - gone) | BitMap(laid_out[ROOT].ordinals)
        store.commit(view, State(layout, universe, position, found or view.state.found, view.state.owner))


def _stale(view: View, versions: Mapping[int, int]) -> BitMap:
    """Return the assets that have a newer version than the one given for them."""
    known = BitMap(versions) & view.state.universe
    if not known:
        return known
    offered = pa.table({"ordinal": to_arrow(known), "version": pa.array([versions[one] for one in known], pa.int64())})
    with view.given("offered", offered):
        newer = "SELECT ordinal FROM assets JOIN offered USING (ordinal) WHERE assets.version > offered.version"
        return union_of_chunks(view.arrow(newer)["ordinal"])


def claim(store: Store, owner: str) -> None:
    """Remember whose index this is, unless it is somebody's."""
    with store.write() as view:
        if view.state.owner is None:
            store.commit(view, replace(view.state, owner=owner))


def clear(store: Store) -> None:
    """Take every row, table and column out and set the position to 0; what cannot be used is replaced."""
    try:
        _empty(store)
    except EngineUnavailable:
        store.renew()


def _empty(store: Store) -> None:
    with store.write() as view:
        for table in view.state.layout.tables.values():
            view.cursor.execute(f"DROP TABLE {table.name}")
        view.cursor.execute(f"CREATE TABLE {ASSETS.name} (ordinal UINTEGER, guid VARCHAR, version BIGINT)")
        store.commit(view, State())


def _grow(view: View, laid_out: Collection[Sheet]) -> Layout:
    before = view.state.layout
    parents = {sheet.path: sheet.parent for sheet in laid_out}
    after = before.grown(parents, [need for sheet in laid_out for need in sheet.needs()])
    for statement in statements(before, after):
        view.cursor.execute(statement)
    return after


def _delete(view: View, ordinals: BitMap) -> None:
    if not ordinals:
        return
    with view.given("gone", pa.table({"ordinal": to_arrow(ordinals)})):
        for table in view.state.layout.tables.values():
            view.cursor.execute(f"DELETE FROM {table.name} WHERE ordinal IN (SELECT ordinal FROM gone)")


def _insert(view: View, layout: Layout, sheet: Sheet, versions: Mapping[int, int]) -> None:
    if not sheet.ordinals:
        return
    rows = sheet.table(layout)
    if sheet.path == ROOT:
        rows = rows.append_column("version", pa.array([versions.get(one, 0) for one in sheet.ordinals], pa.int64()))
    with view.given("batch", rows):
        view.cursor.execute(f"INSERT INTO {layout.tables[sheet.path].name} BY NAME SELECT * FROM batch")
