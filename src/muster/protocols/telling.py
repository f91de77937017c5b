"""What the services ask of the record to tell others what happened, and what it answers with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from muster.hook import Delivery, Hook, Interest, Status
from muster.membership import Event, Fence, Move, Run

ANYTHING = Interest()


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with the run that it tells of, whom that moved, or would have, and the ordinal of its product."""

    event: Event
    ordinal: int
    run: Run
    moves: tuple[Move, ...]


class Telling(Protocol):
    """The part of a record that holds events, and who is told of them.

    Raises:
        RecordUnavailable: the store does not answer.
        NotFound: there is no such hook or delivery.
    """

    def events(self, after: int, limit: int, interest: Interest = ANYTHING) -> list[Event]:
        """Return the events after a number, in order: none will ever come before the last one seen."""
        ...

    def last_event(self) -> int:
        """Return the number of the last event; 0 when there is none."""
        ...

    def happenings(self, events: Sequence[Event]) -> list[Happening]:
        """Return events with what they tell of, in the same order; those whose run is kept no more are left out."""
        ...

    def add_hook(self, hook: Hook) -> None:
        """Store a new hook."""
        ...

    def hook(self, guid: str) -> Hook:
        """Return a hook by guid."""
        ...

    def hooks(self) -> list[Hook]:
        """Return all hooks, the oldest first."""
        ...

    def change_hook(self, hook: Hook) -> Hook:
        """Store what is said of a hook now, all but its position and secrets, and return it at its next epoch.

        What waits for a further try is tried anew. Conflict when somebody else changed the hook since it was read.
        """
        ...

    def rotate_hook(self, guid: str, secret: str, *, until: int) -> Hook:
        """Give a hook another secret; the one before signs as well until a time (ms since 1970)."""
        ...

    def rewind_hook(self, guid: str, after: int) -> Hook:
        """Let a hook be told everything after a number once more, and return it at its next epoch.

        What is known of deliveries after it is forgotten.
        """
        ...

    def delete_hook(self, guid: str) -> None:
        """Take a hook away for good, with its deliveries."""
        ...

    def deliveries(
        self, guid: str, *, limit: int, before: int | None = None, status: Status | None = None
    ) -> list[Delivery]:
        """Return the deliveries of a hook, the latest event first, those numbered below `before`."""
        ...

    def open_deliveries(self, limit: int) -> list[Delivery]:
        """Return the deliveries of all hooks that are to be tried, those that are due first."""
        ...

    def redeliver(self, guid: str, number: int, *, at: int) -> Delivery:
        """Have an event delivered once more; Conflict when it waits for that already."""
        ...

    def settle(self, fence: Fence, hook: Hook, delivery: Delivery | None = None) -> None:
        """Store how a delivery went, and how far its hook has come: its position, and whether it is paused.

        What it has come past does not wait for a further try any more.
        Overtaken, and nothing is stored, when somebody else delivers by now, when the hook is at another epoch or gone, or
        has come further.
        """
        ...
