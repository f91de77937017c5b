"""Results as OpenSearch writes them, without types in the keys."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeAlias, assert_never

from muster.query.aggregations.nodes import (
    Aggregation,
    Aggregations,
    ByQueries,
    ByRange,
    DateHistogram,
    Histogram,
    Metric,
    Stats,
    TopHits,
)
from muster.query.aggregations.results import (
    Bucket,
    Buckets,
    End,
    Hits,
    Number,
    Result,
    Results,
    Single,
    Summary,
    TopHit,
)
from muster.query.aggregations.texts import of_number

Json: TypeAlias = dict[str, Any]
Document: TypeAlias = Callable[[int], Mapping[str, Any] | None]
"""Returns the document of an asset by its ordinal; None when it is gone meanwhile: such a hit is left out."""


def rendered(wanted: Aggregations, results: Results, document: Document) -> Json:
    """Return results by name; `document` gives what hits show of an asset."""
    return {name: _result(one, results[name], document) for name, one in wanted.items()}


def _result(wanted: Aggregation, result: Result, document: Document) -> Json:
    match result:
        case Number(value, text):
            return {"value": value, **_text("value_as_string", text)}
        case Summary():
            return _summary(result)
        case Hits() if isinstance(wanted, TopHits):
            return _hits(wanted, result, document)
        case Single(count, inside):
            return {"doc_count": count, **rendered(_inside(wanted), inside, document)}
        case Buckets():
            return _buckets(wanted, result, document)
        case Hits():
            raise TypeError("hits that were not asked for")
        case _:
            assert_never(result)


def _summary(found: Summary) -> Json:
    numbers = {
        "count": found.count,
        "min": found.least,
        "max": found.greatest,
        "avg": found.average,
        "sum": found.total,
    }
    return {**numbers, **{f"{name}_as_string": _bare(text) for name, text in found.texts.items()}}


def _buckets(wanted: Aggregation, result: Buckets, document: Document) -> Json:
    rows = [(_key(bucket), _bucket(wanted, bucket, document)) for bucket in result.buckets]
    keyed = _is_keyed(wanted)
    of_terms = {} if result.others is None else _of_terms(result)
    if not keyed:
        return {**of_terms, "buckets": [row for _, row in rows]}
    within = [(key, _without_name(wanted, row)) for key, row in rows]
    return {**of_terms, "buckets": dict(within)}


def _of_terms(result: Buckets) -> Json:
    return {"doc_count_error_upper_bound": result.error or 0, "sum_other_doc_count": result.others}


def _is_keyed(wanted: Aggregation) -> bool:
    match wanted:
        case ByQueries(names=names):
            return names is not None
        case ByRange(keyed=keyed) | Histogram(keyed=keyed) | DateHistogram(keyed=keyed):
            return keyed
        case _:
            return False


def _key(bucket: Bucket) -> str:
    if bucket.text is not None:
        return bucket.text
    return of_number(bucket.key) if isinstance(bucket.key, float) else str(bucket.key)


def _without_name(wanted: Aggregation, row: Json) -> Json:
    """Return a bucket that stands under its name; histograms repeat the key inside."""
    return row if isinstance(wanted, Histogram | DateHistogram) else {key: row[key] for key in row if key != "key"}


def _bucket(wanted: Aggregation, bucket: Bucket, document: Document) -> Json:
    key = {} if bucket.key is None else {"key": bucket.key}
    ends = _end("from", bucket.low) | _end("to", bucket.high)
    inside = rendered(_inside(wanted), bucket.inside, document)
    return {**key, **_text("key_as_string", bucket.text), **ends, "doc_count": bucket.count, **inside}


def _end(name: str, end: End | None) -> Json:
    return (
        {} if end is None else {name: end.value, **({} if end.text is None else {f"{name}_as_string": _bare(end.text)})}
    )


def _bare(text: str) -> str | bool:
    """Return a text as OpenSearch has it in summaries and at ends: booleans stand there without quotes."""
    return {"true": True, "false": False}.get(text, text)


def _text(name: str, text: str | None) -> Json:
    return {} if text is None else {name: text}


def _inside(wanted: Aggregation) -> Aggregations:
    if isinstance(wanted, Metric | Stats | TopHits):
        raise TypeError("there is nothing inside a metric")
    return wanted.inside


def _hits(wanted: TopHits, found: Hits, document: Document) -> Json:
    shown = [(hit, document(hit.ordinal)) for hit in found.hits]
    score = None if wanted.sort or not found.total else 1.0
    hits = [_hit(wanted, hit, content, score) for hit, content in shown if content is not None]
    return {"hits": {"total": {"value": found.total, "relation": "eq"}, "max_score": score, "hits": hits}}


def _hit(wanted: TopHits, hit: TopHit, content: Mapping[str, Any], score: float | None) -> Json:
    source = {"_source": projected(content, wanted.includes, wanted.excludes)} if wanted.source else {}
    sort = {"sort": list(hit.sort)} if wanted.sort else {}
    return {"_id": content.get("__guid"), "_score": score, **source, **sort}


def projected(content: Mapping[str, Any], includes: tuple[str, ...], excludes: tuple[str, ...], at: str = "") -> Json:
    """Return the part of a document that is wanted: paths and patterns with `*`; nothing named is everything.

    >>> projected({"a": 1, "b": {"c": 2, "d": 3}}, ("b.*",), ("*.d",))
    {'b': {'c': 2}}
    """
    found: Json = {}
    for name, value in content.items():
        path = f"{at}{name}"
        if not _is_named(path, excludes):
            included = not includes or _is_named(path, includes)
            kept = _part(value, () if included else includes, excludes, f"{path}.")
            if included or kept:
                found[name] = kept
    return found


def _part(value: Any, includes: tuple[str, ...], excludes: tuple[str, ...], at: str) -> Any:
    """Return the part of a value that is wanted, None where nothing of it is."""
    if isinstance(value, Mapping):
        return projected(value, includes, excludes, at)
    if isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value):
        return [kept for one in value if (kept := _part(one, includes, excludes, at))]
    return None if includes else value


def _is_named(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(path, pattern.replace("[", "[[]").replace("?", "[?]")) for pattern in patterns)
