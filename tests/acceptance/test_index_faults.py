"""What servers refuse, lose and lock, and what others do to an index: told, survived, and mended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from pyroaring import BitMap

from muster.engines.opensearch.server import Server
from muster.errors import EngineUnavailable
from muster.protocols import Page, Update
from muster.query.nodes import MatchAll, Term
from muster.service.doctor import examine, repair
from muster.service.follow import follow
from muster.service.project import Projected, project, reindex
from muster.service.sync import sync
from muster.service.workspace import Workspace
from tests.acceptance.faults import scene as scenes
from tests.acceptance.faults import verbs
from tests.acceptance.faults.proxy import before
from tests.acceptance.faults.scene import PRODUCT, Scene
from tests.integration.places import SERVERS
from tests.unit.engines.opensearch.faking import Asked

ASKING: dict[str, Callable[[Workspace], object]] = {
    "count": lambda work: work.engine.count(scenes.selection(), now=0),
    "search": lambda work: work.engine.search(scenes.selection(), Page(10), now=0),
    "members": scenes.asked,
    "postings": lambda work: work.engine.postings([Term("__traitNames", "Gold"), MatchAll()], now=0),
    "tally": lambda work: work.engine.tally(BitMap([1, 2, 3]), "__typeName.keyword", limit=5),
    "terms": lambda work: work.engine.terms("__typeName.keyword", limit=5),
    "digests": lambda work: work.engine.digests(10),
}

ON_BOTH = pytest.mark.parametrize("scene", SERVERS, indirect=True)
DIFFERS = "documents differ from the record in 1 ranges of 4,096 ordinals"


def name_of(work: Workspace) -> str:
    """Return the index behind the alias."""
    return scenes.index_of(work).physical().name


def set_block(server: Server, index: str, *, on: bool) -> None:
    """Block an index as a server does whose disk is full, or lift that."""
    server.request("PUT", f"/{index}/_settings", body={"index.blocks.read_only_allow_delete": on or None})


# --- shards


@contextmanager
def room_for_one_shard(scene: Scene) -> Iterator[None]:
    """Let indices of the alias that are made meanwhile have one shard on the node, and the others nowhere."""
    settings = {"index.routing.allocation.total_shards_per_node": 1}
    body = {"index_patterns": [f"{scene.alias}-00*"], "priority": 300, "template": {"settings": settings}}
    with scene.opened() as work:
        server = scenes.server_of(work)
        server.request("PUT", f"/_index_template/{scene.alias}-one", body=body)
        try:
            yield
        finally:
            server.request("DELETE", f"/_index_template/{scene.alias}-one")


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait long for a shard, nor before trying again."""
    monkeypatch.setattr("muster.engines.opensearch.connection.client.FIRST_WAIT", 0.01)
    for module in ("bulk", "state"):
        monkeypatch.setattr(f"muster.engines.opensearch.index.{module}.SHARDS_WITHIN", "500ms")


def find_shards(server: Server, index: str) -> None:
    """Make room for all shards of an index."""
    server.request("PUT", f"/{index}/_settings", body={"index.routing.allocation.total_shards_per_node": None})
    health = server.request("GET", f"/_cluster/health/{index}", params={"wait_for_status": "yellow", "timeout": "30s"})
    assert health["status"] != "red"


