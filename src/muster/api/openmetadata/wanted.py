"""What bodies say of domains and products, as OpenMetadata's documentation and client send them (contract, section 4)."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from muster.api.bodies import Asked
from muster.api.pointing import shallow

Name = Annotated[str, Field(min_length=1, max_length=256, pattern=r'^(:?[^":\x00-\x1f])*:?$')]
"""A name; `::` and quotation marks part names elsewhere."""

Text = Annotated[str, Field(max_length=1_048_576)]
Whole = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Json = Annotated[dict[str, Any], AfterValidator(shallow)]


class Told(Asked):
    """A part of a body that clients send back as they read it: what else they read is passed over."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)


class Reference(Told):
    """A reference to another entity; `id` and `type` count."""

    id: Annotated[str, Field(min_length=1, max_length=2_600)]
    type: Annotated[str, Field(min_length=1, max_length=200)]


References = Annotated[list[Reference], Field(max_length=1_000)]


class Other(Reference):
    """A reference that is told as it was said; the released client refuses an id that is no UUID."""

    id: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]


Others = Annotated[list[Other], Field(max_length=1_000)]


class Expert(Told):
    """A user, as a reference."""

    id: Annotated[str, Field(min_length=1, max_length=2_600)]


class Label(Told):
    """A tag or glossary term on an entity."""

    tag_fqn: Annotated[str, Field(alias="tagFQN", min_length=1, max_length=2_600)]
    source: Literal["Classification", "Glossary"] = "Classification"


class CoverImage(Asked):
    """A picture above an entity's page."""

    url: str | None = None
    position: str | None = None


class Style(Asked):
    """How an entity is shown; the released client refuses answers that say more."""

    color: str | None = None
    icon_url: Annotated[str | None, Field(alias="iconURL")] = None
    cover_image: CoverImage | None = None


class Sla(Asked):
    """What is promised of a product; the released client refuses answers that say more."""

    tier: Literal["GOLD", "SILVER", "BRONZE", "CUSTOM"] | None = None
    availability: Annotated[float | None, Field(ge=0, le=100)] = None
    response_time: Annotated[Whole | None, Field(description="Milliseconds.")] = None
    data_freshness: Annotated[Whole | None, Field(description="Minutes.")] = None
    data_quality: Annotated[float | None, Field(ge=0, le=100)] = None


ProductType = Literal[
    "RAW_DATA",
    "DERIVED_DATA",
    "DATASET",
    "REPORTS",
    "ANALYTIC_VIEW",
    "VISUALISATION_3D",
    "ALGORITHM",
    "DECISION_SUPPORT",
    "AUTOMATED_DECISION_MAKING",
    "DATA_ENHANCED_PRODUCT",
    "DATA_DRIVEN_SERVICE",
    "DATA_ENABLED_PERFORMANCE",
    "BI_DIRECTIONAL",
]
Visibility = Literal["PRIVATE", "INVITATION", "ORGANISATION", "DATASPACE", "PUBLIC"]
Priority = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]
Stage = Literal["IDEATION", "DESIGN", "DEVELOPMENT", "TESTING", "PRODUCTION", "DEPRECATED", "RETIRED"]
EntityStatus = Literal["Draft", "In Review", "Approved", "Archived", "Deprecated", "Rejected", "Unprocessed"]
DomainType = Literal["Source-aligned", "Consumer-aligned", "Aggregate"]


class Common(Asked):
    """What is said of domains and products alike; what is not said stays."""

    name: Name | None = None
    display_name: Annotated[str | None, Field(max_length=1_000)] = None
    description: Text | None = None
    style: Style | None = None
    owners: References | None = None
    experts: Annotated[list[str | Expert] | None, Field(max_length=1_000)] = None
    tags: Annotated[list[Label] | None, Field(max_length=1_000)] = None
    extension: Json | None = None
    entity_status: EntityStatus | None = None


class ProductSaid(Common):
    """What is said of a product."""

    domain: str | Reference | None = None
    domains: Annotated[list[str | Reference] | None, Field(max_length=1_000)] = None
    reviewers: References | None = None
    data_product_type: ProductType | None = None
    visibility: Visibility | None = None
    portfolio_priority: Priority | None = None
    lifecycle_stage: Stage | None = None
    sla: Sla | None = None
    consumes_from: Others | None = None
    provides_to: Others | None = None


class DomainSaid(Common):
    """What is said of a domain."""

    domain_type: DomainType | None = None
    parent: str | Reference | None = None


class ProductWanted(ProductSaid):
    """A product to create or update."""

    name: Name
    description: Text
    fully_qualified_name: Annotated[str | None, Field(description="Passed over: it follows from name and domain.")] = (
        None
    )
    assets: Annotated[list[Any] | None, Field(description="Passed over: add assets by their own route.")] = None


class DomainWanted(DomainSaid):
    """A domain to create or update."""

    name: Name
    description: Text
    domain_type: DomainType
    fully_qualified_name: Annotated[str | None, Field(description="Passed over.")] = None


class Assets(Asked):
    """Assets to add or remove."""

    assets: Annotated[list[Reference] | None, Field(max_length=10_000)] = None
    dry_run: Annotated[bool, Field(description="Tell what would become of them, and do nothing.")] = False
    reason: Annotated[str | None, Field(max_length=10_000, description="Why; it is kept with the decision.")] = None


class Restored(Asked):
    """What to restore."""

    id: str
