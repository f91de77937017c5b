"""A server in memory whose index has the assets 1 to 99, each tagged with its divisors up to 9."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pyroaring import BitMap

from muster.engines.opensearch.dialect import Dialect, Product, dialect
from muster.engines.opensearch.sets.scripts import EXPORT
from muster.engines.opensearch.sets.sweeps import SETS

Json: TypeAlias = Mapping[str, Any]

EVERYTHING = BitMap(range(1, 100))
WHOLE: Json = {"status": 200, "timed_out": False, "_shards": {"total": 3, "successful": 3, "skipped": 0, "failed": 0}}


def tagged(tag: str) -> BitMap:
    """Return the assets with a tag."""
    return BitMap(one for one in EVERYTHING if one % int(tag) == 0)


def members(query: Json) -> BitMap:
    """Return the assets of a query."""
    match query:
        case {"match_all": {}}:
            return EVERYTHING
        case {"term": {"tags": tag}}:
            return tagged(tag)
        case _:
            raise AssertionError(query)


def refusal(status: int, kind: str, reason: str = "no") -> Json:
    """Return a refusal as a server words it."""
    cause = {"type": kind, "reason": reason}
    return {"status": status, "error": {"type": "search_phase_execution_exception", "root_cause": [cause]}}


def exported(found: BitMap) -> Json:
    """Return the answer of the script, from two shards."""
    return {EXPORT: {"value": [_steps([one for one in found if one % 2 == odd]) for odd in (0, 1)]}}


def _steps(ordinals: list[int]) -> str:
    steps = [2 * (one - before) for before, one in zip([0, *ordinals], ordinals, strict=False)]
    return b64encode(b"".join(_varint(step) for step in steps)).decode()


def _varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])


@dataclass
class FakeIndex:
    """What a server was asked, in short, and how it answers searches that run the script."""

    product: Product = Product.OPENSEARCH
    changed: Callable[[int, Json], Json] = lambda _, answer: answer
    """Takes the number of sets asked for and the right answer to what is answered."""
    asked: list[str] = field(default_factory=list)

    @property
    def dialect(self) -> Dialect:
        """That of the product."""
        return dialect(self.product, (9,))

    def request(self, method: str, path: str, *, body: Any = None, params: Any = None) -> Any:
        """Answer searches, and open and close points in time."""
        if path == "/_msearch":
            assert params["filter_path"].startswith("responses.status,responses.error,responses.timed_out")
            return {"responses": [self._answer(search) for search in body[1::2]]}
        self.asked.append("open" if method == "POST" else "close")
        return {self.dialect.opened: "here", "_shards": WHOLE["_shards"]}

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, search: Json) -> Json:
        if "aggs" not in search:
            return self._page(search)
        if SETS not in search["aggs"]:
            found = members(search["query"])
            self.asked.append("script")
            return self.changed(1, _counted(found, {"aggregations": exported(found)}))
        tags = search["aggs"][SETS]["terms"]["include"]
        self.asked.append(f"script of {''.join(tags)}")
        buckets = [{"key": tag, "doc_count": len(tagged(tag)), **exported(tagged(tag))} for tag in tags]
        found = BitMap().union(*map(tagged, tags))
        return self.changed(len(tags), _counted(found, {"aggregations": {SETS: {"buckets": buckets}}}))

    def _page(self, search: Json) -> Json:
        found = members(search["query"])
        after = search.get("search_after", [0])[0]
        self.asked.append(f"page after {after}")
        hits = [{"sort": [one]} for one in found if one > after][: search["size"]]
        answer = _counted(found, {}) if search["track_total_hits"] else WHOLE
        return {**answer, "hits": {**answer.get("hits", {}), "hits": hits}} if hits else answer


def _counted(found: BitMap, more: Json) -> Json:
    return {**WHOLE, "hits": {"total": {"value": len(found), "relation": "eq"}}, **more}