@ON_BOTH
def test_a_missing_shard_makes_every_answer_void(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is answered of what is left, nothing is synced, the position stays; stored members are read as ever."""
    hurry(monkeypatch)
    with scene.opened(engine_shards=2) as work:
        members = scenes.prepare(work)
        server = scenes.server_of(work)
        server.request("DELETE", f"/{name_of(work)}")
        scenes.index_of(work).forget()
        with room_for_one_shard(scene):
            assert work.engine.position() == 0

        for name, ask in ASKING.items():
            with pytest.raises(EngineUnavailable, match=r"misses some of its shards|missing shards"):
                raise AssertionError(f"{name} answered {ask(work)}")
        for act in (project, lambda work: list(sync(work)), repair):
            with pytest.raises(EngineUnavailable, match=r"cannot take documents now: .*primary shard"):
                act(work)
        assert (work.engine.position(), scenes.stored(work)) == (0, members)
        assert scenes.complaints(work) == ["shards of the index are missing: answers are void"]
        verbs.run(scene, "doctor", code=1)
        assert len(verbs.run(scene, "product", "members", PRODUCT, "--stored", "--ids")[0].split()) == len(members)

        find_shards(server, name_of(work))
    scenes.hold_whole(scene)


def test_a_rebuild_without_room_leaves_the_index_that_serves(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails and says why; what is there is read and kept up to date as before, and the rebuild goes on later."""
    hurry(monkeypatch)
    with scene.opened(engine_shards=2) as work:
        members = scenes.prepare(work)
        serving = name_of(work)
        with (
            room_for_one_shard(scene),
            pytest.raises(EngineUnavailable, match=r"cannot take documents now: .*primary shard"),
        ):
            reindex(work)
        assert (name_of(work), scenes.asked(work)) == (serving, members)
        scenes.write(work, [1], "Gold")
        project(work)
        assert scenes.asked(work) == scenes.gold(work)
        unfinished = scenes.index_of(work).successor().name
        find_shards(scenes.server_of(work), unfinished)
        reindex(work)
        scenes.index_of(work).forget()
        assert name_of(work) == unfinished
    scenes.hold_whole(scene)


@ON_BOTH
def test_an_index_that_has_lost_documents_is_no_ground_for_a_sync(scene: Scene) -> None:
    """However they were lost: stored members stay, the error says what to run, and the repair brings them back."""
    with scene.opened() as work:
        members = scenes.prepare(work)
        server, lost = scenes.server_of(work), members[0]
        guid = next(one.guid for one in scenes.recorded(work) if one.ordinal == lost)
        server.request("DELETE", f"/{name_of(work)}/_doc/{guid}", params={"refresh": "true"})

        with pytest.raises(EngineUnavailable, match="the index has lost documents: it has 41, and had 42") as caught:
            list(sync(work))
        assert caught.value.hint == "run `muster doctor --repair`"
        assert scenes.stored(work) == members

        scenes.write(work, [39], kind="later")
        assert repair(work) == (1, ())
    scenes.hold_whole(scene)


# --- documents


def limit_nested(server: Server, index: str, limit: int) -> None:
    """Let the server refuse documents with more nested objects."""
    server.request("PUT", f"/{index}/_settings", body={"index.mapping.nested_objects.limit": limit})


@ON_BOTH
def test_one_document_that_is_refused_keeps_no_other_back(scene: Scene) -> None:
    """The others are in, it is told, its earlier version stays, the doctor tells it and mends it when the cause is gone."""
    with scene.opened() as work:
        scenes.prepare(work)
        server, index = scenes.server_of(work), name_of(work)
        limit_nested(server, index, 2)
        scenes.write(work, [0, 2], "Gold", kind="new")
        scenes.write(work, [1], kind="new", starredDetailsList=[{"assetStarredBy": name} for name in "abc"])
        (bad,) = scenes.ordinals(work, [1])

        said, warned = verbs.run(scene, "project")

        assert f"indexed 3 entities, position {work.record.position()}" in said
        assert f"the index could not take the entity with ordinal {bad}: " in warned
        assert "nested documents has exceeded the allowed limit" in warned
        assert work.engine.position() == work.record.position()
        assert work.engine.members(Term("kind", "new"), now=0) == scenes.ordinals(work, [0, 2])
        assert bad in work.engine.members(Term("__traitNames", "Plain"), now=0)
        assert scenes.complaints(work) == [DIFFERS]
        ranges, refused = repair(work)
        assert (ranges, [one.ordinal for one in refused]) == (1, [bad])

        limit_nested(server, index, 100)
        _, warned = verbs.run(scene, "doctor", "--repair")

        assert "1 ranges of documents written anew" in warned
        assert work.engine.members(Term("kind", "new"), now=0) == scenes.ordinals(work, [0, 1, 2])
    scenes.hold_whole(scene)


def test_a_document_altered_by_hand_is_found_and_mended(scene: Scene) -> None:
    """One changed, one deleted, one added behind Muster's back: the doctor says so, and writes them as the record has them."""
    with scene.opened() as work:
        scenes.prepare(work)
        scenes.write(work, [0], description="later")
        scenes.write(work, [0], description="later still")
        project(work)
        server, index = scenes.server_of(work), name_of(work)
        guids = [one.guid for one in scenes.recorded(work)]
        server.request("POST", f"/{index}/_update/{guids[3]}", body={"doc": {"__checksum": 1, "__traitNames": "Gold"}})
        server.request("DELETE", f"/{index}/_doc/{guids[5]}")
        server.request("PUT", f"/{index}/_doc/nobody", body={"__ordinal": 999, "__checksum": 5, "__guid": "nobody"})
        server.request("POST", f"/{index}/_refresh")
        assert scenes.complaints(work) == [DIFFERS]

        assert repair(work) == (1, ())
    scenes.hold_whole(scene)


# --- blocks


@ON_BOTH
@pytest.mark.parametrize("part", ["", ".state"])
def test_a_full_disk_stops_the_projection_and_nothing_else(scene: Scene, part: str) -> None:
    """Writing fails at once and says why, the position stays, reading goes on; when the block is gone it catches up."""
    with scene.opened() as work:
        members = scenes.prepare(work)
        server, position = scenes.server_of(work), work.engine.position()
        set_block(server, f"{scene.alias}{part}", on=True)
        list(sync(work))
        scenes.write(work, [1, 3], "Gold", kind="late", fresh="a new name" if part else None)
        begun = time.monotonic()

        with pytest.raises(EngineUnavailable, match="takes no changes") as caught:
            project(work)

        assert time.monotonic() - begun < 5
        assert "make room" in str(caught.value.hint)
        with pytest.raises(EngineUnavailable, match="takes no changes"):
            list(sync(work))
        assert (work.engine.position(), scenes.stored(work)) == (position, members)
        assert scenes.asked(work) == (members if not part else scenes.gold(work))
        if not part:
            assert scenes.complaints(work) == ["the index is blocked: read_only_allow_delete"]
        set_block(server, f"{scene.alias}{part}", on=False)
    scenes.hold_whole(scene)


# --- the index


def test_what_projects_on_and_on_makes_a_lost_index_anew(scene: Scene) -> None:
    """A process that follows finds that the index is gone, and fills a new one from the record."""
    with scene.opened() as work:
        scenes.prepare(work)
        rounds = follow(work, threading.Event().wait)
        scenes.write(work, [0], "Gold", kind="seen")
        assert isinstance(next(rounds), Projected)
        scenes.server_of(work).request("DELETE", f"/{name_of(work)}")

        done = next(rounds)

        assert done == Projected(len(scenes.recorded(work)), work.record.position())
    scenes.hold_whole(scene)


def test_without_its_alias_an_index_is_made_anew(scene: Scene) -> None:
    """The index that nobody can find any more is told by the doctor; the next rebuild has a number of its own."""
    with scene.opened() as work:
        scenes.prepare(work)
        lost = name_of(work)
        removed = {"remove": {"index": lost, "alias": scene.alias}}
        scenes.server_of(work).request("POST", "/_aliases", body={"actions": [removed]})
    scenes.hold_whole(scene)
    with scene.opened() as work:
        (told,) = [one for one in examine(work) if lost in one.message]
        assert told.message.startswith(f"nobody reads `{lost}`: ")
        assert name_of(work) == f"{scene.alias}-000002"
        reindex(work)
        scenes.index_of(work).forget()
        assert name_of(work) == f"{scene.alias}-000003"
    scenes.hold_whole(scene)


def test_without_its_position_an_index_is_filled_again(scene: Scene) -> None:
    """Every document is written once more, in place; nobody misses one meanwhile."""
    with scene.opened() as work:
        members = scenes.prepare(work)
        scenes.server_of(work).request("DELETE", f"/{scene.alias}.state")
        assert work.engine.position() == 0
        assert scenes.asked(work) == members
        assert project(work).entities == len(scenes.recorded(work))
    scenes.hold_whole(scene)


@pytest.mark.parametrize("aliased", [True, False])
def test_an_index_that_muster_did_not_make_is_left_alone(scene: Scene, *, aliased: bool) -> None:
    """Behind the alias, or by its name: it is neither claimed nor written to nor deleted, and the error names it."""
    theirs = f"theirs-{scene.alias}" if aliased else scene.alias
    with scene.opened() as work:
        server = scenes.server_of(work)
        try:
            server.request("PUT", f"/{theirs}/_doc/1", body={"a": 1}, params={"refresh": "true"})
            if aliased:
                server.request("PUT", f"/{theirs}/_alias/{scene.alias}")
            before = server.request("GET", f"/{theirs}")
            scenes.write(work, range(4), "Gold")

            for act in (project, reindex, examine, scenes.asked, lambda work: list(sync(work))):
                with pytest.raises(EngineUnavailable, match=f"the index `{theirs}`, which Muster did not make"):
                    act(work)

            assert server.request("GET", f"/{theirs}") == before
            assert server.request("GET", f"/{theirs}/_count")["count"] == 1
        finally:
            server.request("DELETE", f"/{theirs}")
    scenes_without_product(scene)


def scenes_without_product(scene: Scene) -> None:
    """With the other index out of the way, the record's own is made."""
    with scene.opened() as work:
        project(work)
        assert scenes.complaints(work) == []
        assert scenes.asked(work) == scenes.gold(work)


def test_an_alias_of_two_indices_is_ambiguous(scene: Scene) -> None:
    """Nothing is read or written then; a rebuild makes it one again."""
    with scene.opened() as work:
        scenes.prepare(work)
        second = scenes.index_of(work).successor().physical().name
        scenes.server_of(work).request("PUT", f"/{second}/_alias/{scene.alias}")
    with scene.opened() as work:
        for act in (project, scenes.asked):
            with pytest.raises(EngineUnavailable, match=f"`{scene.alias}` stands for 2 indices"):
                act(work)
        reindex(work)
    scenes.hold_whole(scene)


def test_aliases_that_begin_alike_have_nothing_to_do_with_each_other(scene: Scene) -> None:
    """Neither takes the other's unfinished index for its own, nor are their templates in each other's way."""
    other = Scene(scene.data.with_name("other"), f"{scene.url}-other")
    with other.opened() as work:
        scenes.write(work, range(3), "Gold")
        project(work)
        unfinished = scenes.index_of(work).successor().name
    with scene.opened() as work:
        scenes.prepare(work)
        reindex(work)
        server = scenes.server_of(work)
        assert scenes.index_of(work).successor().name == f"{scene.alias}-000003"
        assert server.request("HEAD", f"/{unfinished}") is None
        scenes_without_product(other)
        server.request("DELETE", f"/_index_template/{other.alias}")
        server.request("DELETE", f"/{other.alias}.state")
    scenes.hold_whole(scene)


def test_several_make_the_first_index_together(scene: Scene) -> None:
    """There is one index, it is the record's, and whole."""
    with scene.opened() as work:
        scenes.write(work, range(10), "Gold")
    together = threading.Barrier(4)

    def begin(_: int) -> Projected:
        with scene.opened() as work:
            together.wait()
            return project(work)

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(begin, range(4)))

    assert {one.position for one in done} == {10}
    with scene.opened() as work:
        assert list(scenes.server_of(work).request("GET", f"/{scene.alias}-*")) == [f"{scene.alias}-000001"]
    scenes_without_product(scene)


