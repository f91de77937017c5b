"""What this surface answers, as its description shows it; the routes fill these without building them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Json = dict[str, Any]

DOMAIN: Json = {
    "id": "a0729e98-e946-4e25-acde-10e8a2294ba1",
    "type": "domain",
    "name": "Marketing",
    "fullyQualifiedName": "Marketing",
    "deleted": False,
    "href": "http://localhost:8585/api/v1/domains/a0729e98-e946-4e25-acde-10e8a2294ba1",
}


class Shape(BaseModel):
    """A part of an answer; its keys are in camel case on the wire, others may stand beside them."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow")


class Reference(Shape):
    """A reference to another entity."""

    id: str
    type: str = Field(examples=["table"])
    name: str | None = None
    fully_qualified_name: str | None = Field(default=None, description="Of assets the qualified name.")
    deleted: bool | None = None
    href: str | None = None


class Told(Shape):
    """What is told of domains and products alike."""

    id: str
    name: str
    fully_qualified_name: str
    display_name: str | None = None
    description: str
    version: float = Field(description="From 0.1 by tenths.", examples=[0.3])
    updated_at: int = Field(description="Milliseconds since 1970.")
    updated_by: str
    href: str
    owners: list[Reference] | None = None
    experts: list[Reference] | None = None
    tags: list[Json] | None = None
    extension: Json | None = Field(default=None, description="Free properties; `selection` of a product is its query.")
    change_description: Json | None = Field(default=None, description="What this version changed.")


class ProductTold(Told):
    """A data product. Below `/sdk/2.0` there is neither `domain` nor `deleted`, and the name is not dotted."""

    fully_qualified_name: str = Field(examples=["Marketing.CustomerInsights"])
    domain: Reference | None = Field(default=None, examples=[DOMAIN])
    domains: list[Reference] | None = Field(default=None, examples=[[DOMAIN]])
    deleted: bool | None = None
    decisions: list[Json] | None = Field(
        default=None,
        description="What became of each asset that was added or removed: a pin, an exclusion, or nothing.",
    )


class DomainTold(Told):
    """A domain."""

    domain_type: str = Field(examples=["Aggregate"])
    parent: Reference | None = None
    children: list[Reference] | None = None
    children_count: int | None = None


class DomainAbove(Told):
    """A domain with all that are below it, each as a whole."""

    domain_type: str = Field(examples=["Aggregate"])
    parent: Reference | None = None
    children: list["DomainAbove"]
    children_count: int


class Paging(Shape):
    """How many there are, and where to go on."""

    total: int
    before: str | None = None
    after: str | None = None
    offset: int | None = None


class ProductPage(Shape):
    """A part of the list of products."""

    data: list[ProductTold]
    paging: Paging


class DomainPage(Shape):
    """A part of the list of domains."""

    data: list[DomainTold]
    paging: Paging


class Hierarchy(Shape):
    """The domains that are in no other."""

    data: list[DomainAbove]
    paging: Paging


class ReferencePage(Shape):
    """A part of a list of references."""

    data: list[Reference]
    paging: Paging


class PortPage(Shape):
    """A part of a list of ports."""

    data: list[Json] = Field(description="References, with `entityType`.")
    paging: Paging


class PortsView(Shape):
    """Both lists of ports."""

    entity: Reference
    input_ports: PortPage
    output_ports: PortPage


class Versions(Shape):
    """The versions of an entity."""

    entity_type: str = Field(examples=["dataProduct"])
    versions: list[str] = Field(description="Each as JSON in a text, newest first.")


class BulkResult(Shape):
    """What became of each asset."""

    dry_run: bool
    status: str = Field(examples=["success"])
    number_of_rows_processed: int
    number_of_rows_passed: int
    number_of_rows_failed: int
    success_request: list[Json]
    failed_request: list[Json]


class ChangeEvent(Shape):
    """That something changed beside the entity itself."""

    event_type: str = Field(examples=["entityUpdated"])
    entity_type: str
    entity_id: str
    timestamp: int


class ServerVersion(Shape):
    """The version of OpenMetadata whose clients are understood."""

    version: str = Field(examples=["2.0.7"])
    revision: str
    timestamp: int


class Job(Shape):
    """Work that was asked for in the background; it is done by the time that this is answered."""

    job_id: str
    message: str


class UserTold(Shape):
    """A user or team."""

    id: str
    name: str
    fully_qualified_name: str
    display_name: str
    href: str


class UserPage(Shape):
    """A part of a list of users or teams."""

    data: list[UserTold]
    paging: Paging
