"""What a server answers, typed. The keys in JSON are those of the reference of JSON output; times know their zone.

What only some answers say is None, or empty, in the others.
"""

from typing import Any

from pydantic import Field

from muster.client.told import Time, Told


class Asset(Told):
    """One asset: `status` is `ACTIVE`, `DELETED`, or `PURGED` in the history of a product.

    `attributes` are those asked for that it has.
    """

    guid: str
    type_name: str
    qualified_name: str
    name: str
    status: str
    attributes: dict[str, Any] = Field(default_factory=dict)


class Complaint(Told):
    """One thing to look at in a selection: `severity` is `error`, `warning` or `note`.

    `path` is a JSON pointer into the selection's wire form.
    """

    severity: str
    code: str
    message: str
    path: str
    hint: str = ""


class Selection(Told):
    """The query that defines a product: `text` as it was written, in which `face`, and how others read it.

    `revision` counts edits from 1; `digest` is the SHA-256 of the canonical wire text.
    """

    text: str
    face: str
    revision: int
    digest: str
    english: str
    wire: dict[str, Any]
    dsl: str | None = Field(default=None, alias="dataProductAssetsDSL")


class CurrentSelection(Selection):
    """The query that defines a product, who made this revision of it, and when.

    `shorthand` is None where shorthand cannot say it. `complaints` come with one that was just stored.
    """

    shorthand: str | None = None
    by: str
    at: Time
    complaints: list[Complaint] = Field(default_factory=list)


class Standing(Told):
    """A pin or an exclusion: `decision` is `pin` or `exclusion`; `asset` is None where it is not told.

    It ends at `expires_at`, when it is withdrawn, or when another takes its place.
    """

    decision: str
    asset: Asset | None = None
    reason: str
    by: str
    at: Time
    expires_at: Time | None = None
    withdrawn_at: Time | None = None
    withdrawn_by: str | None = None


class Run(Told):
    """One sync of a product: `outcome` is `applied`, `unchanged` or `held`.

    `joined` and `left` count assets; of a held run, those that would have moved. `trigger` is `full`, `incremental` or
    `approval`. Of a held run that somebody decided about, `verdict` is `approved` or `rejected`.
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


class _OfProduct(Told):
    product: str


class SyncedRun(Run, _OfProduct):
    """One sync, with the name of its product."""


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


class CauseCount(Told):
    """How many assets moved for one cause."""

    cause: str
    joined: int
    left: int


class RunInFull(Run):
    """One sync of a product, and why assets moved."""

    causes: list[CauseCount]


class Product(Asset):
    """A data product.

    `complaints` comes with what was created or updated, `members` (the size of the stored membership, None before the
    first sync) with lists, `standings` and `last_run` with one product.
    """

    description: str | None = None
    owners: list[str] = Field(default_factory=list)
    domain: str | None = None
    created_at: Time
    updated_at: Time
    selection: Selection
    complaints: list[Complaint] = Field(default_factory=list)
    members: int | None = None
    standings: list[Standing] = Field(default_factory=list)
    last_run: Run | None = None


class Provenance(Told):
    """What an answer stands on: `source` is `live` or `stored`.

    A stored one has its generation, its run and its age in seconds; `stale_revision` says that the selection was edited
    since.
    """

    source: str
    revision: int
    generation: int | None = None
    run: int | None = None
    age: float | None = None
    stale_revision: bool = False


class Members(Told):
    """One page of members; `next` is the cursor of the page that follows, None on the last."""

    total: int
    members: list[Asset]
    next: str | None = None


class MemberPage(Members, Provenance, _OfProduct):
    """One page of a product's members, the exact total, and what they stand on."""


class _Counted(Told):
    total: int
    by_type: dict[str, int]


class Count(Provenance, _Counted):
    """How many members there are, in all and by type."""


class Cost(Told):
    """What a selection takes: its leaf clauses, the assets of all of them, how many clauses read all of a field."""

    leaves: int
    postings: int
    dear: int


class Moving(Told):
    """Assets that would move: how many in all, and some of them."""

    total: int
    assets: list[Asset]


class Replacement(Told):
    """Who would join a product and who would leave it, had it another selection."""

    product: str
    joins: Moving
    leaves: Moving


class Preview(Told):
    """One page of what a selection would hold now; `next` is the cursor of the page that follows, None on the last.

    `cost` is None where the selection cannot run, `replaces` where no product was named.
    """

    english: str
    total: int
    by_type: dict[str, int]
    members: list[Asset]
    next: str | None = None
    complaints: list[Complaint]
    cost: Cost | None = None
    replaces: Replacement | None = None


class Clause(Told):
    """What one clause of a selection says of an asset: `seen` are the values that it has.

    `path` is a JSON pointer into the selection's wire form; `clauses` are the parts of a compound one.
    """

    path: str
    clause: str
    matched: bool
    english: str
    seen: list[Any]
    clauses: list["Clause"]


class Explained(Told):
    """Why an asset is in a product, or is not.

    `member` is the verdict of now, `selected` what the selection alone says, `standing` the pin or exclusion that
    counts, if any. `stored` says whether the last generation holds it, None before the first sync. `run` and `at` say
    as of when, None as of now.
    """

    product: str
    asset: Asset
    member: bool
    selected: bool
    standing: Standing | None = None
    stored: bool | None = None
    generation: int | None = None
    revision: int | None = None
    run: int | None = None
    at: Time | None = None
    clauses: Clause
