"""Webhooks over HTTP: made, changed, tried and deleted, by admins alone; no secret is told twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from muster.api.own.surface import own
from muster.catalog.token import Role
from muster.hook import Delivery, Hook, Status
from muster.service.hooks import subscribing
from tests.integration.conftest import SetClock
from tests.integration.receiver import Receiver, Reply, receiving
from tests.unit.api.driven import driven
from tests.unit.api.own.asking import Asking, Json

TYPES = ["muster.membership.held", "muster.membership.moved"]


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """A service whose webhooks may lead to this machine."""
    settings = {"hooks_allow_private": True, "hooks_timeout": 2.0}
    with driven(tmp_path_factory.mktemp("inside"), own(), **settings) as service:
        yield Asking(service, SetClock())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything."""
    with receiving() as made:
        yield made


def made(api: Asking, receiver: Receiver, **said: Json) -> Json:
    """Make a webhook and return what is answered."""
    return api.ask("POST", "/webhooks", {"url": receiver.url, **said}, code=201)


def test_a_webhook_is_made_with_a_secret(inside: Asking, receiver: Receiver) -> None:
    """That is told this once, and never again."""
    one = made(inside, receiver, description="for tests")
    secret = one.pop("secret")
    assert secret.startswith("whsec_")
    assert inside.get(f"/webhooks/{one['id']}") == one
    assert one in inside.get("/webhooks")["data"]
    said = {name: one[name] for name in ("url", "description", "product", "domain", "types", "paused", "createdBy")}
    assert said == {
        "url": receiver.url,
        "description": "for tests",
        "product": None,
        "domain": None,
        "types": TYPES,
        "paused": False,
        "createdBy": "admin",
    }
    changed = inside.ask("PATCH", f"/webhooks/{one['id']}", {"description": "changed"})
    replayed = inside.ask("POST", f"/webhooks/{one['id']}/replay", {"after": 0})
    assert not [told for told in (changed, replayed, inside.get("/webhooks")) if secret in str(told)]
    inside.ask("DELETE", f"/webhooks/{one['id']}", code=204)
    inside.ask("GET", f"/webhooks/{one['id']}", code=404)


def test_another_secret(inside: Asking, receiver: Receiver) -> None:
    """Told this once; for a while the one before signs as well, where that is wanted."""
    one = made(inside, receiver)
    path = f"/webhooks/{one['id']}"
    assert one["formerSecretUntil"] is None
    changed = inside.ask("POST", f"{path}/rotate", {"overlap": 60})
    assert changed["secret"] not in {one["secret"], None}
    assert changed["secret"] not in str(inside.get(path))
    inside.ask("PATCH", path, {"description": "changed"})
    assert inside.get(path)["formerSecretUntil"] == changed["formerSecretUntil"]

    inside.ask("POST", f"{path}/test")
    last = inside.ask("POST", f"{path}/rotate", {"overlap": 0})
    inside.ask("POST", f"{path}/test")
    secrets = [told["secret"] for told in (one, changed, last)]
    assert [[sent.is_signed(secret) for secret in secrets] for sent in receiver.received] == [
        [True, True, False],
        [False, False, True],
    ]


@pytest.mark.parametrize("overlap", [-1, 2_592_001, "1", 1.5, None])
def test_an_overlap_has_a_length(inside: Asking, receiver: Receiver, overlap: Json) -> None:
    """Of whole seconds, 30 days at most."""
    one = made(inside, receiver)
    assert inside.ask("POST", f"/webhooks/{one['id']}/rotate", {"overlap": overlap}, code=400)["path"] == "/overlap"


def test_what_a_webhook_is_told_of(inside: Asking, receiver: Receiver) -> None:
    """A product or a domain, by whatever names it; told by guid, and changed back to all."""
    product = inside.product(domain="Hooked")
    guid = product.entity.guid
    domain = inside.work.record.entity(product.entity.attributes["parentDomainQualifiedName"]).guid
    one = made(inside, receiver, product=f"Hooked.{product.entity.name}", types=TYPES[:1])
    assert (one["product"], one["domain"], one["types"]) == (guid, None, TYPES[:1])
    path = f"/webhooks/{one['id']}"
    said = inside.ask("PATCH", path, {"domain": "Hooked"})
    assert (said["product"], said["domain"], said["types"]) == (None, domain, TYPES[:1])
    said = inside.ask("PATCH", path, {"description": "x", "types": TYPES})
    assert (said["product"], said["domain"], said["types"]) == (None, domain, TYPES)
    said = inside.ask("PATCH", path, {"domain": None})
    assert (said["product"], said["domain"]) == (None, None)


