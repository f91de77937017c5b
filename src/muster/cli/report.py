"""`muster report …`: what is to be said of all products together."""

from typing import Annotated

import typer

from muster.cli import show_report as show
from muster.cli.answering import answering
from muster.cli.answering.reporting import DeadClauses, Freshness, NoProduct, OfProducts, Overlap, Unchanging
from muster.cli.options import Cursor, Data, Json, Server, Size, SortBy, text_of
from muster.cli.terminal import emit
from muster.service.moments import span

app = typer.Typer(
    help="Find what is old, overlaps, never changes, does nothing, or is in no product.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

AsCsv = Annotated[bool, typer.Option("--csv", help="Print a table for a spreadsheet: CSV.")]
Rows = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Rows.")]


@app.command()
def freshness(
    limit: Rows = 1_000, server: Server = None, data: Data = None, as_csv: AsCsv = False, as_json: Json = False
) -> None:
    """Say how old the stored members of each product are, against how old its policy lets them be: breaches first.

    Example:

    muster report freshness
    """
    _told(Freshness(limit), data, server, as_csv=as_csv, as_json=as_json)


@app.command()
def overlap(
    of: Annotated[str | None, typer.Option("--of", help="Only pairs with this product.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000, help="Pairs.")] = 100,
    server: Server = None,
    data: Data = None,
    as_csv: AsCsv = False,
    as_json: Json = False,
) -> None:
    """Say which products have most members in common, as last synced, the most alike first.

    Examples:

    muster report overlap --limit 20

    muster report overlap --of "Verified tables" --csv
    """
    _told(Overlap(limit, of), data, server, as_csv=as_csv, as_json=as_json)


@app.command()
def unchanging(
    since: Annotated[
        str | None,
        typer.Option("--for", help="Products that have not moved for so long: `90d`.", show_default="that never moved"),
    ] = None,
    limit: Rows = 1_000,
    server: Server = None,
    data: Data = None,
    as_csv: AsCsv = False,
    as_json: Json = False,
) -> None:
    """Say which products never change, or have not for long, the longest first.

    Example:

    muster report unchanging --for 180d
    """
    wanted = Unchanging(limit, None if since is None else span(since))
    _told(wanted, data, server, as_csv=as_csv, as_json=as_json)


@app.command("dead-clauses")
def dead_clauses(
    limit: Rows = 1_000, server: Server = None, data: Data = None, as_csv: AsCsv = False, as_json: Json = False
) -> None:
    """Say which clauses of selections say nothing today: without one of them the same assets would be held.

    A clause inside of a dead one is not told of. Pins and exclusions do not count.

    Example:

    muster report dead-clauses
    """
    _told(DeadClauses(limit), data, server, as_csv=as_csv, as_json=as_json)


@app.command()
def uncovered(
    among: Annotated[
        str | None, typer.Argument(help="Only assets of this selection, in any face; `@FILE` or `-` reads it.")
    ] = None,
    limit: Size = 100,
    cursor: Cursor = None,
    sort: SortBy = None,
    server: Server = None,
    data: Data = None,
    as_csv: AsCsv = False,
    as_json: Json = False,
) -> None:
    """Say which assets in use no product has, as last synced: how many, of which types, and a page of them; --csv has all.

    Example:

    muster report uncovered type:Table
    """
    _one_form(as_csv=as_csv, as_json=as_json)
    wanted = NoProduct(limit, None if among is None else text_of(among), cursor, tuple(sort or ()))
    with answering(data, server) as muster:
        if as_csv:
            muster.write_report(wanted, typer.get_binary_stream("stdout"))
            return
        found = muster.uncovered(wanted)
    emit(found.as_json()) if as_json else show.uncovered(found)


def _told(wanted: OfProducts, data: Data, server: Server, *, as_csv: bool, as_json: bool) -> None:
    _one_form(as_csv=as_csv, as_json=as_json)
    with answering(data, server) as muster:
        if as_csv:
            muster.write_report(wanted, typer.get_binary_stream("stdout"))
            return
        found = muster.report(wanted)
        empty = not (as_json or found.data) and not muster.report(Freshness(1)).total
    emit(found.as_json()) if as_json else show.report(found, Freshness if empty else type(wanted))


def _one_form(*, as_csv: bool, as_json: bool) -> None:
    if as_csv and as_json:
        raise typer.BadParameter("--csv and --json exclude each other")
