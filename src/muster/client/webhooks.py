"""Webhooks: receivers that are told of events, how that goes, and what to do where it does not."""

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from muster.client.models import Delivery, Tested, Webhook
from muster.client.models.webhooks import DeliveryPage, WebhookList
from muster.client.part import AT_ONCE, Part, pages
from muster.client.saying import body, several
from muster.client.sending import name as step

Status: TypeAlias = Literal["waiting", "again", "delivered", "dead"]


class Webhooks(Part):
    """The part of the client that is about webhooks; it takes the token of an admin. They go by their `id`.

    Raises:
        NotFound: there is no such webhook, product or domain.
        InvalidInput: the URL leads nowhere or where it may not, both a product and a domain are named, or nothing has
            happened yet that late.
        Forbidden: the token is none of an admin.
    """

    def subscribe(
        self,
        url: str,
        *,
        product: str | None = None,
        domain: str | None = None,
        types: Sequence[str] | None = None,
        description: str = "",
        after: int | None = None,
    ) -> Webhook:
        """Tell a receiver of events from now on, or of those `after` a number; of one product, a domain, or all.

        Its `secret`, which signatures are made with, is told this once.

        Example:
            >>> muster.subscribe(receiver, product="Gold tables", after=0).secret[:6]
            'whsec_'
        """
        asked = body(
            url=url,
            product=product,
            domain=domain,
            types=None if types is None else several(types),
            description=description,
            after=after,
        )
        return self._sender.ask(Webhook, "POST", "/webhooks", body=asked)

    def webhooks(self) -> list[Webhook]:
        """Return all webhooks, the oldest first, and how far each has come.

        Example:
            >>> [one.paused for one in muster.webhooks()]
            [False]
        """
        return self._sender.look(WebhookList, "/webhooks").data

    def webhook(self, guid: str) -> Webhook:
        """Return one of them.

        Example:
            >>> muster.webhook(muster.webhooks()[0].id).types
            ['muster.membership.held', 'muster.membership.moved']
        """
        return self._sender.look(Webhook, _path(guid))

    def change_webhook(
        self,
        guid: str,
        *,
        url: str | None = None,
        product: str | None = None,
        domain: str | None = None,
        everything: bool = False,
        types: Sequence[str] | None = None,
        description: str | None = None,
        paused: bool | None = None,
    ) -> Webhook:
        """Change a webhook, pause or resume it; what is None stays. `everything`: it is told of all products.

        Example:
            >>> muster.change_webhook(muster.webhooks()[0].id, description="for the dashboard").description
            'for the dashboard'
        """
        asked = body(
            url=url,
            product=product,
            domain=domain,
            types=None if types is None else several(types),
            description=description,
            paused=paused,
        )
        all_of_them = {"product": None} if everything else {}
        return self._sender.ask(Webhook, "PATCH", _path(guid), body=asked | all_of_them)

    def rotate_secret(self, guid: str, *, overlap: int = 86_400) -> Webhook:
        """Give a webhook another `secret`, which is told this once; for `overlap` seconds the one before signs as well.

        Example:
            >>> muster.rotate_secret(muster.webhooks()[0].id).secret[:6]
            'whsec_'
        """
        return self._sender.ask(Webhook, "POST", _path(guid, "rotate"), body={"overlap": overlap})

    def ping(self, guid: str) -> Tested:
        """Send a ping now, signed as events are, and return how the receiver takes it.

        Example:
            >>> muster.ping(muster.webhooks()[0].id).delivered
            True
        """
        return self._sender.ask(Tested, "POST", _path(guid, "test"))

    def deliveries(self, guid: str, *, status: Status | None = None) -> Iterator[Delivery]:
        """Stream how deliveries went, the latest event first: the dead, those tried again, the last that went well.

        Example:
            >>> list(muster.deliveries(muster.webhooks()[0].id, status="dead"))
            []
        """

        def page(before: int | None) -> DeliveryPage:
            return self.delivery_page(guid, status=status, limit=AT_ONCE, before=before)

        for one in pages(page, lambda page: page.paging.before):
            yield from one.data

    def delivery_page(
        self, guid: str, *, status: Status | None = None, limit: int = 100, before: int | None = None
    ) -> DeliveryPage:
        """Return some of them: at most `limit` of events with a lower number than `before`.

        Example:
            >>> import time
            >>> hook = muster.webhooks()[0]
            >>> while not (page := muster.delivery_page(hook.id, status="delivered", limit=1)).data:
            ...     time.sleep(0.1)
            >>> page.data[0].tries
            1
        """
        query = {"status": status, "limit": limit, "before": before}
        return self._sender.look(DeliveryPage, _path(guid, "deliveries"), query=query)

    def redeliver(self, guid: str, number: int) -> Delivery:
        """Have an event delivered once more that is a dead letter, or went well; other events do not wait for it.

        Example:
            >>> hook = muster.webhooks()[0]
            >>> last = next(muster.deliveries(hook.id, status="delivered"))
            >>> muster.redeliver(hook.id, last.number).status
            'again'

        Raises:
            Conflict: it waits for that already.
        """
        return self._sender.ask(Delivery, "POST", _path(guid, "deliveries", str(number), "redeliver"))

    def replay(self, guid: str, after: int) -> Webhook:
        """Tell a webhook everything after an event once more, in order, under the same ids; 0 for all.

        Example:
            >>> muster.replay(muster.webhooks()[0].id, 0).paused
            False
        """
        return self._sender.ask(Webhook, "POST", _path(guid, "replay"), body={"after": after})

    def unsubscribe(self, guid: str) -> None:
        """Delete a webhook, with what is known of its deliveries; nothing is sent any more.

        Example:
            >>> muster.unsubscribe(muster.webhooks()[0].id)
            >>> muster.webhooks()
            []
        """
        self._sender.send("DELETE", _path(guid))


def _path(guid: str, *more: str) -> str:
    return "/".join(("/webhooks", step(guid), *more))
