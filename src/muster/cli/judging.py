"""`muster runs`, `muster product approve | reject`: what waits for somebody, and what is decided about it."""

from typing import Annotated

import typer

from muster.cli import show_keeping as show
from muster.cli.answering import answering
from muster.cli.answering.keeping import Wanted
from muster.cli.options import LAST_RUN, Data, Json, Product, RunNumber, Server
from muster.cli.terminal import emit, err, out
from muster.membership import Outcome, Trigger

Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept with the verdict.")]


def runs(
    held: Annotated[bool, typer.Option("--held", help="Only runs that wait for somebody to decide.")] = False,
    outcome: Annotated[Outcome | None, typer.Option("--outcome", help="Only runs that ended so.")] = None,
    trigger: Annotated[Trigger | None, typer.Option("--trigger", help="Only runs that came of this.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Runs a page.")] = 20,
    before: Annotated[
        int | None, typer.Option("--before", min=1, max=LAST_RUN, help="Only runs with a lower number.")
    ] = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the syncs of all products, newest first; with --held, what waits for somebody.

    A held run that a later one came after waits for nobody.

    Examples:

    muster runs --held

    muster runs --trigger audit --outcome applied
    """
    if held and outcome is not None:
        raise typer.BadParameter("--held and --outcome exclude each other")
    wanted = Wanted(limit, before, Outcome.HELD if held else outcome, trigger, False if held else None)
    with answering(data, server) as muster:
        page = muster.runs(wanted)
    if as_json:
        emit(page.as_json())
        return
    show.runs_of_all(page.data, wanted)
    if page.paging.before:
        err.print(f"more: --before {page.paging.before}")


def approve(
    product: Product,
    run: RunNumber,
    reason: Reason = "",
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Do what a held run would have done: exactly that, by a run of its own.

    Refused when anything came since: a later run, an edit of the selection. Sync again then; the run says what would move now.

    Examples:

    muster product history "Verified tables" --run 7

    muster product approve "Verified tables" 7 --reason "the old schema was retired"
    """
    with answering(data, server) as muster:
        done = muster.approve(product, run, reason)
    if as_json:
        emit(done.as_json())
    else:
        moved = f"{done.run.joined:,} joined, {done.run.left:,} left, {done.run.total:,} members"
        out.print(f"approved run {run} by run {done.run.run}: {moved}")


def reject(
    product: Product,
    run: RunNumber,
    reason: Reason = "",
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Leave undone what a held run would have done; the stored members stay.

    Nobody is asked about the same set again: mend the catalog or the selection, and sync.

    Example:

    muster product reject "Verified tables" 7 --reason "the import was cut off"
    """
    with answering(data, server) as muster:
        held = muster.reject(product, run, reason)
    emit(held.as_json()) if as_json else out.print(f"rejected run {run}: the stored members stay")
