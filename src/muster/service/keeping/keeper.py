"""Who keeps memberships right: one at a time, by a lease; a dead one's work is taken over, a late one cannot commit."""

import uuid
from dataclasses import dataclass, field
from typing import Final

from muster.errors import Conflict, Overtaken
from muster.membership import Fence, Followed, Outcome, Run
from muster.policy import Manual, OnChange, effective
from muster.service.keeping.due import Clocks
from muster.service.keeping.portfolio import Portfolio
from muster.service.keeping.rounds import Round, follow_changes
from muster.service.sync import sync_present
from muster.service.trimming import trim_all
from muster.service.workspace import Workspace

WORK: Final = "memberships"
"""The name of the lease."""

LEASE: Final = 30_000
"""Milliseconds for which the lease is taken; it is renewed with every round."""

TRIM: Final = 3_600_000
"""Milliseconds after which history that no policy wants to be kept is let go of again."""


@dataclass(slots=True)
class Keeper:
    """One worker. `holder` names it among all; what it knows of products is read when it gets the lease."""

    work: Workspace
    holder: str = field(default_factory=lambda: str(uuid.uuid4()))
    lease: int = LEASE
    portfolio: Portfolio = field(default_factory=Portfolio)
    clocks: Clocks = field(default_factory=Clocks)
    fence: Fence | None = None
    trimmed: int = 0

    def step(self) -> Round | None:
        """Do one round; None where somebody else has the lease.

        Raises:
            EngineUnavailable, RecordUnavailable: try again; nothing is lost.
        """
        now = self.work.clock()
        fence = self.work.record.lease(WORK, self.holder, at=now, until=now + self.lease)
        if fence is None:
            self.fence = None
            return None
        if fence != self.fence:
            self.portfolio.load(self.work)
            self.fence = fence
        try:
            return self._round(fence, now)
        except Overtaken:
            self.fence = None
            return None
        except Conflict:  # somebody edited or synced meanwhile: the next round sees it
            return Round(0, (), more=True)

    def close(self) -> None:
        """Let the lease go, for the next one to have it at once."""
        if self.fence is not None:
            self.work.record.release(self.fence)
            self.fence = None

    def _round(self, fence: Fence, now: int) -> Round:
        if self.work.record.followed().position == 0:
            return self._first(fence)
        due = self.clocks.due(self.work, self.portfolio, now)
        done = follow_changes(self.work, self.portfolio, fence, due)
        self.clocks.done(due, now)
        if not done.more and now - self.trimmed >= TRIM:
            trim_all(self.work)
            self.trimmed = now
        return done

    def _first(self, fence: Fence) -> Round:
        """Sync everything that is not for somebody to say, and follow changes from there."""
        position, now = self.work.record.position(), self.work.clock()
        runs = self._full(fence)
        self.work.record.commit([], fence=fence, upto=Followed(max(position, 1), now))
        self.portfolio.load(self.work)
        return Round(0, runs, more=True)

    def _full(self, fence: Fence) -> tuple[Run, ...]:
        policies = self.work.record.policies()
        guids = [
            one.guid
            for one in self.work.record.outlines()
            if not isinstance(effective(policies, one.guid, one.qualified_name).schedule, Manual)
        ]
        self.clocks.done(guids, self.work.clock())
        return tuple(one.run for one in sync_present(self.work, guids, fence))


@dataclass(frozen=True, slots=True)
class Difference:
    """A product whose members, kept by following changes, were not those that its selection holds."""

    run: Run


def judge(work: Workspace, fence: Fence) -> list[Difference]:
    """Evaluate all products that follow changes in full, and return where that moved anybody: the full one wins.

    Nothing may be waiting in the change log for the verdict to count: what came since is told apart by its position.
    """
    followed, policies = work.record.followed(), work.record.policies()
    guids = [
        one.guid
        for one in work.record.outlines()
        if isinstance(effective(policies, one.guid, one.qualified_name).schedule, OnChange)
    ]
    runs = [one.run for one in sync_present(work, guids, fence)]
    return [Difference(run) for run in runs if run.outcome is Outcome.APPLIED and run.position <= followed.position]
