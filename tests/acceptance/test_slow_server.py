"""A server that answers late, half, or not at all: every call ends in time and says why, and nothing comes of it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from muster.engines.opensearch.connection.address import read_address
from muster.engines.opensearch.connection.client import open_server
from muster.engines.opensearch.dialect import Product
from muster.errors import EngineUnavailable
from muster.protocols import Page
from muster.query.nodes import MatchAll, Term
from muster.service.follow import follow
from muster.service.project import Projected, project, reindex
from muster.service.sync import sync
from muster.service.workspace import Workspace
from tests.acceptance.faults import scene as scenes
from tests.acceptance.faults.proxy import AWAY, BUSY, Proxy, before, dribbling, lottery
from tests.acceptance.faults.scene import Scene
from tests.unit.engines.opensearch.faking import Act, Asked, Raw, Reply, Reset

SEED = int(os.environ.get("MUSTER_SEED", "1"))
PATIENCE = 1.0
"""Seconds that one request may take here."""
LATE = f"did not answer within {PATIENCE:g} s"
SLACK = 5.0
"""Seconds that a busy machine may add."""
ROUNDS = 6

CALLS: Mapping[str, Callable[[Workspace], object]] = {
    "count": lambda work: work.engine.count(scenes.selection(), now=0),
    "search": lambda work: work.engine.search(scenes.selection(), Page(10), now=0),
    "members": scenes.asked,
    "postings": lambda work: work.engine.postings([Term("__traitNames", "Gold"), MatchAll()], now=0),
    "position": lambda work: work.engine.position(),
    "project": project,
    "sync": lambda work: list(sync(work)),
    "reindex": reindex,
}


def late(proxy: Proxy) -> Callable[[Asked], Act]:
    """Answer after the time-out, having done it."""

    def act(asked: Asked) -> Act:
        reply = proxy.passed_on(asked)
        return Reply(reply.status, reply.body, reply.kind, after=PATIENCE * 3)

    return act


def half(proxy: Proxy) -> Callable[[Asked], Act]:
    """Answer with the first half, and end the connection."""

    def act(asked: Asked) -> Act:
        body = str(proxy.passed_on(asked).body).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        return Raw(head.encode() + body[: len(body) // 2])

    return act


def always(act: Act) -> Callable[[Proxy], Callable[[Asked], Act]]:
    """Answer everything so."""
    return lambda _: lambda _: act


FAULTS: Mapping[str, tuple[Callable[[Proxy], Callable[[Asked], Act]], str]] = {
    "late": (late, LATE),
    "half": (half, "ended the connection"),
    "reset": (always(Reset()), "ended the connection: connection reset by peer"),
    "busy": (always(BUSY), "is too busy: queue is full"),
    "away": (always(AWAY), "is not available: going down"),
    "closed": (always(Raw()), "ended the connection"),
    "a page": (always(Reply(502, "<html>bad gateway</html>", "text/html")), "is not available"),
    "no search server": (always(Reply(200, "<html>welcome</html>", "text/html")), "does not answer as a search server"),
}


@pytest.fixture
def proxy(lasting: Scene) -> Iterator[Proxy]:
    """A proxy before the server."""
    with before(lasting.url) as one:
        yield one


@pytest.mark.parametrize(
    ("lasting", "fault"),
    [*(("opensearch", fault) for fault in FAULTS), ("elasticsearch", "late"), ("elasticsearch", "half")],
    indirect=["lasting"],
)
def test_a_fault_ends_every_call_in_time(lasting: Scene, proxy: Proxy, fault: str) -> None:
    """Whatever is asked: `engine_unavailable` with the reason; membership and index stay, and then all goes on."""
    plan, message = FAULTS[fault]
    with lasting.opened() as work:
        members = scenes.stored(work)
        scenes.write(work, [1], "Gold", fault=fault)

    def call(name: str) -> tuple[str, float]:
        with lasting.at(proxy.port).opened(engine_timeout=PATIENCE) as work:
            begun = time.monotonic()
            with pytest.raises(EngineUnavailable) as caught:
                CALLS[name](work)
            return caught.value.message, time.monotonic() - begun

    retried = fault in {"half", "closed", "reset", "busy", "away"}  # and the last try may be short
    proxy.plan = plan(proxy)
    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(call, CALLS))

    for name, (said, seconds) in zip(CALLS, told, strict=True):
        assert message in said or (retried and LATE in said), name
        assert seconds < PATIENCE + SLACK, name
    with lasting.opened() as work:
        assert scenes.stored(work) == members
    proxy.plan = lambda _: None
    scenes.hold_whole(lasting)


@pytest.mark.parametrize("product", list(Product))
def test_an_answer_in_drops_is_not_waited_for(product: Product) -> None:
    """A server that sends an octet now and then is given up after the time-out as well, by either client."""
    with dribbling(0.05) as port:
        server = open_server(read_address(f"{product.lower()}://127.0.0.1:{port}"), timeout=PATIENCE, connections=1)
        with contextlib.closing(server):
            begun = time.monotonic()
            with pytest.raises(EngineUnavailable, match=LATE):
                server.request("GET", "/x")
            assert time.monotonic() - begun < PATIENCE + SLACK


def test_what_is_not_safe_is_not_tried_again(lasting: Scene, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are sent once, whatever becomes of them; what only reads is asked up to four times."""
    monkeypatch.setattr("muster.engines.opensearch.connection.client.FIRST_WAIT", 0.01)
    with lasting.opened() as work:
        scenes.write(work, [1], "Gold", fault="once")
    for act in (Reset(), BUSY, AWAY):
        for path, tries in (("/_bulk", 1), ("/_doc/", 1), ("/_refresh", 4)):
            proxy.plan = only(path, act, method="PUT" if path == "/_doc/" else "POST")
            proxy.asked.clear()
            with lasting.at(proxy.port).opened(engine_timeout=20) as work, pytest.raises(EngineUnavailable):
                project(work)
            method = "PUT" if path == "/_doc/" else "POST"
            assert sum(one.method == method and path in one.target for one in proxy.asked) == tries
    proxy.plan = lambda _: None
    scenes.hold_whole(lasting)


