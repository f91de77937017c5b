"""OpenSearch's JSON to aggregations, driven by one table of kinds."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from muster.errors import LimitExceeded
from muster.query import wire
from muster.query.aggregations import options as read
from muster.query.aggregations.nodes import (
    Aggregation,
    ByQueries,
    ByQuery,
    ByRange,
    ByTerm,
    DateHistogram,
    Histogram,
    Measure,
    Metric,
    Stats,
    TopHits,
    Without,
)
from muster.query.limits import DEFAULT, Limits, check_value
from muster.query.naming import Place
from muster.query.nodes import Node
from muster.query.wire.kinds import shown

MOST = 50
"""Aggregations of one search, those inside of others among them."""
DEEPEST = 4
"""Aggregations within each other."""

_NAME = re.compile(r"[^\[\]>]+")
_INSIDE = frozenset({"aggs", "aggregations"})
_BESIDE = frozenset({"meta", "order"})
"""What may stand beside the kind of an aggregation: an order is where Atlan's Python client says it, not OpenSearch."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How one kind is written: each option with the attribute that it sets ("" for none) and how its value is read."""

    node: Callable[..., Aggregation]
    options: Mapping[str, tuple[str, read.Reader]]
    required: tuple[str, ...] = ("field",)
    buckets: bool = True
    check: Callable[[dict[str, Any], Place], None] = lambda _said, _at: None


_SCRIPT = ("", read.refusal("an aggregation carries no script", "aggregate by a field"))
_FORMAT = ("", read.refusal("keys are written as the field writes them", "leave `format` out"))
_LEFT: tuple[str, read.Reader] = ("", lambda _value, _at: None)
_FIELD = ("field", read.name)
_VALUES = {"field": _FIELD, "missing": ("missing", read.scalar), "script": _SCRIPT, "format": _FORMAT}
_BUCKETS = {
    **_VALUES,
    "min_doc_count": ("least", read.count),
    "order": ("order", read.orders),
    "keyed": ("keyed", read.flag),
}
_BOUNDS = ("", read.refusal("bounds are those of the assets", "narrow the query with `range`"))


def _metric(measure: Measure) -> Callable[..., Aggregation]:
    return lambda **said: Metric(measure, **said)


def _one_interval(said: dict[str, Any], at: Place) -> None:
    if ("unit" in said) == ("fixed" in said):
        raise read.wrong(at, "needs one interval", "write `calendar_interval` or `fixed_interval`")


_TERMS = _Form(
    ByTerm,
    {
        **_VALUES,
        "size": ("size", read.buckets),
        "order": ("order", read.orders),
        "min_doc_count": ("least", read.count_of_terms),
        "include": ("include", read.values),
        "exclude": ("exclude", read.values),
        **dict.fromkeys(
            ("shard_size", "shard_min_doc_count", "collect_mode", "execution_hint", "show_term_doc_count_error"), _LEFT
        ),
    },
)
_DATES = _Form(
    DateHistogram,
    {
        **_BUCKETS,
        "calendar_interval": ("unit", read.unit),
        "fixed_interval": ("fixed", read.milliseconds),
        "interval": ("", read.refusal("`interval` says two things", "write `calendar_interval` or `fixed_interval`")),
        "time_zone": ("zone", read.name),
        "extended_bounds": _BOUNDS,
        "hard_bounds": _BOUNDS,
    },
    check=_one_interval,
)
_NUMBERS = _Form(
    Histogram,
    {
        **_BUCKETS,
        "interval": ("interval", read.above_zero),
        "offset": ("offset", read.number),
        "extended_bounds": _BOUNDS,
        "hard_bounds": _BOUNDS,
    },
    required=("field", "interval"),
)
_RANGES = _Form(
    ByRange, {**_VALUES, "ranges": ("spans", read.spans), "keyed": ("keyed", read.flag)}, required=("field", "spans")
)
_HITS = _Form(
    TopHits,
    {
        "size": ("size", read.hits),
        "from": ("", read.zero),
        "sort": ("sort", read.sorts),
        "_source": ("source", read.source),
        "script_fields": _SCRIPT,
    },
    required=(),
    buckets=False,
)
_FORMS: Mapping[str, _Form] = {
    "terms": _TERMS,
    "missing": _Form(Without, {"field": _FIELD}),
    "range": _RANGES,
    "histogram": _NUMBERS,
    "date_histogram": _DATES,
    "top_hits": _HITS,
    "stats": _Form(Stats, _VALUES, buckets=False),
    **{
        measure.value: _Form(_metric(measure), {**_VALUES, "precision_threshold": _LEFT}, buckets=False)
        for measure in Measure
    },
}
_WITH_QUERIES = ("filter", "filters")
_KNOWN = ", ".join(sorted((*_FORMS, *_WITH_QUERIES)))


