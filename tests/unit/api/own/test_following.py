"""Events as a stream: in the format that browsers read, alive while nothing happens, and not for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import orjson
import pytest

from muster.api.own import following
from muster.catalog.product import Product
from muster.errors import RecordUnavailable
from tests.unit.api.own.asking import Asking, Json


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams live for a second and a half, and say every half of one that they are there."""
    monkeypatch.setattr(following, "LIFE", 1.5)
    monkeypatch.setattr(following, "BEAT", 0.5)


@pytest.fixture
def synced(api: Asking) -> Product:
    """A product that was synced."""
    made = api.product()
    api.sync(made, force=True)
    return made


def stream(api: Asking, headers: Json = None, **query: Json) -> bytes:
    """Return a whole stream."""
    said = {"Accept": "text/event-stream", **(headers or {})}
    answer = api.sent("GET", "/events", params=query, headers=said)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert "content-encoding" not in answer.headers
    return answer.content


def told(body: bytes) -> Iterator[tuple[int, Json]]:
    """Yield number and event of each message."""
    for block in body.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if "data" in lines:
            yield int(lines["id"]), orjson.loads(lines["data"])


def test_each_message_has_a_number_and_an_event(api: Asking, synced: Product) -> None:
    """An event is one line; clients are told how soon to come again, and before all that a comment keeps the way open."""
    body = stream(api, product=synced.entity.guid)
    assert body.startswith(b"retry: 2000\n\n")
    assert body.endswith(b"\n\n")
    assert b": still here\n\n" in body
    expected = api.get("/events", params={"product": synced.entity.guid})["data"]
    assert list(told(body)) == [(one["musternumber"], one) for one in expected]


def test_many_events_come_in_batches(api: Asking, synced: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, without a pause, in order; from a number on."""
    monkeypatch.setattr(following, "AT_ONCE", 2)
    for _ in range(5):
        api.sync(api.product(), force=True)
    everything = api.get("/events")["data"]
    assert [event for _, event in told(stream(api))] == everything
    after = everything[2]["musternumber"]
    assert [event for _, event in told(stream(api, after=after))] == everything[3:]
    assert [event for _, event in told(stream(api, {"Last-Event-ID": str(after)}, after=0))] == everything[3:]
    del synced


def test_what_happens_comes_at_once(api: Asking, synced: Product) -> None:
    """While the stream is open."""
    last = api.get("/events")["paging"]["last"]
    threading.Timer(0.6, lambda: api.sync(api.product(), force=True)).start()
    ((number, event),) = told(stream(api, after=last))
    assert number == event["musternumber"] == last + 1
    del synced


def test_a_stream_ends_when_the_record_is_away(api: Asking, synced: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order: the client comes again."""
    reads, page = [], following.page

    def once(*how: Json) -> Json:
        reads.append(how)
        if len(reads) > 1:
            raise RecordUnavailable("away")
        return page(*how)

    monkeypatch.setattr(following, "page", once)
    assert [event["subject"] for _, event in told(stream(api, product=synced.entity.guid))] == [synced.entity.guid]
    assert len(reads) == 2


def test_a_stream_that_cannot_begin_is_an_error(api: Asking) -> None:
    """With a status of its own, not a stream that breaks off."""
    answer = api.sent("GET", "/events", params={"after": 10**9}, headers={"Accept": "text/event-stream"})
    assert (answer.status_code, answer.json()["path"]) == (400, "/query/after")


@pytest.mark.parametrize(
    ("accept", "streams"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream;q=0.9, */*", True),
        ("application/json, text/event-stream", True),
        ("*/*", False),
        ("application/json", False),
        ("", False),
    ],
)
def test_who_names_the_format_gets_it(api: Asking, accept: str, streams: bool) -> None:  # noqa: FBT001 - of a table
    """Everybody else gets a page."""
    answer = api.sent("GET", "/events", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("text/event-stream" if streams else "application/json")