def only(path: str, act: Act, method: str) -> Callable[[Asked], Act | None]:
    """Spoil the requests of one kind."""
    return lambda asked: act if asked.method == method and path in asked.target else None


def test_documents_that_are_too_many_come_again(lasting: Scene, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a busy server turns away of a batch is sent again, and nothing else of it."""
    monkeypatch.setattr("muster.engines.opensearch.index.bulk.SLOWEST", 0.01)
    with lasting.opened() as work:
        scenes.write(work, range(10), "Gold", kind="new")
    sent = []

    def plan(asked: Asked) -> Act | None:
        if "/_bulk" not in asked.target:
            return None
        sent.append(asked.body.count(b"\n") // 2)
        return turned_away(proxy, asked) if len(sent) < 4 else None

    proxy.plan = plan
    with lasting.at(proxy.port).opened() as work:
        assert project(work).refused == ()
    assert sent == [10, 5, 3, 2]
    scenes.hold_whole(lasting)


def turned_away(proxy: Proxy, asked: Asked) -> Reply:
    """Pass on every second document of a batch, and turn the others away."""
    lines = asked.body.splitlines(keepends=True)
    pairs = list(zip(lines[::2], lines[1::2], strict=True))
    taken = [pair for number, pair in enumerate(pairs) if number % 2]
    answer = json.loads(str(proxy.passed_on(replace(asked, body=b"".join(b"".join(pair) for pair in taken))).body))
    items = iter(answer["items"])
    busy = {"type": "rejected_execution_exception", "reason": "queue is full"}
    answer["items"] = [
        next(items)
        if number % 2
        else {"index": {**json.loads(pair[0])["index"], "_index": "-", "status": 429, "error": busy}}
        for number, pair in enumerate(pairs)
    ]
    return Reply(body=answer)


def test_an_unreliable_server_is_got_through(lasting: Scene, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every fourth request spoilt, done or not done, a process that follows gets everything across, once."""
    print(f"MUSTER_SEED={SEED}")
    monkeypatch.setattr("muster.engines.opensearch.connection.client.FIRST_WAIT", 0.01)
    luck = random.Random(SEED)
    proxy.plan = lottery(proxy, luck, 0.25)
    with lasting.opened() as here, lasting.at(proxy.port).opened() as work:
        for number in range(ROUNDS):
            some = luck.sample(range(scenes.TABLES), 10)
            scenes.write(here, some, luck.choice(("Gold", "Plain")), **{f"found{number}": number})
            rounds = follow(work, lambda _: here.engine.position() == here.record.position())
            assert {type(one) for one in rounds} <= {Projected, EngineUnavailable}
    proxy.plan = lambda _: None
    scenes.hold_whole(lasting)
