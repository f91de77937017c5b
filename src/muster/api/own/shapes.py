"""What is said of a product's members and its history, as the description of these routes shows it."""

from typing import Any, Final, Literal

from pydantic import Field

from muster.api.bodies import Shape
from muster.api.own.shapes_selections import GUID, ORDERS, WIRE, Complaint, Header, Json

TIME: Final = "2026-11-29T12:00:00.000Z"
MEMBER: Final[Json] = {
    "guid": GUID,
    "typeName": "Table",
    "qualifiedName": ORDERS,
    "name": "orders",
    "status": "ACTIVE",
}


class Source(Shape):
    """What an answer stands on."""

    source: Literal["live", "stored"] = Field(description="The selection was run now, or the last sync is told.")
    revision: int = Field(description="The revision of the selection.", examples=[1])
    generation: int | None = Field(default=None, description="Of a stored answer: the number of the membership.")
    run: int | None = Field(default=None, description="Of a stored answer: the run that made or confirmed it.")
    age: float | None = Field(default=None, description="Of a stored answer: seconds since that run.")
    stale_revision: bool | None = Field(
        default=None, description="Of a stored answer: whether the selection was edited since."
    )


class Members(Source):
    """One page of members."""

    product: str = Field(description="The product's name.", examples=["CustomerInsights"])
    total: int = Field(description="How many there are in all, exactly.", examples=[1])
    members: list[Header] = Field(examples=[[MEMBER]])
    next: str | None = Field(description="The cursor of the page that follows; null on the last.")


class Count(Source):
    """How many members there are."""

    total: int = Field(examples=[1])
    by_type: dict[str, int] = Field(description="Most frequent first.", examples=[{"Table": 1}])


class Decided(Shape):
    """A pin or an exclusion."""

    decision: Literal["pin", "exclusion"]
    asset: Header | None = Field(description="With its last words where it was purged.")
    reason: str = Field(examples=["the auditors read it"])
    by: str = Field(examples=["ada"])
    at: str = Field(examples=[TIME])
    expires_at: str | None = Field(description="When it ends by itself.")
    withdrawn_at: str | None = Field(description="When it was taken back, or another decision took its place.")
    withdrawn_by: str | None


class Clause(Shape):
    """What one clause says of an asset."""

    path: str = Field(description="A JSON pointer into the selection's wire form.", examples=["/bool/filter/0"])
    clause: str = Field(examples=["term"])
    matched: bool
    english: str = Field(examples=["Assets, certified VERIFIED"])
    seen: list[Any] = Field(description="The asset's values.", examples=[["VERIFIED"]])
    clauses: list["Clause"] = Field(description="The clauses inside of it.")


class Explanation(Shape):
    """Why an asset is in a product, or is not."""

    product: str = Field(examples=["CustomerInsights"])
    asset: Header
    member: bool = Field(description="Whether it is a member now.")
    selected: bool = Field(description="Whether the selection alone holds it.")
    standing: Decided | None = Field(description="The pin or exclusion that counts; its `asset` is null here.")
    stored: bool | None = Field(description="Whether the stored membership has it; null before the first sync.")
    generation: int | None = Field(description="The number of the stored membership.")
    revision: int = Field(description="The revision of the selection.", examples=[1])
    run: int | None = Field(description="The run that all this is as of; null: as of now.")
    at: str | None = Field(description="When that run was.", examples=[TIME])
    clauses: Clause


class Run(Shape):
    """One sync of a product."""

    run: int = Field(examples=[7])
    at: str = Field(examples=[TIME])
    outcome: Literal["applied", "unchanged", "held"]
    held_because: str | None
    revision: int = Field(examples=[1])
    position: int = Field(description="How far the index was that was read.", examples=[120])
    generation: int | None = Field(description="The number of the membership; null for a run that was held.")
    total: int = Field(examples=[3])
    joined: int = Field(description="Of a held run: how many would have joined.", examples=[3])
    left: int = Field(examples=[0])
    digest: str = Field(description="SHA-256 of the membership.")
    trigger: Literal["full", "incremental", "audit", "approval", "forced"] = Field(
        description="Everything was evaluated, only what changed was, everything to see whether following changes had led "
        "to the same, or someone approved a run that was held."
    )
    verdict: Literal["approved", "rejected"] | None = Field(description="What someone decided about a held run.")
    decided_at: str | None = Field(examples=[TIME])
    decided_by: str | None = Field(examples=["ada"])
    decided_because: str | None = Field(description="The reason, where one was said.")


