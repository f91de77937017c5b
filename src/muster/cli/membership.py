"""`muster product members | count | explain | history`: who belongs to a product, why, and since when."""

from typing import Annotated

import typer

from muster.cli import show
from muster.cli.answering import answering
from muster.cli.answering.protocol import Mode, Part
from muster.cli.options import Attribute, Cursor, Data, Json, Product, Server, Size, SortBy
from muster.cli.terminal import emit, err, out
from muster.client.answers import Moves
from muster.service.moments import span

Asset = Annotated[str, typer.Argument(help="The asset: guid or qualified name.")]


def members(
    product: Product,
    ids: Annotated[bool, typer.Option("--ids", help="Stream every member's guid, one a line.")] = False,
    stored: Annotated[bool, typer.Option("--stored", help="Read the last generation instead of running.")] = False,
    max_age: Annotated[
        str | None, typer.Option("--max-age", help="Read the last generation when younger: `30s`, `10m`, `1d`.")
    ] = None,
    limit: Size = 100,
    cursor: Cursor = None,
    sort: SortBy = None,
    attribute: Attribute = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List a product's members: run now, or as last synced.

    Examples:

    muster product members "Verified tables" --sort name.keyword -a certificateStatus

    muster product members "Verified tables" --ids --stored
    """
    mode = _mode(stored=stored, max_age=max_age)
    attributes = tuple(attribute or ())
    with answering(data, server) as muster:
        if ids:
            for guid in muster.member_ids(product, mode):
                typer.echo(guid)
            return
        page = muster.members(product, mode, Part(limit, cursor, tuple(sort or ()), attributes))
    if as_json:
        emit(page.as_json())
        return
    show.assets(page.members, attributes)
    err.print(f"{len(page.members):,} of {page.total:,} members ({show.provenance(page)})")
    if page.next:
        err.print(f"more: --cursor {page.next}")


def count(
    product: Product,
    stored: Annotated[bool, typer.Option("--stored", help="Count the last generation instead of running.")] = False,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Count a product's members, in all and by type."""
    with answering(data, server) as muster:
        found = muster.count(product, Mode(stored))
    if as_json:
        emit(found.as_json())
        return
    out.print(f"{found.total:,} members ({show.provenance(found)})")
    show.counts(found.by_type)


def explain(product: Product, asset: Asset, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Say clause by clause why an asset is in or out."""
    with answering(data, server) as muster:
        explained = muster.explain(product, asset)
    emit(explained.as_json()) if as_json else show.explained(explained)


def history(
    product: Product,
    run: Annotated[int | None, typer.Option("--run", help="Show who moved in this run, and why.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Runs, or assets of a run.")] = 20,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show a product's runs and the edits of its selection; with --run, who moved."""
    with answering(data, server) as muster:
        if run is not None:
            _moves(muster.moves(product, run, limit), run, as_json=as_json)
            return
        past = muster.history(product, limit)
    if as_json:
        runs, revisions = ([one.as_json() for one in some] for some in (past.runs, past.revisions))
        emit({"runs": runs, "revisions": revisions})
        return
    if past.runs:
        show.runs(past.runs)
        out.print()
    else:
        err.print("no runs yet: `muster sync` makes the first")
    show.revisions(past.revisions)


def _moves(found: Moves, run: int, *, as_json: bool) -> None:
    if as_json:
        emit([one.as_json() for one in found.data])
        return
    show.moved(found.data)
    if not found.total:
        err.print(f"nobody moved in run {run}")
    elif found.total > len(found.data):
        err.print(f"{len(found.data):,} of {found.total:,}; see more with --limit")


def _mode(*, stored: bool, max_age: str | None) -> Mode:
    if stored and max_age:
        raise typer.BadParameter("--stored and --max-age exclude each other")
    return Mode(stored, span(max_age) if max_age else None)
