"""One page of a result: its order, and going on after a hit."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from pyroaring import BitMap

from muster.engines.embedded.bitmaps import to_arrow
from muster.engines.embedded.layout import ROOT, Layout, Shape
from muster.engines.embedded.sql import FALSE, Condition, fits
from muster.engines.embedded.store import View
from muster.errors import InvalidInput, UnsupportedClause
from muster.protocols import Found, Hit, Page
from muster.query.sorting import Sort


def found(view: View, condition: Condition, page: Page, within: BitMap | None) -> Found:
    """Return one page of the assets that satisfy a condition, and their exact number."""
    if within is None:
        return _found(view, condition, page)
    with view.given("within_set", pa.table({"ordinal": to_arrow(within)})):
        text = f"({condition.text}) AND assets.ordinal IN (SELECT ordinal FROM within_set)"
        return _found(view, Condition(text, condition.values), page)


def _found(view: View, condition: Condition, page: Page) -> Found:
    total: int = view.rows(f"SELECT count(*) FROM assets WHERE {condition.text}", condition.values)[0][0]
    keys = [key(view.state.layout, sort) for sort in page.sort]
    columns = "".join(f", {one} AS k{number}" for number, one in enumerate(keys))
    after = _after(page, view.state.layout)
    query = (
        f"SELECT * FROM (SELECT ordinal{columns} FROM assets WHERE {condition.text}) "
        f"WHERE {after.text} ORDER BY {order(page.sort)} LIMIT ? OFFSET ?"
    )
    rows = view.rows(query, [*condition.values, *after.values, page.size, page.offset]) if page.size else []
    return Found(total, tuple(Hit(ordinal, (*values, ordinal)) for ordinal, *values in rows))


def key(layout: Layout, sort: Sort) -> str:
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


def order(sorts: Sequence[Sort]) -> str:
    """Return the order by the columns `k0`, `k1` and so on, each a `key`; ties go by ordinal."""
    keys = [f"k{number} {_direction(sort)}" for number, sort in enumerate(sorts)]
    return ", ".join([*keys, "ordinal"])


def _direction(sort: Sort) -> str:
    return f"{'DESC' if sort.descending else 'ASC'} NULLS {'FIRST' if sort.missing_first else 'LAST'}"


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
        condition = _further(f"k{number}", page.sort[number], page.after[number], condition)
    return condition


def _further(key: str, sort: Sort, value: Any, rest: Condition) -> Condition:
    """Return what comes after a value in one key, or is equal in it and comes after in the `rest`."""
    tied = f"{key} IS NOT DISTINCT FROM ? AND ({rest.text})"
    beyond = _beyond(key, sort, value)
    return Condition(f"({beyond.text}) OR ({tied})", (*beyond.values, value, *rest.values))


def _beyond(key: str, sort: Sort, value: Any) -> Condition:
    """Return what comes after a value in one key: missing values come after all others, or before them."""
    if value is None:
        return Condition(f"{key} IS NOT NULL") if sort.missing_first else FALSE
    further = f"{key} {'<' if sort.descending else '>'} ?"
    return Condition(further if sort.missing_first else f"{further} OR {key} IS NULL", (value,))
