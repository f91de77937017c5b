"""What a server answers beside the things themselves: pages of them, verdicts, what became of a request."""

from typing import Any

from pydantic import Field

from muster.client.models import (
    Asset,
    Brief,
    Change,
    Complaint,
    Moved,
    Paging,
    Product,
    Provenance,
    Revision,
    Run,
    RunOfProduct,
    Standing,
)
from muster.client.told import Told


class Who(Told):
    """Who asks: the name of the token, its role, the qualified names of the domains it is bound to; the server's release."""

    name: str
    role: str
    domains: list[str]
    version: str


class ProductPage(Told):
    """Some products in order of name."""

    data: list[Product]
    paging: Paging


class AssetPage(Told):
    """Some assets, and how many there are in all; `next` is the cursor of those that follow, None on the last page."""

    total: int
    assets: list[Asset]
    next: str | None = None


class RunPage(Told):
    """Some runs of a product, newest first."""

    data: list[Run]
    paging: Paging


class RunOfProductPage(Told):
    """Some runs of all products, newest first."""

    data: list[RunOfProduct]
    paging: Paging


class Rejected(Told):
    """The run that is not going to be done."""

    rejected: Run


class ChangePage(Told):
    """Some of those who joined a product and left it, the newest run first."""

    data: list[Change]
    paging: Paging


class RevisionPage(Told):
    """Some edits of a selection, newest first."""

    data: list[Revision]
    paging: Paging


class StandingPage(Told):
    """Some pins, or exclusions, in the order in which their assets came to the catalog."""

    data: list[Standing]
    paging: Paging


class Moves(Told):
    """Whom a run moved: how many in all, and some of them, joins before leaves."""

    total: int
    data: list[Moved]


class Synced(Told):
    """The run that a sync made."""

    run: Run


class Withdrawn(Told):
    """How many decisions were taken back."""

    withdrawn: int


class Verdict(Told):
    """What there is to complain about in a selection; `runs` says whether it can run."""

    runs: bool
    complaints: list[Complaint]
    english: str


class InOneFace(Told):
    """A selection written in the face that was asked for."""

    face: str
    text: str


class Faces(Told):
    """A selection in every face; None where a face cannot say it."""

    wire: dict[str, Any] | None = None
    dsl: str | None = None
    shorthand: str | None = None
    rules: dict[str, Any] | None = None
    english: str


class InAllFaces(Told):
    """A selection in every face: `face` is the one that it was read in, `reasons` why another cannot say it."""

    face: str
    faces: Faces
    reasons: dict[str, str] = Field(default_factory=dict)


class Holder(Told):
    """One product and what it makes of an asset: `because` is `selection`, `pin` or `exclusion`.

    `stored` says whether the stored membership has the asset, None before the product's first sync.
    """

    product: Brief
    revision: int
    because: str
    standing: Standing | None = None
    stored: bool | None = None


class Reason(Told):
    """Why a selection cannot be evaluated."""

    code: str
    message: str
    path: str | None = None
    hint: str | None = None


class Failing(Told):
    """A product of which nobody can say, for its selection cannot be evaluated."""

    product: Brief
    complaint: Reason


class Holders(Told):
    """One page of the products that hold an asset; `failed` counts those of which nobody can say."""

    asset: Asset
    total: int
    data: list[Holder]
    paging: Paging
    failed: int = 0
    failing: list[Failing] = Field(default_factory=list)


class StandsOn(Provenance):
    """What an answer about several products stands on, for one of them: `role` is `of`, `and` or `not`."""

    role: str
    product: Brief


class Together(Told):
    """One page of the members of several products together."""

    total: int
    members: list[Asset]
    next: str | None = None
    products: list[StandsOn]


class TogetherCount(Told):
    """How many members several products have together, in all and by type."""

    total: int
    by_type: dict[str, int]
    products: list[StandsOn]
