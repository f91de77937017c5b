"""Names that documents bring beside the mapping: fields from then on, for everybody, of one kind for good."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.engines.opensearch.index.index import KNOWN_FOR
from muster.fields import Fields
from muster.indexing import Indexer
from muster.protocols import Engine, Page, Update
from muster.query.nodes import Exists, MatchAll, Range, Term
from muster.query.sorting import Sort
from tests.integration.places import OnServer, Place, document

BROUGHT = [f"brought_{number}" for number in range(60)]
VALUES: tuple[Any, ...] = ("word", 7, 0.5, True, ["word", 7], [None, 3], "7", False)


def test_names_that_documents_bring_are_fields_from_then_on(engine: Engine, there: Place) -> None:
    """They can be searched and sorted by, also by who opens the index anew, and keep the kind they came with."""
    engine.apply([document(6, custom={"level": 3}), document(7, custom={"level": "4"})], position=6)
    engine.apply([document(8, custom={"level": "high"})], position=7)
    opens: list[Callable[[], Engine]] = [lambda: engine, there.open]
    for again in opens:
        current = again()
        assert current.fields().found == {"custom.level": "long"}
        assert list(current.members(Range(field="custom.level", gte=3), now=0)) == [6, 7]
        page = Page(1, (Sort("custom.level", descending=True),))
        assert [hit.ordinal for hit in current.search(MatchAll(), page, now=0).hits] == [7]


def test_a_batch_that_fails_leaves_no_names_behind(engine: Engine) -> None:
    """What a failed batch brought may come in another form later."""
    with pytest.raises(KeyError, match="__guid"):
        engine.apply([document(6, fresh="text"), Update(7, {"name": "no guid"})], position=6)
    assert (engine.position(), engine.count(MatchAll(), now=0), engine.fields().found) == (5, 5, {})
    engine.apply([document(6, fresh=1)], position=6)
    assert list(engine.members(Range(field="fresh", gte=1), now=0)) == [6]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    batches=st.lists(
        st.lists(
            st.dictionaries(st.sampled_from(BROUGHT), st.sampled_from(VALUES), max_size=4), min_size=1, max_size=3
        ),
        max_size=3,
    )
)
def test_every_engine_takes_the_same_names_for_the_same_kinds(
    all_engines: Mapping[str, Engine], batches: list[list[dict[str, Any]]]
) -> None:
    """Whatever comes in whatever order, batch after batch."""
    assert len({tuple(sorted(engine.fields().found.items())) for engine in all_engines.values()}) == 1
    position = max(engine.position() for engine in all_engines.values())
    for number, batch in enumerate(batches, position + 1):
        for engine in all_engines.values():
            engine.apply(
                [document(one, version=number, **brought) for one, brought in enumerate(batch)], position=number
            )
    found = {name: sorted(engine.fields().found.items()) for name, engine in all_engines.items()}
    assert list(found.values()) == [found["embedded"]] * len(found)


def test_two_processes_see_what_the_other_brought(on_server: OnServer) -> None:
    """A second later at the latest, both know the fields of both."""
    one, other = on_server.open(), on_server.open()
    other.apply([document(1, here=1)], position=1)
    assert one.fields().get("here") is not None
    one.apply([document(2, there="x")], position=2)
    time.sleep(KNOWN_FOR)
    for engine in (one, other):
        assert engine.fields().found == {"here": "long", "there": "string"}
        assert list(engine.members(Exists("there"), now=0)) == [2]
        assert [hit.ordinal for hit in engine.search(MatchAll(), Page(1, (Sort("here"),)), now=0).hits] == [1]


def test_two_processes_that_bring_a_name_as_different_kinds_agree_on_one(on_server: OnServer) -> None:
    """Whoever comes first settles it, for both; no document is refused, and all are indexed by what was settled."""
    engines = (on_server.open(), on_server.open())
    for engine in engines:
        engine.fields()
    shares = [
        [(one, {name: value}) for one, name in enumerate(BROUGHT, start)]
        for start, value in ((0, "word"), (len(BROUGHT), 7))
    ]

    def bring(engine: Engine, share: list[tuple[int, dict[str, Any]]]) -> None:
        for one, brought in share:
            assert engine.apply([document(one, **brought)], position=None) == ()

    with ThreadPoolExecutor(2) as both:
        list(both.map(bring, engines, shares))
    time.sleep(KNOWN_FOR)

    kinds = engines[0].fields().found
    assert kinds == engines[1].fields().found
    assert kinds.keys() == set(BROUGHT)
    assert set(kinds.values()) <= {"string", "long"}
    for engine in engines:
        assert engine.count(MatchAll(), now=0) == 2 * len(BROUGHT)
        assert {name: having(engine, name) for name in BROUGHT} == {
            name: expected(engine.fields(), shares, name) for name in BROUGHT
        }


def having(engine: Engine, name: str) -> list[int]:
    """Return the assets that have a value of a field."""
    return list(engine.members(Exists(name), now=0))


def expected(fields: Fields, shares: list[list[tuple[int, dict[str, Any]]]], name: str) -> list[int]:
    """Return the assets that bring a name with a value that its kind can take."""
    indexer = Indexer(fields)
    brought = {one: indexer.index(str(one), said) for share in shares for one, said in share if name in said}
    return [one for one, asset in brought.items() if name in asset.values]


def test_nobody_adds_names_to_an_index_but_muster(on_server: OnServer) -> None:
    """A server that is sent something else than Muster sends maps nothing of itself."""
    engine = on_server.open()
    engine.apply([document(1, rows=1)], position=1)
    raw = {"rows": 2, "strange": {"name": "x"}, "__ordinal": 2, "__guid": "g2"}
    on_server.server.request("PUT", f"/{on_server.alias}/_doc/g2", body=raw, params={"refresh": "true"})
    time.sleep(KNOWN_FOR)
    assert (engine.fields().found, list(engine.members(MatchAll(), now=0))) == ({}, [1, 2])
    assert engine.count(Term("strange.name", "x"), now=0) == 0


def test_names_without_room_are_left_out_alike(there: Place) -> None:
    """An index takes in what it has room for, first come, first served; of the rest the asset is kept, and no name."""
    texts: dict[str, Any] = {f"a{number:02}": "x" for number in range(20)}
    numbers: dict[str, Any] = {"b": 1, "c": 2}
    names = [*texts, *numbers]
    engine = there.open(limit=41)
    assert len(engine.fields().leaves) + len(engine.fields().objects) == 18
    assert engine.apply([document(1, **texts), document(2, **numbers)], position=1) == ()
    opens: list[Callable[[], Engine]] = [lambda: engine, lambda: there.open(limit=41)]
    for again in opens:
        current = again()
        assert [name for name in names if name in current.fields().found] == [*names[:11], "b"]
        assert [name for name in names if current.count(Exists(name), now=0)] == [*names[:11], "b"]
        assert (current.count(MatchAll(), now=0), current.fields().is_full()) == (2, True)
