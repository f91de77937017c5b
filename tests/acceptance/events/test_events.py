"""Events of a real service: waited for without a thread each, followed as a stream, and let go when it stops."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from tests.acceptance.events.moving import BASE, Json, Moving, moving

STREAM = {"Accept": "text/event-stream"}


@contextmanager
def following(service: Moving, headers: Mapping[str, str] | None = None, **query: Json) -> Iterator[Iterator[Json]]:
    """Follow a stream until the end of the block; gives id and event of each."""
    said = STREAM | dict(headers or {})
    with service.http.stream("GET", f"{BASE}/events", headers=said, params=query, timeout=60) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _told(answer.iter_lines())


def _told(lines: Iterator[str]) -> Iterator[Json]:
    number = None
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "id":
            number = int(value)
        elif name == "data":
            yield number, json.loads(value)


def test_who_waits_hears_within_a_second(service: Moving) -> None:
    """Of a sync that is committed meanwhile."""
    last = service.ask("GET", "/events")["paging"]["last"]
    heard: dict[str, float] = {}

    def waiting() -> None:
        with service.one.client() as client:
            answer = client.get(f"{BASE}/events", params={"after": last, "wait": "30s"})
            heard["at"] = time.monotonic()
            heard["run"] = answer.json()["data"][0]["data"]["run"]["run"]

    thread = threading.Thread(target=waiting)
    thread.start()
    time.sleep(1)
    run = service.move("P")
    committed = time.monotonic()
    thread.join(10)
    assert heard["run"] == run
    assert heard["at"] - committed < 1.0


def test_who_waits_takes_no_thread(tmp_path: Path) -> None:
    """A service with two threads has forty who wait, and answers others meanwhile."""
    with moving(tmp_path / "data", {"MUSTER_SERVE_THREADS": "2"}) as service, ThreadPoolExecutor(40) as pool:
        service.product("P")
        service.move("P")

        def waiting(_: int) -> int:
            with service.one.client() as client:
                said = client.get(f"{BASE}/events", params={"after": 1, "wait": "30s"}).json()
                return len(said["data"])

        all_of_them = pool.map(waiting, range(40))
        time.sleep(2)
        for _ in range(5):
            began = time.monotonic()
            service.ask("GET", "/dataProducts/Home.P/runs")
            assert time.monotonic() - began < 1.5
        service.move("P")
        assert list(all_of_them) == [1] * 40


def test_only_so_many_may_wait(tmp_path: Path) -> None:
    """The next one is told to come again, and has a place when another is gone."""
    with moving(tmp_path / "data", {"MUSTER_SERVE_WAITERS": "2"}) as service, ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(following(service))
        answer = service.http.get(f"{BASE}/events", params={"wait": "5s"})
        assert (answer.status_code, answer.json()["reason"]) == (503, "too_many_waiting")
        assert service.http.get(f"{BASE}/events").status_code == 200
        stack.close()
        until = time.monotonic() + 20
        while service.http.get(f"{BASE}/events", params={"wait": "1s"}).status_code == 503:
            assert time.monotonic() < until
            time.sleep(0.2)


def test_a_stream_goes_on_where_it_broke_off(service: Moving) -> None:
    """What came is not told again, what happened meanwhile is told first, what happens comes at once."""
    service.product("S")
    for _ in range(3):
        service.move("S")
    with following(service, product="Home.S") as stream:
        before = [next(stream) for _ in range(2)]
    service.move("S")
    with following(service, {"Last-Event-ID": str(before[-1][0])}, product="Home.S", after=0) as stream:
        missed = [next(stream) for _ in range(2)]
        service.move("S")
        committed = time.monotonic()
        (number, event) = next(stream)
        assert time.monotonic() - committed < 1.0
    told = [*before, *missed, (number, event)]
    assert [one for _, one in told] == service.events(product="Home.S")
    assert [number for number, _ in told] == [one["musternumber"] for _, one in told]
    assert [int(one["sequence"]) for _, one in told] == [1, 2, 3, 4, 5]


def test_streams_end_with_the_service_and_go_on_with_the_next(tmp_path: Path) -> None:
    """Nobody keeps it from stopping: neither streams nor those who wait, and both are answered to their end."""
    with moving(tmp_path / "data") as service, ThreadPoolExecutor(1) as pool:
        service.product("P")
        service.move("P")

        def waiting() -> httpx.Response:
            with service.one.client() as client:
                return client.get(f"{BASE}/events", params={"after": 1, "wait": "60s"})

        with following(service) as stream:
            number, _ = next(stream)
            waited = pool.submit(waiting)
            time.sleep(1)
            began = time.monotonic()
            assert service.one.stop() == 0
            assert time.monotonic() - began < 8
            assert list(stream) == []
        assert waited.result().json()["data"] == []
        assert "Traceback" not in service.one.log.read_text()
        service.one.start()
        service.move("P")
        with following(service, {"Last-Event-ID": str(number)}) as stream:
            assert next(stream)[1]["data"]["run"]["run"] == service.runs[-1]
