"""What reports say of all products together."""

from typing import Generic, TypeVar

from muster.client.models.products import Moving
from muster.client.models.things import Asset, Brief, Paging
from muster.client.told import Time, Told

Row = TypeVar("Row", bound=Told)


class Report(Told, Generic[Row]):
    """A report: how many rows there are in all, and some of them."""

    total: int
    data: list[Row]


class OverlapRow(Told):
    """Two products that have members in common: how many of how many; `jaccard` is what is common of all."""

    one: Brief
    other: Brief
    common: int
    of_one: int
    of_other: int
    jaccard: float


class UnchangingRow(Told):
    """A product whose members do not move: since when, and how many runs found them so; `never`: they never did."""

    product: Brief
    members: int
    since: Time
    runs: int
    never: bool


class DeadRow(Told):
    """A clause without which the selection would hold the same assets today; `path` is a JSON pointer into the wire form."""

    product: Brief
    path: str
    clause: str
    english: str
    because: str


class FreshnessRow(Told):
    """A product, until when its stored members are known to be right, their age and how old they may be, in seconds.

    `at` and `age` are None where it was never synced, `wanted` where nobody said. `waits`: its last run is held, and nobody
    has decided about it.
    """

    product: Brief
    at: Time | None = None
    age: float | None = None
    wanted: float | None = None
    breached: bool
    waits: bool


class Uncovered(Told):
    """One page of the assets in use that no product has; `total` of `of` there are."""

    total: int
    of: int
    by_type: dict[str, int]
    data: list[Asset]
    paging: Paging


class MovingRow(Told):
    """A product, and who would join and leave it."""

    product: Brief
    joins: Moving
    leaves: Moving


class Supposition(Told):
    """What would move: `affected` assets would be otherwise, `total` products would move, `failed` nobody can say of."""

    affected: int
    total: int
    failed: int
    data: list[MovingRow]
