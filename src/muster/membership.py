"""Who belongs to a product: standing decisions, runs, generations and what each run changed.

`members = (selection | pins) - exclusions`. Member sets are roaring bitmaps of ordinals.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from pyroaring import BitMap


class Decision(StrEnum):
    """What a standing manual decision says of an asset."""

    PIN = "pin"
    EXCLUSION = "exclusion"


@dataclass(frozen=True, slots=True)
class Standing:
    """A manual include or exclude of one asset, with its reason; times in ms since 1970.

    It stands until it expires, is withdrawn or another one takes its place, and stays on record after that. `version` is
    the version of the product that it made, `withdrawn_version` the one that ended it; 0 where that was not kept.
    """

    decision: Decision
    ordinal: int
    reason: str
    by: str
    at: int
    expires_at: int | None = None
    withdrawn_at: int | None = None
    withdrawn_by: str | None = None
    version: int = 0
    withdrawn_version: int | None = None

    def holds(self, now: int) -> bool:
        """Whether the decision counts at a time."""
        return all(end is None or now < end for end in (self.expires_at, self.withdrawn_at))


class Outcome(StrEnum):
    """How a run ended."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    HELD = "held"


class Cause(StrEnum):
    """Why an asset joined or left."""

    FIRST = "first run"
    ASSET = "asset changed"
    ARCHIVE = "asset archived"
    SELECTION = "selection edited"
    PIN = "pin"
    EXCLUSION = "exclusion"
    EXPIRY = "decision expired"
    TIME = "time passed"
    MEANING = "meaning changed"
    """What the selection says stands for something else: a tag has another name, a field is mapped anew."""


class Trigger(StrEnum):
    """What a run came of: everything was evaluated, only what changed was, or someone approved a run that was held.

    An audit evaluates everything to see whether following changes had led to the same; a forced run asked no guard.
    """

    FULL = "full"
    INCREMENTAL = "incremental"
    AUDIT = "audit"
    APPROVAL = "approval"
    FORCED = "forced"


class Verdict(StrEnum):
    """What someone decided about a held run."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Move:
    """The assets that one run moved for one cause."""

    cause: Cause
    joined: BitMap
    left: BitMap


def moved(moves: Iterable[Move]) -> tuple[BitMap, BitMap]:
    """Return all who joined and all who left, whatever the cause."""
    some = list(moves)
    return BitMap().union(*(one.joined for one in some)), BitMap().union(*(one.left for one in some))


@dataclass(frozen=True, slots=True)
class Generation:
    """One numbered membership of a product; `digest` is the SHA-256 of its bitmap, `at` in ms since 1970."""

    number: int
    run: int
    revision: int
    position: int
    at: int
    digest: str
    members: BitMap


@dataclass(frozen=True, slots=True)
class Run:
    """One sync of one product; `number` is unique in the record.

    `position` is the index position that was read. `joined` and `left` count assets; for a held run, those that
    would have moved. `held_because` is empty unless the outcome is held; who decided about a held run, when (ms since
    1970), and why if they said so, stands with its verdict.
    """

    number: int
    product: str
    revision: int
    position: int
    at: int
    outcome: Outcome
    generation: int | None
    total: int
    joined: int
    left: int
    digest: str
    held_because: str = ""
    trigger: Trigger = Trigger.FULL
    verdict: Verdict | None = None
    decided_at: int | None = None
    decided_by: str | None = None
    decided_because: str = ""


TOGETHER: Final = 600_000
"""Milliseconds in which what moves is one change to guards."""

OF_THE_CATALOG: Final = frozenset({Cause.ASSET, Cause.ARCHIVE, Cause.TIME, Cause.MEANING, Cause.EXPIRY})
"""The causes of moves that nobody asked for by an edit of the product or a decision."""

ANSWERED: Final = frozenset({Trigger.APPROVAL, Trigger.FORCED})
"""The triggers of runs that somebody answers for: guards count from there."""


@dataclass(frozen=True, slots=True)
class Guard:
    """The change that a run may bring by itself: it may not empty a product, and moves more only where they are few.

    A run is held that moves more than `percent` of the members there were, and more than `least` of them. What the catalog
    moved by itself within `TOGETHER` is counted with it: a change that comes in parts is one change.
    """

    percent: float = 50.0
    least: int = 100
    may_empty: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a run found and wants to commit; `held_because` not empty means: record it, apply nothing."""

    product: str
    revision: int
    position: int
    at: int
    members: BitMap
    moves: tuple[Move, ...]
    held_because: str = ""
    trigger: Trigger = Trigger.FULL


class EventKind(StrEnum):
    """What an event tells: that a membership moved, or that a run was held."""

    MOVED = "moved"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Event:
    """What is told to others of one run; `sequence` counts the events of its product from 1, without gaps.

    `number` counts all events in the order in which they happened.
    """

    number: int
    product: str
    sequence: int
    run: int
    at: int
    kind: EventKind


@dataclass(frozen=True, slots=True)
class Followed:
    """How far all memberships have followed the change log: a position, and when that was (ms since 1970)."""

    position: int
    at: int


def confirmed(generation: Generation, followed: Followed) -> Generation:
    """Return a membership that followed changes as of when they were followed last: it was right by then."""
    position, at = max(generation.position, followed.position), max(generation.at, followed.at)
    return replace(generation, position=position, at=at)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was the case when changes were followed last: the version of typedefs, and who did not follow changes, by guid.

    `typedefs` is None where nobody has followed changes yet.
    """

    typedefs: int | None = None
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fence:
    """What a piece of work was taken under: who takes it over has a higher number."""

    name: str
    number: int


def resolve(selected: BitMap, standings: tuple[Standing, ...], now: int) -> BitMap:
    """Return `(selected | pins) - exclusions`, counting the decisions that hold at `now`."""
    holding = [standing for standing in standings if standing.holds(now)]
    pins = BitMap(standing.ordinal for standing in holding if standing.decision is Decision.PIN)
    exclusions = BitMap(standing.ordinal for standing in holding if standing.decision is Decision.EXCLUSION)
    return (selected | pins) - exclusions