@ON_BOTH
def test_of_two_records_the_first_has_the_index(scene: Scene) -> None:
    """However close together they come, the other one is refused, has written nothing, and reads nothing."""
    other = scene.beside(scene.data.with_name("other"))
    for one, tag in ((scene, "Gold"), (other, "Silver")):
        with one.opened() as work:
            scenes.write(work, range(10), tag)
    together = threading.Barrier(2)

    def begin(one: Scene) -> Projected | str:
        with one.opened() as work:
            together.wait()
            try:
                return project(work)
            except EngineUnavailable as error:
                return error.message

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(begin, (scene, other)))

    assert [one for one in done if isinstance(one, str)] == ["the index belongs to another record"]
    first, second = (scene, other) if isinstance(done[0], Projected) else (other, scene)
    scenes_without_product(first)
    with second.opened() as work:
        with pytest.raises(EngineUnavailable, match="the index belongs to another record"):
            list(sync(work))
        reindex(work)
    scenes_without_product(second)


def test_an_unfinished_rebuild_of_another_record_is_left_alone(scene: Scene) -> None:
    """A rebuild begins an index of its own beside it, and ends."""
    other = scene.beside(scene.data.with_name("other"))
    with other.opened() as work:
        scenes.write(work, range(3), "Silver")
        beside = work.engine.successor()
        beside.claim(work.record.identity())
    with scene.opened() as work:
        scenes.prepare(work)
        reindex(work)
        scenes.index_of(work).forget()
        assert name_of(work) > scenes.index_of(work)._alias + "-000001"
    scenes.hold_whole(scene)


