"""Hooks: receivers that are told of events over HTTP, which events they want, and how each delivery went."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from muster.membership import EventKind

EVERY: Final = frozenset(EventKind)
"""All kinds of events."""

SAID: Final = 1_024
"""Bytes that are kept of what a receiver answered."""


@dataclass(frozen=True, slots=True)
class Interest:
    """Which events somebody wants: of a product by guid, or of all products below a qualified name; of some kinds."""

    product: str | None = None
    within: str | None = None
    kinds: frozenset[EventKind] = EVERY


@dataclass(frozen=True, slots=True)
class Everything:
    """A hook is told of all products."""


@dataclass(frozen=True, slots=True)
class OfDomain:
    """A hook is told of the products that are in a domain, given by guid, or in one below it."""

    guid: str


@dataclass(frozen=True, slots=True)
class OfProduct:
    """A hook is told of one product, given by guid."""

    guid: str


Scope: TypeAlias = Everything | OfDomain | OfProduct


@dataclass(frozen=True, slots=True)
class Former:
    """The secret that a hook had before its own: until a time (ms since 1970) it signs as well."""

    secret: str = field(repr=False)
    until: int


@dataclass(frozen=True, slots=True)
class Hook:
    """One receiver; `secret` signs what it is sent, and for a while the `former` one too. Times are ms since 1970.

    Every event up to `position` was told, is a dead letter, or is none that it wants. `epoch` counts what people changed:
    what was begun before does not count afterwards. `paused` says why nothing is sent, None while it is.
    """

    guid: str
    url: str
    secret: str = field(repr=False)
    scope: Scope
    kinds: frozenset[EventKind]
    description: str
    position: int
    created_at: int
    created_by: str
    epoch: int = 1
    paused: str | None = None
    former: Former | None = None

    def secrets(self, at: int) -> tuple[str, ...]:
        """Return the secrets that sign what is sent at a time, its own first."""
        former = () if self.former is None or self.former.until <= at else (self.former.secret,)
        return self.secret, *former


class Status(StrEnum):
    """How a delivery stands."""

    WAITING = "waiting"
    """It failed and is tried again; later events of its hook wait for it."""
    AGAIN = "again"
    """Somebody asked for it once more; nothing waits for it."""
    DELIVERED = "delivered"
    DEAD = "dead"
    """It failed so often that it is not tried any more; later events are told."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of telling a hook of an event, by the event's number. Times are ms since 1970.

    `at` is the last try, `due` the next one where there is to be one. `code` is the status that the receiver answered with,
    None where it gave no answer; `said` is the begin of its answer, or why there was none.
    """

    hook: str
    number: int
    status: Status
    tries: int
    at: int
    due: int | None = None
    code: int | None = None
    said: str = ""
