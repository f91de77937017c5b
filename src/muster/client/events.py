"""Events: memberships that moved, runs that were held, as they happen or later."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal, TypeAlias

from muster.client.models.events import Event, EventPage
from muster.client.part import AT_ONCE, Part
from muster.client.saying import span

EventType: TypeAlias = Literal["muster.membership.moved", "muster.membership.held"]


class Events(Part):
    """The part of the client that is about events.

    `after` is the number of an event: those that happened later are told. Without `product` and `domain` they are of all
    products, without `of_type` of all types.

    Raises:
        NotFound: there is no such product or domain.
        InvalidInput: both are named, or nothing has happened yet that late.
    """

    def events(
        self, *, after: int = 0, product: str | None = None, domain: str | None = None, of_type: EventType | None = None
    ) -> Iterator[Event]:
        """Stream what has happened until now, the oldest first.

        Example:
            >>> for event in muster.events(product="Gold tables", of_type="muster.membership.moved"):
            ...     print(event.data.product.name, event.data.run.joined)
            Gold tables 400
        """
        while True:
            page = self.event_page(after=after, product=product, domain=domain, of_type=of_type, limit=AT_ONCE)
            yield from page.data
            if len(page.data) < AT_ONCE:
                return
            after = page.paging.after

    def event_page(
        self,
        *,
        after: int = 0,
        product: str | None = None,
        domain: str | None = None,
        of_type: EventType | None = None,
        limit: int = 100,
        wait: timedelta | str | None = None,
    ) -> EventPage:
        """Return some of them: at most `limit`. Where there is none, `wait` says how long to wait for one, a minute at most.

        Example:
            >>> page = muster.event_page(limit=1)
            >>> muster.event_page(after=page.paging.last, wait="1s").data
            []
        """
        query = {
            "after": after,
            "product": product,
            "domain": domain,
            "type": of_type,
            "limit": limit,
            "wait": span(wait),
        }
        return self._sender.look(EventPage, "/events", query=query)
