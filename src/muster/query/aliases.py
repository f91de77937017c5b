"""Short names of the common asset fields, for people at a prompt: each stands for exactly one index field."""

from collections.abc import Mapping
from types import MappingProxyType

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "type": "__typeName.keyword",
        "super": "__superTypeNames.keyword",
        "guid": "__guid",
        "state": "__state",
        "name": "name.keyword",
        "display": "displayName.keyword",
        "qn": "qualifiedName",
        "description": "description",
        "userdescription": "userDescription",
        "certificate": "certificateStatus",
        "announcement": "announcementType",
        "owner": "ownerUsers",
        "group": "ownerGroups",
        "admin": "adminUsers",
        "tag": "__traitNames",
        "propagated": "__propagatedTraitNames",
        "term": "__meanings",
        "glossary": "__glossary",
        "connector": "connectorName",
        "connection": "connectionQualifiedName",
        "database": "databaseName.keyword",
        "schema": "schemaName.keyword",
        "table": "tableName.keyword",
        "view": "viewName.keyword",
        "datatype": "dataType",
        "subtype": "subType",
        "domain": "domainGUIDs",
        "product": "productGUIDs",
        "lineage": "__hasLineage",
        "popularity": "popularityScore",
        "created": "__timestamp.date",
        "updated": "__modificationTimestamp.date",
        "createdby": "__createdBy",
        "updatedby": "__modifiedBy",
        "dbttag": "assetDbtTags",
        "dbtproject": "assetDbtProjectName.keyword",
    }
)
"""Alias to index field."""

NAMES: Mapping[str, str] = MappingProxyType({field: alias for alias, field in ALIASES.items()})
"""Index field to alias."""

ANALYSED = frozenset({"description", "userDescription"})
"""Fields of `ALIASES` that hold text: a plain value is matched by its words, not as a whole."""

FREE_TEXT = ("name", "displayName", "description", "userDescription")
"""Where a word without a field is looked for."""
