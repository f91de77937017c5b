"""Whoever keeps memberships right, serves and tells is killed again and again while everything changes: all of it holds in the end."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from muster.bootstrap import open_workspace
from muster.catalog.entity import Key
from muster.service.workspace import Workspace
from muster.settings import Settings
from tests.acceptance.command import begin, run
from tests.acceptance.events.moving import BASE, QUICK, Json, Moving
from tests.acceptance.events.told import first_seen
from tests.acceptance.faults.kept import all_events, hold_kept
from tests.acceptance.faults.writers import CERTIFICATES, ROOT, Decisions, Edits, Tables
from tests.acceptance.serving import Served, Started, served
from tests.integration.places import EMBEDDED, OnServer, UrlOf, place, with_alias
from tests.integration.receiver import Receiver, Reply, receiving

KILLS = int(os.environ.get("MUSTER_FAULTS", "6"))
SEED = int(os.environ.get("MUSTER_SEED", "1"))
SETTINGS = {**QUICK, "MUSTER_SERVE_KEEPING": "true"}
POLICY = {"percent": 1e6, "least": 10**9, "mayEmpty": True}
PRODUCTS = {
    "Verified": "type:Table certificate:VERIFIED",
    "Edited": "type:Table",
    "Decided": "type:Table certificate:DRAFT",
    "Everything": "type:Table",
}
PAUSE = 0.05
BETWEEN = 20
"""Kills from one time that everything is held to everything to the next."""


@dataclass(frozen=True)
class Writers:
    """All who write into a service."""

    tables: Tables
    edits: Edits
    decisions: Decisions

    @property
    def all(self) -> tuple[Tables, Edits, Decisions]:
        """Each of them."""
        return self.tables, self.edits, self.decisions

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing is written in the block, and nothing on its way."""
        with ExitStack() as stack:
            for one in self.all:
                stack.enter_context(one.turn)
            yield


@contextmanager
def writing(service: Served) -> Iterator[Writers]:
    """Let everything change until the end of the block; what was on its way then is acknowledged."""
    tables = Tables(service, 1, PAUSE)
    edits = Edits(service, 2, 3 * PAUSE, product="Edited")
    made = Writers(tables, edits, Decisions(service, 3, 2 * PAUSE, product="Decided", tables=tables))
    for one in made.all:
        one.start()
    yield made
    for one in made.all:
        one.end()


def prepared(service: Served, receiver: Receiver) -> Json:
    """Define products whose runs nobody holds, and return a webhook that is told of all."""
    with service.client() as client:
        moving = Moving(service, client)
        moving.ask("PUT", "/policy", POLICY)
        for name, selection in PRODUCTS.items():
            said = {"name": name, "selection": selection, "domain": "Home"}
            client.post(f"{BASE}/products", json=said).raise_for_status()
        return moving.hook(receiver.url)


def end_leases(data: Path) -> None:
    """Let the time pass in which a dead process still has its work."""
    with closing(sqlite3.connect(data / "record.db", timeout=30)) as record, record:
        record.execute("UPDATE leases SET until = 0")


@dataclass
class Worker(Started):
    """A process that keeps memberships right and tells webhooks, beside the service."""

    data: Path
    settings: Mapping[str, str]

    def launch(self) -> None:
        """Start it, and do not wait."""
        self.process = begin(self.data, "worker", settings=self.settings)


@dataclass(frozen=True)
class Cast:
    """Who is killed: a service that does everything, or one that answers beside workers that do the rest."""

    service: Served
    workers: tuple[Worker, ...]

    @property
    def all(self) -> tuple[Served | Worker, ...]:
        """Each of them."""
        return self.service, *self.workers

    def kill(self, luck: random.Random) -> None:
        """Kill one of them at any moment, now and then while it starts, and have it back."""
        time.sleep(luck.uniform(0.1, 2.5))
        one = luck.choice(self.all)
        for wait in (0, luck.uniform(0, 2))[: 1 + (luck.random() < 0.2)]:
            time.sleep(wait)
            one.kill()
            end_leases(self.service.data)
            one.launch()
        self.service.wait()

    def launch(self) -> None:
        """Start all of them, and wait until the service is ready."""
        for one in self.all:
            one.launch()
        self.service.wait()

    def stop(self) -> None:
        """Ask all of them to end, which they do well."""
        assert {one.stop() for one in self.all} == {0}


