"""What a server answered to aggregations."""

from typing import Any, assert_never

from muster.fields import Fields
from muster.query.aggregations import Aggregation, Aggregations, Result, Results
from muster.query.aggregations.nodes import (
    ByQueries,
    ByQuery,
    ByRange,
    ByTerm,
    DateHistogram,
    Histogram,
    Metric,
    Stats,
    TopHits,
    Without,
)
from muster.query.aggregations.results import Bucket, Buckets, End, Hits, Number, Single, Summary, TopHit

_MEASURED = ("min", "max", "avg", "sum")


def results(wanted: Aggregations, answer: Any, fields: Fields) -> Results:
    """Read the answers to aggregations, by name."""
    return {name: _result(one, answer[name], fields) for name, one in wanted.items()}


def _result(wanted: Aggregation, answer: Any, fields: Fields) -> Result:
    match wanted:
        case Metric():
            return Number(answer["value"], answer.get("value_as_string"))
        case Stats():
            return _summary(answer)
        case TopHits():
            return _hits(wanted, answer["hits"], fields)
        case ByQuery(inside=inside) | Without(inside=inside):
            return Single(answer["doc_count"], results(inside, answer, fields))
        case ByTerm(inside=inside):
            buckets = tuple(_bucket(one, inside, fields) for one in answer["buckets"])
            return Buckets(buckets, answer["sum_other_doc_count"], answer["doc_count_error_upper_bound"])
        case ByQueries(names=names, inside=inside):
            named = zip(names or [None] * len(answer["buckets"]), answer["buckets"], strict=True)
            return Buckets(
                tuple(Bucket(one["doc_count"], name, inside=results(inside, one, fields)) for name, one in named)
            )
        case ByRange(inside=inside) | Histogram(inside=inside) | DateHistogram(inside=inside):
            return Buckets(tuple(_bucket(one, inside, fields) for one in answer["buckets"]))
        case _:
            assert_never(wanted)


def _summary(answer: Any) -> Summary:
    said = {name: _text(answer.get(f"{name}_as_string")) for name in _MEASURED}
    texts = {name: text for name, text in said.items() if text is not None}
    return Summary(answer["count"], answer["min"], answer["max"], answer["avg"], answer["sum"] or 0.0, texts)


def _hits(wanted: TopHits, answer: Any, fields: Fields) -> Hits:
    return Hits(
        answer["total"]["value"],
        tuple(TopHit(hit["sort"][-1], _all_keys(wanted, hit["sort"], fields)) for hit in answer["hits"]),
    )


def _all_keys(wanted: TopHits, values: list[Any], fields: Fields) -> tuple[Any, ...]:
    """Return a value for every key that was asked for; one that orders nothing was not asked, and has none."""
    given = iter(values)
    return tuple(next(given) if fields.get(sort.field) is not None else None for sort in wanted.sort)


def _bucket(one: Any, inside: Aggregations, fields: Fields) -> Bucket:
    found = results(inside, one, fields)
    return Bucket(one["doc_count"], one.get("key"), one.get("key_as_string"), _end(one, "from"), _end(one, "to"), found)


def _end(one: Any, name: str) -> End | None:
    return End(one[name], _text(one.get(f"{name}_as_string"))) if name in one else None


def _text(said: str | bool | None) -> str | None:  # noqa: FBT001 - as a server says it
    """Return a text that a server may write without quotes."""
    return str(said).lower() if isinstance(said, bool) else said
