"""Whole sets from real servers: those of many clauses together are those of each alone, scripts or not."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count, pairwise

import pytest
from pyroaring import BitMap

from muster.binding.bind import bind
from muster.engines.opensearch.connection.address import read_address
from muster.engines.opensearch.connection.client import open_server
from muster.engines.opensearch.server import NOT_FOUND, Refused, Server
from muster.engines.opensearch.sets import scan
from muster.engines.opensearch.sets.export import Exports
from muster.engines.opensearch.sets.plan import Asked, planned
from muster.engines.opensearch.sets.postings import postings
from muster.engines.opensearch.sets.reading import WANTED
from muster.engines.opensearch.sets.scripts import EXPORT
from muster.engines.opensearch.sets.sweeps import Alone, ByInterval, ByPrefix, ByTerm, body
from muster.engines.opensearch.sets.views import opened
from muster.errors import EngineUnavailable
from muster.query.nodes import Leaf, MatchAll, Term
from muster.query.wire import write
from tests.integration.opensearch.sets import FIELDS, LEAVES, NOW, SHARDS, Catalog, catalog
from tests.servers import run
from tests.servers.answer import Running


@pytest.fixture(scope="module", params=["opensearch", "elasticsearch"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Each of the servers."""
    request.getfixturevalue(request.param)
    found = run.server(request.param)
    assert isinstance(found, Running)
    one = open_server(read_address(found.url.replace("http", request.param, 1)), timeout=60, connections=4)
    yield one
    one.close()


@pytest.fixture(scope="module")
def held(server: Server) -> Iterator[Catalog]:
    """The catalog on it."""
    with catalog(server) as made:
        yield made


ASKED = [Asked(write(leaf), bind(leaf, FIELDS, now=NOW)) for leaf in LEAVES]


def found(made: Catalog, leaf: Leaf) -> BitMap:
    """Return the members by a plain search: an id is the text of the ordinal."""
    search = {"query": write(leaf), "size": 10_000, "_source": False}
    answer = made.server.request("POST", f"/{made.index}/_search", body=search)
    return BitMap(int(hit["_id"]) for hit in answer["hits"]["hits"])


def of_all(made: Catalog, exports: Exports) -> tuple[BitMap, list[BitMap]]:
    """Return all assets and those of each leaf, from one view."""
    with opened(made.server, made.index) as view:
        return postings(exports, view, ASKED, FIELDS)


def without_scripts() -> Exports:
    """Return exports that take the server for one that runs no scripts."""
    exports = Exports(clock=lambda: 0.0)
    exports._off_until = math.inf
    return exports


def differing(made: Catalog, sets: Sequence[BitMap]) -> list[Leaf]:
    """Return the leaves that have another set than by a plain search."""
    return [leaf for leaf, members in zip(LEAVES, sets, strict=True) if members != found(made, leaf)]


def runs_scripts(server: Server) -> bool:
    """Whether a server knows the language of the script."""
    known = server.request("GET", "/_script_language")["language_contexts"]
    return "painless" in {context["language"] for context in known}


def test_the_leaves_are_asked_in_every_way() -> None:
    """Terms, prefixes and intervals are asked together, and enough of them by themselves."""
    sweeps = planned(ASKED, FIELDS, 3000).sweeps
    ways = {(type(sweep), sweep.field) for sweep in sweeps if not isinstance(sweep, Alone)}
    assert ways == {
        (ByTerm, "tags"),
        (ByTerm, "owner"),
        (ByPrefix, "path"),
        (ByPrefix, "owner"),
        (ByInterval, "size"),
        (ByInterval, "at"),
    }
    assert sum(isinstance(sweep, Alone) for sweep in sweeps) > 40


def test_postings_are_the_members_of_each_leaf(held: Catalog) -> None:
    """Over shards, segments, updates and deletes, each leaf has the set that a plain search gives."""
    exports = Exports()
    universe, sets = of_all(held, exports)
    assert universe == held.ordinals
    assert differing(held, sets) == []
    assert exports.runs_scripts == runs_scripts(held.server)


