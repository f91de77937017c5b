"""What the verbs ask about events, and about who is told of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from muster.client.models import Delivery, EventPage, Tested, Webhook
from muster.client.models.webhooks import DeliveryPage
from muster.hook import Status
from muster.membership import EventKind


@dataclass(frozen=True, slots=True)
class About:
    """Which events somebody wants: of a product, of those in a domain, or of all; of some kinds, None for all."""

    product: str | None = None
    domain: str | None = None
    kinds: frozenset[EventKind] | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """A webhook to be, or what is to be changed of one; what is None is left as it is."""

    url: str | None = None
    about: About = About()
    everything: bool = False
    description: str | None = None
    paused: bool | None = None


@dataclass(frozen=True, slots=True)
class Which:
    """Which deliveries: so many of events below a number, that stand so."""

    limit: int
    before: int | None = None
    status: Status | None = None


class Telling(Protocol):
    """The questions about events and webhooks."""

    def events(self, about: About, after: int, limit: int) -> EventPage:
        """Return what happened after an event."""
        ...

    def subscribe(self, url: str, receiver: Receiver, after: int | None) -> Webhook:
        """Tell a receiver of events, from now on or after one."""
        ...

    def webhooks(self) -> Sequence[Webhook]:
        """Return all webhooks."""
        ...

    def change_webhook(self, guid: str, receiver: Receiver) -> Webhook:
        """Change a webhook, pause or resume it."""
        ...

    def rotate_secret(self, guid: str, overlap: int) -> Webhook:
        """Give it another secret; for so many seconds the one before signs as well."""
        ...

    def ping(self, guid: str) -> Tested:
        """Send it a ping now."""
        ...

    def deliveries(self, guid: str, which: Which) -> DeliveryPage:
        """Return how deliveries went."""
        ...

    def redeliver(self, guid: str, number: int) -> Delivery:
        """Have an event delivered once more."""
        ...

    def replay(self, guid: str, after: int) -> Webhook:
        """Tell it everything after an event once more."""
        ...

    def unsubscribe(self, guid: str) -> None:
        """Delete it."""
        ...