# --- late comers


def test_an_old_write_that_comes_late_changes_nothing(scene: Scene) -> None:
    """A batch held up on the way meets newer documents, and a newer position: all stay."""
    with scene.opened() as work:
        scenes.prepare(work)
        scenes.write(work, [0, 1], "Gold", kind="old")
    held, free = threading.Event(), threading.Event()

    def plan(asked: Asked) -> None:
        if "/_bulk" in asked.target and not held.is_set():
            held.set()
            free.wait(30)

    def slow(port: int) -> Projected:
        with scene.at(port).opened() as work:
            return project(work)

    with before(scene.url) as proxy, ThreadPoolExecutor(1) as threads:
        proxy.plan = plan
        late = threads.submit(slow, proxy.port)
        assert held.wait(30)
        with scene.opened() as work:
            scenes.write(work, [0], "Plain", kind="new")
            position = project(work).position
            free.set()
            assert late.result(30).position == position
            assert work.engine.members(Term("kind", "old"), now=0) == scenes.ordinals(work, [1])
            assert work.engine.members(Term("kind", "new"), now=0) == scenes.ordinals(work, [0])
    scenes.hold_whole(scene)


@ON_BOTH
def test_an_old_deletion_that_comes_late_deletes_nothing(scene: Scene) -> None:
    """Nor does an old document come back after it was deleted."""
    with scene.opened() as work:
        members = scenes.prepare(work)
        ordinal, position = members[0], work.engine.position()
        (kept,) = [one for one in work.record.changes(0, 1000) if one.ordinal == ordinal]
        document = {"__guid": kept.entity.guid, "name": "old"}

        work.engine.apply([Update(ordinal, None, kept.number - 1)], position=position)
        assert ordinal in scenes.asked(work)
        work.engine.apply([Update(ordinal, document, kept.number - 1)], position=position)
        assert ordinal in scenes.asked(work)
        work.engine.apply([Update(ordinal, None, kept.number + 1)], position=position)
        assert ordinal not in scenes.asked(work)
        work.engine.apply([Update(ordinal, document, kept.number)], position=position)
        assert ordinal not in work.engine.members(MatchAll(), now=0)
        work.engine.apply([Update(ordinal, document, kept.number + 1)], position=position - 1)
        assert ordinal not in work.engine.members(MatchAll(), now=0)
        assert work.engine.position() == position
