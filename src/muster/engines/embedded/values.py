"""The values of one field: their counts, and the words that a fuzzy term or an open phrase may stand for."""

from typing import Any

import pyarrow as pa
from pyroaring import BitMap

from muster.analysis.numbers import written
from muster.engines.embedded.bitmaps import to_arrow
from muster.engines.embedded.layout import ROOT, Column, Layout, Shape
from muster.engines.embedded.store import View
from muster.protocols import Digest


def tally(view: View, field: str, limit: int, members: BitMap | None = None) -> list[tuple[Any, int]]:
    """Count assets by the values of a field, most frequent first, then by value; `members` narrows to a set."""
    column = view.state.layout.columns.get(field)
    if column is None:
        return []
    if members is None:
        return _counted(view, column, "", limit)
    with view.given("members", pa.table({"ordinal": to_arrow(members)})):
        return _counted(view, column, "WHERE ordinal IN (SELECT ordinal FROM members)", limit)


def vocabulary(view: View, field: str) -> list[str]:
    """Return the distinct terms of a field, in no order."""
    column = view.state.layout.columns.get(field)
    if column is None:
        return []
    query = f"SELECT DISTINCT value FROM {_pairs(view.state.layout, column)} WHERE value IS NOT NULL"
    return list(view.arrow(query)["value"].to_pylist())


def digests(view: View, field: str, span: int) -> dict[int, Digest]:
    """Return how many assets each range of `span` ordinals has, and the sum of a whole-number field."""
    column = view.state.layout.columns.get(field)
    value = "0" if column is None else f"coalesce({column.name}, 0)"
    query = f"SELECT ordinal // ?, count(*), sum({value})::BIGINT FROM assets GROUP BY ALL"
    return {number: Digest(count, checksum) for number, count, checksum in view.rows(query, [span])}


def _counted(view: View, column: Column, condition: str, limit: int) -> list[tuple[Any, int]]:
    """Count rows where a row has a value once, and assets where a nested object or a text may repeat it."""
    repeats = column.path != ROOT or column.shape is Shape.TEXT
    count = "count(DISTINCT ordinal)" if repeats else "count(*)"
    pairs = f"(SELECT * FROM {_pairs(view.state.layout, column)} {condition})"
    ordered = f"GROUP BY value ORDER BY {count} DESC, value LIMIT ?"
    return [
        (written(value), number)
        for value, number in view.rows(f"SELECT value, {count} FROM {pairs} WHERE value IS NOT NULL {ordered}", [limit])
    ]


def _pairs(layout: Layout, column: Column) -> str:
    value = column.name if column.shape is Shape.SCALAR else f"unnest({column.name})"
    return f"(SELECT ordinal, {value} AS value FROM {layout.tables[column.path].name})"
