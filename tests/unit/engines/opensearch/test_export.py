"""How sets are asked for: by script while the server runs it, in halves where that is too much, else by pages."""

from dataclasses import dataclass
from typing import Any

import pytest
from pyroaring import BitMap

from muster.engines.opensearch.dialect import Product
from muster.engines.opensearch.server import NOT_FOUND, Refused
from muster.engines.opensearch.sets import export, scan
from muster.engines.opensearch.sets.export import OFF_FOR, Exports
from muster.engines.opensearch.sets.sweeps import Alone, ByTerm
from muster.engines.opensearch.sets.views import opened
from muster.errors import EngineUnavailable
from tests.unit.engines.opensearch.fake_index import EVERYTHING, WHOLE, FakeIndex, Json, refusal, tagged

ALL = Alone({"match_all": {}})
TAGS = ByTerm("tags", tuple("123456789"))


@dataclass
class Clock:
    """A clock that only tests move."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def answered(index: FakeIndex, exports: Exports, *, assets: int = 99) -> list[list[BitMap]]:
    """Ask for all assets and those of each tag, from one point in time."""
    with opened(index, "assets") as view:
        return exports.answered(view, [ALL, TAGS], assets)


EXPECTED = [[EVERYTHING], [tagged(tag) for tag in TAGS.terms]]


@pytest.mark.parametrize("product", list(Product))
def test_everything_is_asked_at_once(product: Product) -> None:
    """One point in time, one request, and the point in time is closed."""
    index = FakeIndex(product)
    assert answered(index, Exports()) == EXPECTED
    assert index.asked == ["open", "script", "script of 123456789", "close"]


def test_members_need_no_point_in_time() -> None:
    """A set by itself is one search of the index as it is."""
    index = FakeIndex()
    assert Exports().members(index, "assets", ALL.query) == EVERYTHING
    assert index.asked == ["script"]


def test_a_server_without_scripts_is_asked_by_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """From then on at once, until it is tried again some minutes later."""
    monkeypatch.setattr(scan, "PAGE", 40)
    index, clock = FakeIndex(changed=lambda *_: refusal(400, "illegal_argument_exception")), Clock()
    exports = Exports(clock)
    pages = ["open", "page after 0", "page after 40", "page after 80", "close"]
    assert exports.members(index, "assets", ALL.query) == EVERYTHING
    assert index.asked == ["script", *pages]
    index.asked.clear()
    clock.now += OFF_FOR - 1
    assert exports.members(index, "assets", ALL.query) == EVERYTHING
    assert index.asked == pages
    index.asked.clear()
    clock.now += 1
    assert exports.members(index, "assets", ALL.query) == EVERYTHING
    assert index.asked == ["script", *pages]


def test_a_server_that_compiles_no_more_scripts_runs_none() -> None:
    """It says so as if it had no memory, but halves of what was asked would not help."""
    full = refusal(
        429, "circuit_breaking_exception", "[script] Too many dynamic script compilations within, max: [75/5m]"
    )
    index, exports = FakeIndex(changed=lambda *_: full), Exports()
    assert answered(index, exports) == EXPECTED
    assert not exports.runs_scripts
    assert [one for one in index.asked if one.startswith("script")] == ["script", "script of 123456789"]


def test_pages_of_several_sets_are_asked_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where scripts are not run, each set of a sweep is a query, and all are of one point in time."""
    monkeypatch.setattr(scan, "PAGE", 33)
    index = FakeIndex(changed=lambda *_: refusal(400, "script_exception"))
    exports = Exports()
    assert answered(index, exports) == EXPECTED
    assert answered(index, exports) == EXPECTED
    assert (index.asked.count("open"), index.asked.count("script")) == (2, 1)


def test_too_many_sets_are_asked_in_halves() -> None:
    """As often as it takes; the server runs scripts as before."""

    def only(most: int) -> FakeIndex:
        full = refusal(503, "too_many_buckets_exception")
        return FakeIndex(changed=lambda sets, answer: full if sets > most else answer)

    index, exports = only(3), Exports()
    assert answered(index, exports) == EXPECTED
    halves = ["script of 12345", "script of 123", "script of 45", "script of 6789", "script of 67", "script of 89"]
    assert index.asked == ["open", "script", "script of 123456789", *halves, "close"]
    assert exports.runs_scripts


