"""`muster sync | reindex | doctor`: keep membership and index up to date."""

from dataclasses import asdict
from typing import Annotated

import typer

from muster.bootstrap import open_workspace
from muster.cli import show, views
from muster.cli.options import Data, Force, Json, settings
from muster.cli.terminal import emit, err, out, progress
from muster.errors import Held
from muster.membership import Outcome
from muster.service.doctor import examine
from muster.service.project import project
from muster.service.project import reindex as rebuild
from muster.service.sync import Synced
from muster.service.sync import sync as run_sync

NAMED = 5


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
        behind = work.record.position() - work.engine.position()
        with progress("index", behind) as advance:
            project(work, advance=advance)
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


def reindex(data: Data = None, as_json: Json = False) -> None:
    """Rebuild the index from the record."""
    with open_workspace(settings(data)) as work, progress("index", work.record.position()) as advance:
        done = rebuild(work, advance=advance)
    emit(asdict(done)) if as_json else out.print(f"indexed {done.entities:,} entities, position {done.position:,}")


def doctor(data: Data = None, as_json: Json = False) -> None:
    """Compare index and record, and show every setting; exit 1 when something is wrong."""
    chosen = settings(data)
    with open_workspace(chosen) as work:
        findings = examine(work)
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
    """Return a setting as text, without the password that a URL may carry."""
    text = None if value is None else str(value)
    return text if text is None or "://" not in text else _without_password(text)


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://***@{rest.rpartition('@')[2]}" if "@" in rest else url
