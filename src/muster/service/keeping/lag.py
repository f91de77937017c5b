"""How far memberships are behind the record."""

from muster.service.follow import Lag
from muster.service.workspace import Workspace


def lag(work: Workspace) -> Lag:
    """Return how many changes stored memberships do not follow yet, and the age of the first; none before the first sync.

    Raises:
        RecordUnavailable: the record does not answer.
    """
    followed = work.record.followed().position
    changes = work.record.position() - followed
    late = work.record.changes(followed, 1) if followed and changes > 0 else []
    return Lag(changes, max(0, work.clock() - late[0].entity.updated_at) / 1000) if late else Lag()
