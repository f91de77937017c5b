"""Policies over HTTP: said for everything, a domain or a product, by who may; what holds, and from where."""

from collections.abc import Iterator
from typing import Any

import pytest

from muster.catalog.token import Role
from tests.unit.api.own.asking import Asking, fresh

DAY = 86_400_000
NOW = 1_700_000_000_000
"""2023-11-14 22:13:20 UTC."""


@pytest.fixture(autouse=True)
def at_a_known_time(api: Asking) -> Iterator[None]:
    """It is always the same time here, whatever it is elsewhere."""
    before, api.clock.time = api.clock.time, NOW
    yield
    api.clock.time = before


def test_a_policy_is_put_read_and_taken_back(api: Asking) -> None:
    """Spans come as texts and are told in milliseconds, and in words; what is told can be put back."""
    path = f"/dataProducts/{api.product().entity.guid}/policy"
    said = {"schedule": {"every": "15m"}, "percent": 20, "least": 5, "mayEmpty": True, "freshness": "30d", "keep": 7}
    put = api.ask("PUT", path, said)
    assert put["policy"] == {**said, "schedule": {"every": 900_000}, "freshness": 30 * DAY}
    assert put["text"] == {"schedule": "every 15m", "freshness": "30d"}
    assert (put["by"], put["at"]) == ("admin", "2023-11-14T22:13:20.000Z")
    assert put["scope"]["kind"] == "dataProduct"
    assert api.get(path) == put == api.ask("PUT", path, put["policy"])
    api.ask("DELETE", path, code=204)
    gone = api.get(path)
    assert (gone["policy"], gone["text"], gone["by"], gone["at"]) == ({}, {}, None, None)


@pytest.mark.parametrize("ref", ["guid", "qualified_name", "name"])
def test_a_domain_goes_by_any_of_its_names(api: Asking, ref: str) -> None:
    """The policy is the same by each, and holds for its products."""
    home = fresh("Domain")
    product = api.product(domain=home)
    entity = api.work.record.entity(product.entity.attributes["parentDomainQualifiedName"])
    named = {"guid": entity.guid, "qualified_name": entity.key.qualified_name, "name": home}[ref]
    api.ask("PUT", f"/domains/{named}/policy", {"least": 3})
    told = api.get(f"/domains/{home}/policy")
    assert (told["policy"], told["scope"]["dottedName"]) == ({"least": 3}, home)
    assert api.get(f"/dataProducts/{product.entity.guid}/policy/effective")["policy"]["least"] == 3


def test_what_holds_is_told_with_where_it_comes_from(api: Asking) -> None:
    """Each part from the nearest scope that says it; null where nobody does."""
    home = fresh("Domain")
    product = api.product(domain=home)
    path = f"/dataProducts/{home}.{product.entity.name}/policy"
    api.ask("PUT", "/policy", {"percent": 40, "least": 40})
    api.ask(
        "PUT", f"/domains/{home}/policy", {"least": 30, "schedule": {"cron": "0 6 * * *", "timeZone": "Asia/Tokyo"}}
    )
    api.ask("PUT", path, {"freshness": "1d"})
    try:
        told = api.get(f"{path}/effective")
    finally:
        api.ask("DELETE", "/policy", code=204)
    cron = {"cron": "0 6 * * *", "timeZone": "Asia/Tokyo"}
    usual = {"keep": 1_000, "mayEmpty": False}
    assert told["policy"] == {"schedule": cron, "percent": 40, "least": 30, "freshness": DAY, **usual}
    assert told["text"]["schedule"] == "At 06:00 every day, Asia/Tokyo"
    origins = {part: None if one is None else one["kind"] for part, one in told["from"].items()}
    assert origins == {
        "schedule": "domain",
        "percent": "everything",
        "least": "domain",
        "freshness": "dataProduct",
        "keep": None,
        "mayEmpty": None,
    }


def test_guards_hold_where_nobody_speaks_of_them(api: Asking) -> None:
    """A run is held that moves more than half of the members, if more than a hundred, or all of them."""
    told = api.get(f"/dataProducts/{api.product().entity.guid}/policy/effective")
    assert told["policy"] == {"schedule": "on change", "percent": 50, "least": 100, "mayEmpty": False, "keep": 1_000}
    assert told["from"] == dict.fromkeys(told["policy"])