@contextmanager
def together(where: str, folder: Path, engine_url: UrlOf) -> Iterator[Cast]:
    """Have one service do everything on the embedded engine; on OpenSearch one answers, and two workers do the rest."""
    if where == EMBEDDED:
        with served(folder / "data", SETTINGS) as service:
            yield Cast(service, ())
        return
    with place(where, folder, engine_url) as there:
        assert isinstance(there, OnServer)
        own = SETTINGS | {"MUSTER_ENGINE_URL": with_alias(engine_url(where), there.alias)}
        with served(folder / "data", own | {"MUSTER_SERVE_KEEPING": "false"}) as service:
            workers = tuple(Worker(folder / "data", own) for _ in range(2))
            for one in workers:
                one.launch()
            yield Cast(service, workers)
            for one in workers:
                one.kill()


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("where", [EMBEDDED, "opensearch"])
def test_killed_at_any_moment_members_writes_and_events_are_as_if_it_was_not(
    where: str, tmp_path: Path, engine_url: UrlOf
) -> None:
    """Members are those of a full evaluation, all that was acknowledged is there, all that moved is told, once and in order."""
    luck, began = random.Random(SEED), time.monotonic()
    with receiving(lambda _: _reply(luck)) as receiver, together(where, tmp_path, engine_url) as cast:
        hook = prepared(cast.service, receiver)
        with writing(cast.service) as writers:
            for number in range(1, KILLS + 1):
                cast.kill(luck)
                if number % BETWEEN == 0 or number == KILLS:
                    with writers.paused():
                        settle(cast, hook)
                        hold(cast.service, writers, receiver, hook)
                        cast.launch()
                    tell(number, time.monotonic() - began, writers, receiver)


def hold(service: Served, writers: Writers, receiver: Receiver, hook: Json) -> None:
    """Hold everything to everything, while nobody serves."""
    with open_workspace(Settings(data=service.data, engine_url=service.settings.get("MUSTER_ENGINE_URL"))) as work:
        hold_kept(work)
        hold_written(work, writers)
        hold_told(work, receiver, hook)


def _reply(luck: random.Random) -> Reply:
    return Reply(500 if luck.random() < 0.1 else 204, wait=luck.uniform(0, 0.05))


def settle(cast: Cast, hook: Json) -> None:
    """Let everything be followed and told, and end."""
    service = cast.service
    cast.stop()
    end_leases(service.data)
    run(service.data, "worker", "--once", settings=service.settings)
    service.start()
    until = time.monotonic() + 300
    with service.client() as client:
        while client.get(f"{BASE}/webhooks/{hook['id']}").json()["position"] < _last(client):
            assert time.monotonic() < until
            time.sleep(0.2)
    assert service.stop() == 0


def _last(client: httpx.Client) -> int:
    last: int = client.get(f"{BASE}/events", params={"limit": 1}).json()["paging"]["last"]
    return last


def hold_written(work: Workspace, writers: Writers) -> None:
    """Hold what is there to what was acknowledged: tables, edits and decisions, each as it was said last and none twice."""
    tables = writers.tables.acknowledged
    found = [one for some in work.record.scan() for one in some if one.key.type_name == "Table"]
    assert len(found) == len(tables)
    for one in found:
        version = tables[int(one.name[1:])]
        wanted = (str(version), CERTIFICATES[version % len(CERTIFICATES)])
        assert (one.attributes["description"], one.attributes["certificateStatus"]) == wanted
    selection = work.record.product("Edited").selection
    assert (selection.text, selection.revision) == (writers.edits.edits[-1], len(writers.edits.edits) + 1)
    hold_decided(work, writers.decisions)


def hold_decided(work: Workspace, decisions: Decisions) -> None:
    """Hold what stands about each table to the last decision about it."""
    guid = work.record.product(decisions.product).entity.guid
    standing = [one for one in work.record.standings([guid])[guid] if one.withdrawn_at is None]
    names = {f"{ROOT}/t{number:06}": number for number in decisions.decided}
    there = work.record.find([], [Key("Table", name) for name in names])
    ordinals = {one.ordinal: names[one.key.qualified_name] for one in there}
    assert sorted(one.ordinal for one in standing) == sorted(ordinals)
    for one in standing:
        assert (f"{one.decision.value}s", one.reason) == decisions.decided[ordinals[one.ordinal]]


def hold_told(work: Workspace, receiver: Receiver, hook: Json) -> None:
    """Hold what a receiver got to what happened: everything, in order, signed, and what came again the same as before."""
    came = first_seen(receiver.received)
    wanted = [one for one in all_events(work) if one.number > hook["position"]]
    assert [one.number for one in came] == [one.number for one in wanted]
    assert [one.event["data"]["run"]["run"] for one in came] == [one.run for one in wanted]
    assert all(one.is_signed(hook["secret"]) for one in receiver.received)
    bodies = defaultdict(set)
    for one in receiver.received:
        bodies[one.id].add(one.body)
    assert {len(some) for some in bodies.values()} == {1}


def tell(kills: int, seconds: float, writers: Writers, receiver: Receiver) -> None:
    """Say how far it is."""
    changes = sum(writers.tables.acknowledged.values())
    events, messages = len(first_seen(receiver.received)), len(receiver.received)
    done = f"{changes:,} changes, {len(writers.edits.edits):,} edits, {writers.decisions.count:,} decisions"
    print(f"{kills} kills in {seconds:,.0f} s: {done}; {events:,} events in {messages:,} messages", flush=True)
