"""Answers about events and webhooks, by the services in this process."""

from collections.abc import Sequence

from muster.bootstrap import way_out
from muster.cli.answering.inside import OnWorkspace, read
from muster.cli.answering.telling import About, Receiver, Which
from muster.client.models import Delivery, EventPage, Tested, Webhook
from muster.client.models.webhooks import DeliveryPage
from muster.hook import EVERY, Hook, Scope
from muster.service import telling
from muster.service.hooks import subscribing
from muster.service.hooks.pinging import ping
from muster.service.hooks.subscribing import Changes, Wanted
from muster.views import events as views


class TellingHere(OnWorkspace):
    """The services, as `muster.cli.answering.telling.Telling` asks them."""

    def events(self, about: About, after: int, limit: int) -> EventPage:
        """Return what happened."""
        types = [telling.TYPES[kind] for kind in about.kinds or ()]
        interest = telling.interest(self._work, about.product, about.domain, types)
        return read(EventPage, views.page(telling.page(self._work, after, limit, interest)))

    def subscribe(self, url: str, receiver: Receiver, after: int | None) -> Webhook:
        """Tell a receiver of events."""
        about = receiver.about
        wanted = Wanted(url, self._about(about), about.kinds or EVERY, receiver.description or "", after)
        with way_out(self._chosen) as out:
            made = subscribing.subscribe(self._work, out, wanted)
        return read(Webhook, views.hook(made) | {"secret": made.secret})

    def webhooks(self) -> Sequence[Webhook]:
        """List webhooks."""
        return [_hook(one) for one in self._work.record.hooks()]

    def change_webhook(self, guid: str, receiver: Receiver) -> Webhook:
        """Change a webhook."""
        about = receiver.about
        moved = receiver.everything or about.product is not None or about.domain is not None
        changes = Changes(
            url=receiver.url,
            scope=self._about(about) if moved else None,
            kinds=about.kinds,
            description=receiver.description,
            paused=receiver.paused,
        )
        with way_out(self._chosen) as out:
            return _hook(subscribing.change(self._work, out, guid, changes))

    def rotate_secret(self, guid: str, overlap: int) -> Webhook:
        """Give it another secret."""
        made = subscribing.rotate(self._work, guid, overlap * 1_000)
        return read(Webhook, views.hook(made) | {"secret": made.secret})

    def ping(self, guid: str) -> Tested:
        """Send it a ping."""
        with way_out(self._chosen) as out:
            return read(Tested, views.pinged(ping(self._work, out, guid, views.ping)))

    def deliveries(self, guid: str, which: Which) -> DeliveryPage:
        """List how deliveries went."""
        found = self._work.record.deliveries(guid, limit=which.limit + 1, before=which.before, status=which.status)
        return read(DeliveryPage, views.deliveries(found, which.limit))

    def redeliver(self, guid: str, number: int) -> Delivery:
        """Have an event delivered once more."""
        return read(Delivery, views.delivery(subscribing.redeliver(self._work, guid, number)))

    def replay(self, guid: str, after: int) -> Webhook:
        """Tell it everything since once more."""
        return _hook(subscribing.replay(self._work, guid, after))

    def unsubscribe(self, guid: str) -> None:
        """Delete it."""
        self._work.record.delete_hook(guid)

    def _about(self, about: About) -> Scope:
        return subscribing.scope(self._work, about.product, about.domain)


def _hook(one: Hook) -> Webhook:
    return read(Webhook, views.hook(one))
