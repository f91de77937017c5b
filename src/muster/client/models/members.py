"""Who belongs to a product, and why."""

from typing import Any

from muster.client.models.history import OfProduct
from muster.client.models.things import Asset, Standing
from muster.client.told import Time, Told


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


class MemberPage(Members, Provenance, OfProduct):
    """One page of a product's members, the exact total, and what they stand on."""


class _Counted(Told):
    total: int
    by_type: dict[str, int]


class Count(Provenance, _Counted):
    """How many members there are, in all and by type."""


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
