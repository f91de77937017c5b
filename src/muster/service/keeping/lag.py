"""How far memberships are behind the record."""

from muster.service.follow import Lag, behind
from muster.service.workspace import Workspace


def lag(work: Workspace) -> Lag:
    """Return how many changes stored memberships do not follow yet, and the age of the first; none before the first sync.

    Raises:
        RecordUnavailable: the record does not answer.
    """
    followed = work.record.followed().position
    return behind(work, followed) if followed else Lag()
