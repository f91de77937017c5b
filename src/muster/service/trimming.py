"""Let go of history that no policy wants to be kept."""

from muster.policy import USUAL, Policies
from muster.service.workspace import Workspace


def trim_all(work: Workspace) -> int:
    """Keep as many runs of each product as its policy says, DELETED products among them; return how many went.

    Memberships of the past stay known for all runs that are kept.
    """
    policies, usual = Policies(work.record.policies()), USUAL.keep or 1
    keeping = {
        guid: keep
        for guid, name, runs in work.record.run_counts()
        if runs > (keep := policies.of(guid, name).keep or usual)
    }
    return work.record.trim(keeping) if keeping else 0
