"""What `muster worker` does."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from muster.catalog.entity import Entity
from muster.cli.answering.inside import read
from muster.cli.opening import workspace
from muster.cli.options import settings
from muster.cli.terminal import complain, emit_line, err, out, until_told
from muster.cli.upkeep import complain_of_held
from muster.client.models import SyncedRun
from muster.errors import MusterError
from muster.membership import Run
from muster.service.dotted import dotted_names
from muster.service.keeping.audit import Audited
from muster.service.keeping.keeper import Keeper
from muster.service.keeping.loop import Done, keep, until_settled
from muster.service.keeping.rounds import Round
from muster.service.workspace import Workspace
from muster.views import keeping

NOTHING: Final = Round(0, (), more=False)


def work_on(data: Path | None, *, as_json: bool) -> None:
    """Keep memberships right, and tell webhooks what happens, until told to stop."""
    from muster.api.logs import write_logs  # noqa: PLC0415 - with `--once` nothing is logged
    from muster.bootstrap import telling_webhooks  # noqa: PLC0415 - as above

    chosen = settings(data)
    write_logs(chosen)
    with workspace(chosen) as work, until_told() as pause, telling_webhooks(work, chosen):
        for done in keep(Keeper(work, audit_every=chosen.audit_every()), pause):
            kept(work, done, as_json=as_json)


def settle(data: Path | None, *, as_json: bool) -> None:
    """Do what is to be done about memberships now, and say so where that is nothing.

    Raises:
        Held: the last run of a product was.
    """
    last, done = dict[str, Run](), None
    with workspace(settings(data)) as work:
        for done in until_settled(Keeper(work)):
            kept(work, done, as_json=as_json)
            last |= {one.product: one for one in done.runs}
        if done is None:
            kept(work, NOTHING, as_json=as_json)
        found = _runs(work, list(last.values()))
    complain_of_held([read(SyncedRun, one) for one in found])


def kept(work: Workspace, done: Done, *, as_json: bool) -> None:
    """Say what one round of keeping memberships right did, or what stopped it."""
    if isinstance(done, MusterError):
        complain(done, as_json=as_json)
        return
    found = _differences(work, done.differences)
    if as_json:
        emit_line({"changes": done.changes, "runs": _runs(work, done.runs), "differences": found})
        return
    out.print(_followed(done))
    for one in found:
        err.print(_alarm(one))


def _followed(done: Round) -> str:
    if done == NOTHING:
        return "nothing was to be done, or another process does it"
    return f"followed {done.changes:,} changes, {len(done.runs):,} runs"


def _runs(work: Workspace, runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return runs with their products."""
    products, names = _known(work, [one.product for one in runs])
    return [keeping.run_of_product(one, products[one.product], names) for one in runs if one.product in products]


def _known(work: Workspace, guids: Sequence[str]) -> tuple[dict[str, Entity], dict[str, str]]:
    """Return products, and their dotted names, by guid."""
    products = {one.guid: one for one in work.record.find(guids, [])} if guids else {}
    return products, dotted_names(work, list(products.values()))


def _differences(work: Workspace, found: tuple[Audited, ...]) -> list[dict[str, Any]]:
    """Return where an audit found other members than were kept, with the products."""
    products, names = _known(work, [one.run.product for one in found])
    return [keeping.audited(one, products[one.run.product], names) for one in found if one.run.product in products]


def _alarm(one: dict[str, Any]) -> str:
    product, run = one["product"]["dottedName"], one["run"]
    return (
        f"the members of {product} were not those that its selection holds: {one['missing']:,} were missing, "
        f"{one['extra']:,} were there in vain; run {run['run']} ({run['outcome']}) says who"
    )
