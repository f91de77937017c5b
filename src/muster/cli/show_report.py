"""Reports as a person reads them: a column for each part of a row, a product by its dotted name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from rich.text import Text

from muster.cli import show
from muster.cli.answering.reporting import DeadClauses, Freshness, OfProducts, Overlap, Unchanging
from muster.cli.terminal import err, out
from muster.client.models import Brief, Moving, Replacement, Report, Supposition, Uncovered
from muster.client.told import Told

NOTHING: Final[Mapping[type[OfProducts], str]] = {
    Freshness: show.NO_PRODUCTS,
    Overlap: "no product has a member in common with another, as last synced",
    Unchanging: "no product has stayed as it is, over more than one run or for so long",
    DeadClauses: "every clause of every selection says something today",
}
PORTS: Final = {None: "members", "inputPorts": "input ports", "outputPorts": "output ports"}
"""What assets that move are to a product."""
SPANS: Final = frozenset(("age", "wanted"))
"""Parts of rows that are seconds."""


def report(found: Report[Any], kind: type[OfProducts]) -> None:
    """Print a report about products; where there is nothing to say, that."""
    if not found.data:
        err.print(NOTHING[kind])
        return
    _table(found.data)
    if len(found.data) < found.total:
        err.print(f"{len(found.data):,} of {found.total:,}; see more with --limit")


def uncovered(found: Uncovered) -> None:
    """Print how many assets no product has, and some of them."""
    out.print(f"{found.total:,} of {found.of:,} assets are in no product")
    show.counts(found.by_type)
    show.assets(found.data)
    if found.paging.next:
        err.print(f"more: --cursor {found.paging.next}")


def supposition(found: Supposition) -> None:
    """Print what would move: how many, and some of each product."""
    out.print(f"{found.affected:,} assets would be otherwise, {found.total:,} products would move")
    for one in found.data:
        out.print(Text(f"{one.product.dotted_name}: +{one.joins.total:,} -{one.leaves.total:,}", style="bold"))
        _moving(one.joins, joined=True)
        _moving(one.leaves, joined=False)
    if found.failed:
        err.print(f"{found.failed:,} selections cannot be evaluated: nobody can say what they would hold")


def replacement(found: Replacement) -> None:
    """Print what a product would gain and lose, some of it, and whom that concerns."""
    out.print(Text(f"{found.product} would be: +{found.joins.total:,} -{found.leaves.total:,}", style="bold"))
    _moving(found.joins, joined=True)
    _moving(found.leaves, joined=False)
    ports, others = found.touches.ports, found.touches.products
    if ports.total or others.total:
        out.print(f"that touches {ports.total:,} by their ports, {others.total:,} by their members")
        rows = ((one.product.dotted_name, PORTS[one.port], one.joins, one.leaves) for one in ports.data + others.data)
        show.table(("PRODUCT", "AS ITS", "JOIN", "LEAVE"), rows, right=(2, 3))


def _moving(some: Moving, *, joined: bool) -> None:
    for asset in some.assets:
        out.print(Text.assemble("  ", show.sign(joined=joined), f" {asset.type_name} {asset.name}"))


def _table(rows: Sequence[Told]) -> None:
    names = list(type(rows[0]).model_fields)
    numbers = [place for place, name in enumerate(names) if any(_is_number(getattr(row, name)) for row in rows)]
    cells = ([_cell(name, getattr(row, name)) for name in names] for row in rows)
    show.table([name.replace("_", " ").upper() for name in names], cells, right=numbers)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(name: str, value: Any) -> str:
    match value:
        case None:
            return "-"
        case Brief():
            return value.dotted_name
        case bool():
            return "yes" if value else "no"
        case datetime():
            return show.when(value)
        case float():
            return show.age(value) if name in SPANS else f"{value:.2f}"
        case int():
            return f"{value:,}"
        case _:
            return str(value)
