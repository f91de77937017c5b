"""What Atlan's Java client sends, as its sources say."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

FLAGS = {
    "replaceTags": "false",
    "appendTags": "false",
    "replaceBusinessAttributes": "false",
    "overwriteBusinessAttributes": "false",
}
SEARCHING = {
    "suppressLogs": True,
    "showSearchScore": False,
    "excludeMeanings": False,
    "enableFullRestriction": False,
    "accessControlExclusive": False,
    "allowDeletedRelations": False,
    "requestRelationshipAttrsForSearch": False,
    "includeRelationshipAttributes": False,
    "requestMetadata": {"saveSearchLog": False, "utmTags": ["project_sdk_java"]},
    "showHighlights": False,
    "excludeClassifications": False,
    "includeClassificationNames": True,
}
HEADERS = {
    "x-atlan-agent-id": "java",
    "accept-charset": "UTF-8",
    "content-type": "application/json;charset=UTF-8",
    "cache-control": "no-cache",
    "pragma": "no-cache",
}
SELECTION = (
    '{"query":{"dsl":{"from":0,"query":{"bool":{"filter":{"bool":{"must":['
    '{"term":{"__typeName.keyword":{"value":"Table","case_insensitive":false}}},'
    '{"term":{"__state":{"value":"ACTIVE"}}},'
    '{"term":{"certificateStatus":{"value":"VERIFIED"}}},'
    '{"term":{"__traitNames":{"value":"Café","case_insensitive":false}}}'
    ']}}}}},"attributes":["name"],"suppressLogs":true},"filterScrubbed":true}'
)


def asked(filters: list[Any], **dsl: Any) -> dict[str, Any]:
    """Return a search as the client sends it."""
    sort = [{"__guid": {"order": "asc"}}]
    page = {"from": 0, "size": 300, "query": {"bool": {"filter": filters}}, "sort": sort, "track_total_hits": True}
    return {"dsl": {**page, **dsl}, **SEARCHING, "showSearchMetadata": "search_after" in dsl}


def of_type(name: str) -> list[Any]:
    """Return the client's filters for active entities of a type."""
    return [
        {"term": {"__state": {"value": "ACTIVE"}}},
        {"term": {"__typeName.keyword": {"value": name, "case_insensitive": False}}},
    ]


def entity(type_name: str, name: str, **attributes: Any) -> dict[str, Any]:
    """Return an entity as the client sends it: without nulls."""
    return {"typeName": type_name, "guid": f"-{uuid4().int >> 68}", "attributes": {"name": name, **attributes}}


def product(domain: str) -> dict[str, Any]:
    """Return a product as the client creates it: both statuses, no visibility, no owners, its own selection."""
    return entity(
        "DataProduct",
        "P",
        qualifiedName=f"{domain}/product/P",
        dataProductStatus="Active",
        daapStatus="Active",
        parentDomainQualifiedName=domain,
        superDomainQualifiedName=domain,
        dataDomain={"typeName": "DataDomain", "uniqueAttributes": {"qualifiedName": domain}},
        dataProductAssetsDSL=SELECTION,
        dataProductAssetsPlaybookFilter='{"condition":"AND","isGroupLocked":false,"rules":[]}',
    )
