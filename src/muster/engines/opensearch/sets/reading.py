"""What a sweep answered, read into sets and held against what was counted."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, assert_never

from pyroaring import BitMap

from muster.engines.opensearch.answers import miscounted
from muster.engines.opensearch.server import Json
from muster.engines.opensearch.sets.decoding import decoded
from muster.engines.opensearch.sets.scripts import EXPORT
from muster.engines.opensearch.sets.sweeps import SETS, Alone, ByInterval, ByPrefix, ByTerm, Sweep, parents
from muster.errors import EngineUnavailable

WANTED = (
    f"aggregations.{EXPORT}.value",
    f"aggregations.{SETS}.doc_count_error_upper_bound",
    f"aggregations.{SETS}.sum_other_doc_count",
    *(f"aggregations.{SETS}.buckets.{part}" for part in ("key", "doc_count", f"{EXPORT}.value")),
)
"""What is read of an answer."""


def sets(sweep: Sweep, answer: Any) -> list[BitMap]:
    """Read the sets from an answer.

    Raises:
        EngineUnavailable: the answer is not of all that it counted.
    """
    found = answer.get("aggregations", {})
    match sweep:
        case Alone():
            return _exported([found.get(EXPORT, {})], [answer["hits"]["total"]["value"]])
        case ByTerm(_, terms):
            return _numbered(found, {term: number for number, term in enumerate(terms)}.__getitem__, len(terms))
        case ByInterval(_, intervals):
            return _numbered(found, int, len(intervals))
        case ByPrefix(_, prefixes):
            return _gathered(_numbered(found, int, len(prefixes)), parents(prefixes))
        case _:
            assert_never(sweep)


def _numbered(found: Any, number: Callable[[Any], int], size: int) -> list[BitMap]:
    """Read the set of each bucket; the number of a set comes from the bucket's key, and most keys may be missing."""
    answered = found.get(SETS, {})
    if answered.get("sum_other_doc_count") or answered.get("doc_count_error_upper_bound"):
        raise EngineUnavailable("the index left sets out", hint="try again")
    buckets = answered.get("buckets", [])
    exported = _exported([bucket.get(EXPORT, {}) for bucket in buckets], [bucket["doc_count"] for bucket in buckets])
    all_sets = [BitMap() for _ in range(size)]
    for bucket, one in zip(buckets, exported, strict=True):
        all_sets[number(bucket["key"])] = one
    return all_sets


def _exported(answers: Sequence[Json], totals: Sequence[int]) -> list[BitMap]:
    """Unite what each shard exported of each set, and hold it against the totals."""
    parts = [answer.get("value", []) for answer in answers]
    told = iter(decoded([text for texts in parts for text in texts]))
    found = []
    for texts, total in zip(parts, totals, strict=True):
        mine = list(islice(told, len(texts)))
        members = mine[0][0] if len(mine) == 1 else BitMap.union(*(one for one, _ in mine)) if mine else BitMap()
        if not total == len(members) == sum(number for _, number in mine):
            raise miscounted(total, len(members))
        found.append(members)
    return found


def _gathered(nearest: list[BitMap], around: Sequence[int]) -> list[BitMap]:
    """Add to the set of each prefix those of the longer ones within it; they come behind it."""
    for number in range(len(nearest) - 1, -1, -1):
        if (parent := around[number]) >= 0:
            nearest[parent] |= nearest[number]
    return nearest
