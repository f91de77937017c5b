"""Products, and what a selection would hold."""

from pydantic import Field

from muster.client.models.history import Run
from muster.client.models.things import Asset, Brief, Complaint, Selection, Standing
from muster.client.told import Time, Told


class Product(Asset):
    """A data product.

    `complaints` comes with what was created or updated, `members` (the size of the stored membership, None before the
    first sync) and `dotted_name` with lists, `standings` and `last_run` with one product.
    """

    description: str | None = None
    owners: list[str] = Field(default_factory=list)
    domain: str | None = None
    created_at: Time
    updated_at: Time
    selection: Selection
    complaints: list[Complaint] = Field(default_factory=list)
    dotted_name: str | None = None
    members: int | None = None
    standings: list[Standing] = Field(default_factory=list)
    last_run: Run | None = None


class Cost(Told):
    """What a selection takes: its leaf clauses, the assets of all of them, how many clauses read all of a field."""

    leaves: int
    postings: int
    dear: int


class Moving(Told):
    """Assets that would move: how many in all, and some of them."""

    total: int
    assets: list[Asset]


class Touched(Told):
    """A product that is concerned, and by how many of the assets that join or leave; `port` is None for members."""

    product: Brief
    port: str | None = None
    joins: int
    leaves: int


class AllTouched(Told):
    """The products that are concerned: how many, and those with most that leaves."""

    total: int
    data: list[Touched]


class Touching(Told):
    """Whose `ports` join or leave, the product itself among them, and which other `products` hold what moves."""

    ports: AllTouched
    products: AllTouched


class Replacement(Told):
    """Who would join a product and who would leave it, had it another selection, and whom that concerns."""

    product: str
    joins: Moving
    leaves: Moving
    touches: Touching


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