@pytest.mark.parametrize("named", ["product", "domain"])
def test_what_a_webhook_cannot_be_told_of(inside: Asking, receiver: Receiver, named: str) -> None:
    """Is not found where it is named, when the webhook is made and when it is changed."""
    path = f"/webhooks/{made(inside, receiver)['id']}"
    told = [
        inside.ask("POST", "/webhooks", {"url": receiver.url, named: "nobody"}, code=404),
        inside.ask("PATCH", path, {named: "nobody"}, code=404),
    ]
    assert [(one["path"], "dotted name" in one["hint"]) for one in told] == [(f"/{named}", True)] * 2


def test_a_webhook_is_paused_by_whoever_asked(inside: Asking, receiver: Receiver) -> None:
    """Pausing twice keeps who was first; resuming forgets it."""
    path = f"/webhooks/{made(inside, receiver)['id']}"
    for paused, because in ((True, "by admin"), (True, "by admin"), (False, None), (False, None)):
        said = inside.ask("PATCH", path, {"paused": paused})
        assert (said["paused"], said["pausedBecause"]) == (paused, because)


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({}, "/url"),
        ({"url": None}, "/url"),
        ({"url": 5}, "/url"),
        ({"url": ""}, "/url"),
        ({"url": "ftp://127.0.0.1/"}, "/url"),
        ({"url": "http://93.184.216.34/"}, "/url"),
        ({"url": "http://nobody.invalid/"}, "/url"),
        ({"product": 5}, "/product"),
        ({"product": "a", "domain": "b"}, "/domain"),
        ({"types": []}, "/types"),
        ({"types": ["other"]}, "/types/0"),
        ({"description": "x" * 1001}, "/description"),
        ({"after": -1}, "/after"),
        ({"after": 10**9}, "/after"),
        ({"after": True}, "/after"),
        ({"secret": "mine"}, "/secret"),
    ],
)
def test_what_is_no_webhook(inside: Asking, receiver: Receiver, said: Json, path: str) -> None:
    """Says where in the body it stands, and makes none."""
    before = inside.get("/webhooks")["paging"]["total"]
    body = said if said == {} or "url" in said else {"url": receiver.url, **said}
    assert inside.ask("POST", "/webhooks", body, code=400)["path"] == path
    assert inside.get("/webhooks")["paging"]["total"] == before


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://[fd00:ec2::254]/",
        "https://93.184.216.34:8443/",
        "https://0.0.0.0/",
    ],
)
def test_nobody_is_led_inside_without_leave(api: Asking, url: str) -> None:
    """However the address is written, when it is made and when it is changed."""
    refused = api.ask("POST", "/webhooks", {"url": url}, code=400)
    assert refused["path"] == "/url"
    fine = api.ask("POST", "/webhooks", {"url": "https://93.184.216.34/in"}, code=201)
    assert api.ask("PATCH", f"/webhooks/{fine['id']}", {"url": url}, code=400)["path"] == "/url"
    api.ask("DELETE", f"/webhooks/{fine['id']}", code=204)


