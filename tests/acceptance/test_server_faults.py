"""Projector and server killed at any point, while others write: nothing is lost, and everything goes on by itself."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest
from pyroaring import BitMap

from muster.engines.opensearch.index.index import Physical
from muster.engines.opensearch.server import Server
from muster.errors import EngineUnavailable
from muster.service.doctor import repair
from muster.service.sync import sync
from muster.service.workspace import Workspace
from tests.acceptance import shop
from tests.acceptance.faults import scene as scenes
from tests.acceptance.faults import verbs, writing
from tests.acceptance.faults.node import Node, killable
from tests.acceptance.faults.proxy import before
from tests.acceptance.faults.scene import PRODUCT, Scene
from tests.unit.engines.opensearch.faking import Asked, Reset

KILLS = int(os.environ.get("MUSTER_KILLS", "8"))
SEED = int(os.environ.get("MUSTER_SEED", "1"))
FOLLOW = ("project", "--follow", "--json")


@pytest.mark.timeout(3600)
def test_a_projector_killed_at_random_moments_loses_nothing(scene: Scene) -> None:
    """Two at a time, while another process writes: afterwards one projection makes index and record the same.

    A projection that is left alone ends, for all that is written meanwhile.
    """
    print(f"{KILLS} kills, MUSTER_SEED={SEED}")
    luck, killed = random.Random(SEED), 0
    with scene.opened() as work:
        scenes.write(work, range(scenes.TABLES), "Gold")
    with writing.going_on(scene, SEED):
        while killed < KILLS:
            pair = [verbs.start(scene, *FOLLOW) for _ in range(2)]
            for process in pair:
                killed += ended(process, luck)
        verbs.run(scene, "project")
    with scene.opened() as work:
        scenes.define(work)
    scenes.hold_whole(scene)


def ended(process: subprocess.Popen[str], luck: random.Random) -> bool:
    """Kill a process: mostly while it projects, at times before; say whether it was running."""
    if luck.random() < 0.75:
        process.stdout.readline()  # type: ignore[union-attr]
    time.sleep(luck.uniform(0.0, 0.4))
    running = process.poll() is None
    process.kill()
    _, said = process.communicate()
    assert "Traceback" not in said
    return running


class Follower:
    """A process that follows, and what it said so far."""

    def __init__(self, scene: Scene) -> None:
        self.process = verbs.start(scene, *FOLLOW, timeout=3)
        self.rounds: list[str] = []
        self.complaints: list[str] = []
        streams = ((self.process.stdout, self.rounds), (self.process.stderr, self.complaints))
        self._readers = [threading.Thread(target=_read, args=of_one) for of_one in streams]
        for one in self._readers:
            one.start()

    def end(self) -> None:
        """Tell it to end."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0
        for one in self._readers:
            one.join()


def _read(stream: IO[str], lines: list[str]) -> None:
    with stream:
        for line in stream:
            lines.append(line)  # noqa: PERF402 - it is read while it grows