def test_pages_give_the_same_as_scripts(held: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page by page, with many pages a set and sets that end with a page, each leaf has the same set."""
    monkeypatch.setattr(scan, "PAGE", 100)
    universe, sets = of_all(held, without_scripts())
    assert universe == held.ordinals
    assert differing(held, sets) == []


def test_members_are_those_of_a_plain_search(held: Catalog) -> None:
    """One query at a time, from the index as it is, scripts or not."""
    for exports in (Exports(), without_scripts()):
        members = [exports.members(held.server, held.index, write(leaf)) for leaf in LEAVES[::5]]
        assert members == [found(held, leaf) for leaf in LEAVES[::5]]


@pytest.mark.parametrize("server", ["opensearch"], indirect=True)
def test_slices_of_a_shard_are_put_together(held: Catalog) -> None:
    """Where a shard is searched in several slices at once, nothing is lost and nothing is there twice."""
    sliced = {"search.concurrent_segment_search.mode": "all", "search.concurrent.max_slice_count": 4}
    with setting(held, sliced):
        with opened(held.server, held.index) as view:
            (answer,) = view.search([body(Alone(write(MatchAll())))], WANTED)
        assert len(answer["aggregations"][EXPORT]["value"]) > SHARDS
        universe, sets = of_all(held, Exports())
        assert universe == held.ordinals
        assert differing(held, sets) == []


@contextmanager
def setting(made: Catalog, settings: dict[str, object]) -> Iterator[None]:
    """Set the index so for a while."""
    path = f"/{made.index}/_settings"
    made.server.request("PUT", path, body={"index": settings})
    try:
        yield
    finally:
        made.server.request("PUT", path, body={"index": dict.fromkeys(settings)})


@contextmanager
def written_all_the_time(made: Catalog) -> Iterator[None]:
    """Write new assets, each batch of a hundred made searchable at once, and replace old ones."""
    ended = threading.Event()

    def write_on() -> None:
        for batch in count():
            made.write(range(10_000 + 100 * batch, 10_100 + 100 * batch), seed=batch)
            made.write(range(1, 50), seed=batch)
            if ended.is_set():
                return

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


def test_a_view_stays_as_it_is(server: Server) -> None:
    """While assets are written and made searchable, everything asked of one point in time agrees."""
    with catalog(server) as made:
        before = BitMap(made.ordinals)
        expected = [found(made, leaf) for leaf in LEAVES]
        with opened(server, made.index) as view, written_all_the_time(made):
            for exports in (Exports(), without_scripts(), Exports()):
                universe, sets = postings(exports, view, ASKED, FIELDS)
                assert universe == before
                assert sets == expected


def test_members_are_of_one_moment(server: Server) -> None:
    """While assets become searchable, every answer is whole: each holds what the one before held."""
    with catalog(server) as made:
        exports = Exports()
        with written_all_the_time(made):
            moments = [exports.members(server, made.index, write(MatchAll())) for _ in range(20)]
        moments.append(exports.members(server, made.index, write(MatchAll())))
        assert all(before <= after for before, after in pairwise(moments))
        assert moments[-1] == made.ordinals


def test_a_point_in_time_that_ended_is_not_found(held: Catalog) -> None:
    """What is asked of it is refused as not there, so that the question can be asked anew."""
    with opened(held.server, held.index) as view:
        pass
    with pytest.raises(Refused) as refused:
        postings(Exports(), view, ASKED, FIELDS)
    assert refused.value.status == NOT_FOUND


def test_an_index_that_is_not_there_is_not_found(server: Server) -> None:
    """Both ways of asking refuse it as not there."""
    with pytest.raises(Refused) as refused:
        Exports().members(server, "sets-nowhere", write(MatchAll()))
    assert refused.value.status == NOT_FOUND
    with pytest.raises(Refused) as refused, opened(server, "sets-nowhere"):
        pass
    assert refused.value.status == NOT_FOUND


def test_a_query_that_the_server_refuses_is_no_reason_against_scripts(held: Catalog) -> None:
    """It is refused by pages as well, so that nothing is learnt of scripts from it."""
    exports = Exports()
    with pytest.raises(Refused, match="end-of-string"):
        exports.members(held.server, held.index, {"regexp": {"path": "("}})
    assert exports.runs_scripts


def test_a_document_without_an_ordinal_makes_answers_void(server: Server) -> None:
    """It is no asset of Muster's: no set is given that it would be missing in."""
    with catalog(server) as made:
        server.request("PUT", f"/{made.index}/_doc/x", body={"tags": "odd"}, params={"refresh": "true"})
        for exports in (Exports(), without_scripts()):
            with pytest.raises(EngineUnavailable, match="`__ordinal`"):
                exports.members(server, made.index, write(Term(field="tags", value="odd")))
            members = exports.members(server, made.index, write(Term(field="tags", value="tag_1")))
            assert members == found(made, Term(field="tags", value="tag_1"))
