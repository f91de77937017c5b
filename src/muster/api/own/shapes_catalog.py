"""What is said of products as a whole, as the description of these routes shows it."""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from muster.api.bodies import Asked, Shape
from muster.api.own.running import SaidFace, SaidSelection
from muster.api.own.shapes import TIME, Decided, Next, Run
from muster.api.own.shapes_selections import GUID, ORDERS, WIRE, Complaint, Header, Json, Name
from muster.api.own.web import MOST

MOST_OWNERS: Final = 1_000
MOST_SYNCED: Final = 10_000
"""Products that one request names."""

LONGEST: Final = 100_000
"""Characters of a description."""


def _named(said: str) -> str:
    if not said.strip():
        raise ValueError("a product needs a name")
    return said


ProductName = Annotated[str, Field(max_length=1_000), AfterValidator(_named)]
Description = Annotated[str | None, Field(default=None, max_length=LONGEST, description="What it is for.")]
Owners = Annotated[
    list[Name] | None,
    Field(default=None, max_length=MOST_OWNERS, description="Users who own it.", examples=[["ada"]]),
]


class Creating(Asked):
    """A product to define."""

    name: ProductName = Field(examples=["Verified tables"])
    selection: SaidSelection
    face: SaidFace = None
    domain: Name = Field(
        default="Default", description="The domain by name (made when new, by who may) or qualified name."
    )
    description: Description = None
    owners: Owners = None
    lenient: bool = Field(default=False, description="Take fields that no asset can have yet.")


class Changing(Asked):
    """What changes in a product; what is left out stays."""

    name: ProductName | None = None
    selection: SaidSelection | None = None
    face: SaidFace = None
    description: Description = None
    owners: Owners = None
    lenient: bool = Field(default=False, description="Take fields that no asset can have yet.")


class SyncingMany(Asked):
    """Products to sync together."""

    products: list[Name] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_SYNCED,
        description="By name, guid or qualified name; left out: all that the caller may write to.",
    )
    force: bool = Field(default=False, description="Apply runs that a guard would hold.")


class Withdrawing(Asked):
    """Assets whose pins and exclusions are taken back."""

    assets: list[Name] = Field(
        min_length=1, max_length=MOST, description="By guid or qualified name.", examples=[[ORDERS, GUID]]
    )


class Withdrawn(Shape):
    """What was taken back."""

    withdrawn: int = Field(description="How many decisions stood.", examples=[1])


class Who(Shape):
    """Who asks."""

    name: str = Field(description="The token's name, which signs what it writes.", examples=["ada"])
    role: Literal["viewer", "editor", "admin"]
    domains: list[str] = Field(description="The domains an editor is bound to; none: all.")
    version: str = Field(description="The release of Muster that answers.", examples=["0.1.0"])


class Stored(Shape):
    """The query that defines a product."""

    text: str = Field(description="As it was written.", examples=["type:Table certificate:VERIFIED"])
    face: Literal["builder", "wire", "dsl", "shorthand", "rules"]
    revision: int = Field(description="Counts edits, from 1.", examples=[1])
    digest: str = Field(description="SHA-256 of the canonical wire text.")
    english: str = Field(examples=["Tables, certified VERIFIED"])
    wire: Json = Field(description="OpenSearch's own words.", examples=[WIRE])
    data_product_assets_dsl: str | None = Field(
        alias="dataProductAssetsDSL", description="The string that Atlan's clients read."
    )


class Product(Header):
    """A data product."""

    description: str | None
    owners: list[str] = Field(examples=[["ada"]])
    domain: str | None = Field(description="The qualified name of its domain.")
    created_at: str = Field(examples=[TIME])
    updated_at: str = Field(examples=[TIME])
    selection: Stored


class Defined(Product):
    """A product as it was stored."""

    complaints: list[Complaint] = Field(description="What there is to say of its selection, none of it an error.")


class Listed(Product):
    """A product and the size of its stored membership."""

    dotted_name: str = Field(
        description="Its name after those of its domains.", examples=["Marketing.CustomerInsights"]
    )
    members: int | None = Field(description="Null before the first sync.", examples=[3])


class ListPage(Shape):
    """Some products."""

    data: list[Listed]
    paging: Next


class Shown(Product):
    """A product, what stands by hand, and its last run."""

    standings: list[Decided]
    last_run: Run | None


class Moved(Header):
    """An asset that joined, or left."""

    joined: bool
    cause: Literal["first run", "asset changed", "selection edited", "pin", "exclusion"]


class Moves(Shape):
    """Whom a run moved."""

    total: int = Field(description="How many in all.", examples=[3])
    data: list[Moved] = Field(description="Joins before leaves, at most `limit` of each cause.")
