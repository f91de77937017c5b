"""One page of a result: its order, and going on after a hit."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from pyroaring import BitMap

from muster.engines.embedded.bitmaps import to_arrow
from muster.engines.embedded.layout import ROOT, Layout, Shape
from muster.engines.embedded.sql import Condition, fits
from muster.engines.embedded.store import View
from muster.errors import InvalidInput, UnsupportedClause
from muster.protocols import Found, Hit, Page, Sort


def found(view: View, condition: Condition, page: Page, within: BitMap | None) -> Found:
    """Return one page of the assets that satisfy a condition, and their exact number."""
    if within is None:
        return _found(view, condition, page)
    with view.given("within_set", pa.table({"ordinal": to_arrow(within)})):
        text = f"({condition.text}) AND assets.ordinal IN (SELECT ordinal FROM within_set)"
        return _found(view, Condition(text, condition.values), page)


def _found(view: View, condition: Condition, page: Page) -> Found:
    total: int = view.rows(f"SELECT count(*) FROM assets WHERE {condition.text}", condition.values)[0][0]
    keys = [_key(view.state.layout, sort) for sort in page.sort]
    columns = "".join(f", {key} AS k{number}" for number, key in enumerate(keys))
    after = _after(page, view.state.layout)
    query = (
        f"SELECT * FROM (SELECT ordinal{columns} FROM assets WHERE {condition.text}) "
        f"WHERE {after.text} ORDER BY {_order(page.sort)} LIMIT ?"
    )
    rows = view.rows(query, [*condition.values, *after.values, page.size])
    return Found(total, tuple(Hit(ordinal, (*values, ordinal)) for ordinal, *values in rows))


def _key(layout: Layout, sort: Sort) -> str:
    """Return what an asset is ordered by: of several values the least, or the greatest when descending."""
    column = layout.column(sort.field, ROOT)
    if column is None:
        return "NULL::BIGINT"
    match column.shape:
        case Shape.SCALAR:
            return column.name
        case Shape.LIST:
            return f"list_{'max' if sort.descending else 'min'}({column.name})"
        case Shape.TEXT:
            raise UnsupportedClause(f"`{sort.field}` is text and has no order", hint="sort by its `.keyword` field")


def _order(sorts: Sequence[Sort]) -> str:
    keys = [f"k{number} {'DESC' if sort.descending else 'ASC'} NULLS LAST" for number, sort in enumerate(sorts)]
    return ", ".join([*keys, "ordinal"])


def _after(page: Page, layout: Layout) -> Condition:
    """Return the condition that holds for what comes after a hit: further in the first key that differs."""
    if page.after is None:
        return Condition("TRUE")
    if len(page.after) != len(page.sort) + 1:
        raise InvalidInput(f"`after` needs {len(page.sort) + 1} values, got {len(page.after)}")
    for sort, value in zip(page.sort, page.after, strict=False):
        column = layout.column(sort.field, ROOT)
        if column is not None and not fits(value, column.type):
            raise InvalidInput(f"`after` has no value of `{sort.field}`", hint="pass on that of the page before")
    condition = Condition("ordinal > ?", (page.after[-1],))
    for number in reversed(range(len(page.sort))):
        condition = _further(f"k{number}", page.after[number], condition, descending=page.sort[number].descending)
    return condition


def _further(key: str, value: Any, rest: Condition, *, descending: bool) -> Condition:
    """Missing values come last: after a value comes what is beyond it or missing, after a missing one only `rest`."""
    if value is None:
        return Condition(f"{key} IS NULL AND ({rest.text})", rest.values)
    beyond = f"{key} {'<' if descending else '>'} ? OR {key} IS NULL"
    return Condition(f"{beyond} OR ({key} = ? AND ({rest.text}))", (value, value, *rest.values))
