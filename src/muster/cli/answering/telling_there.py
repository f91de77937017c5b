"""Answers about events and webhooks, by a server."""

from collections.abc import Mapping, Sequence
from typing import Final

from muster.cli.answering.across import OnServer, pointing_here
from muster.cli.answering.telling import About, Receiver, Which
from muster.client.events import EventType
from muster.client.models import Delivery, EventPage, Tested, Webhook
from muster.client.models.webhooks import DeliveryPage
from muster.membership import EventKind

TYPES: Final[Mapping[EventKind, EventType]] = {
    EventKind.MOVED: "muster.membership.moved",
    EventKind.HELD: "muster.membership.held",
}
"""What a server calls the kinds of events."""


class TellingThere(OnServer):
    """A server, as `muster.cli.answering.telling.Telling` asks it."""

    @pointing_here()
    def events(self, about: About, after: int, limit: int) -> EventPage:
        """Return what happened."""
        (of_type,) = _types(about) or (None,)
        return self._client.event_page(
            after=after, product=about.product, domain=about.domain, of_type=of_type, limit=limit
        )

    def subscribe(self, url: str, receiver: Receiver, after: int | None) -> Webhook:
        """Tell a receiver of events."""
        about = receiver.about
        return self._client.subscribe(
            url,
            product=about.product,
            domain=about.domain,
            types=_types(about),
            description=receiver.description or "",
            after=after,
        )

    def webhooks(self) -> Sequence[Webhook]:
        """List webhooks."""
        return self._client.webhooks()

    def change_webhook(self, guid: str, receiver: Receiver) -> Webhook:
        """Change a webhook."""
        about = receiver.about
        return self._client.change_webhook(
            guid,
            url=receiver.url,
            product=about.product,
            domain=about.domain,
            everything=receiver.everything,
            types=_types(about),
            description=receiver.description,
            paused=receiver.paused,
        )

    def rotate_secret(self, guid: str, overlap: int) -> Webhook:
        """Give it another secret."""
        return self._client.rotate_secret(guid, overlap=overlap)

    def ping(self, guid: str) -> Tested:
        """Send it a ping."""
        return self._client.ping(guid)

    def deliveries(self, guid: str, which: Which) -> DeliveryPage:
        """List how deliveries went."""
        return self._client.delivery_page(
            guid,
            status=None if which.status is None else which.status.value,
            limit=which.limit,
            before=which.before,
        )

    def redeliver(self, guid: str, number: int) -> Delivery:
        """Have an event delivered once more."""
        return self._client.redeliver(guid, number)

    def replay(self, guid: str, after: int) -> Webhook:
        """Tell it everything since once more."""
        return self._client.replay(guid, after)

    def unsubscribe(self, guid: str) -> None:
        """Delete it."""
        self._client.unsubscribe(guid)


def _types(about: About) -> list[EventType] | None:
    return None if about.kinds is None else sorted(TYPES[kind] for kind in about.kinds)
