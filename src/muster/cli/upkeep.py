"""`muster sync | project | reindex | doctor`: keep membership and index up to date."""

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from muster import views
from muster.bootstrap import open_workspace
from muster.cli import show
from muster.cli.indexing import catch_up, warn
from muster.cli.options import Data, Force, Json, settings
from muster.cli.terminal import complain, emit, emit_line, err, out, progress
from muster.errors import Held
from muster.membership import Outcome
from muster.service.doctor import examine
from muster.service.doctor import repair as mend
from muster.service.follow import Pause, Round
from muster.service.follow import follow as keep_up
from muster.service.follow import wait as wait_for
from muster.service.project import Projected
from muster.service.project import reindex as rebuild
from muster.service.sync import Synced
from muster.service.sync import sync as run_sync
from muster.service.workspace import Workspace

NAMED = 5
_SECRET = re.compile(r"([?&](?:api_key|password|sslpassword)=)[^&]*")


def sync(
    products: Annotated[list[str] | None, typer.Argument(help="Products to sync; none named: all.")] = None,
    force: Force = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring stored membership up to date; exit 1 when a run was held.

    A run that would empty a product is held unless forced.

    Example:

    muster sync "Verified tables"
    """
    with open_workspace(settings(data)) as work:
        catch_up(work)
        with progress("sync", len(products) if products else None) as advance:
            done = list(run_sync(work, products or (), force=force, advance=advance))
    if as_json:
        emit([{"product": one.product.entity.name, **views.run(one.run)} for one in done])
    else:
        _report(done)
    _complain_of_held(done)


def _complain_of_held(done: list[Synced]) -> None:
    held = [one for one in done if one.held]
    if not held:
        return
    names = [one.product.entity.name for one in held]
    first = f'"{names[0]}"'
    raise Held(
        f"{len(held)} of {len(done)} runs held and not applied: {', '.join(names[:NAMED])}",
        hint=f"`muster product history {first} --run {held[0].run.number}` shows who would move; "
        f"if that is right: `muster sync {first} --force`",
    )


def _report(done: list[Synced]) -> None:
    counts = {outcome: sum(one.run.outcome is outcome for one in done) for outcome in Outcome}
    moved = [one for one in done if one.run.outcome is not Outcome.UNCHANGED]
    rows = (
        (
            one.product.entity.name,
            one.run.outcome.value,
            f"{one.run.total:,}",
            f"+{one.run.joined:,}",
            f"-{one.run.left:,}",
            one.run.held_because,
        )
        for one in moved
    )
    if moved:
        show.table(
            ("PRODUCT", "OUTCOME", "MEMBERS", "JOINED", "LEFT", "HELD BECAUSE"), rows, right=(2, 3, 4), sparse=(5,)
        )
    if done:
        out.print(", ".join(f"{count:,} {outcome.value}" for outcome, count in counts.items() if count))
    else:
        err.print(show.NO_PRODUCTS)


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
    with open_workspace(settings(data)) as work:
        if follow:
            _follow(work, as_json=as_json)
        elif wait is not None:
            wait_for(work, work.record.position(), wait, threading.Event().wait)
        else:
            _tell(catch_up(work), as_json=as_json)


def _follow(work: Workspace, *, as_json: bool) -> None:
    with _until_told() as pause:
        for done in keep_up(work, pause):
            _tell(done, as_json=as_json)
            warn(done.refused if isinstance(done, Projected) else ())


@contextmanager
def _until_told() -> Iterator[Pause]:
    """Give a pause that SIGTERM ends, and everything after it."""
    told = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: told.set())
    try:
        yield told.wait
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(done: Round, *, as_json: bool) -> None:
    """Say what one round of projecting did, or what stopped it."""
    if not isinstance(done, Projected):
        complain(done, as_json=as_json)
    elif as_json:
        emit_line(asdict(done))
    else:
        out.print(f"indexed {done.entities:,} entities, position {done.position:,}")


def reindex(data: Data = None, as_json: Json = False) -> None:
    """Rebuild the index from the record.

    On a server the old index serves until the new one has caught up; one that was stopped goes on where it was.
    """
    with open_workspace(settings(data)) as work, progress("index", work.record.position()) as advance:
        done = rebuild(work, advance=advance)
    _tell(done, as_json=as_json)
    warn(done.refused)


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
    chosen = settings(data)
    with open_workspace(chosen) as work:
        if repair:
            with progress("compare") as advance:
                ranges, refused = mend(work, advance=advance)
            err.print(f"{ranges:,} ranges of documents written anew")
            warn(refused)
        with progress("compare") as advance:
            findings = examine(work, advance=advance)
    described = [
        {"setting": f"MUSTER_{name.upper()}", "value": _value(getattr(chosen, name)), "meaning": field.description}
        for name, field in type(chosen).model_fields.items()
    ]
    if as_json:
        emit({"findings": [asdict(one) for one in findings], "settings": described})
    else:
        rows = (("ok" if one.ok else "!!", one.message, one.hint) for one in findings)
        show.table(("", "FINDING", "WHAT TO DO"), rows, sparse=(2,))
        out.print()
        show.table(("SETTING", "VALUE", "MEANING"), (tuple(one.values()) for one in described), whole=(0,))
    if not all(one.ok for one in findings):
        raise typer.Exit(1)


def _value(value: object) -> str | None:
    """Return a setting as text, without the password or key that a URL may carry."""
    text = None if value is None else str(value)
    return text if text is None or "://" not in text else _without_secrets(text)


def _without_secrets(url: str) -> str:
    scheme, _, rest = _SECRET.sub(r"\1***", url).partition("://")
    return f"{scheme}://***@{rest.rpartition('@')[2]}" if "@" in rest else f"{scheme}://{rest}"
