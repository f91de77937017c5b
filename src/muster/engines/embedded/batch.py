"""A batch of indexed assets as Arrow tables, one per path."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

import pyarrow as pa

from muster.engines.embedded.layout import ROOT, Column, Layout, Need, Shape, Type
from muster.indexing import IndexedAsset, IndexedValue, Tokens

OBJECT_BITS = 20
"""Objects of one asset and path are numbered within so many bits below its ordinal."""

ARROW: Mapping[Type, pa.DataType] = {
    Type.STRING: pa.string(),
    Type.WHOLE: pa.int64(),
    Type.FRACTION: pa.float64(),
    Type.TRUTH: pa.bool_(),
}


@dataclass(slots=True)
class Sheet:
    """The rows of one path: their keys, and the cells of each field by row."""

    path: str
    parent: str = ROOT
    ordinals: list[int] = field(default_factory=list)
    guids: list[str] = field(default_factory=list)
    objects: list[int] = field(default_factory=list)
    parents: list[int | None] = field(default_factory=list)
    cells: dict[str, dict[int, IndexedValue]] = field(default_factory=dict)

    def needs(self) -> list[Need]:
        """Say what each field asks of its column."""
        return [_need(self.path, name, list(cells.values())) for name, cells in self.cells.items()]

    def table(self, layout: Layout) -> pa.Table:
        """Return the rows with the columns of a layout that has grown to hold them."""
        columns = self._keys()
        for name, cells in self.cells.items():
            columns |= _arrays(layout.columns[name], [cells.get(row) for row in range(len(self.ordinals))])
        return pa.table(columns)

    def _keys(self) -> dict[str, pa.Array]:
        ordinals = {"ordinal": pa.array(self.ordinals, pa.uint32())}
        if self.path == ROOT:
            return ordinals | {"guid": pa.array(self.guids, pa.string())}
        return ordinals | {
            "object": pa.array(self.objects, pa.int64()),
            "parent": pa.array(self.parents, pa.int64()),
        }


def sheets(assets: Iterable[tuple[int, IndexedAsset]]) -> dict[str, Sheet]:
    """Lay a batch out by path: the assets under `ROOT`, their nested objects under theirs."""
    found = {ROOT: Sheet(ROOT)}
    for ordinal, asset in assets:
        _add(found, found[ROOT], ordinal, None, asset)
    return found


def _add(found: dict[str, Sheet], sheet: Sheet, ordinal: int, parent: int | None, asset: IndexedAsset) -> None:
    row = len(sheet.ordinals)
    number = (ordinal << OBJECT_BITS) + _siblings(sheet, ordinal)
    sheet.ordinals.append(ordinal)
    sheet.guids.append(asset.guid)
    sheet.objects.append(number)
    sheet.parents.append(parent)
    for name, value in asset.values.items():
        try:
            sheet.cells[name][row] = value
        except KeyError:
            sheet.cells[name] = {row: value}
    for path, objects in asset.nested.items():
        below = found.setdefault(path, Sheet(path, sheet.path))
        for one in objects:
            _add(found, below, ordinal, number, one)


def _siblings(sheet: Sheet, ordinal: int) -> int:
    """Count the objects of the same asset that stand before; rows of one asset are neighbours."""
    if not sheet.ordinals or sheet.ordinals[-1] != ordinal:
        return 0
    return (sheet.objects[-1] & ((1 << OBJECT_BITS) - 1)) + 1


def _need(path: str, name: str, cells: list[IndexedValue]) -> Need:
    values = [cell for cell in cells if type(cell) is tuple]
    if not values:
        return Need(name, path, frozenset({str}), text=True)
    types = frozenset(map(type, chain.from_iterable(values)))
    return Need(name, path, types, many=max(map(len, values)) > 1, text=len(values) < len(cells))


def _arrays(column: Column, cells: list[IndexedValue | None]) -> dict[str, pa.Array]:
    kind = ARROW[column.type]
    match column.shape:
        case Shape.SCALAR:
            return {column.name: pa.array([cell[0] if cell else None for cell in cells], kind)}  # type: ignore[index]
        case Shape.LIST:
            return {column.name: pa.array(cells, pa.list_(kind))}
        case Shape.TEXT:
            return _text(column, [cell if isinstance(cell, Tokens) else None for cell in cells])


def _text(column: Column, cells: list[Tokens | None]) -> dict[str, pa.Array]:
    return {
        column.name: pa.array([cell and cell.terms for cell in cells], pa.list_(pa.string())),
        column.positions: pa.array([cell and cell.positions for cell in cells], pa.list_(pa.int32())),
    }
