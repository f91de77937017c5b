"""Views of an index that several searches are asked of: a point in time, or the index as it is at the moment."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from muster.engines.opensearch.answers import whole
from muster.engines.opensearch.connection.verdicts import explained
from muster.engines.opensearch.dialect import Product
from muster.engines.opensearch.server import NOT_FOUND, Json, Refused, Server
from muster.errors import EngineUnavailable

KEPT_FOR = "5m"
"""How long a point in time outlives the last search on it."""

_NO_PARTS: Mapping[Product, Json] = MappingProxyType(
    {
        Product.OPENSEARCH: {"allow_partial_pit_creation": "false"},
        Product.ELASTICSEARCH: {},
    }
)
"""How a point in time without some of the shards is refused; Elasticsearch does so unasked."""

_ABOUT = ("status", "error", "timed_out", "_shards", "hits.total")
_TOO_MUCH = frozenset({"circuit_breaking_exception", "too_many_buckets_exception"})
_COMPILING = "script compilations"
"""What a server says that compiled too many scripts lately, as if it had no memory: it cannot run a new one."""
_PASSING = frozenset({429, 500, 502, 503, 504})


class TooMuch(Refused):
    """A server refused what would need more memory, or more buckets, than it allows."""


@dataclass(frozen=True, slots=True)
class View:
    """What searches are asked of: `header` goes before each of them, `within` into its body."""

    server: Server
    header: Json
    within: Json

    def search(self, bodies: Sequence[Json], wanted: Sequence[str]) -> list[Any]:
        """Ask all at once; return for each its answer, which is whole, or the `Refused` of it.

        Of answers there is nothing but what tells that they are whole, and the `wanted` paths.

        Raises:
            EngineUnavailable: the server does not answer, or not in full.
            Refused: 404, when the index or the point in time is not there any more.
        """
        header = {"allow_partial_search_results": False, **self.header}
        lines = [line for body in bodies for line in (header, {**body, **self.within})]
        filters = ",".join(f"responses.{path}" for path in (*_ABOUT, *wanted))
        try:
            answer = self.server.request("POST", "/_msearch", body=lines, params={"filter_path": filters})
        except Refused as refusal:
            if refusal.status == NOT_FOUND:
                raise
            return [refusal for _ in bodies]
        found: Sequence[Any] = answer["responses"]
        if len(found) != len(bodies):
            raise EngineUnavailable(f"the index answered {len(found)} searches of {len(bodies)}", hint="try again")
        return [_judged(one) for one in found]


def live(server: Server, index: str) -> View:
    """Return the index as it is at the moment: each search has a view of its own."""
    return View(server, {"index": index}, {})


@contextmanager
def opened(server: Server, index: str) -> Iterator[View]:
    """Yield one consistent view of an index, or of the one behind an alias, until the context ends.

    Raises:
        EngineUnavailable: the server does not answer, or some of the shards cannot be read.
        Refused: 404, when there is no such index.
    """
    speaks = server.dialect
    path = speaks.open_view.format(index=index)
    answer = server.request("POST", path, params={"keep_alive": KEPT_FOR, **_NO_PARTS[speaks.product]})
    id_ = answer[speaks.opened]
    try:
        # Answers on it are not asked for again: they would push better ones from the server's cache.
        yield View(server, {"request_cache": False}, {"pit": {"id": id_, "keep_alive": KEPT_FOR}})
    finally:
        with suppress(EngineUnavailable, Refused):  # it ends by itself
            closing = [id_] if speaks.many else id_
            server.request("DELETE", speaks.close_view, body={speaks.closing: closing})


def _judged(answer: Any) -> Any:
    if "error" not in answer:
        return whole({"hits": {}, **answer})
    status = answer["status"]
    kinds, kind, reason = explained(answer)
    if kinds & _TOO_MUCH:
        return (Refused if _COMPILING in reason else TooMuch)(status, kind, reason)
    if status in _PASSING:
        raise EngineUnavailable(
            f"the index cannot answer now: {reason or kind or status}",
            hint="try again; `muster doctor` says how the index is",
        )
    if status == NOT_FOUND:
        raise Refused(status, kind, reason)
    return Refused(status, kind, reason)
