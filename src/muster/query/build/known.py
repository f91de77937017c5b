"""`F`: the common asset fields as constants, and any other field by name."""

from typing import Final, Literal, TypeAlias, overload

from muster.errors import InvalidInput
from muster.query.build.field import Field, Flag, Keyword, KeywordText, Moment, Number, Stemmed, Text

Kind: TypeAlias = Literal["keyword", "text", "number", "flag", "moment"]

_KINDS: dict[str, type[Keyword | Text | Number | Flag | Moment]] = {
    "keyword": Keyword,
    "text": Text,
    "number": Number,
    "flag": Flag,
    "moment": Moment,
}


@overload
def field(name: str, kind: Literal["keyword"] = "keyword") -> Keyword: ...
@overload
def field(name: str, kind: Literal["text"]) -> Text: ...
@overload
def field(name: str, kind: Literal["number"]) -> Number: ...
@overload
def field(name: str, kind: Literal["flag"]) -> Flag: ...
@overload
def field(name: str, kind: Literal["moment"]) -> Moment: ...
def field(name: str, kind: Kind = "keyword") -> Field:
    """Return the field of that index name with the operators of its kind.

    Raises:
        InvalidInput: an empty name, or no such kind.
    """
    if not name:
        raise InvalidInput("a field needs a name")
    if kind not in _KINDS:
        raise InvalidInput(f"`{kind}` is not a kind of field", hint="one of " + ", ".join(f"`{one}`" for one in _KINDS))
    return _KINDS[kind](name)


class Fields:
    """The common asset fields. `F["anything"]` is any field by its index name, compared as a keyword."""

    type_name = KeywordText("__typeName.keyword", "__typeName")
    super_type_names = KeywordText("__superTypeNames.keyword", "__superTypeNames")
    guid = Keyword("__guid")
    state = Keyword("__state")
    created_by = Keyword("__createdBy")
    updated_by = Keyword("__modifiedBy")
    created = Moment("__timestamp", "__timestamp.date")
    updated = Moment("__modificationTimestamp", "__modificationTimestamp.date")
    tags = KeywordText("__traitNames", "__classificationsText")
    propagated_tags = KeywordText("__propagatedTraitNames", "__classificationsText")
    terms = KeywordText("__meanings", "__meaningsText")
    glossary = Keyword("__glossary")
    has_lineage = Flag("__hasLineage")
    custom_attributes = Text("__customAttributes")

    name = Stemmed("name.keyword", "name", "name.stemmed")
    display_name = KeywordText("displayName.keyword", "displayName.delimiter")
    qualified_name = KeywordText("qualifiedName", "qualifiedName.text")
    description = KeywordText("description.keyword", "description.text")
    user_description = KeywordText("userDescription.keyword", "userDescription.text")
    readme = KeywordText("assetSourceReadme.keyword", "assetSourceReadme")
    sub_type = Keyword("subType")
    data_type = KeywordText("dataType", "dataType.text")
    asset_tags = KeywordText("assetTags", "assetTags.text")

    owner_users = Keyword("ownerUsers")
    owner_groups = Keyword("ownerGroups")
    admin_users = Keyword("adminUsers")
    admin_groups = Keyword("adminGroups")
    admin_roles = Keyword("adminRoles")
    viewer_users = Keyword("viewerUsers")
    viewer_groups = Keyword("viewerGroups")

    certificate_status = KeywordText("certificateStatus", "certificateStatus.text")
    certificate_status_message = Text("certificateStatusMessage")
    certificate_updated_by = Keyword("certificateUpdatedBy")
    certificate_updated_at = Moment("certificateUpdatedAt")
    announcement_type = Keyword("announcementType")
    announcement_title = KeywordText("announcementTitle.keyword", "announcementTitle")
    announcement_message = Text("announcementMessage")
    announcement_updated_at = Moment("announcementUpdatedAt")
    announcement_updated_by = Keyword("announcementUpdatedBy")

    connector_name = Keyword("connectorName")
    connection_name = KeywordText("connectionName", "connectionName.text")
    connection_qualified_name = KeywordText("connectionQualifiedName", "connectionQualifiedName.text")
    database_name = KeywordText("databaseName.keyword", "databaseName")
    database_qualified_name = Keyword("databaseQualifiedName")
    schema_name = KeywordText("schemaName.keyword", "schemaName")
    schema_qualified_name = Keyword("schemaQualifiedName")
    table_name = KeywordText("tableName.keyword", "tableName")
    table_qualified_name = Keyword("tableQualifiedName")
    view_name = KeywordText("viewName.keyword", "viewName")
    view_qualified_name = Keyword("viewQualifiedName")

    popularity_score = Number("popularityScore")
    view_score = Number("viewScore")
    starred_by = Keyword("starredBy")
    starred_count = Number("starredCount")
    source_read_count = Number("sourceReadCount")
    source_created_at = Moment("sourceCreatedAt")
    source_updated_at = Moment("sourceUpdatedAt")
    source_last_read_at = Moment("sourceLastReadAt")
    source_owners = Text("sourceOwners")
    last_sync_run_at = Moment("lastSyncRunAt")
    is_discoverable = Flag("isDiscoverable")
    is_editable = Flag("isEditable")
    has_contract = Flag("hasContract")

    domain_guids = Keyword("domainGUIDs")
    product_guids = Keyword("productGUIDs")
    output_product_guids = Keyword("outputProductGUIDs")
    parent_domain_qualified_name = KeywordText("parentDomainQualifiedName", "parentDomainQualifiedName.text")
    super_domain_qualified_name = KeywordText("superDomainQualifiedName", "superDomainQualifiedName.text")

    dbt_qualified_name = KeywordText("dbtQualifiedName", "dbtQualifiedName.text")
    dbt_unique_id = KeywordText("assetDbtUniqueId.keyword", "assetDbtUniqueId")
    dbt_alias = KeywordText("assetDbtAlias.keyword", "assetDbtAlias")
    dbt_project_name = KeywordText("assetDbtProjectName.keyword", "assetDbtProjectName")
    dbt_package_name = KeywordText("assetDbtPackageName.keyword", "assetDbtPackageName")
    dbt_tags = KeywordText("assetDbtTags", "assetDbtTags.text")
    dbt_job_status = Keyword("assetDbtJobStatus")
    dbt_test_status = Keyword("assetDbtTestStatus")
    dbt_job_last_run = Moment("assetDbtJobLastRun")

    def __getitem__(self, name: str) -> Keyword:
        return field(name)


F: Final = Fields()
"""The constants: `F.certificate_status == "VERIFIED"`."""
