"""`muster sync | project | reindex | doctor`: keep membership and index up to date."""

from collections import Counter
from typing import Annotated, Any

import typer

from muster.cli import show
from muster.cli.answering import answering
from muster.cli.options import Data, Force, Json, Server
from muster.cli.terminal import emit, err, out, progress
from muster.client.models import SyncedRun
from muster.errors import Held, typed

NAMED = 5
MOVED = ("PRODUCT", "OUTCOME", "MEMBERS", "JOINED", "LEFT", "HELD BECAUSE", "VERDICT")


def sync(
    products: Annotated[list[str] | None, typer.Argument(help="Products to sync; none named: all.")] = None,
    force: Force = False,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring stored membership up to date; exit 1 when a run was held.

    A run that would empty a product is held unless forced.

    Example:

    muster sync "Verified tables"
    """
    done = []
    with answering(data, server) as muster, progress("sync", len(products) if products else None) as advance:
        for one in muster.sync(products or (), force=force):
            done.append(one)
            advance(1)
    if as_json:
        emit([one.as_json() for one in done])
    else:
        _report(done)
    complain_of_held(done)


def complain_of_held(done: list[SyncedRun]) -> None:
    """Say which runs were held, and what to do about the first that waits for somebody.

    Raises:
        Held: one was.
    """
    held = [one for one in done if one.held]
    if not held:
        return
    raise Held(
        f"{len(held)} of {len(done)} runs held and not applied: {', '.join(one.product.dotted_name for one in held[:NAMED])}",
        hint=_what_to_do(next((one for one in held if one.verdict is None), held[0])),
    )


def _what_to_do(held: SyncedRun) -> str:
    """Return what to do about a held run: one that would move nobody, or was rejected, cannot be approved."""
    name = typed(held.product.dotted_name)
    if held.verdict is not None:
        return (
            f"run {held.run} was {held.verdict} by {held.decided_by}; `muster sync --force {name}` does it all the same"
        )
    if not held.joined + held.left:
        return f"mend the selection or the catalog, and `muster sync {name}` again"
    return (
        f"`muster product history {name} --run {held.run}` shows who would move; "
        f"if that is right: `muster product approve {name} {held.run}`, else `muster product reject {name} {held.run}`"
    )


def _report(done: list[SyncedRun]) -> None:
    counts = Counter(one.outcome for one in done)
    moved = [one for one in done if one.outcome != "unchanged"]
    if moved:
        show.table(MOVED, map(_cells, moved), right=(2, 3, 4), sparse=(5, 6))
    if done:
        out.print(", ".join(f"{counts[outcome]:,} {outcome}" for outcome in show.OUTCOMES if counts[outcome]))
    else:
        err.print(show.NO_PRODUCTS)


def _cells(one: SyncedRun) -> tuple[Any, ...]:
    """Return a run as cells below `MOVED`."""
    counts = (f"{one.total:,}", f"+{one.joined:,}", f"-{one.left:,}")
    return (one.product.dotted_name, one.outcome, *counts, one.held_because, one.verdict)


def project(
    follow: Annotated[bool, typer.Option("--follow", help="Go on for as long as the process runs.")] = False,
    wait: Annotated[
        float | None,
        typer.Option(
            "--wait", min=0, help="Project nothing; wait so many seconds for another process to have done it."
        ),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Carry the record's changes to the index, once or for as long as the process runs.

    Reading verbs do so by themselves before they read; a process that follows keeps the index fresh for everyone.

    Example:

    muster project --follow
    """
    if follow and wait is not None:
        raise typer.BadParameter("--follow and --wait exclude each other")
    from muster.cli.projecting import carry, follow_record, wait_for  # noqa: PLC0415 - help and `sync` need none of it

    if follow:
        follow_record(data, as_json=as_json)
    elif wait is not None:
        wait_for(data, wait)
    else:
        carry(data, as_json=as_json)


def reindex(data: Data = None, as_json: Json = False) -> None:
    """Rebuild the index from the record.

    On a server the old index serves until the new one has caught up; one that was stopped goes on where it was.
    """
    from muster.cli.projecting import rebuild  # noqa: PLC0415 - as above

    rebuild(data, as_json=as_json)


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Write anew what differs from the record.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Compare index and record, and show every setting; exit 1 when something is wrong.

    Every document is compared by its checksum; with `--repair`, what differs is written anew.

    Example:

    muster doctor --repair
    """
    from muster.cli.projecting import compare  # noqa: PLC0415 - as above

    compare(data, mend=repair, as_json=as_json)
