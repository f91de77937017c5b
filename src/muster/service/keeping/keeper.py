"""Who keeps memberships right: one at a time, by a lease; a dead one's work is taken over, a late one cannot commit."""

import uuid
from dataclasses import dataclass, field, replace
from typing import Final

from muster.errors import Conflict, MusterError, Overtaken
from muster.membership import Fence, Followed, Run
from muster.policy import Manual, Policies
from muster.service.keeping.audit import Audited, audit
from muster.service.keeping.due import Clocks
from muster.service.keeping.portfolio import Portfolio
from muster.service.keeping.renewing import renewed
from muster.service.keeping.rounds import Round, follow_changes
from muster.service.project import project
from muster.service.sync import sync_present
from muster.service.trimming import trim_all
from muster.service.workspace import Workspace

WORK: Final = "memberships"
"""The name of the lease."""

LEASE: Final = 30_000
"""Milliseconds for which the lease is taken; it is renewed with every round."""

AUDIT: Final = "audit"
"""The name of the lease that lasts from one audit to the next, whoever does it."""

LOOK: Final = 600_000
"""Milliseconds until it is looked again whether that is over, where somebody else did the last."""

TRIM: Final = 3_600_000
"""Milliseconds after which history that no policy wants to be kept is let go of again."""


@dataclass(slots=True)
class Keeper:
    """One worker. `holder` names it among all; what it knows of products is read when it gets the lease.

    `audit_every`: milliseconds from one audit to the next, 0 for none. `carries`: whether the index is brought up to the
    record as well, for there is nobody else in the process who does. `found` is what audits found that no round has told yet.
    """

    work: Workspace
    holder: str = field(default_factory=lambda: str(uuid.uuid4()))
    lease: int = LEASE
    portfolio: Portfolio = field(default_factory=Portfolio)
    clocks: Clocks = field(default_factory=Clocks)
    fence: Fence | None = None
    trimmed: int = 0
    audit_every: int = 0
    next_audit: int = 0
    found: tuple[Audited, ...] = ()
    carries: bool = True

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
        try:
            with renewed(self.work, fence, self.holder, self.lease):
                self._begin(fence)
                return self._round(fence, now)
        except Overtaken:
            self.fence = None
            return None
        except Conflict:  # somebody edited or synced meanwhile: the next round sees it
            return Round(0, (), more=True)

    def carry(self) -> None:
        """Bring the index up to the record, after memberships: nobody has to wait for that to know who belongs where.

        Raises:
            EngineUnavailable, RecordUnavailable: try again; nothing is lost.
        """
        if self.carries and self.fence is not None:
            with renewed(self.work, self.fence, self.holder, self.lease):
                project(self.work)

    def close(self) -> None:
        """Let the lease go, for the next one to have it at once."""
        if self.fence is not None:
            self.work.record.release(self.fence)
            self.fence = None

    def _begin(self, fence: Fence) -> None:
        """Read what there is, where somebody else had the lease before."""
        if fence != self.fence:
            self.portfolio.load(self.work)
            self.clocks.resume(self.work)
            self.fence = fence

    def _round(self, fence: Fence, now: int) -> Round:
        due = self.clocks.due(self.work, self.portfolio, now)
        if self.work.record.followed().position == 0:
            return self._first(fence) if self.work.record.position() else Round(0, (), more=False)
        done = follow_changes(self.work, self.portfolio, fence, due)
        self.clocks.done(self.work, fence, due, now)
        if not done.more and now - self.trimmed >= TRIM:
            trim_all(self.work)
            self.trimmed = now
        done = done if done.more else self._audited(fence, done, now)
        found, self.found = self.found, ()
        return replace(done, differences=found)

    def _audited(self, fence: Fence, done: Round, now: int) -> Round:
        """Add an audit to a round, where one is due; one that comes to nothing is due again soon."""
        turn = self._turn(now)
        if turn is None:
            return done
        try:
            runs = self._audit(fence)
        except MusterError:
            self.next_audit = now + min(LOOK, self.audit_every)
            self.work.record.release(turn)
            raise
        return replace(done, runs=(*done.runs, *runs))

    def _audit(self, fence: Fence) -> tuple[Run, ...]:
        """Audit; what is found is told with the next round that ends, if not with this one."""
        done = audit(self.work, fence)
        self.found += done.differences
        if done.error is not None:
            raise done.error
        return done.runs

    def _turn(self, now: int) -> Fence | None:
        """Take the next audit, where it is due and nobody else's: it is done once in a while, however often they restart."""
        if not self.audit_every or now < self.next_audit:
            return None
        turn = self.work.record.lease(AUDIT, self.holder, at=now, until=now + self.audit_every)
        self.next_audit = now + (self.audit_every if turn else min(LOOK, self.audit_every))
        return turn

    def _first(self, fence: Fence) -> Round:
        """Sync everything that is not for somebody to say, and follow changes from there."""
        seen, upto = self.work.record.last_run(), Followed(self.work.record.position(), self.work.clock())
        self._turn(upto.at)  # a first sync is as good as an audit
        runs = self._full(fence)
        self.work.record.advance([], upto, seen=seen, fence=fence)
        self.portfolio.load(self.work)
        return Round(0, runs, more=True)

    def _full(self, fence: Fence) -> tuple[Run, ...]:
        policies = Policies(self.work.record.policies())
        guids = [
            one.guid
            for one in self.work.record.outlines()
            if not isinstance(policies.of(one.guid, one.qualified_name).schedule, Manual)
        ]
        runs = tuple(one.run for one in sync_present(self.work, guids, fence))
        self.clocks.done(self.work, fence, guids, self.work.clock())
        return runs