CauseName = Literal[
    "first run",
    "asset changed",
    "asset archived",
    "selection edited",
    "pin",
    "exclusion",
    "decision expired",
    "time passed",
    "meaning changed",
]
"""Why an asset joined or left."""


class CauseCount(Shape):
    """How many moved for one cause."""

    cause: CauseName
    joined: int = Field(examples=[3])
    left: int = Field(examples=[0])


class RunInFull(Run):
    """One sync of a product, and why assets moved."""

    causes: list[CauseCount]


class Before(Shape):
    """Where to go on."""

    before: int | None = Field(default=None, description="Pass it on for the page that follows; left out on the last.")


class Runs(Shape):
    """Runs of a product, newest first."""

    data: list[Run]
    paging: Before


class Synced(Shape):
    """The run that a sync made."""

    run: Run


class ChangedField(Shape):
    """What an asset had in a field, and has: of a list the first 100 values, of a text the first 1,000 characters."""

    field: str = Field(examples=["certificateStatus"])
    before: Any = Field(examples=["DRAFT"])
    after: Any = Field(examples=["VERIFIED"])


class BecauseAltered(Shape):
    """What changed of an asset between two runs, of all that the selection reads."""

    fields: list[ChangedField]
    new: bool = Field(description="Whether the asset was not there at the run before.")
    by: str = Field(description="Who changed the asset last, as of the run.", examples=["ada"])
    at: str = Field(examples=[TIME])


class BecauseEdited(Shape):
    """An edit of the selection."""

    revision: int = Field(description="The revision of the run.", examples=[2])
    before: int | None = Field(description="That of the run before.", examples=[1])
    by: str = Field(description="Who made it.", examples=["ada"])
    at: str = Field(examples=[TIME])


class Change(Shape):
    """One asset that joined, or left."""

    asset: Header = Field(description="With its last words, and the status `PURGED`, where it was purged.")
    joined: bool
    cause: CauseName
    run: int = Field(examples=[7])
    at: str = Field(examples=[TIME])
    outcome: Literal["applied", "held"] = Field(description="`held`: it would have, had the run been applied.")
    because: BecauseAltered | BecauseEdited | Decided | None = Field(
        description="What changed, which edit it was, or what was decided; null where the cause says it all."
    )


class Next(Shape):
    """Where to go on."""

    next: str | None = Field(default=None, description="The cursor of the page that follows; left out on the last.")


class Changes(Shape):
    """Who joined and left, the newest run first."""

    data: list[Change]
    paging: Next


class Total(Next):
    """How many there are in all, and where to go on."""

    total: int = Field(examples=[1])


class Standings(Shape):
    """Pins, or exclusions."""

    data: list[Decided]
    paging: Total


class Selection(Shape):
    """The query that defines a product."""

    text: str = Field(description="As it was written.", examples=["type:Table certificate:VERIFIED"])
    face: Literal["builder", "wire", "dsl", "shorthand", "rules"] = Field(description="How it was written.")
    revision: int = Field(description="Counts edits, from 1.", examples=[1])
    digest: str = Field(description="SHA-256 of the canonical wire text.")
    english: str = Field(examples=["Tables, certified VERIFIED"])
    wire: Json = Field(description="OpenSearch's own words.", examples=[WIRE])
    data_product_assets_dsl: str | None = Field(
        alias="dataProductAssetsDSL", description="The string that Atlan's clients read."
    )
    shorthand: str | None = Field(
        description="Null where shorthand cannot say it.", examples=["type:Table certificate:VERIFIED"]
    )
    by: str = Field(description="Who made this revision.", examples=["ada"])
    at: str = Field(examples=[TIME])


class Reselected(Selection):
    """The query that defines a product from now on."""

    complaints: list[Complaint] = Field(description="What there is to say of it, none of it an error.")


class Revision(Shape):
    """One edit of a selection."""

    revision: int = Field(examples=[1])
    at: str = Field(examples=[TIME])
    by: str = Field(examples=["ada"])
    face: str = Field(examples=["shorthand"])
    text: str = Field(examples=["type:Table certificate:VERIFIED"])


class Revisions(Shape):
    """Edits of a selection, newest first."""

    data: list[Revision]
    paging: Before
