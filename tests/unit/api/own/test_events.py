"""Events over HTTP: page by page, by what they are about, waited for and refused."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from muster.api.own.surface import own
from muster.catalog.product import Product
from muster.catalog.token import Role
from tests.integration.conftest import SetClock
from tests.unit.api.driven import driven
from tests.unit.api.own.asking import Asking, Json, fresh

MOVED, HELD = "muster.membership.moved", "muster.membership.held"


@pytest.fixture
def told(api: Asking) -> Product:
    """A product of three tables that was synced, and then emptied, which was held."""
    scope = f"default/events/{fresh('s')}"
    api.tables(scope, "abc")
    made = api.product(f"type:Table state:ACTIVE qualifiedName:{scope}/*", domain=fresh("D"))
    api.sync(made)
    api.tables(scope, "")
    api.sync(made)
    return made


def of(api: Asking, product: Product, **query: Json) -> Json:
    """Return the events of a product."""
    return api.get("/events", params={"product": product.entity.guid, **query})


def test_an_event_is_a_cloud_event(api: Asking, told: Product) -> None:
    """With what the run did, to whom, and where to read on."""
    moved, held = of(api, told)["data"]
    guid, name = told.entity.guid, told.entity.name
    runs = {run["run"]: run for run in api.get(f"/dataProducts/{guid}/runs")["data"]}
    members = [one["asset"]["guid"] for one in api.get(moved["data"]["changes"].removeprefix("/api/v1"))["data"]]
    assert (moved["specversion"], moved["datacontenttype"]) == ("1.0", "application/json")
    assert (moved["type"], held["type"]) == (MOVED, HELD)
    assert moved["id"] == f"{api.work.record.identity()}:{moved['musternumber']}"
    assert (moved["source"], moved["subject"]) == (f"/dataProducts/{guid}", guid)
    assert [one["sequence"] for one in (moved, held)] == ["0000000001", "0000000002"]
    assert moved["sequencetype"] == "Integer"
    assert moved["time"] == runs[moved["data"]["run"]["run"]]["at"]
    assert moved["data"]["run"] == runs[moved["data"]["run"]["run"]]
    assert moved["data"]["product"]["guid"] == guid
    assert moved["data"]["product"]["dottedName"].endswith(f".{name}")
    assert moved["data"]["causes"] == [{"cause": "first run", "joined": 3, "left": 0}]
    assert moved["data"]["joined"] == {"assets": members, "truncated": False}
    assert held["data"]["left"]["assets"] == members
    assert held["data"]["run"]["heldBecause"]
    assert held["data"]["causes"] == [{"cause": "asset archived", "joined": 0, "left": 3}]


def test_attributes_are_named_as_cloud_events_are(api: Asking, told: Product) -> None:
    """In lower case and digits, at most twenty of them; all values are texts or numbers."""
    for event in of(api, told)["data"]:
        context = {name: value for name, value in event.items() if name != "data"}
        assert all(name.isascii() and name.isalnum() and name == name.lower() for name in context)
        assert all(isinstance(value, str | int) and value != "" for value in context.values())
        assert {"specversion", "id", "source", "type"} <= context.keys()


def test_only_a_hundred_assets_are_named(api: Asking) -> None:
    """The first that came to the catalog; all are listed where the event says."""
    scope = f"default/events/{fresh('s')}"
    api.tables(scope, [f"t{number:03}" for number in range(101)])
    made = api.product(f"type:Table state:ACTIVE qualifiedName:{scope}/*")
    api.sync(made)
    (event,) = of(api, made)["data"]
    joined = event["data"]["joined"]
    all_of_them = api.get(event["data"]["changes"].removeprefix("/api/v1"), params={"limit": 1000})["data"]
    assert joined["truncated"]
    assert joined["assets"] == [one["asset"]["guid"] for one in all_of_them][:100]
    assert event["data"]["causes"] == [{"cause": "first run", "joined": 101, "left": 0}]


def test_pages_go_on_after_a_number(api: Asking, told: Product) -> None:
    """Until the last event, of whatever product; nothing is told twice."""
    everything = api.get("/events")
    last = everything["paging"]["last"]
    numbers, after = [], 0
    while (some := api.get("/events", params={"after": after, "limit": 1}))["data"]:
        numbers += [one["musternumber"] for one in some["data"]]
        after = some["paging"]["after"]
    assert numbers == [one["musternumber"] for one in everything["data"]] == list(range(1, last + 1))
    assert some["paging"] == {"after": last, "last": last}
    assert of(api, told, limit=1)["paging"]["after"] < last
    assert of(api, told)["paging"] == {"after": last, "last": last}


def test_events_are_narrowed_down(api: Asking, told: Product) -> None:
    """By product, by domain, by type; a product that is deleted is still one."""
    other = api.product()
    api.sync(other, force=True)
    guid, domain = told.entity.guid, told.entity.attributes["parentDomainQualifiedName"]
    subjects = {one["subject"] for one in api.get("/events", params={"domain": domain})["data"]}
    assert subjects == {guid}
    assert [one["type"] for one in of(api, told, type=HELD)["data"]] == [HELD]
    assert [one["subject"] for one in of(api, other)["data"]] == [other.entity.guid]
    before = of(api, told)["data"]
    api.work.record.delete_product(guid, by="ada", at=1)
    assert of(api, told)["data"] == before


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"after": 10**9}, "/query/after"),
        ({"after": -1}, "/query/after"),
        ({"after": "x"}, "/query/after"),
        ({"limit": 0}, "/query/limit"),
        ({"limit": 1001}, "/query/limit"),
        ({"wait": "61s"}, "/query/wait"),
        ({"wait": "2m"}, "/query/wait"),
        ({"wait": "soon"}, "/query/wait"),
        ({"wait": "-1s"}, "/query/wait"),
        ({"type": "moved"}, "/query/type"),
        ({"product": "a", "domain": "b"}, "/query/domain"),
    ],
)
def test_what_cannot_be_answered(api: Asking, query: Json, path: str) -> None:
    """Says where in the request it stands."""
    assert api.ask("GET", "/events", params=query, code=400)["path"] == path


@pytest.mark.parametrize("query", [{"product": "nobody"}, {"domain": "nowhere"}])
def test_what_is_not_there(api: Asking, query: Json) -> None:
    """Is not found, which is said of the parameter that names it."""
    said = api.ask("GET", "/events", params=query, code=404)
    assert (said["path"], "dotted name" in said["hint"]) == (f"/query/{next(iter(query))}", True)


@pytest.mark.parametrize("said", ["x", "-1", "1.5", "9" * 40, "", "99999"])
def test_a_last_event_that_is_none(api: Asking, said: str) -> None:
    """Is refused at its header, as a stream and without one: no number, or one of what has not happened yet."""
    for accept in ("text/event-stream", "application/json"):
        headers = {"Last-Event-ID": said, "Accept": accept}
        assert api.ask("GET", "/events", headers=headers, code=400)["path"] == "/header/Last-Event-ID"


def test_a_last_event_counts_before_after(api: Asking, told: Product) -> None:
    """A client that goes on says both: the address that it had, and how far it came."""
    first, second = of(api, told)["data"]
    found = api.get(
        "/events",
        params={"product": told.entity.guid, "after": 0},
        headers={"Last-Event-ID": str(first["musternumber"])},
    )
    assert found["data"] == [second]


def test_a_viewer_may_read_them(api: Asking) -> None:
    """And nobody without a token."""
    assert api.sent("GET", "/events", role=Role.VIEWER).status_code == 200
    assert api.sent("GET", "/events", role=None).status_code == 401


def test_who_waits_is_answered_when_something_happens(api: Asking, told: Product) -> None:
    """Within a second; what happens to others keeps them waiting, and in the end there is nothing."""
    last = api.get("/events")["paging"]["last"]
    began = time.monotonic()
    assert of(api, told, after=last, wait="1s")["data"] == []
    assert 1.0 <= time.monotonic() - began < 2.0
    other = api.product()
    threading.Timer(0.5, api.sync, (other,), {"force": True}).start()
    began = time.monotonic()
    assert of(api, told, after=last, wait="2s")["data"] == []
    assert time.monotonic() - began >= 2.0
    last = api.get("/events")["paging"]["last"]
    threading.Timer(0.5, api.sync, (told,), {"force": True}).start()
    began = time.monotonic()
    (event,) = of(api, told, after=last, wait="30s")["data"]
    assert time.monotonic() - began < 3.0
    assert event["type"] == MOVED


@pytest.fixture
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """A service where nobody may wait."""
    with driven(tmp_path_factory.mktemp("full"), own(), serve_waiters=0) as service:
        yield Asking(service, SetClock())


def test_more_than_may_wait_are_told_to_come_again(full: Asking) -> None:
    """Also those who ask for a stream; who does not wait is answered."""
    assert full.get("/events") == {"data": [], "paging": {"after": 0, "last": 0}}
    for how in ({"params": {"wait": "30s"}}, {"headers": {"Accept": "text/event-stream"}}):
        answer = full.sent("GET", "/events", **how)
        assert (answer.status_code, answer.json()["reason"]) == (503, "too_many_waiting")
        assert answer.headers["retry-after"] == "5"