def until(holds: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.timeout(600)
def test_a_server_killed_again_and_again(tmp_path: Path) -> None:
    """While it is projected to, while it is synced from, and with a shard lost on top; the record is written all along."""
    with killable(tmp_path) as node:
        scene = Scene(tmp_path / "data", f"opensearch://{urlsplit(node.url).netloc}/assets")
        with scene.opened(engine_shards=2) as work:
            no_index_by_itself(scenes.server_of(work))
            scenes.prepare(work)
        killed_while_projecting(scene, node, tmp_path)
        scenes.hold_whole(scene)
        lost = killed_while_syncing(scene, node)
        shard_lost(scene, node, lost)
        scenes.hold_whole(scene)


def killed_while_projecting(scene: Scene, node: Node, folder: Path) -> None:
    """The projector stays, complains and goes on; stored members are read, and writes go into the record meanwhile."""
    with scene.opened() as work:
        members = scenes.stored(work)
    follower = Follower(scene)
    with writing.going_on(scene, SEED):
        until(lambda: len(follower.rounds) > 3)
        node.kill()
        until(lambda: follower.complaints)
        while_away(scene, members, folder)
        node.start()
        known = len(follower.rounds)
        until(lambda: len(follower.rounds) > known)
        verbs.run(scene, "project", "--wait", "60")
    verbs.run(scene, "project", "--wait", "60")
    assert follower.process.poll() is None
    follower.end()
    told = json.loads(follower.complaints[0])["error"]
    assert told["code"] == "engine_unavailable"


def while_away(scene: Scene, members: BitMap, folder: Path) -> None:
    """Say what works without a server, and what does not; each in a process of its own, some at a time."""

    def read() -> None:
        assert len(verbs.run(scene, "product", "members", PRODUCT, "--stored", "--ids")[0].split()) == len(members)

    def count() -> None:
        counted = json.loads(verbs.run(scene, "product", "count", PRODUCT, "--stored", "--json")[0])
        assert (counted["total"], counted["byType"]) == (len(members), {"Table": len(members)})

    def bring_in() -> None:
        said, warned = verbs.run(scene, "import", "ndjson", str(shop.write(folder, 1)))
        assert said.startswith("1,200 entities: 1,200 created")
        assert warned.startswith("engine_unavailable: OpenSearch at ")
        assert "; what was imported is in the record, and the index catches up" in warned

    def refused(*words: str) -> None:
        _, said = verbs.run(scene, *words, code=1)
        assert said.startswith("engine_unavailable: OpenSearch at ")
        assert "cannot be reached: connection refused" in said
        assert "hint: see that it runs" in said

    asking = (read, count, bring_in, lambda: refused("sync"), lambda: refused("product", "members", PRODUCT))
    with ThreadPoolExecutor(2) as threads:
        for one in [threads.submit(ask) for ask in asking]:
            one.result()


def killed_while_syncing(scene: Scene, node: Node) -> Physical:
    """The sync fails as the server dies in the middle of its question, and changes nothing; returns the index."""

    def plan(asked: Asked) -> Reset | None:
        if "/_msearch" not in asked.target:
            return None
        node.kill()
        return Reset()

    with before(scene.url) as proxy, scene.at(proxy.port).opened() as work:
        members = scenes.stored(work)
        scenes.write(work, [1, 3, 5], "Gold", kind="while it dies")
        physical = scenes.index_of(work).physical()
        proxy.plan = plan
        with pytest.raises(EngineUnavailable, match=r"ended the connection|cannot be reached"):
            list(sync(work))
        assert scenes.stored(work) == members
        return physical


def shard_lost(scene: Scene, node: Node, physical: Physical) -> None:
    """A server that comes back without one of its shards answers nothing; with an empty one in its place, nobody syncs."""
    shutil.rmtree(node.shard(physical.uuid, 1))
    node.start("red")
    with scene.opened() as work:
        members = scenes.stored(work)
        with pytest.raises(EngineUnavailable, match=r"misses some of its shards|missing shards"):
            scenes.asked(work)
        with pytest.raises(EngineUnavailable, match="misses some of its shards"):
            list(sync(work))
        assert scenes.complaints(work)[0] == "shards of the index are missing: answers are void"
        make_empty(scenes.server_of(work), physical.name, 1)
        until(lambda: "the index has lost documents: it has " in refusal(work))
        assert scenes.stored(work) == members
        ranges, refused = repair(work)
        assert (ranges > 0, refused) == (True, ())


def refusal(work: Workspace) -> str:
    """Return why there is no sync."""
    with pytest.raises(EngineUnavailable) as caught:
        list(sync(work))
    return caught.value.message


def make_empty(server: Server, index: str, shard: int) -> None:
    """Put an empty shard in the place of a lost one, as an operator does who gives it up."""
    (node,) = (one["name"] for one in server.request("GET", "/_cat/nodes", params={"format": "json"}))
    given_up = {"index": index, "shard": shard, "node": node, "accept_data_loss": True}
    server.request("POST", "/_cluster/reroute", body={"commands": [{"allocate_empty_primary": given_up}]})
    health = server.request("GET", f"/_cluster/health/{index}", params={"wait_for_status": "yellow", "timeout": "30s"})
    assert health["status"] != "red"


def no_index_by_itself(server: Server) -> None:
    """Let the server make no index that nobody asked for, as many do."""
    server.request("PUT", "/_cluster/settings", body={"persistent": {"action.auto_create_index": "false"}})
