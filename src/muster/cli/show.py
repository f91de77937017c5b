"""Results as a person reads them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from muster.cli.terminal import ONE_LINE, out
from muster.client.models import Asset, Clause, Complaint, Explained, Moved, Product, Provenance, Revision, Run
from muster.client.told import iso

STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}
OUTCOMES = {"applied": "green", "unchanged": "dim", "held": "bold yellow"}
DECIDED = {"pin": "pinned", "exclusion": "excluded"}
NO_PRODUCTS = "no products yet: define one with `muster product create NAME SELECTION`"
FORBIDDEN = re.compile(r"/must_not(/\d+)?$")
MINUTE, HOUR, DAY = 60, 3_600, 86_400
RUN = ("RUN", "AT", "OUTCOME", "MEMBERS", "JOINED", "LEFT", "REVISION", "HELD BECAUSE")


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    right: Sequence[int] = (),
    whole: Sequence[int] = (),
    sparse: Sequence[int] = (),
) -> None:
    """Print a table: `right` are columns of numbers, `whole` are never broken, `sparse` only shown when they say something."""
    cells = [
        [cell if isinstance(cell, Text) else Text(_cell(cell).translate(ONE_LINE)) for cell in row] for row in rows
    ]
    kept = [place for place in range(len(headings)) if place not in sparse or any(row[place].plain for row in cells)]
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for place in kept:
        side: Literal["right", "left"] = "right" if place in right else "left"
        shown.add_column(headings[place], justify=side, overflow="fold", no_wrap=place in whole)
    for row in cells:
        shown.add_row(*(row[place] for place in kept))
    out.print(shown, soft_wrap=False)


def assets(found: Sequence[Asset], attributes: Sequence[str] = ()) -> None:
    """Print assets, one a line; nothing where there are none."""
    if not found:
        return
    rows = (
        (one.type_name, one.name, one.qualified_name, *(one.attributes.get(name, "") for name in attributes))
        for one in found
    )
    table(("TYPE", "NAME", "QUALIFIED NAME", *attributes), rows)


def products(found: Iterable[Product]) -> None:
    """Print products by their dotted names, with the size of their stored membership."""
    rows = (
        (one.dotted_name or one.name, "-" if one.members is None else f"{one.members:,}", one.selection.english)
        for one in found
    )
    table(("NAME", "MEMBERS", "SELECTION"), rows, right=(1,))


def product_page(one: Product) -> None:
    """Print one product: what it is, its selection in every form, what stands by hand, its last run."""
    selection, last = one.selection, one.last_run
    facts = {
        "name": one.name,
        "guid": one.guid,
        "qualified name": one.qualified_name,
        "description": one.description,
        "owners": one.owners,
        "selection": selection.english,
        "as written": f"{selection.text}  ({selection.face}, revision {selection.revision})",
        "dataProductAssetsDSL": selection.dsl,
        "last run": last and f"{last.run} at {iso(last.at)}: {last.outcome}, {last.total:,} members",
    }
    for heading, value in facts.items():
        if value:
            out.print(Text.assemble((f"{heading}: ", "bold"), _cell(value)))
    for each in one.standings:
        asset = each.asset.name if each.asset else "an asset that is gone"
        out.print(Text(f"{each.decision}: {asset}, by {each.by} at {iso(each.at)}: {each.reason}", style="yellow"))


def counts(by_type: Mapping[str, int]) -> None:
    """Print how many there are of each type, on one line; nothing where there are none."""
    if by_type:
        out.print(Text(", ".join(f"{count:,} {name}" for name, count in by_type.items()), style="dim"))


def provenance(one: Provenance, *, past: bool = False) -> str:
    """Return what an answer stands on, in a few words; who asks for the `past` has nothing to sync."""
    if one.source == "live":
        return f"live, revision {one.revision}"
    stale = ", of a former revision: sync it" if one.stale_revision and not past else ""
    return f"stored {age(one.age or 0)} ago, revision {one.revision}, generation {one.generation}{stale}"


def age(seconds: float) -> str:
    """Return a span of time in its largest unit."""
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= unit:
            return f"{seconds // unit:.0f} {name}"
    return f"{seconds:.0f} s"


def complaints(found: Iterable[Complaint]) -> None:
    """Print complaints with path and hint."""
    for one in found:
        where = f" at {one.path}" if one.path else ""
        out.print(Text.assemble((one.severity, STYLES.get(one.severity, "")), f" {one.code}{where}: {one.message}"))
        if one.hint:
            out.print(Text(f"        {one.hint}", style="dim"))


def explained(one: Explained) -> None:
    """Print why an asset is in or out, clause by clause."""
    verdict = ("in", "bold green") if one.member else ("not in", "bold red")
    then = "is " if one.run is None else f"as of run {one.run} was "
    out.print(Text.assemble(f"{one.asset.name} ({one.asset.type_name}) {then}", verdict, f" {one.product}"))
    if one.standing is not None:
        word = DECIDED.get(one.standing.decision, one.standing.decision)
        out.print(Text(f"{word} by {one.standing.by}: {one.standing.reason}", style="yellow"))
    out.print(_tree(one.clauses), soft_wrap=False)
    if one.run is None and one.stored is not None and one.stored != one.member:
        out.print(Text(f"the stored membership still says {'in' if one.stored else 'out'}: sync it", style="dim"))


def when(time: datetime) -> str:
    """Return a time in UTC to the second, for people."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def run_cells(one: Run) -> tuple[Any, ...]:
    """Return a run as cells below `RUN`."""
    return (
        one.run,
        when(one.at),
        Text(one.outcome, style=OUTCOMES.get(one.outcome, "")),
        f"{one.total:,}",
        f"+{one.joined:,}",
        f"-{one.left:,}",
        one.revision,
        one.held_because,
    )


def runs(found: Iterable[Run]) -> None:
    """Print runs, one a line."""
    table(RUN, map(run_cells, found), right=(0, 3, 4, 5, 6), whole=(1,), sparse=(7,))


def revisions(found: Iterable[Revision]) -> None:
    """Print the edits of a selection."""
    rows = ((one.revision, when(one.at), one.by, one.face, one.text) for one in found)
    table(("REVISION", "AT", "BY", "FACE", "TEXT"), rows, right=(0,), whole=(1,))


def moved(found: Iterable[Moved]) -> None:
    """Print who joined and left, and why."""
    for one in found:
        out.print(Text.assemble(sign(joined=one.joined), f" {one.type_name} {one.name}  ", (one.cause, "dim")))


def sign(*, joined: bool) -> tuple[str, str]:
    """Return the sign of who joined or left, and its colour."""
    return ("+", "green") if joined else ("-", "red")


def _tree(one: Clause) -> Tree:
    tree = Tree(_clause(one))
    for part in one.clauses:
        tree.children.append(_tree(part))
    return tree


def _clause(one: Clause) -> Text:
    sign = ("yes ", "green") if one.matched else ("no  ", "red")
    seen = "" if one.clauses else f"  [has {', '.join(map(str, one.seen)) or 'nothing'}]"
    forbidden = "  (must not hold)" if FORBIDDEN.search(one.path) else ""
    return Text.assemble(sign, one.english, (forbidden, "bold"), (seen, "dim"), (one.path and f"  {one.path}", "dim"))


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
