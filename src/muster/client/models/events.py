"""Events: what happened to the membership of a product."""

from pydantic import Field

from muster.client.models.history import CauseCount, Run
from muster.client.models.things import Brief
from muster.client.told import Time, Told


class SomeAssets(Told):
    """The first of some assets, by guid; `truncated` says that there are more."""

    assets: list[str]
    truncated: bool


class Happened(Told):
    """What an event tells of: a run of a product, why assets moved, and which; `changes` is where all of them are listed."""

    product: Brief
    run: Run
    causes: list[CauseCount]
    joined: SomeAssets
    left: SomeAssets
    changes: str


class Event(Told):
    """A CloudEvent: a membership moved, or a run was held.

    `number` counts all events in the order in which they happened, `sequence` those of the product, without gaps.
    """

    specversion: str
    id: str
    type: str
    source: str
    subject: str
    time: Time
    datacontenttype: str
    sequence: str
    sequencetype: str
    number: int = Field(alias="musternumber")
    data: Happened


class Upto(Told):
    """Where to go on (`after`), and the number of the last event there is."""

    after: int
    last: int


class EventPage(Told):
    """Some events, the oldest first."""

    data: list[Event]
    paging: Upto
