"""Which products are due to be synced in full, whatever the change log says: by their schedules, by the time, by names."""

from dataclasses import dataclass, field
from typing import Final

from muster.catalog.naming import TAG_FIELDS
from muster.membership import Fence, Seen
from muster.policy import OnChange, Policies, Schedule, next_time
from muster.query.naming import named_fields
from muster.query.wire import recall
from muster.service.keeping.portfolio import Held, Portfolio
from muster.service.workspace import Workspace

AGAIN: Final = 60_000
"""Milliseconds after which a selection that counts from now, or a run that is held, is looked at again; at once where the
clock was set back."""


@dataclass(slots=True)
class Clocks:
    """When each product was last evaluated in full, as far as this process knows; what the last round saw, and this one.

    What a round saw counts when the round is done: one that comes to nothing is done again, with all that was due.
    """

    full: dict[str, int] = field(default_factory=dict)
    before: Seen = field(default_factory=Seen)
    seen: Seen = field(default_factory=Seen)

    def resume(self, work: Workspace) -> None:
        """Go on from where whoever followed changes last left off, this process or another."""
        self.before = work.record.seen()

    def due(self, work: Workspace, portfolio: Portfolio, now: int) -> list[str]:
        """Return the guids of the products that are due now."""
        policies = Policies(work.record.policies())
        schedules = {guid: _schedule(one, policies) for guid, one in portfolio.products.items()}
        apart = frozenset(guid for guid, schedule in schedules.items() if not isinstance(schedule, OnChange))
        self.seen = Seen(work.record.typedefs().version, apart)
        renamed, came = self.before.typedefs != self.seen.typedefs, self.before.apart - apart
        return [
            guid
            for guid, one in portfolio.products.items()
            if guid in came
            or (renamed and guid not in apart and _names_tags(one))
            or self._is_due(one, schedules[guid], now)
        ]

    def done(self, work: Workspace, fence: Fence, guids: list[str], now: int) -> None:
        """Remember that products were evaluated in full, and what was seen: for whoever follows changes next as well.

        Raises:
            Overtaken: somebody else follows them by now.
        """
        self.full |= dict.fromkeys(guids, now)
        if self.seen != self.before:
            work.record.see(self.seen, fence)
        self.before = self.seen

    def _is_due(self, one: Held, schedule: Schedule, now: int) -> bool:
        follows = isinstance(schedule, OnChange)
        again = follows and (one.waiting or one.is_timely)
        if follows and not again and one.generation is not None:
            return False  # most of them
        last = self._last(one)
        at = next_time(schedule, last, now)
        if at is not None and at <= now:
            return True
        return again and last is not None and not last <= now < last + AGAIN

    def _last(self, one: Held) -> int | None:
        known = self.full.get(one.outline.guid)
        stored = None if one.generation is None else one.generation.at
        return max((at for at in (known, stored) if at is not None), default=None)


def _schedule(one: Held, policies: Policies) -> Schedule:
    return policies.of(one.outline.guid, one.outline.qualified_name).schedule or OnChange()


def _names_tags(one: Held) -> bool:
    return any(name in TAG_FIELDS for name in named_fields(recall(one.outline.wire)))