def test_there_are_only_so_many(inside: Asking, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more is refused until another is deleted."""
    monkeypatch.setattr(subscribing, "MOST", inside.get("/webhooks")["paging"]["total"] + 1)
    one = made(inside, receiver)
    refused = inside.ask("POST", "/webhooks", {"url": receiver.url}, code=400)
    assert refused["reason"] == "limit_exceeded"
    inside.ask("DELETE", f"/webhooks/{one['id']}", code=204)
    made(inside, receiver)


def test_a_ping_tells_how_it_is_taken(inside: Asking, receiver: Receiver) -> None:
    """Signed as events are; a webhook that is paused gets it too."""
    one = made(inside, receiver)
    path = f"/webhooks/{one['id']}"
    receiver.reply = lambda _: Reply(200, b"pong")
    said = inside.ask("POST", f"{path}/test")
    assert (said["delivered"], said["code"], said["said"]) == (True, 200, "pong")
    (came,) = receiver.received
    assert came.is_signed(one["secret"])
    assert (came.event["type"], came.event["subject"], came.event["id"]) == ("muster.ping", one["id"], came.id)
    receiver.reply = lambda _: Reply(500, b"no")
    inside.ask("PATCH", path, {"paused": True})
    said = inside.ask("POST", f"{path}/test")
    assert (said["delivered"], said["code"], said["said"]) == (False, 500, "no")
    assert inside.get(f"{path}/deliveries")["data"] == []


def test_a_ping_to_nobody_tells_so(inside: Asking, receiver: Receiver) -> None:
    """With the reason."""
    one = made(inside, receiver)
    inside.work.record.change_hook(_elsewhere(inside, one["id"]))
    said = inside.ask("POST", f"/webhooks/{one['id']}/test")
    assert (said["delivered"], said["code"]) == (False, None)
    assert said["said"]


def _elsewhere(api: Asking, guid: str) -> Hook:
    """Return a hook with an address where nobody is."""
    return replace(api.work.record.hook(guid), url="http://127.0.0.1:1/")


def test_deliveries_are_listed_page_by_page(inside: Asking, receiver: Receiver) -> None:
    """By how they stand; one that is dead is asked for once more, one that waits already is not."""
    one = made(inside, receiver)
    inside.ask("PATCH", f"/webhooks/{one['id']}", {"paused": True})
    hook, record = inside.work.record.hook(one["id"]), inside.work.record
    path = f"/webhooks/{one['id']}/deliveries"
    fence = record.lease("hooks", "test", at=2**60, until=2**60)
    assert fence is not None
    for number in (1, 2, 3):
        status = Status.DEAD if number == 2 else Status.DELIVERED
        record.settle(fence, hook, Delivery(hook.guid, number, status, 1, 1_700_000_000_000, None, 500, "no"))
    assert [one["number"] for one in inside.get(path)["data"]] == [3, 2, 1]
    assert inside.get(path, params={"limit": 2})["paging"] == {"before": 2}
    assert [one["number"] for one in inside.get(path, params={"before": 2})["data"]] == [1]
    dead = {
        "number": 2,
        "status": "dead",
        "tries": 1,
        "at": "2023-11-14T22:13:20.000Z",
        "due": None,
        "code": 500,
        "said": "no",
    }
    assert inside.get(path, params={"status": "dead"}) == {"data": [dead], "paging": {}}
    asked = inside.ask("POST", f"{path}/2/redeliver", code=202)
    assert (asked["status"], asked["tries"]) == ("again", 0)
    inside.ask("POST", f"{path}/2/redeliver", code=409)
    inside.ask("POST", f"{path}/9/redeliver", code=404)
    inside.ask("POST", f"{path}/0/redeliver", code=400)
    assert inside.ask("GET", path, params={"status": "lost"}, code=400)["path"] == "/query/status"


ROUTES = [
    ("POST", "/webhooks"),
    ("GET", "/webhooks"),
    ("GET", "/webhooks/x"),
    ("PATCH", "/webhooks/x"),
    ("DELETE", "/webhooks/x"),
    ("POST", "/webhooks/x/test"),
    ("POST", "/webhooks/x/replay"),
    ("GET", "/webhooks/x/deliveries"),
    ("POST", "/webhooks/x/deliveries/1/redeliver"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_webhooks_are_for_admins(inside: Asking, method: str, path: str) -> None:
    """They send what is in the catalog elsewhere."""
    for role in (Role.VIEWER, Role.EDITOR):
        assert inside.sent(method, path, role=role).status_code == 403
    assert inside.sent(method, path, role=None).status_code == 401


@pytest.mark.parametrize(("method", "path"), [one for one in ROUTES if "/x" in one[1]])
def test_a_webhook_that_is_not_there(inside: Asking, method: str, path: str) -> None:
    """Is not found, whatever is asked of it."""
    said = {"after": 0} if path.endswith("replay") else {}
    body = said if method in {"POST", "PATCH"} else None
    assert "no webhook `x`" in inside.ask(method, path, body, code=404)["message"]
