"""What is said of selections and assets, as the description of these routes shows it."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from muster.api.bodies import Asked, Shape
from muster.api.own.running import SaidFace, SaidKey, SaidSelection
from muster.api.own.web import MOST, MOST_FIELDS
from muster.query.sorting import MOST as MOST_KEYS

Json = dict[str, Any]

GUID: Final = "b22a352f-7fa4-47a8-8021-4d77c189024f"
ORDERS: Final = "default/snowflake/1700000000/shop/core/orders"
WIRE: Final[Json] = {
    "bool": {"filter": [{"term": {"__typeName.keyword": "Table"}}, {"term": {"certificateStatus": "VERIFIED"}}]}
}

Name = Annotated[str, Field(min_length=1, max_length=1_000)]


class Previewed(Asked):
    """A selection to run once."""

    selection: SaidSelection
    face: SaidFace = None
    limit: int = Field(default=20, ge=1, le=MOST, description="At most so many members on a page.")
    cursor: str | None = Field(
        default=None, max_length=10_000, description="Where to go on: `next` of the page before, unchanged."
    )
    sort: list[SaidKey] = Field(
        default=[],
        max_length=MOST_KEYS,
        description="Fields to order by, the last one first with a `-` before it.",
        examples=[["name.keyword", "-__guid"]],
    )
    fields: list[Name] = Field(
        default=[],
        max_length=MOST_FIELDS,
        description="Attributes to tell of each member beside its header.",
        examples=[["certificateStatus"]],
    )
    replaces: Name | None = Field(
        default=None,
        description="A product, by guid, qualified name, dotted name, or a name that only one has: who would join it and "
        "who would leave it, if it had this selection.",
    )


class Examined(Asked):
    """A selection to be complained about."""

    selection: SaidSelection
    face: SaidFace = None


class Converted(Asked):
    """A selection to be written in other faces."""

    selection: SaidSelection
    face: SaidFace = None
    to: Literal["wire", "dsl", "shorthand", "rules", "english", "builder"] | None = Field(
        default=None, description="The face to write it in; without one it is written in all of them."
    )


class Header(Shape):
    """An asset."""

    guid: str = Field(examples=[GUID])
    type_name: str = Field(examples=["Table"])
    qualified_name: str = Field(examples=[ORDERS])
    name: str = Field(examples=["orders"])
    status: str = Field(description="`ACTIVE` or `DELETED`.", examples=["ACTIVE"])
    attributes: Json | None = Field(
        default=None, description="Those asked for that it has.", examples=[{"certificateStatus": "VERIFIED"}]
    )


class Brief(Shape):
    """What a product is known by."""

    guid: str
    name: str = Field(examples=["CustomerInsights"])
    qualified_name: str = Field(examples=["default/domain/XwTHDPwexaqT2d8ORhGL1/super/product/R1mFBPwmSrWlyZtOI8lO2"])
    dotted_name: str = Field(
        description="Its name after those of its domains.", examples=["Marketing.CustomerInsights"]
    )


class Complaint(Shape):
    """One thing to look at."""

    severity: Literal["error", "warning", "note"]
    code: str = Field(examples=["no_such_value"])
    message: str = Field(examples=["no asset has `VERIFYED` in `certificateStatus`"])
    path: str = Field(description="A JSON pointer into the selection's wire form.", examples=["/bool/filter/1"])
    hint: str = Field(examples=["did you mean `VERIFIED`?"])


class Cost(Shape):
    """What it takes to run a selection."""

    leaves: int = Field(description="Distinct leaf clauses.", examples=[2])
    postings: int = Field(description="Assets of all of them, one by one.", examples=[1200])
    dear: int = Field(
        description="Clauses that read every value of their field: regexp, fuzzy, a wildcard first.", examples=[0]
    )


class Moving(Shape):
    """Assets that would move."""

    total: int = Field(examples=[1])
    assets: list[Header] = Field(description="The first `limit` of them, in order of `sort`.")


class Touched(Shape):
    """A product that is concerned, and by how many of the assets that join or leave."""

    product: Brief
    joins: int = Field(examples=[0])
    leaves: int = Field(examples=[1])


class TouchedPorts(Touched):
    """A product whose ports join or leave: the product itself, or one that is fed from it."""

    port: Literal["inputPorts", "outputPorts"]


class AllTouched(Shape):
    """The products that hold assets which join or leave as well, as of their last sync."""

    total: int = Field(description="How many there are.", examples=[1])
    data: list[Touched] = Field(description="The first `limit` of them: those with most that leaves first.")


class AllTouchedPorts(Shape):
    """The products whose ports join or leave."""

    total: int = Field(description="How many there are, input and output ports of one counted apart.", examples=[1])
    data: list[TouchedPorts] = Field(description="The first `limit` of them: those with most that leaves first.")


class Touching(Shape):
    """Whom it concerns."""

    ports: AllTouchedPorts
    products: AllTouched


class Replacement(Shape):
    """What a product would gain and lose, and whom that concerns. Its pins and exclusions count before and after."""

    product: str = Field(description="Its name.", examples=["CustomerInsights"])
    joins: Moving
    leaves: Moving
    touches: Touching


class Preview(Shape):
    """What a selection would hold now."""

    english: str = Field(examples=["Tables, certified VERIFIED"])
    total: int = Field(description="How many there are, exactly.", examples=[1])
    by_type: dict[str, int] = Field(examples=[{"Table": 1}])
    members: list[Header]
    next: str | None = Field(description="The cursor of the page that follows; null on the last.")
    complaints: list[Complaint] = Field(description="All there is to say of it, errors first.")
    cost: Cost | None
    replaces: Replacement | None = Field(description="Null unless a product was named.")


class Verdict(Shape):
    """What there is to complain about."""

    runs: bool = Field(description="Whether nothing has to be mended before a product can have it.")
    complaints: list[Complaint]
    english: str = Field(examples=["Tables, certified VERIFIED"])


class InOneFace(Shape):
    """A selection in the face that was asked for."""

    face: str = Field(examples=["wire"])
    text: str = Field(examples=['{"term":{"__typeName.keyword":"Table"}}'])


class Faces(Shape):
    """A selection in every face; null where a face cannot say it."""

    wire: Json = Field(description="OpenSearch's own words.", examples=[WIRE])
    dsl: str = Field(description="The string that Atlan's clients store as `dataProductAssetsDSL`.")
    shorthand: str | None = Field(examples=["type:Table certificate:VERIFIED"])
    rules: Json | None = Field(description="The rule tree of a form, `dataProductAssetsPlaybookFilter`.")
    english: str | None = Field(description="For people; it is not read back.", examples=["Tables, certified VERIFIED"])


class InAllFaces(Shape):
    """A selection in every face."""

    face: str = Field(description="The face that it was read in.", examples=["shorthand"])
    faces: Faces
    reasons: dict[str, str] = Field(description="Why a face cannot say it, by face.", examples=[{}])


class AssetPage(Shape):
    """One page of assets."""

    total: int = Field(description="How many there are in all, exactly.", examples=[1])
    assets: list[Header]
    next: str | None = Field(description="The cursor of the page that follows; null on the last.")


class Standing(Shape):
    """A pin or an exclusion."""

    decision: Literal["pin", "exclusion"]
    asset: Header | None = Field(description="Null here: it is the asset that was asked about.")
    reason: str
    by: str
    at: str = Field(examples=["2026-11-29T12:00:00.000Z"])
    expires_at: str | None


class Holder(Shape):
    """One product and why it holds the asset."""

    product: Brief
    revision: int = Field(description="The number of its selection's revision.", examples=[1])
    because: Literal["selection", "pin", "exclusion"] = Field(
        description="`selection` also where a pin says the same; `exclusion` only with `all=true`."
    )
    standing: Standing | None = Field(description="The pin or exclusion of the asset that counts now.")
    stored: bool | None = Field(
        description="Whether the stored membership has the asset; null before the product's first sync."
    )


class Reason(Shape):
    """Why a selection cannot be evaluated."""

    code: str = Field(examples=["invalid_selection"])
    message: str
    path: str | None = Field(default=None, description="A JSON pointer into the selection's wire form.")
    hint: str | None = None


class Failing(Shape):
    """A product whose selection cannot be evaluated."""

    product: Brief
    complaint: Reason


class Paging(Shape):
    """Where to go on."""

    next: str | None = Field(default=None, description="The cursor of the page that follows; left out on the last.")


class Holders(Shape):
    """One page of the products that hold an asset."""

    asset: Header
    total: int = Field(description="How many products are listed, on all pages.", examples=[1])
    data: list[Holder] = Field(description="In order of name.")
    paging: Paging
    failed: int = Field(
        description="Products whose selection cannot be evaluated, so that nobody can say.", examples=[0]
    )
    failing: list[Failing] = Field(description="The first `limit` of those.", examples=[[]])


class StandsOn(Shape):
    """A product that was named, and what is told of it stands on."""

    role: Literal["of", "and", "not"] = Field(description="As what it was named.")
    product: Brief
    source: Literal["live", "stored"] = Field(description="Its selection was run now, or its last sync is told.")
    revision: int = Field(description="The revision of its selection.", examples=[1])
    generation: int | None = Field(default=None, description="Of a stored answer: the number of the membership.")
    run: int | None = Field(default=None, description="Of a stored answer: the run that made or confirmed it.")
    age: float | None = Field(default=None, description="Of a stored answer: seconds since that run.")
    stale_revision: bool | None = Field(
        default=None, description="Of a stored answer: whether the selection was edited since."
    )


class CombinedMembers(Shape):
    """One page of the members of several products together."""

    total: int = Field(description="How many there are in all, exactly.", examples=[1])
    members: list[Header]
    next: str | None = Field(description="The cursor of the page that follows; null on the last.")
    products: list[StandsOn] = Field(description="In the order in which they were named.")


class CombinedCount(Shape):
    """How many members several products have together."""

    total: int = Field(examples=[1])
    by_type: dict[str, int] = Field(description="Most frequent first.", examples=[{"Table": 1}])
    products: list[StandsOn] = Field(description="In the order in which they were named.")
