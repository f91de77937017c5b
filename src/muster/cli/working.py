"""What `muster worker` does."""

from pathlib import Path
from typing import Any

from muster import views
from muster.cli.opening import workspace
from muster.cli.options import settings
from muster.cli.terminal import complain, emit_line, err, out, until_told
from muster.errors import MusterError
from muster.service.dotted import dotted_names
from muster.service.keeping.audit import Audited
from muster.service.keeping.keeper import Keeper
from muster.service.keeping.loop import Done, keep, until_settled
from muster.service.workspace import Workspace
from muster.views import keeping


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
    """Do what is to be done about memberships now."""
    with workspace(settings(data)) as work:
        for done in until_settled(Keeper(work)):
            kept(work, done, as_json=as_json)


def kept(work: Workspace, done: Done, *, as_json: bool) -> None:
    """Say what one round of keeping memberships right did, or what stopped it."""
    if isinstance(done, MusterError):
        complain(done, as_json=as_json)
        return
    found = _differences(work, done.differences)
    if as_json:
        emit_line(
            {"changes": done.changes, "runs": [views.run(one) for one in done.runs], "differences": found},
        )
        return
    out.print(f"followed {done.changes:,} changes, {len(done.runs):,} runs")
    for one in found:
        err.print(_alarm(one))


def _differences(work: Workspace, found: tuple[Audited, ...]) -> list[dict[str, Any]]:
    """Return where an audit found other members than were kept, with the products."""
    products = {one.guid: one for one in work.record.find([one.run.product for one in found], [])} if found else {}
    names = dotted_names(work, list(products.values()))
    return [keeping.audited(one, products[one.run.product], names) for one in found if one.run.product in products]


def _alarm(one: dict[str, Any]) -> str:
    product, run = one["product"]["dottedName"], one["run"]
    return (
        f"the members of {product} were not those that its selection holds: {one['missing']:,} were missing, "
        f"{one['extra']:,} were there in vain; run {run['run']} ({run['outcome']}) says who"
    )
