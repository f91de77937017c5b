"""`muster product members | count | explain | history | difference`: who belongs to a product, or did, and why."""

from typing import Annotated

import typer

from muster.cli import show, show_keeping
from muster.cli.answering import answering
from muster.cli.answering.keeping import Between
from muster.cli.answering.protocol import Mode, Part
from muster.cli.options import LAST_RUN, Attribute, Cursor, Data, Json, Product, Server, Size, SortBy
from muster.cli.terminal import emit, err, out
from muster.client.answers import Moves
from muster.service.moments import span

AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="Read what was stored then: an ISO date or time, `7d` ago, `run:7`, `generation:3`."),
]
Asset = Annotated[str, typer.Argument(help="The asset: guid or qualified name.")]


def members(
    product: Product,
    ids: Annotated[bool, typer.Option("--ids", help="Stream every member's guid, one a line.")] = False,
    stored: Annotated[bool, typer.Option("--stored", help="Read the last generation instead of running.")] = False,
    max_age: Annotated[
        str | None, typer.Option("--max-age", help="Read the last generation when younger: `30s`, `10m`, `1d`.")
    ] = None,
    as_of: AsOf = None,
    limit: Size = 100,
    cursor: Cursor = None,
    sort: SortBy = None,
    attribute: Attribute = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List a product's members: run now, as last synced, or as they were.

    Examples:

    muster product members "Verified tables" --sort name.keyword -a certificateStatus

    muster product members "Verified tables" --ids --stored

    muster product members "Verified tables" --as-of 2026-09-30
    """
    mode = _mode(stored=stored, max_age=max_age, as_of=as_of)
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
    err.print(f"{len(page.members):,} of {page.total:,} members ({show.provenance(page, past=as_of is not None)})")
    if page.next:
        err.print(f"more: --cursor {page.next}")


def count(
    product: Product,
    stored: Annotated[bool, typer.Option("--stored", help="Count the last generation instead of running.")] = False,
    as_of: AsOf = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Count a product's members, in all and by type."""
    with answering(data, server) as muster:
        found = muster.count(product, _mode(stored=stored, as_of=as_of))
    if as_json:
        emit(found.as_json())
        return
    out.print(f"{found.total:,} members ({show.provenance(found, past=as_of is not None)})")
    show.counts(found.by_type)


def explain(
    product: Product,
    asset: Asset,
    run: Annotated[int | None, typer.Option("--run", min=1, max=LAST_RUN, help="As of this run.")] = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say clause by clause why an asset is in or out; with --run, why it was.

    Example:

    muster product explain "Verified tables" default/snowflake/1/shop/orders --run 7
    """
    with answering(data, server) as muster:
        explained = muster.explain(product, asset, run)
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
        emit({"runs": runs, "revisions": revisions, "paging": past.paging.as_json()})
        return
    if past.runs:
        show.runs(past.runs)
        if past.paging.before:
            err.print(f"the last {len(past.runs):,} of its runs; see more with --limit")
        out.print()
    else:
        err.print("no runs yet: `muster sync` makes the first")
    show.revisions(past.revisions)


def difference(
    product: Product,
    before: Annotated[
        str,
        typer.Option("--from", help="The first membership: an ISO date or time, `7d` ago, `run:7`, `generation:3`."),
    ],
    after: Annotated[
        str | None, typer.Option("--to", help="The second, likewise.", show_default="the one stored last")
    ] = None,
    joined: Annotated[bool, typer.Option("--joined", help="Only who is in the second alone.")] = False,
    left: Annotated[bool, typer.Option("--left", help="Only who is in the first alone.")] = False,
    limit: Size = 100,
    cursor: Cursor = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say who is in one of two memberships of a product only, as they were stored.

    Examples:

    muster product difference "Verified tables" --from 2026-09-30

    muster product difference "Verified tables" --from run:7 --to run:12 --left
    """
    if joined and left:
        raise typer.BadParameter("--joined and --left exclude each other")
    wanted = Between(before, after, limit, cursor, joined if joined or left else None)
    with answering(data, server) as muster:
        page = muster.difference(product, wanted)
    if as_json:
        emit(page.as_json())
        return
    show_keeping.difference(page)
    if page.paging.next:
        err.print(f"more: --cursor {page.paging.next}")


def _moves(found: Moves, run: int, *, as_json: bool) -> None:
    if as_json:
        emit(found.as_json())
        return
    show.moved(found.data)
    if not found.total:
        err.print(f"nobody moved in run {run}")
    elif found.total > len(found.data):
        err.print(f"{len(found.data):,} of {found.total:,}; see more with --limit")


def _mode(*, stored: bool, max_age: str | None = None, as_of: str | None = None) -> Mode:
    if sum(map(bool, (stored, max_age, as_of))) > 1:
        raise typer.BadParameter("--stored, --max-age and --as-of exclude each other")
    return Mode(stored, span(max_age) if max_age else None, as_of)
