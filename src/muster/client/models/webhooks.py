"""Webhooks: receivers that are told of events, and how that goes."""

from pydantic import Field

from muster.client.models.things import Paging
from muster.client.told import Time, Told


class Webhook(Told):
    """A receiver that is told of events; `position` is the number of the last one that is told, dead, or none of its own.

    It is told of one `product` (by guid), of those in one `domain` (by guid), or of all. `secret` is told of a new one only,
    and when it changes; until `former_secret_until` the one before signs as well.
    """

    id: str
    url: str
    description: str
    product: str | None = None
    domain: str | None = None
    types: list[str]
    position: int
    paused: bool
    paused_because: str | None = None
    created_at: Time
    created_by: str
    former_secret_until: Time | None = None
    secret: str | None = Field(default=None, repr=False)


class Delivery(Told):
    """How telling a webhook of an event went: `status` is `waiting`, `again`, `delivered` or `dead`."""

    number: int
    status: str
    tries: int
    at: Time
    due: Time | None = None
    code: int | None = None
    said: str | None = None


class Tested(Told):
    """How a receiver took a ping."""

    delivered: bool
    code: int | None = None
    said: str | None = None
    milliseconds: int


class WebhookList(Told):
    """All webhooks, the oldest first."""

    data: list[Webhook]
    paging: Paging


class DeliveryPage(Told):
    """Some deliveries, the latest event first."""

    data: list[Delivery]
    paging: Paging