def read_aggregations(value: Any, path: str = "", *, limits: Limits = DEFAULT) -> dict[str, Aggregation]:
    """Read aggregations by name; `path` is where they stand in something larger.

    Raises:
        InvalidInput: OpenSearch would refuse them.
        UnsupportedClause: a kind or an option that OpenSearch has and is not served, scripts among them.
        LimitExceeded: too many, or too deep.
    """
    check_value(value, limits, path)
    return _Reading(limits).named(value, Place(path), 1)


@dataclass(slots=True)
class _Reading:
    limits: Limits
    count: int = field(default=0)

    def named(self, value: Any, at: Place, depth: int) -> dict[str, Aggregation]:
        if not isinstance(value, dict):
            raise read.wrong(at, f"needs aggregations by name, got {shown(value)}", 'write `{"name": {"terms": ...}}`')
        self.count += len(value)
        if depth > DEEPEST and value:
            raise LimitExceeded(f"more than {DEEPEST} aggregations within each other", path=str(at), hint="ask twice")
        if self.count > MOST:
            raise LimitExceeded(f"more than {MOST} aggregations", path=str(at), hint="ask twice")
        return {self._name(name, at): self._one(body, at / name, depth) for name, body in value.items()}

    def _name(self, name: str, at: Place) -> str:
        if not _NAME.fullmatch(name):
            raise read.wrong(at / name, "a name has no `[`, `]` and `>`", "name it otherwise")
        return name

    def _one(self, body: Any, at: Place, depth: int) -> Aggregation:
        if not isinstance(body, dict):
            raise read.wrong(at, f"needs an object, got {shown(body)}", 'write `{"terms": {"field": ...}}`')
        kinds = [key for key in body if key not in _INSIDE | _BESIDE]
        if len(kinds) != 1:
            raise read.wrong(at, f"an aggregation is of one kind, got {len(kinds)}", f"known are {_KNOWN}")
        said = [key for key in body if key in _INSIDE]
        if len(said) > 1:
            raise read.wrong(at / said[1], "`aggs` is said twice", "keep one of them")
        inside = {key: self.named(body[key], at / key, depth + 1) for key in said if body[key]}
        return self._kind(kinds[0], _with_order(body, kinds[0]), next(iter(inside.values()), {}), at / kinds[0])

    def _kind(self, kind: str, said: Any, inside: dict[str, Aggregation], at: Place) -> Aggregation:
        match kind:
            case "filter":
                return ByQuery(self._query(said, at), inside)
            case "filters":
                return self._queries(said, inside, at)
            case _ if kind in _FORMS:
                return _built(kind, said, inside, at)
            case _:
                raise read.refused(at, f"there is no aggregation `{kind:.40}` here", f"known are {_KNOWN}")

    def _query(self, value: Any, at: Place) -> Node:
        return wire.read(value, str(at), limits=self.limits)

    def _queries(self, said: Any, inside: dict[str, Aggregation], at: Place) -> Aggregation:
        match said:
            case {"filters": dict(named), **rest} if named and not rest:
                queries = [self._query(one, at / "filters" / name) for name, one in sorted(named.items())]
                return ByQueries(tuple(queries), tuple(sorted(named)), inside)
            case {"filters": list(listed), **rest} if listed and not rest:
                queries = [self._query(one, at / "filters" / position) for position, one in enumerate(listed)]
                return ByQueries(tuple(queries), None, inside)
            case _:
                raise read.refused(at, "needs `filters`, and nothing beside", 'write `{"filters": {"name": {...}}}`')


def _with_order(body: dict[str, Any], kind: str) -> Any:
    """Return what is said of a kind, with the order that stands beside it."""
    said = body[kind]
    return {"order": body["order"], **said} if body.get("order") and isinstance(said, dict) else said


def _built(kind: str, said: Any, inside: dict[str, Aggregation], at: Place) -> Aggregation:
    form = _FORMS[kind]
    if not isinstance(said, dict):
        raise read.wrong(at, f"needs an object, got {shown(said)}", 'write one such as `{"field": "connectorName"}`')
    if inside and not form.buckets:
        raise read.wrong(at, f"there is nothing inside of `{kind}`", "put it beside")
    found: dict[str, Any] = {}
    for option, value in said.items():
        attribute, reader = form.options.get(option, ("", None))
        if reader is None:
            raise read.refused(
                at / option, f"`{kind}` has no option `{option:.40}` here", f"known are {', '.join(form.options)}"
            )
        given = reader(value, at / option)
        if attribute:
            found[attribute] = given
    for attribute in form.required:
        if attribute not in found:
            raise read.wrong(at, f"`{kind}` needs `{attribute}`", f"add `{attribute}`")
    form.check(found, at)
    return form.node(**_spread(found), **({"inside": inside} if inside else {}))


def _spread(found: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes of a node; what hits show is three of them."""
    if "source" not in found:
        return found
    shown_, includes, excludes = found["source"]
    return {**found, "source": shown_, "includes": includes, "excludes": excludes}
