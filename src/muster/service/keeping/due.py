"""Which products are due to be synced in full, whatever the change log says: by their schedules, by the time, by names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from muster.catalog.naming import TAG_FIELDS
from muster.policy import OnChange, Policy, effective, next_time
from muster.query.naming import walk
from muster.query.wire import recall
from muster.service.keeping.portfolio import Held, Portfolio
from muster.service.workspace import Workspace

AGAIN: Final = 60_000
"""Milliseconds after which a selection that counts from now, or a run that is held, is looked at again; at once where the
clock was set back."""


@dataclass(slots=True)
class Clocks:
    """When each product was last evaluated in full, and which tags were known then, as far as this process knows."""

    full: dict[str, int] = field(default_factory=dict)
    typedefs: int | None = None

    def due(self, work: Workspace, portfolio: Portfolio, now: int) -> list[str]:
        """Return the guids of the products that are due now."""
        policies, renamed = work.record.policies(), self._renamed(work)
        return [
            guid
            for guid, one in portfolio.products.items()
            if (renamed and _names_tags(one)) or self._is_due(portfolio, one, policies, now)
        ]

    def done(self, guids: list[str], now: int) -> None:
        """Remember that products were evaluated in full."""
        self.full |= dict.fromkeys(guids, now)

    def _renamed(self, work: Workspace) -> bool:
        """Whether typedefs changed since this was last asked."""
        before, self.typedefs = self.typedefs, work.record.typedefs().version
        return before is not None and before != self.typedefs

    def _is_due(self, portfolio: Portfolio, one: Held, policies: Mapping[str, Policy], now: int) -> bool:
        outline = one.outline
        schedule = effective(policies, outline.guid, outline.qualified_name).schedule or OnChange()
        last = self._last(one)
        at = next_time(schedule, last, now)
        if at is not None and at <= now:
            return True
        again = isinstance(schedule, OnChange) and (one.waiting or portfolio.is_timely(one))
        return again and last is not None and not last <= now < last + AGAIN

    def _last(self, one: Held) -> int | None:
        known = self.full.get(one.outline.guid)
        stored = None if one.generation is None else one.generation.at
        return max((at for at in (known, stored) if at is not None), default=None)


def _names_tags(one: Held) -> bool:
    return any(name in TAG_FIELDS for name in _fields(one))


def _fields(one: Held) -> Iterator[str]:
    for _, clause in walk(recall(one.outline.wire)):
        name = getattr(clause, "field", None)
        if isinstance(name, str):
            yield name
