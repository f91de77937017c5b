"""What reports say, as the description of these routes shows it."""

from typing import Literal

from pydantic import Field

from muster.api.bodies import Shape
from muster.api.own.shapes import TIME, Next
from muster.api.own.shapes_selections import Brief, Header, Moving


class OverlapRow(Shape):
    """Two products that have members in common."""

    one: Brief
    other: Brief
    common: int = Field(description="Members of both.", examples=[30])
    of_one: int = Field(examples=[40])
    of_other: int = Field(examples=[30])
    jaccard: float = Field(description="What is common of all that either has.", examples=[0.75])


class Overlaps(Shape):
    """Pairs of products, the most alike first."""

    total: int = Field(description="How many are told.")
    data: list[OverlapRow]


class UnchangingRow(Shape):
    """A product whose members do not move."""

    product: Brief
    members: int = Field(examples=[12])
    since: str = Field(description="When its members were last moved, or first stored.", examples=[TIME])
    runs: int = Field(description="Runs that found them so.", examples=[90])
    never: bool = Field(description="Whether they were never moved.")


class UnchangingRows(Shape):
    """Products whose members do not move, the longest first."""

    total: int
    data: list[UnchangingRow]


class DeadRow(Shape):
    """A clause without which the selection would hold the same assets today."""

    product: Brief
    path: str = Field(description="A JSON pointer into the wire form.", examples=["/bool/must_not/0"])
    clause: str = Field(examples=["term"])
    english: str = Field(examples=["Assets, tagged PII"])
    because: Literal["keeps nobody out", "lets nobody in"]


class DeadRows(Shape):
    """Dead clauses, in order of the products' names."""

    total: int
    data: list[DeadRow]


class FreshnessRow(Shape):
    """How old the stored members of a product are."""

    product: Brief
    at: str | None = Field(description="Until when they are known to be right.", examples=[TIME])
    age: float | None = Field(description="Seconds since then; null: never synced.", examples=[90.0])
    wanted: float | None = Field(description="How old they may be, by policy; null: nobody said.", examples=[86_400.0])
    breached: bool
    waits: bool = Field(description="Whether the last run is held, and waits for somebody to decide.")


class FreshnessRows(Shape):
    """All products, those first that are older than they may be."""

    total: int
    data: list[FreshnessRow]


class Uncovered(Shape):
    """Assets in use that no product has."""

    total: int = Field(examples=[12])
    of: int = Field(description="How many assets in use there are.", examples=[429])
    by_type: dict[str, int] = Field(examples=[{"Table": 12}])
    data: list[Header]
    paging: Next


class MovingRow(Shape):
    """A product, and who would join and leave it."""

    product: Brief
    joins: Moving
    leaves: Moving


class Supposition(Shape):
    """What would move."""

    affected: int = Field(description="How many assets would be otherwise.", examples=[30])
    total: int = Field(description="How many products would move.", examples=[2])
    failed: int = Field(description="How many selections cannot be evaluated.", examples=[0])
    data: list[MovingRow] = Field(description="Those that would move most first, 1,000 at most.")
