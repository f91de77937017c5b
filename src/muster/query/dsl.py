"""The `dataProductAssetsDSL` text: an index search request in a JSON string, as Atlan's clients write it.

Writing gives the same bytes as those clients: the order of keys, `", "` and `": "`, ASCII escapes, the list of
attributes with its repetitions. Reading takes what clients, web pages and people have stored; of a request only
the query counts, so paging, sorting, aggregations and scripts in it are ignored.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from muster.errors import InvalidSelection
from muster.query import wire
from muster.query.limits import DEFAULT, Limits, load_json
from muster.query.nodes import Bool, Node

ATTRIBUTES = (
    "__traitNames",
    "connectorName",
    "__customAttributes",
    "certificateStatus",
    "tenantId",
    "anchor",
    "parentQualifiedName",
    "Query.parentQualifiedName",
    "AtlasGlossaryTerm.anchor",
    "databaseName",
    "schemaName",
    "parent",
    "connectionQualifiedName",
    "collectionQualifiedName",
    "announcementMessage",
    "announcementTitle",
    "announcementType",
    "announcementUpdatedAt",
    "announcementUpdatedBy",
    "allowQuery",
    "allowQueryPreview",
    "adminGroups",
    "adminRoles",
    "adminUsers",
    "category",
    "credentialStrategy",
    "connectionSSOCredentialGuid",
    "certificateStatus",
    "certificateUpdatedAt",
    "certificateUpdatedBy",
    "classifications",
    "connectionId",
    "connectionQualifiedName",
    "connectorName",
    "dataType",
    "defaultDatabaseQualifiedName",
    "defaultSchemaQualifiedName",
    "description",
    "displayName",
    "links",
    "link",
    "meanings",
    "name",
    "ownerGroups",
    "ownerUsers",
    "qualifiedName",
    "typeName",
    "userDescription",
    "displayDescription",
    "subDataType",
    "rowLimit",
    "queryTimeout",
    "previewCredentialStrategy",
    "policyStrategy",
    "policyStrategyForSamplePreview",
    "useObjectStorage",
    "objectStorageUploadThreshold",
    "outputPortDataProducts",
)
"""What the clients ask for: 58 names, three of them twice."""

_VALUE_KEYS = ("value", "case_insensitive", "boost", "max_determinized_states")
_FIELD_KEYS: Mapping[str, Sequence[str]] = {
    "term": _VALUE_KEYS,
    "prefix": _VALUE_KEYS,
    "wildcard": _VALUE_KEYS,
    "regexp": _VALUE_KEYS,
    "range": ("gt", "gte", "lt", "lte", "boost", "format", "relation", "time_zone"),
    "fuzzy": ("value", "fuzziness", "max_expansions", "prefix_length", "transpositions", "rewrite"),
    "match": (
        "query",
        "analyzer",
        "auto_generate_synonyms_phrase_query",
        "fuzziness",
        "fuzzy_transpositions",
        "fuzzy_rewrite",
        "lenient",
        "operator",
        "minimum_should_match",
        "zero_terms_query",
        "max_expansions",
        "prefix_length",
    ),
    "match_phrase": ("query", "analyzer", "slop", "zero_terms_query", "boost"),
}
"""The order in which clients write the options of a field; the first is the one that a short form leaves unnamed."""

_CLAUSE_KEYS: Mapping[str, Sequence[str]] = {
    "bool": ("must", "should", "must_not", "filter", "boost", "minimum_should_match"),
    "nested": ("path", "query", "score_mode", "ignore_unmapped"),
    "span_near": ("clauses", "in_order", "slop"),
    "span_within": ("little", "big", "boost"),
}
"""The order in which clients write the other clauses."""

_CLAUSES_WITHIN: Mapping[str, Sequence[str]] = {
    "bool": ("must", "should", "must_not", "filter"),
    "constant_score": ("filter",),
    "dis_max": ("queries",),
    "nested": ("query",),
    "span_near": ("clauses",),
    "span_or": ("clauses",),
    "span_within": ("little", "big"),
    "span_not": ("include", "exclude"),
}

_CLIENT_VALUES: Mapping[str, Callable[[Any], Any]] = {"operator": str.upper, "relation": str.upper, "fuzziness": str}
"""Options of a field that clients only know in one spelling."""

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AssetsDsl:
    """A stored text, kept as it came, and the clause that it asks for."""

    text: str
    node: Node


def write_dsl(query: Node, *, include_relationship_attributes: bool | None = False) -> str:
    """Write a clause as `dataProductAssetsDSL`.

    The clients only write a `bool` with a `filter`; any other clause becomes the one filter of such a `bool`, which
    has the same members. `include_relationship_attributes=None` leaves that key out, as clients did before there
    was one.
    """
    request: Json = {"attributes": ATTRIBUTES, "dsl": {"from": 0, "query": _outermost(query)}, "suppressLogs": True}
    if include_relationship_attributes is not None:
        request["includeRelationshipAttributes"] = include_relationship_attributes
    return json.dumps({"query": request, "filterScrubbed": True})


def _outermost(query: Node) -> Json:
    """Write the outermost `bool`: its filters are wrapped in a `bool` of their own, which comes last."""
    outer = query if isinstance(query, Bool) and query.filter else Bool(filter=(query,))
    body: Json = _spelled(wire.write(outer))["bool"]
    filters = body.pop("filter")
    return {"bool": {**body, "filter": {"bool": {"filter": filters}}}}


def _spelled(clause: Json) -> Json:
    """Write a clause as clients do: in its long form, keys in their order."""
    ((kind, body),) = clause.items()
    if kind in _FIELD_KEYS:
        return {kind: _spelled_options(kind, body)}
    within = _CLAUSES_WITHIN.get(kind, ())
    spelled = {key: _spelled_within(value) if key in within else value for key, value in body.items()}
    return {kind: _ordered(spelled, _CLAUSE_KEYS.get(kind, ()))}


def _spelled_options(kind: str, body: Json) -> Json:
    keys = _FIELD_KEYS[kind]
    ((field, said),) = body.items()
    options = _ordered(said if isinstance(said, dict) else {keys[0]: said}, keys)
    return {field: {key: _CLIENT_VALUES.get(key, _same)(value) for key, value in options.items()}}


def _same(value: Any) -> Any:
    return value


def _spelled_within(value: Any) -> Any:
    return [_spelled(part) for part in value] if isinstance(value, list) else _spelled(value)


def _ordered(body: Json, keys: Sequence[str]) -> Json:
    """Put the known keys first, in their order; the others stay behind them as they came."""
    return {
        key: body[key] for key in (*(key for key in keys if key in body), *(key for key in body if key not in keys))
    }


def read_dsl(text: str, limits: Limits = DEFAULT) -> AssetsDsl:
    """Read any stored text: of `{"query": {"dsl": ...}}`, `{"dsl": ...}`, `{"query": ...}` and a bare clause.

    A `post_filter` narrows the query. The wrapping that `write_dsl` puts around the filters is taken off.

    Raises:
        InvalidSelection: no JSON object, or no query where one belongs; `path` points into the text.
        UnsupportedClause, LimitExceeded: as `muster.query.wire` raises them.
    """
    document = load_json(text, limits)
    if not isinstance(document, dict):
        raise InvalidSelection("the selection must be a JSON object", path="", hint='write `{"query": {"dsl": ...}}`')
    asked = [_read(clause, path, limits) for clause, path in _queries(document)]
    return AssetsDsl(text, asked[0] if len(asked) == 1 else Bool(filter=tuple(asked)))


def _queries(document: Json) -> list[tuple[Any, str]]:
    """Find the clauses that a document asks for, each with its JSON pointer."""
    if "dsl" in document:
        return _of_search(document["dsl"], "/dsl")
    if "query" not in document and "post_filter" not in document:
        return [(document, "")]
    request = document.get("query")
    if isinstance(request, dict) and ("dsl" in request or "attributes" in request or "filterScrubbed" in document):
        return _of_search(request.get("dsl"), "/query/dsl")
    return _of_search(document, "")


def _of_search(body: Any, path: str) -> list[tuple[Any, str]]:
    """Return `query` and `post_filter` of a search body, as far as they are said; clients drop `null` and `{}`."""
    if not isinstance(body, dict):
        raise InvalidSelection("there is no search request", path=path, hint='write `"dsl": {"query": {...}}`')
    said = [(body[key], f"{path}/{key}") for key in ("query", "post_filter") if body.get(key) not in (None, {})]
    if not said:
        raise InvalidSelection("there is no query", path=f"{path}/query", hint='write `"query": {"bool": {...}}`')
    return said


def _read(clause: Any, path: str, limits: Limits) -> Node:
    """Read a clause; filters that stand in a `bool` of their own, not in a list, are taken out of it."""
    node = wire.read(clause, path, limits=limits)
    match node:
        case Bool(filter=(Bool(filter=filters) as inner,)) if filters and inner == Bool(filter=filters):
            return replace(node, filter=filters) if isinstance(clause["bool"]["filter"], dict) else node
        case _:
            return node
