"""The service keeps memberships right by itself, one process at a time."""

from functools import partial

import structlog

from muster.api.metering import Meters
from muster.api.steady import Steady
from muster.membership import Outcome
from muster.service.keeping.keeper import Keeper
from muster.service.keeping.loop import Done, keep
from muster.service.keeping.rounds import Round
from muster.service.workspace import Workspace
from muster.settings import Settings

log = structlog.get_logger(__name__)


def keeping(work: Workspace, settings: Settings, meters: Meters) -> Steady[Done]:
    """Return who keeps memberships right; told to stop it ends with the round under way, and lets its lease go.

    The index is `muster.api.projecting`'s to keep up, at the same time.
    """
    keeper = Keeper(work, audit_every=settings.audit_every(), carries=False)
    return Steady("keeper", partial(keep, keeper), partial(_tell, meters), settings.serve_grace)


def _tell(meters: Meters, done: Done) -> None:
    if not isinstance(done, Round):
        log.warning("memberships cannot be kept", code=done.code, reason=done.message)
        return
    moved = sum(run.outcome is Outcome.APPLIED for run in done.runs)
    log.debug("kept", changes=done.changes, moved=moved)
    for run in done.runs:
        if run.outcome is Outcome.HELD:
            log.warning("a run is held", product=run.product, run=run.number, because=run.held_because)
    meters.differed(len(done.differences))
    for one in done.differences:
        log.error(
            "members were not those that the selection holds",
            product=one.run.product,
            run=one.run.number,
            missing=len(one.missing),
            extra=len(one.extra),
            hint="`GET /api/v1/runs?trigger=audit&outcome=applied` lists what was set right",
        )
