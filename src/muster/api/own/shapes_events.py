"""What is said of events and of webhooks, as the description of these routes shows it."""

from typing import Annotated, Final, Literal

from pydantic import Field

from muster.api.bodies import Asked, Shape
from muster.api.own.shapes import TIME, CauseCount, Run
from muster.api.own.shapes_selections import GUID, Brief

EventType = Literal["muster.membership.moved", "muster.membership.held"]

URL: Final = "https://hooks.example.org/muster"


class SomeAssets(Shape):
    """Assets by guid, in the order in which they came to the catalog."""

    assets: list[str] = Field(description="The first hundred.", examples=[[GUID]])
    truncated: bool = Field(description="Whether there are more.")


class EventData(Shape):
    """What an event tells."""

    product: Brief
    run: Run
    causes: list[CauseCount]
    joined: SomeAssets
    left: SomeAssets
    changes: str = Field(description="Where all of them are listed.")


class Event(Shape):
    """An event: a CloudEvent 1.0 with the extension `sequence`."""

    specversion: Literal["1.0"]
    id: str = Field(description="The record and the number: the same whenever and wherever the event is told.")
    source: str = Field(examples=[f"/dataProducts/{GUID}"])
    type: EventType
    subject: str = Field(description="The guid of the product.", examples=[GUID])
    time: str = Field(description="When the run was.", examples=[TIME])
    datacontenttype: Literal["application/json"]
    sequence: str = Field(
        description="Counts the events of the product from 1, without gaps; with zeros in front, so that it sorts as text.",
        examples=["0000000001"],
    )
    sequencetype: Literal["Integer"]
    musternumber: int = Field(description="Counts all events, in the order in which they happened.", examples=[1])
    data: EventData


class Upto(Shape):
    """Where to go on."""

    after: int = Field(description="Pass it on for what comes next.", examples=[1])
    last: int = Field(description="The number of the last event there is, of whatever product.", examples=[1])


class Events(Shape):
    """Some events."""

    data: list[Event] = Field(description="The oldest first.")
    paging: Upto


class Webhook(Shape):
    """A receiver that is told of events."""

    id: str = Field(examples=[GUID])
    url: str = Field(examples=[URL])
    description: str
    product: str | None = Field(description="The guid of the product that it is told of; null for more than one.")
    domain: str | None = Field(description="The guid of the domain whose products it is told of.")
    types: list[EventType]
    position: int = Field(description="The number of the last event that is told, dead, or none of its own.")
    paused: bool = Field(description="Whether nothing is sent.")
    paused_because: str | None = Field(examples=["by ada"])
    created_at: str = Field(examples=[TIME])
    created_by: str = Field(examples=["ada"])
    former_secret_until: str | None = Field(
        description="Until when the secret before the last change signs as well; null where it is the first.",
        examples=[TIME],
    )


class NewWebhook(Webhook):
    """A receiver that was just made, or has another secret now."""

    secret: str = Field(description="What signatures are made with; it is told this once.", examples=["whsec_…"])


class Webhooks(Shape):
    """All webhooks."""

    data: list[Webhook] = Field(description="The oldest first.")
    paging: dict[str, int] = Field(description="`total`: how many there are.", examples=[{"total": 1}])


class Delivery(Shape):
    """How telling a webhook of an event went."""

    number: int = Field(description="The number of the event: its `musternumber`.", examples=[1])
    status: Literal["waiting", "again", "delivered", "dead"] = Field(
        description="`waiting`: it failed and is tried again, later events wait. `again`: somebody asked for it once more."
    )
    tries: int
    at: str = Field(description="When it was tried last.", examples=[TIME])
    due: str | None = Field(description="When it is tried next.")
    code: int | None = Field(description="The status that the receiver answered with.", examples=[200])
    said: str | None = Field(description="The begin of its answer, or why there was none.")


class BeforeNumber(Shape):
    """Where to go on."""

    before: int | None = Field(default=None, description="Pass it on for the page that follows; left out on the last.")


class Deliveries(Shape):
    """Some deliveries."""

    data: list[Delivery] = Field(description="The latest event first.")
    paging: BeforeNumber


class Tested(Shape):
    """How a receiver took a ping."""

    delivered: bool
    code: int | None = Field(examples=[200])
    said: str | None
    milliseconds: int = Field(description="How long it took.", examples=[12])


Types = Annotated[list[EventType], Field(min_length=1, max_length=9)]
Described = Annotated[str, Field(max_length=1_000)]
Ref = Annotated[str, Field(min_length=1, max_length=10_000)]
Number = Annotated[int, Field(ge=0, lt=2**53)]


class Subscribing(Asked):
    """A receiver to tell of events: of all products, or of one, or of those in a domain."""

    url: str = Field(description="Where it is: `https`, at the open internet.", examples=[URL])
    product: Ref | None = Field(default=None, description="Only this product.")
    domain: Ref | None = Field(default=None, description="Only products in this domain, and in those below it.")
    types: Types | None = Field(default=None, description="Only these types of events.")
    description: Described = ""
    after: Number | None = Field(
        default=None, description="Begin after the event of this number, 0 for all; left out: with what happens next."
    )


class Changing(Asked):
    """What to change of a webhook; what is left out stays. `product` and `domain` null: all products."""

    url: str | None = Field(default=None, examples=[URL])
    product: Ref | None = None
    domain: Ref | None = None
    types: Types | None = None
    description: Described | None = None
    paused: bool | None = Field(default=None, description="Send nothing until further notice, or go on.")


class Rotating(Asked):
    """For how long a webhook signs by the secret before as well."""

    overlap: int = Field(
        default=86_400,
        ge=0,
        le=2_592_000,
        description="Seconds, 30 days at most; 0: what is sent from now on is signed by the new secret alone.",
        examples=[3600],
    )


class Replaying(Asked):
    """From where on to tell a webhook everything once more."""

    after: Number = Field(description="The number of the event after which to begin; 0 for all.", examples=[0])
