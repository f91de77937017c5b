"""Whole batches into the index: rows replaced, tables and columns grown as needed, all in one transaction."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import pyarrow as pa
from pyroaring import BitMap

from muster.engines.embedded.batch import Sheet, sheets
from muster.engines.embedded.bitmaps import to_arrow
from muster.engines.embedded.layout import ASSETS, ROOT, Layout, statements
from muster.engines.embedded.store import State, Store, View
from muster.errors import EngineUnavailable
from muster.indexing import IndexedAsset

Batch = Mapping[int, IndexedAsset | None]
"""Assets by ordinal; None takes one out."""


def write(store: Store, batch: Batch, position: int, found: Mapping[str, str] | None = None) -> None:
    """Replace the rows of a batch and remember its position; an older position changes nothing.

    `found` are all names that documents have brought so far, None when they are those of before.
    """
    with store.write() as view:
        if position < view.state.position:
            return
        laid_out = sheets((ordinal, asset) for ordinal, asset in batch.items() if asset is not None)
        layout = _grow(view, laid_out.values())
        _delete(view, BitMap(batch) & view.state.universe)
        for sheet in laid_out.values():
            _insert(view, layout, sheet)
        universe = (view.state.universe - BitMap(batch)) | BitMap(laid_out[ROOT].ordinals)
        owner = view.state.owner
        store.commit(view, State(layout, universe, position, found or view.state.found, owner))


def claim(store: Store, owner: str) -> None:
    """Remember whose index this is."""
    with store.write() as view:
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
        view.cursor.execute(f"CREATE TABLE {ASSETS.name} (ordinal UINTEGER, guid VARCHAR)")
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


def _insert(view: View, layout: Layout, sheet: Sheet) -> None:
    if not sheet.ordinals:
        return
    with view.given("batch", sheet.table(layout)):
        view.cursor.execute(f"INSERT INTO {layout.tables[sheet.path].name} BY NAME SELECT * FROM batch")