def test_the_next_time_is_told(api: Asking) -> None:
    """At once before the first sync; then as the schedule says, from the last sync on; null where only a change makes it so."""
    product = api.product()
    path = f"/dataProducts/{product.entity.guid}/policy"
    api.ask("PUT", path, {"schedule": {"cron": "0 6 * * *", "timeZone": "Europe/Berlin"}})
    first = api.get(f"{path}/effective")
    assert (first["last"], first["next"]) == (None, "2023-11-14T22:13:20.000Z")
    api.sync(product)
    told = api.get(f"{path}/effective")
    assert (told["last"], told["next"]) == ("2023-11-14T22:13:20.000Z", "2023-11-15T05:00:00.000Z")
    api.ask("PUT", path, {"schedule": {"every": "1h"}})
    assert api.get(f"{path}/effective")["next"] == "2023-11-14T23:13:20.000Z"
    api.ask("PUT", path, {"schedule": "on change"})
    assert api.get(f"{path}/effective")["next"] is None


@pytest.mark.parametrize(
    ("said", "path", "word"),
    [
        ({"schedule": {"cron": "0 2 30 2 *"}}, "/schedule/cron", "cron expression"),
        ({"schedule": {"cron": "0 6 * * *", "timeZone": "Mars/Olympus"}}, "/schedule/timeZone", "time zone"),
        ({"schedule": {"every": "soon"}}, "/schedule/every", "span"),
        ({"schedule": {"every": "0s"}}, "/schedule/every", "once a second"),
        ({"schedule": {"every": 2**60}}, "/schedule/every", "ten years"),
        ({"schedule": {"every": 10**30}}, "/schedule/every", "span"),
        ({"schedule": {"every": None}}, "/schedule/every", "span"),
        ({"schedule": {"every": True}}, "/schedule/every", "span"),
        ({"schedule": {"cron": "*" * 1000}}, "/schedule/cron", "cron expression"),
        ({"schedule": {"cron": 5}}, "/schedule/cron", "cron expression"),
        ({"schedule": {"cron": "0 6 * * *", "timeZone": None}}, "/schedule/timeZone", "time zone"),
        ({"schedule": {"at": "6"}}, "/schedule", "schedule"),
        ({"schedule": {"every": "1h", "cron": "0 6 * * *"}}, "/schedule", "schedule"),
        ({"schedule": ["manual"]}, "/schedule", "schedule"),
        ({"freshness": "1 day"}, "/freshness", "span"),
        ({"freshness": True}, "/freshness", "span"),
        ({"freshness": -1}, "/freshness", "0 or more"),
        ({"percent": "50"}, "/percent", "number"),
        ({"percent": -1}, "/percent", "greater"),
        ({"least": 1.5}, "/least", "whole number"),
        ({"least": 2**60}, "/least", "less"),
        ({"keep": 0}, "/keep", "greater"),
        ({"mayEmpty": 1}, "/mayEmpty", "`true` or `false`"),
        ({"limit": 5}, "/limit", "no `limit`"),
        ([], "", "object"),
    ],
)
def test_what_is_no_policy_is_refused(api: Asking, said: Any, path: str, word: str) -> None:
    """With the place in the body, and nothing is stored."""
    told = api.ask("PUT", "/policy", said, code=400)
    assert told["path"] == path
    assert word in told["message"]
    assert api.get("/policy")["policy"] == {}


def test_who_may_say_what(api: Asking) -> None:
    """Everybody reads; an editor speaks for domains and products, one who is bound for their own, an admin for everything."""
    home = fresh("Domain")
    product = api.product(domain=home)
    inside, outside = f"/dataProducts/{product.entity.guid}/policy", f"/dataProducts/{api.product().entity.guid}/policy"
    of_domain = f"/domains/{home}/policy"
    paths = ("/policy", of_domain, inside)
    for path in (*paths, f"{inside}/effective"):
        assert api.sent("GET", path, role=Role.VIEWER).status_code == 200
    for role, path, code in (
        *((Role.VIEWER, path, 403) for path in paths),
        (Role.EDITOR, "/policy", 403),
        (Role.EDITOR, of_domain, 200),
        (Role.EDITOR, inside, 200),
        (None, inside, 401),
    ):
        assert api.sent("PUT", path, role=role, json={"least": 1}).status_code == code, (role, path)
        if code != 200:
            assert api.sent("DELETE", path, role=role).status_code == code
    bound = api.bound(product.entity.attributes["parentDomainQualifiedName"])
    for path, code in ((inside, 200), (of_domain, 200), (outside, 403), ("/domains/Home/policy", 403)):
        assert api.sent("PUT", path, json={"least": 2}, headers=bound).status_code == code
    assert api.get(outside)["policy"] == {}


@pytest.mark.parametrize(
    "path", ["/domains/nowhere/policy", "/dataProducts/nothing/policy", "/dataProducts/x/policy/effective"]
)
def test_what_is_not_there_has_no_policy(api: Asking, path: str) -> None:
    """Nobody can say anything for it either."""
    assert api.get(path, code=404)["reason"] == "not_found"
