"""The audit: everything that follows changes is evaluated in full; where that moves anybody, following went wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyroaring import BitMap

from muster.errors import MusterError
from muster.membership import Cause, Fence, Followed, Outcome, Run, Trigger, moved
from muster.policy import OnChange, Policies
from muster.service.sync import sync_present
from muster.service.workspace import Workspace

FOLLOWED: Final = frozenset({Cause.ASSET, Cause.ARCHIVE, Cause.MEANING})
"""The causes of moves that following changes should have led to; the others had no turn before."""


@dataclass(frozen=True, slots=True)
class Audited:
    """A product whose members, kept by following changes, were not those that its selection holds.

    `run` set it right, unless it is held; `missing` and `extra` are the assets that were not among the members, or were.
    """

    run: Run
    missing: BitMap
    extra: BitMap


@dataclass(frozen=True, slots=True)
class Audit:
    """The runs of an audit, and where they found another membership than was kept; `error` ended it before its time."""

    runs: tuple[Run, ...]
    differences: tuple[Audited, ...]
    error: MusterError | None = None


def audit(work: Workspace, fence: Fence) -> Audit:
    """Evaluate all products that follow changes in full; where that differs the full one wins, as far as guards let it.

    What changed after the log was last followed counts as no difference, nor what moves by time, decision or edit. Where it
    cannot be done to its end, what was done is told all the same.

    Raises:
        RecordUnavailable: what was found cannot be told apart from what came since.
    """
    followed, policies = work.record.followed(), Policies(work.record.policies())
    guids = [
        one.guid
        for one in work.record.outlines()
        if isinstance(policies.of(one.guid, one.qualified_name).schedule, OnChange)
    ]
    runs, error = list[Run](), None
    try:
        runs.extend(one.run for one in sync_present(work, guids, fence, Trigger.AUDIT))
    except MusterError as failed:
        error = failed
    return Audit(tuple(runs), tuple(_differences(work, runs, followed)), error)


def _differences(work: Workspace, runs: Iterable[Run], followed: Followed) -> Iterator[Audited]:
    for run in runs:
        if run.trigger is Trigger.AUDIT and run.outcome is not Outcome.UNCHANGED:
            moves = work.record.moves(run.product, run.number)
            missing, extra = moved(one for one in moves if one.cause in FOLLOWED)
            since, _ = work.record.moved_since(missing | extra, followed.position)
            if missing - since or extra - since:
                yield Audited(run, missing - since, extra - since)
