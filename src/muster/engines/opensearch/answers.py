"""Whether an answer is whole: what is not is void."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from muster.errors import EngineUnavailable

EXACT = "eq"
WHOLE: Mapping[str, str] = MappingProxyType({"allow_partial_search_results": "false"})
"""What a search is asked with, so that a server that misses shards refuses it."""


def whole(answer: Any) -> Any:
    """Return an answer to a search in which every shard took part, to its end.

    Raises:
        EngineUnavailable: shards failed, time ran out, or the total is not exact.
    """
    shards = answer["_shards"]
    if answer.get("timed_out"):
        raise EngineUnavailable("the index did not answer in time", hint="try again, or allow more time")
    if shards["failed"] or shards["successful"] < shards["total"]:
        message = f"{shards['total'] - shards['successful']} of {shards['total']} shards did not answer"
        raise EngineUnavailable(message, hint="see the health of the index with `muster doctor`")
    total = answer["hits"].get("total")
    if total is not None and total["relation"] != EXACT:
        raise EngineUnavailable("the index gave no exact total", hint="try again")
    return answer


def miscounted(total: int, given: int) -> EngineUnavailable:
    """Return the error that an answer is not of all that it counted."""
    return EngineUnavailable(
        f"the index counted {total:,} assets and gave {given:,}",
        hint="try again; an index that was changed by hand is mended by `muster reindex`",
    )
