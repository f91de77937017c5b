"""How old stored memberships are, against how old they may be."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from muster.catalog.entity import Entity
from muster.catalog.product import Outline
from muster.membership import Followed, Run
from muster.policy import OnChange, Policies
from muster.query.timing import is_timely
from muster.query.wire import recall
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Freshness:
    """A product, until when its stored members are known to be right (ms since 1970; None: never synced), and their age.

    `wanted` is how old they may be by the product's policy, in ms; None: nobody said. `waits` says that its last run is
    held, and nobody has decided about it.
    """

    product: Entity
    at: int | None
    age: int | None
    wanted: int | None
    waits: bool

    @property
    def breached(self) -> bool:
        """Whether the members are older than they may be; who was never synced is, where anything is said."""
        return self.wanted is not None and (self.age is None or self.age > self.wanted)


def freshness(work: Workspace) -> list[Freshness]:
    """Return all products: first those that breach their policy, by how much, then the others, the oldest first.

    A product that follows changes is as fresh as the last change that was followed; one that is synced by a schedule, or
    counts from now, as its last run; one whose run was held, or that missed changes, as the last run before.
    """
    now, policies, followed = work.clock(), Policies(work.record.policies()), work.record.followed()
    outlines = list(work.record.outlines())
    held = work.record.waiting([one.guid for one in outlines])
    behind = held.keys() | work.record.missed().keys()
    runs = {run.product: run for run in work.record.current_runs()}
    known = {one.ordinal: one for one in work.record.entities([one.ordinal for one in outlines])}
    found = [
        Freshness(
            known[one.ordinal],
            at,
            None if at is None else max(0, now - at),
            policies.of(one.guid, one.qualified_name).freshness,
            waits=one.guid in held and held[one.guid].verdict is None,
        )
        for one, at in _ages(outlines, runs, behind, policies, followed)
        if one.ordinal in known
    ]
    return sorted(found, key=_place)


def _ages(
    outlines: list[Outline],
    runs: Mapping[str, Run],
    behind: AbstractSet[str],
    policies: Policies,
    followed: Followed,
) -> Iterator[tuple[Outline, int | None]]:
    for one in outlines:
        run = runs.get(one.guid)
        schedule = policies.of(one.guid, one.qualified_name).schedule
        if run is None:
            yield one, None
        elif run.revision != one.revision or one.guid in behind or not isinstance(schedule, OnChange):
            yield one, run.at
        else:
            yield one, run.at if is_timely(recall(one.wire)) else max(run.at, followed.at)


def _place(one: Freshness) -> tuple[bool, float, str]:
    """Return where a product stands: breaches by how much of what is wanted they are, others by age."""
    age = float("inf") if one.age is None else one.age
    by = age / max(one.wanted or 1, 1) if one.breached else age
    return not one.breached, -by, one.product.name
