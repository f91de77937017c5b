"""The service keeps its index up to date by itself."""

from functools import partial

import structlog

from muster.api.steady import Steady
from muster.service.follow import Done, follow
from muster.service.project import Projected
from muster.service.workspace import Workspace

log = structlog.get_logger(__name__)


def projecting(work: Workspace) -> Steady[Done]:
    """Return the projector; told to stop it ends with the batch under way, whose position is then remembered."""
    return Steady("projector", partial(follow, work), _tell)


def _tell(done: Done) -> None:
    if not isinstance(done, Projected):
        log.warning("nothing can be projected", code=done.code, reason=done.message)
        return
    log.debug("projected", entities=done.entities, position=done.position)
    for refusal in done.refused:
        log.warning("the index could not take an entity", ordinal=refusal.ordinal, reason=refusal.reason)
