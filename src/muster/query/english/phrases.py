"""The words of the English reading: one row per field, one row per operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class FieldWords:
    """How a field is spoken of.

    `noun` follows "with" (`a name`); `holding` speaks of exact values (`tagged {}`), `having` of any value at all
    (`tagged`), where there are words for it.
    """

    noun: str
    holding: str | None = None
    having: str | None = None


TYPE: Final = "__typeName.keyword"
STATE: Final = "__state"
STATES: Mapping[str, str] = MappingProxyType({"ACTIVE": "active", "DELETED": "archived"})

FIELDS: Mapping[str, FieldWords] = MappingProxyType(
    {
        TYPE: FieldWords("a type", "of type {}"),
        "__superTypeNames.keyword": FieldWords("a supertype", "of supertype {}"),
        STATE: FieldWords("a state", "in state {}"),
        "__guid": FieldWords("a guid", "with guid {}"),
        "__traitNames": FieldWords("a tag", "tagged {}", "tagged"),
        "__propagatedTraitNames": FieldWords("a propagated tag", "tagged {} by propagation", "tagged by propagation"),
        "__meanings": FieldWords("a term", "with term {}"),
        "__glossary": FieldWords("a glossary", "in glossary {}", "in a glossary"),
        "__createdBy": FieldWords("a creator", "created by {}"),
        "__modifiedBy": FieldWords("a last editor", "last edited by {}"),
        "__timestamp": FieldWords("a creation time", "created at {}"),
        "__timestamp.date": FieldWords("a creation time", "created on {}"),
        "__modificationTimestamp": FieldWords("an update time", "updated at {}"),
        "__modificationTimestamp.date": FieldWords("an update time", "updated on {}"),
        "certificateStatus": FieldWords("a certificate", "certified {}", "certified"),
        "announcementType": FieldWords("an announcement", "announced as {}", "with an announcement"),
        "ownerUsers": FieldWords("an owner", "owned by {}", "owned by someone"),
        "ownerGroups": FieldWords("an owner group", "owned by group {}", "owned by a group"),
        "adminUsers": FieldWords("an administrator", "administered by {}"),
        "name": FieldWords("a name"),
        "name.keyword": FieldWords("a name", "named {}", "named"),
        "displayName": FieldWords("a display name"),
        "displayName.keyword": FieldWords("a display name", "displayed as {}"),
        "qualifiedName": FieldWords("a qualified name", "with qualified name {}"),
        "description": FieldWords("a description"),
        "userDescription": FieldWords("a user description"),
        "connectorName": FieldWords("a connector", "from {}"),
        "connectionQualifiedName": FieldWords("a connection", "in connection {}"),
        "databaseName.keyword": FieldWords("a database", "in database {}"),
        "schemaName.keyword": FieldWords("a schema", "in schema {}"),
        "tableName.keyword": FieldWords("a table", "in table {}"),
        "viewName.keyword": FieldWords("a view", "in view {}"),
        "dataType": FieldWords("a data type", "with data type {}"),
        "subType": FieldWords("a subtype", "of subtype {}"),
        "domainGUIDs": FieldWords("a domain", "in domain {}", "in a domain"),
        "productGUIDs": FieldWords("a product", "in product {}", "in a product"),
        "popularityScore": FieldWords("a popularity", "with popularity {}"),
        "assetDbtTags": FieldWords("a dbt tag", "tagged {} in dbt", "tagged in dbt"),
        "assetDbtProjectName.keyword": FieldWords("a dbt project", "in dbt project {}"),
    }
)
"""Index field to words; any other field is called by its name in backquotes."""

FLAGS: Mapping[tuple[str, bool], str] = MappingProxyType(
    {("__hasLineage", True): "with lineage", ("__hasLineage", False): "with lineage known to be missing"}
)
"""Fields that are true or false, in words of their own."""

OPERATORS: Mapping[str, str] = MappingProxyType(
    {
        "term": "with {noun} of {value}",
        "terms": "with {noun} of {value}",
        "exists": "with {noun}",
        "prefix": "with {noun} starting with {value}",
        "wildcard": "with {noun} like {value}",
        "regexp": "with {noun} matching {value}",
        "fuzzy": "with {noun} close to {value}",
        "gt": "with {noun} over {value}",
        "gte": "with {noun} of at least {value}",
        "lt": "with {noun} under {value}",
        "lte": "with {noun} of at most {value}",
        "match": "with {noun} containing {value}",
        "match_phrase": "with {noun} containing the phrase {value}",
        "match_phrase_prefix": "with {noun} containing a phrase starting {value}",
        "span": "with {noun} containing {value}",
    }
)
"""Operator to sentence."""

TIMES: Mapping[str, str] = MappingProxyType(
    {
        "__timestamp": "created",
        "__timestamp.date": "created",
        "__modificationTimestamp": "updated",
        "__modificationTimestamp.date": "updated",
        "certificateUpdatedAt": "certified",
        "announcementUpdatedAt": "announced",
    }
)
"""Fields whose ranges are spoken of as times."""

TIME_OPERATORS: Mapping[str, str] = MappingProxyType({"gt": "after", "gte": "from", "lt": "before", "lte": "up to"})

UNITS: Mapping[str, str] = MappingProxyType(
    {"y": "year", "M": "month", "w": "week", "d": "day", "h": "hour", "H": "hour", "m": "minute", "s": "second"}
)
"""Units of date math."""
