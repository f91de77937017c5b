"""The service keeps memberships right by itself, one process at a time."""

from functools import partial

import structlog

from muster.api.steady import Steady
from muster.membership import Outcome
from muster.service.keeping.keeper import Keeper
from muster.service.keeping.loop import Done, keep
from muster.service.keeping.rounds import Round
from muster.service.workspace import Workspace

log = structlog.get_logger(__name__)


def keeping(work: Workspace) -> Steady[Done]:
    """Return who keeps memberships right; told to stop it ends with the round under way, and lets its lease go."""
    return Steady("keeper", partial(keep, Keeper(work)), _tell)


def _tell(done: Done) -> None:
    if not isinstance(done, Round):
        log.warning("memberships cannot be kept", code=done.code, reason=done.message)
        return
    moved = sum(run.outcome is Outcome.APPLIED for run in done.runs)
    log.debug("kept", changes=done.changes, moved=moved)
    for run in done.runs:
        if run.outcome is Outcome.HELD:
            log.warning("a run is held", product=run.product, run=run.number, because=run.held_because)
