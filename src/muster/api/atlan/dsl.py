"""The body of a search as Atlan's clients send it, read into a search and what is told of its hits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from muster.api.atlan.projection import Projection, wanted
from muster.api.pointing import a_list, a_text, an_object, step
from muster.errors import InvalidInput, LimitExceeded, UnsupportedClause
from muster.query import wire
from muster.query.aggregations import Aggregations, read_aggregations
from muster.query.limits import Limits
from muster.query.nodes import MatchAll, Node
from muster.query.sorting import Sort, read_sorts
from muster.service.search import MOST, Search

DSL = "/dsl"
USUAL_SIZE = 10
"""How many hits those want who do not say: OpenSearch's default. Atlan's clients always say."""

FLAGS = (
    "accessControlExclusive",
    "allowDeletedRelations",
    "enableFullRestriction",
    "excludeClassifications",
    "excludeMeanings",
    "includeClassificationNames",
    "includeRelationshipAttributes",
    "requestRelationshipAttrsForSearch",
    "scopeToUserAccess",
    "showHighlights",
    "showSearchMetadata",
    "showSearchScore",
    "suppressLogs",
)
"""What a body may say yes or no to."""

REFUSED = frozenset({"collapse", "knn", "min_score", "pit", "rescore", "runtime_mappings", "script_fields", "slice"})
"""What would change which hits there are, or what is told of them, and is not served; all else unknown is passed over."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body asks for; `echo` is what the answer repeats of it, from which some clients make their next request."""

    search: Search
    projection: Projection
    metadata: bool
    echo: Mapping[str, Any]


def read(value: Any, limits: Limits) -> Asked:
    """Read a body.

    Raises:
        InvalidInput: it cannot be read; `path` points into the body.
        UnsupportedClause, LimitExceeded: what is not served, or not as much of it.
    """
    body = an_object(value, "")
    dsl = an_object(body.get("dsl"), DSL)
    flags = {name: _flag(body[name], f"/{name}") for name in FLAGS if body.get(name) is not None}
    attributes = _names(body, "attributes")
    related = _names(body, "relationAttributes")
    return Asked(
        _search(dsl, limits),
        wanted(attributes, related, flags),
        flags.get("showSearchMetadata", False),
        _echo(dsl, attributes, related, flags),
    )


def _names(body: Mapping[str, Any], key: str) -> list[str]:
    told = (a_text(one, at) for at, one in a_list(body.get(key), f"/{key}"))
    return [name for name in told if name is not None]


def _echo(
    dsl: Mapping[str, Any], attributes: list[str], related: list[str], flags: Mapping[str, bool]
) -> dict[str, Any]:
    """Return what is known of the body, and no more: some clients trip over nulls among keys that they know."""
    query = {"from": 0, "size": USUAL_SIZE, **dsl}
    named = {"attributes": attributes, "relationAttributes": related}
    told = {key: names for key, names in named.items() if names}
    return {**told, **flags, "query": orjson.dumps(query).decode()}


def _search(dsl: Mapping[str, Any], limits: Limits) -> Search:
    for key in dsl.keys() & REFUSED:
        raise UnsupportedClause(f"`{key}` is not served", path=step(DSL, key), hint="leave it out")
    after = _after(dsl.get("search_after"), step(DSL, "search_after"))
    offset = _whole(dsl, "from", 0)
    if after is not None and offset:
        raise InvalidInput("`search_after` goes on from a hit, not from a number", path=step(DSL, "from"), hint="say 0")
    return Search(
        _clause(dsl, "query", limits) or MatchAll(),
        offset,
        _size(dsl),
        _sort(dsl),
        after,
        _aggregations(dsl, limits),
        _clause(dsl, "post_filter", limits),
    )


def _clause(dsl: Mapping[str, Any], key: str, limits: Limits) -> Node | None:
    return None if dsl.get(key) is None else wire.read(dsl[key], step(DSL, key), limits=limits)


def _sort(dsl: Mapping[str, Any]) -> tuple[Sort, ...]:
    return () if dsl.get("sort") is None else read_sorts(dsl["sort"], step(DSL, "sort"))


def _aggregations(dsl: Mapping[str, Any], limits: Limits) -> Aggregations:
    said = [key for key in ("aggregations", "aggs") if dsl.get(key)]
    if len(said) > 1:
        raise InvalidInput("aggregations are said twice", path=step(DSL, said[1]), hint="keep one of them")
    return read_aggregations(dsl[said[0]], step(DSL, said[0]), limits=limits) if said else {}


def _after(value: Any, path: str) -> tuple[Any, ...] | None:
    if value is None:
        return None
    values = tuple(one for _, one in a_list(value, path))
    if not values or any(isinstance(one, dict | list) for one in values):
        raise InvalidInput("values of an order are expected here", path=path, hint="pass on the `sort` of the last hit")
    return values


def _whole(dsl: Mapping[str, Any], key: str, usual: int) -> int:
    value = dsl.get(key)
    if value is None:
        return usual
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 31:
        raise InvalidInput("a whole number of at least 0 is expected here", path=step(DSL, key))
    return value


def _size(dsl: Mapping[str, Any]) -> int:
    size = _whole(dsl, "size", USUAL_SIZE)
    if size > MOST:
        path = step(DSL, "size")
        raise LimitExceeded(f"a page holds at most {MOST:,} assets, not {size:,}", path=path, hint="ask page by page")
    return size


def _flag(value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput("true or false is expected here", path=path)
    return value
