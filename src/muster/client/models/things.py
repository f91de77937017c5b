"""Assets, selections and what is said of both."""

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


class Brief(Told):
    """What a product is known by; `dotted_name` is its name after those of its domains."""

    guid: str
    name: str
    qualified_name: str
    dotted_name: str


class Paging(Told):
    """Where to go on: after a cursor (`next`), or below a number (`before`); both are None on the last page."""

    total: int | None = None
    next: str | None = None
    before: int | None = None


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