def test_what_is_too_much_by_itself_is_asked_by_pages() -> None:
    """A server that has no memory for one set still gives pages, and scripts are tried again at once."""
    index = FakeIndex(changed=lambda *_: refusal(429, "circuit_breaking_exception"))
    exports = Exports()
    assert exports.members(index, "assets", ALL.query) == EVERYTHING
    assert index.asked == ["script", "open", "page after 0", "close"]
    assert exports.runs_scripts


def test_sets_are_asked_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not more sets in a search, nor more searches in a request, than servers are made for."""
    monkeypatch.setattr(export, "BUCKETS", 4)
    index = FakeIndex()
    assert answered(index, Exports(), assets=export.ORDINALS) == EXPECTED
    assert index.asked == ["open", "script", "script of 1234", "script of 5678", "script of 9", "close"]


VOID: list[tuple[str, dict[str, Any]]] = [
    ("did not answer", {"_shards": {"total": 3, "successful": 2, "skipped": 0, "failed": 1}}),
    ("did not answer", {"_shards": {"total": 3, "successful": 2, "skipped": 0, "failed": 0}}),
    ("in time", {"timed_out": True}),
    ("no exact total", {"hits": {"total": {"value": 99, "relation": "gte"}}}),
    ("counted 98 assets and gave 99", {"hits": {"total": {"value": 98, "relation": "eq"}}}),
    ("counted 99 assets and gave 0", {"aggregations": {}}),
    ("cannot answer now", {"status": 429, "error": {"type": "rejected_execution_exception", "reason": "full"}}),
    ("cannot answer now", {"status": 500, "error": {"type": "null_pointer_exception", "reason": None}}),
]


@pytest.mark.parametrize(("message", "spoiled"), VOID)
def test_what_is_not_whole_is_void(message: str, spoiled: dict[str, Any]) -> None:
    """Shards that failed, time that ran out, a total that is not exact or not what came: no answer but an error."""
    index = FakeIndex(changed=lambda _, answer: {**answer, **spoiled})
    with pytest.raises(EngineUnavailable, match=message):
        Exports().members(index, "assets", ALL.query)


SPOILED_SETS: list[dict[str, Any]] = [
    {"sum_other_doc_count": 1},
    {"doc_count_error_upper_bound": 1},
    {"buckets": [{"key": "3", "doc_count": 32, "export": {"value": []}}]},
    {"buckets": [{"key": "3", "doc_count": 2, "export": {"value": ["Ag==", "Ag=="]}}]},
]


@pytest.mark.parametrize("spoiled", SPOILED_SETS)
def test_sets_that_are_not_whole_are_void(spoiled: dict[str, Any]) -> None:
    """Sets left out or uncertain, ordinals that are missing or came twice."""

    def changed(_: int, answer: Json) -> Json:
        found = answer["aggregations"]
        return (
            {**answer, "aggregations": {**found, "sets": {**found["sets"], **spoiled}}} if "sets" in found else answer
        )

    index = FakeIndex(changed=changed)
    with pytest.raises(EngineUnavailable):
        answered(index, Exports())
    assert index.asked[-1] == "close"


def test_what_is_not_there_is_refused_as_that() -> None:
    """An index, or a point in time, that has gone meanwhile."""
    index = FakeIndex(changed=lambda *_: refusal(NOT_FOUND, "search_context_missing_exception"))
    with pytest.raises(Refused) as refused:
        answered(index, Exports())
    assert refused.value.status == NOT_FOUND
    assert index.asked[-1] == "close"


def test_pages_that_do_not_hold_the_total_are_void() -> None:
    """What was counted on the first page is what must have come with the last."""

    class Shrinking(FakeIndex):
        def _page(self, search: Json) -> Json:
            answer = super()._page(search)
            return {**answer, "hits": {**answer["hits"], "hits": answer["hits"]["hits"][1:]}}

    index = Shrinking(changed=lambda *_: refusal(400, "script_exception"))
    exports = Exports()
    with pytest.raises(EngineUnavailable, match="counted 99 assets and gave 98"):
        exports.members(index, "assets", ALL.query)
    assert exports.runs_scripts


def test_every_search_must_be_answered() -> None:
    """A request with as many answers as searches, and every answer whole."""

    class Silent(FakeIndex):
        def request(self, method: str, path: str, *, body: Any = None, params: Any = None) -> Any:
            if path != "/_msearch":
                return super().request(method, path, body=body, params=params)
            return {"responses": [WHOLE]}

    with pytest.raises(EngineUnavailable, match="answered 1 searches of 2"):
        answered(Silent(), Exports())
