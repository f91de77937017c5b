"""The envelopes of this surface, as its description shows them; the routes fill them without building these."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Json = dict[str, Any]
NotEmpty = Annotated[str, Field(min_length=1)]
Text = NotEmpty | None

ENTITY: Json = {
    "typeName": "DataDomain",
    "guid": "b22a352f-7fa4-47a8-8021-4d77c189024f",
    "status": "ACTIVE",
    "displayText": "Marketing",
    "createdBy": "ada",
    "updatedBy": "ada",
    "createTime": 1795219259521,
    "updateTime": 1795219259521,
    "isIncomplete": False,
    "attributes": {"qualifiedName": "default/domain/XwTHDPwexaqT2d8ORhGL1/super", "name": "Marketing"},
    "classificationNames": [],
    "classifications": [],
    "meaningNames": [],
    "meanings": [],
    "labels": [],
}
NEW: Json = {
    "typeName": "DataDomain",
    "guid": "-1",
    "attributes": {"qualifiedName": "Marketing", "name": "Marketing"},
}

QUERY: Json = {"bool": {"filter": [{"term": {"__state": "ACTIVE"}}, {"term": {"__typeName.keyword": "DataProduct"}}]}}
BUCKETS: Json = {
    "doc_count_error_upper_bound": 0,
    "sum_other_doc_count": 0,
    "buckets": [{"key": "DataDomain", "doc_count": 1}],
}


class Shape(BaseModel):
    """An envelope; its keys are in camel case on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Open(Shape):
    """An envelope that takes other keys as well, and passes over them."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel)


class Cause(Shape):
    """One cause of an error."""

    error_type: str = Field(description="The error's code, as in the reference of errors.", examples=["unknown_field"])
    error_message: str = Field(examples=["`certificateState` is not a searchable field"])
    location: str = Field(description="A JSON pointer into the request.", examples=["/dsl/query/term"])


class Refusal(Shape):
    """An error; these five keys and no others."""

    error_code: str = Field(examples=["ATLAS-404-00-005"])
    error_message: str = Field(examples=["no entity has the guid `nope`"])
    error_id: str = Field(description="The id of the request, which the log has too.")
    error_cause: str = Field(examples=[""])
    causes: list[Cause]


class Tag(Open):
    """A tag, and how it is attached."""

    type_name: str = Field(min_length=1, description="The internal name.", examples=["dNrG72UttgkbpwYYOpee9"])
    propagate: bool | None = Field(default=None, description="Kept as said, without effect here.")


class Changed(Open):
    """What a request says of the entity that its path and query name; what it leaves out stays."""

    type_name: Text = Field(default=None, examples=["DataDomain"])
    guid: Text = Field(default=None, description="A negative one is a placeholder.", examples=["-1"])
    status: Literal["ACTIVE", "DELETED"] | None = Field(default=None, description="ACTIVE restores an archived entity.")
    attributes: Json | None = Field(
        default=None, description="With relationships among them; null clears.", examples=[NEW["attributes"]]
    )
    relationship_attributes: Json | None = Field(default=None, description="Relationships, each as all there shall be.")
    append_relationship_attributes: Json | None = Field(default=None, description="Relationships to add.")
    remove_relationship_attributes: Json | None = Field(default=None, description="Relationships to take away.")
    classifications: list[Tag] | None = Field(default=None, description="Tags of a new entity, or all there shall be.")
    add_or_update_classifications: list[Tag] | None = Field(default=None, description="Tags to attach.")
    remove_classifications: list[Tag] | None = Field(default=None, description="Tags to take away.")
    business_attributes: dict[str, Json | None] | None = Field(default=None, description="Custom metadata by set.")
    labels: list[NotEmpty] | None = None
    custom_attributes: Json | None = None


class Said(Changed):
    """What a request says of an entity; what it leaves out stays."""

    type_name: str = Field(min_length=1, examples=["DataDomain"])


class Entities(Shape):
    """Entities to save."""

    entities: list[Said] = Field(
        description="A negative `guid` is a placeholder, which others of the request may name. An entity that is there "
        "is named by its `guid`, or by `typeName` and `attributes.qualifiedName`.",
        examples=[[NEW]],
    )


class OneEntity(Shape):
    """An entity to update."""

    entity: Changed | None = Field(
        default=None, examples=[{"typeName": "DataDomain", "attributes": {"certificateStatus": "VERIFIED"}}]
    )


class Found(Shape):
    """An entity."""

    entity: Json = Field(examples=[ENTITY])
    referred_entities: Json = Field(description="Always empty.", examples=[{}])


class Mutated(BaseModel):
    """Entities by what became of them; a list without any is left out."""

    CREATE: list[Json] = Field(default=[], examples=[[ENTITY]])
    UPDATE: list[Json] = Field(
        default=[], description="Without entities that stayed as they were.", examples=[[ENTITY]]
    )
    DELETE: list[Json] = Field(default=[], examples=[[ENTITY]])


class Mutations(Shape):
    """What a request did."""

    guid_assignments: dict[str, str] = Field(
        description="The guid of each placeholder.", examples=[{"-1": ENTITY["guid"]}]
    )
    mutated_entities: Mutated | None = Field(default=None, description="Left out where nothing changed.")


class Definitions(Shape):
    """Typedefs by kind."""

    enum_defs: list[Json] = Field(default=[], examples=[[]])
    struct_defs: list[Json] = Field(default=[], examples=[[]])
    classification_defs: list[Json] = Field(
        default=[],
        description="Tags: `name` is internal, `displayName` what people read.",
        examples=[[{"category": "CLASSIFICATION", "name": "Marketing", "displayName": "Marketing"}]],
    )
    entity_defs: list[Json] = Field(default=[], examples=[[]])
    relationship_defs: list[Json] = Field(default=[], examples=[[]])
    business_metadata_defs: list[Json] = Field(default=[], description="Custom metadata.", examples=[[]])


class Definition(Open):
    """One typedef."""

    category: str = Field(examples=["CLASSIFICATION"])
    name: str = Field(examples=["dNrG72UttgkbpwYYOpee9"])
    guid: str


class Listed(Shape):
    """A part of a list of users, groups, roles or tokens."""

    total_record: int = Field(description="How many there are.", examples=[1])
    filter_record: int = Field(description="How many of them the filter lets through.", examples=[1])
    records: list[Json]


class User(Open):
    """A user: here, the name of a token."""

    id: str
    username: str = Field(examples=["ada"])
    enabled: bool


class Whoami(Shape):
    """The roles of who asks."""

    roles: list[Json] = Field(examples=[[{"id": "1", "name": "$admin"}]])


class ContractWanted(Shape):
    """The asset that a data contract is wanted for."""

    asset_type: str = Field(examples=["Table"])
    asset_qualified_name: str = Field(examples=["default/snowflake/1657037873/db/schema/orders"])


class ContractBegun(Shape):
    """A data contract to start from."""

    contract: str = Field(description="YAML.", examples=["kind: DataContract\nstatus: DRAFT\n"])


class Credentials(Shape):
    """A token as a client of OAuth says it: its name and its secret."""

    client_id: str = Field(min_length=1, examples=["ada"])
    client_secret: str = Field(min_length=1)


class AccessToken(Shape):
    """A bearer token."""

    access_token: str
    expires_in: int = Field(description="Seconds after which to ask again.", examples=[600])
    token_type: str = Field(examples=["Bearer"])


class Tasks(Shape):
    """Work in the background, of which there is none: what is answered is done."""

    tasks: list[Json] = Field(examples=[[]])
    approximate_count: int = Field(examples=[0])


class Searching(Shape):
    """A search."""

    dsl: Json = Field(
        default={},
        description="`query`, `post_filter`, `from`, `size`, `sort`, `search_after` and `aggregations` as OpenSearch has "
        "them.",
        examples=[{"from": 0, "size": 300, "query": QUERY, "sort": [{"__guid": {"order": "asc"}}]}],
    )
    attributes: list[str] = Field(default=[], description="What to tell of each hit.", examples=[["ownerUsers"]])
    relation_attributes: list[str] = Field(default=[], description="What to tell of related entities.")
    show_search_metadata: bool = Field(default=False, description="Tell the values to go on from, by guid.")


class Hits(Shape):
    """What was found."""

    query_type: str = Field(examples=["INDEX"])
    search_parameters: Json = Field(description="What was asked for; `query` is the `dsl` as text.")
    approximate_count: int = Field(description="How many there are in all, exactly.", examples=[1])
    entities: list[Json] | None = Field(default=None, description="Left out where there are none.", examples=[[ENTITY]])
    aggregations: Json | None = Field(
        default=None, description="By name, where any were asked for.", examples=[BUCKETS]
    )
    search_metadata: Json | None = Field(default=None, description="By guid, where it was asked for.")
