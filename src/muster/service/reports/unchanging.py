"""Products whose members never move, or have not moved for long."""

from dataclasses import dataclass

from muster.catalog.entity import Entity
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Unchanging:
    """A product, since when its members are what they are (ms since 1970), and how many runs found them so.

    `never` says that they never were others. `since` and `runs` are of the runs that are kept; older ones do not count.
    """

    product: Entity
    members: int
    since: int
    runs: int
    never: bool


def unchanging(work: Workspace, *, milliseconds: int | None = None) -> list[Unchanging]:
    """Return the products that never moved by more than one run, or have not moved for so long; the longest first."""
    made, now = work.record.made(), work.clock()
    found = []
    for run in work.record.current_runs():
        since, runs = made.get(run.product, (run.at, 1))
        long_ago = milliseconds is not None and now - since >= milliseconds
        never = run.generation == 1
        if long_ago or (milliseconds is None and never and runs > 1):
            found.append((since, run, runs, never))
    found.sort(key=lambda one: (one[0], one[1].number))
    known = {one.guid: one for one in work.record.find([run.product for _, run, _, _ in found], [])}
    return [
        Unchanging(known[run.product], run.total, since, runs, never)
        for since, run, runs, never in found
        if run.product in known
    ]
