"""What keeps memberships right: policies, runs of all products, what is decided about held ones; and the past."""

from typing import Any

from pydantic import Field

from muster.client.models.history import Run
from muster.client.models.things import Asset, Brief, Paging
from muster.client.told import Time, Told


class Stated(Told):
    """What a policy says; what it leaves out is None. `freshness` is in milliseconds."""

    schedule: Any = None
    percent: float | None = None
    least: int | None = None
    may_empty: bool | None = None
    freshness: int | None = None
    keep: int | None = None


class Words(Told):
    """The parts of a policy that people read otherwise: `every 15m`, `1d`."""

    schedule: str | None = None
    freshness: str | None = None


class Scope(Told):
    """What a policy is said for: `kind` is `everything`, `domain` or `dataProduct`."""

    kind: str
    guid: str | None = None
    name: str | None = None
    qualified_name: str | None = None
    dotted_name: str | None = None


class Policy(Told):
    """What is said for a scope, by whom and when; `policy` is empty, and these are None, where nobody said anything."""

    scope: Scope
    policy: Stated
    text: Words
    by: str | None = None
    at: Time | None = None


class Effective(Told):
    """What holds for a product: `origins` say by its name in JSON where each part comes from, None: it is the usual.

    `last` is when the product was last synced, `next` when it is due; None where only a change, or somebody, makes it so.
    """

    product: Brief
    policy: Stated
    text: Words
    origins: dict[str, Scope | None] = Field(alias="from")
    last: Time | None = None
    next: Time | None = None


class RunOfProduct(Run):
    """One sync, and of which product."""

    product: Brief


class Approved(Told):
    """The run that moved what was approved, and the one that had been held."""

    run: Run
    approved: Run


class Membership(Told):
    """A membership that was stored: `run` and `at` are of the last run that made or confirmed it, as of then."""

    generation: int
    run: int
    revision: int
    at: Time
    total: int
    digest: str


class Differing(Told):
    """An asset that is in one of two memberships only: in the second where it `joined`."""

    asset: Asset
    joined: bool


class Difference(Told):
    """One page of what two memberships of a product differ by, and how many are in one of them only."""

    product: str
    before: Membership = Field(alias="from")
    after: Membership = Field(alias="to")
    joined: int
    left: int
    data: list[Differing]
    paging: Paging
