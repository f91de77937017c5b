"""Reports and suppositions as JSON, and reports as tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, assert_never

from pyroaring import BitMap

from muster.catalog.entity import Entity
from muster.service.reports.dead import Dead
from muster.service.reports.freshness import Freshness
from muster.service.reports.overlap import Overlap
from muster.service.reports.reported import Reported, Row
from muster.service.reports.unchanging import Unchanging
from muster.service.reports.uncovered import Uncovered
from muster.service.rows import Column
from muster.service.supposing.suppose import MovingProduct, Supposition
from muster.views.products import brief
from muster.views.things import entity, time

Told = dict[str, Any]
PRODUCT: Final = ("guid", "name", "qualifiedName", "dottedName")
COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "overlap": ("one", "other", "common", "ofOne", "ofOther", "jaccard"),
    "unchanging": ("product", "members", "since", "runs", "never"),
    "deadClauses": ("product", "path", "clause", "english", "because"),
    "freshness": ("product", "at", "age", "wanted", "breached", "waits"),
}
"""What the rows of each report say, in order; in a table a product is told by four columns."""


def report(found: Reported) -> Told:
    """Return a report: how many rows there are, and some of them."""
    return {"total": found.total, "data": [_row(one, found.names) for one in found.rows]}


def table(name: str, told: Told) -> tuple[list[Column], Iterator[list[tuple[Any, ...]]]]:
    """Return a report as a table: its columns, and its rows in one batch, none where there are none."""
    shown = [Column(each) for part in COLUMNS[name] for each in _columns(part)]
    flat = [tuple(_flat(one).values()) for one in told["data"]]
    return shown, iter([flat] if flat else [])


def _columns(part: str) -> Iterator[str]:
    yield from (f"{part}.{each}" for each in PRODUCT) if part in {"one", "other", "product"} else (part,)


def _flat(row: Told) -> Told:
    """Return a row whose products are told by columns of their own."""
    found: Told = {}
    for name, value in row.items():
        found |= {f"{name}.{part}": value[part] for part in PRODUCT} if isinstance(value, dict) else {name: value}
    return found


def _row(one: Row, names: Mapping[str, str]) -> Told:
    match one:
        case Overlap():
            return overlap(one, names)
        case Unchanging():
            return unchanging(one, names)
        case Dead():
            return dead(one, names)
        case Freshness():
            return freshness(one, names)
        case _:
            assert_never(one)


def overlap(one: Overlap, names: Mapping[str, str]) -> dict[str, Any]:
    """Return two products that have members in common, given the dotted names of products by guid."""
    return {
        "one": brief(one.one, names),
        "other": brief(one.other, names),
        "common": one.common,
        "ofOne": one.of_one,
        "ofOther": one.of_other,
        "jaccard": round(one.jaccard, 6),
    }


def unchanging(one: Unchanging, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a product whose members do not move."""
    return {
        "product": brief(one.product, names),
        "members": one.members,
        "since": time(one.since),
        "runs": one.runs,
        "never": one.never,
    }


def dead(one: Dead, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a clause that says nothing today."""
    return {
        "product": brief(one.product, names),
        "path": one.path,
        "clause": one.clause,
        "english": one.english,
        "because": one.idle.value,
    }


def freshness(one: Freshness, names: Mapping[str, str]) -> dict[str, Any]:
    """Return how old the stored members of a product are; `age` and `wanted` in seconds."""
    return {
        "product": brief(one.product, names),
        "at": None if one.at is None else time(one.at),
        "age": None if one.age is None else one.age / 1000,
        "wanted": None if one.wanted is None else one.wanted / 1000,
        "breached": one.breached,
        "waits": one.waits,
    }


def uncovered(one: Uncovered, attributes: Sequence[str] = ()) -> dict[str, Any]:
    """Return the assets that no product has."""
    return {
        "total": one.total,
        "of": one.of,
        "byType": dict(one.by_type),
        "data": [entity(asset, attributes) for asset in one.shown],
        "paging": {} if one.next is None else {"next": one.next},
    }


Read = Callable[[list[int]], list[Entity]]
"""Gives assets by ordinal."""


def supposition(one: Supposition, names: Mapping[str, str], read: Read, limit: int) -> Told:
    """Return which products would move, and whom of each move so many, as `read`."""
    data = [_moving(each, names, read, limit) for each in one.told]
    return {"affected": one.affected, "total": len(one.moving), "failed": one.failed, "data": data}


def _moving(one: MovingProduct, names: Mapping[str, str], read: Read, limit: int) -> Told:
    def some(assets: BitMap) -> Told:
        return {"total": len(assets), "assets": [entity(each) for each in read(list(assets[:limit]))]}

    return {"product": brief(one.product, names), "joins": some(one.joins), "leaves": some(one.leaves)}
