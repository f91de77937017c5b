"""Syncs, what they moved and why, edits of selections."""

from typing import Any

from muster.client.models.things import Asset, Brief
from muster.client.told import Time, Told


class Run(Told):
    """One sync of a product: `outcome` is `applied`, `unchanged` or `held`.

    `joined` and `left` count assets; of a held run, those that would have moved. `trigger` is `full`, `incremental`,
    `audit`, `approval` or `forced`. Of a held run that somebody decided about, `verdict` is `approved` or `rejected`.
    """

    run: int
    at: Time
    outcome: str
    held_because: str | None = None
    revision: int
    position: int
    generation: int | None = None
    total: int
    joined: int
    left: int
    digest: str
    trigger: str | None = None
    verdict: str | None = None
    decided_at: Time | None = None
    decided_by: str | None = None
    decided_because: str | None = None

    @property
    def held(self) -> bool:
        """Whether a guard stopped it."""
        return self.outcome == "held"


class CauseCount(Told):
    """How many assets moved for one cause."""

    cause: str
    joined: int
    left: int


class RunInFull(Run):
    """One sync of a product, and why assets moved."""

    causes: list[CauseCount]


class OfProduct(Told):
    """Something of a product, which it names."""

    product: str


class SyncedRun(Run):
    """One sync, and of which product."""

    product: Brief


class Revision(Told):
    """One edit of a selection."""

    revision: int
    at: Time
    by: str
    face: str
    text: str


class Moved(Asset):
    """An asset that joined in a run, or left.

    `cause` is one of those in the reference of JSON output: `asset changed`, `selection edited`, `pin`, ...
    """

    joined: bool
    cause: str


class FieldChange(Told):
    """What an asset had in a field, and what it has had since."""

    field: str
    before: Any = None
    after: Any = None


class Because(Told):
    """What is known of a join or leave beyond its cause; what another kind of cause would say is None.

    Of an asset that changed: its `fields`, or that it is `new`. Of an edit: its `revision` and the one `before`. Of a
    decision: what a `Standing` says. `by` and `at` of all.
    """

    by: str | None = None
    at: Time | None = None
    fields: list[FieldChange] | None = None
    new: bool | None = None
    revision: int | None = None
    before: int | None = None
    decision: str | None = None
    asset: Asset | None = None
    reason: str | None = None
    expires_at: Time | None = None
    withdrawn_at: Time | None = None
    withdrawn_by: str | None = None


class Change(Told):
    """An asset that joined or left, and the run that it came with.

    `outcome` is `applied`, or `held` where it would have moved had the run been applied.
    """

    asset: Asset
    joined: bool
    cause: str
    run: int
    at: Time
    outcome: str
    because: Because | None = None
