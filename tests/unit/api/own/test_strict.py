"""What no request may say, whichever of these resources it is about."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from fastapi.routing import APIRoute

from muster.api.own.strict import parameters
from muster.api.own.surface import PARTS
from tests.unit.api.own.asking import Asking, Json

ROUTES = [route for part in PARTS for route in part.router.routes if isinstance(route, APIRoute)]


def refused(api: Asking, path: str, method: str = "GET", said: Json = None) -> Json:
    """Return how a request is refused."""
    return api.ask(method, path, said, code=400)


@pytest.mark.parametrize(
    ("path", "at", "hint"),
    [
        ("/dataProducts/P/members?as_of=run:1", "/query/as_of", "did you mean `asOf`?"),
        ("/dataProducts/P/members/count?AsOf=run:1", "/query/AsOf", "did you mean `asOf`?"),
        ("/members?of=P&asOf=run:1", "/query/asOf", "there are `and`, `cursor`, `fields`"),
        ("/members/count?of=P&asOf=run:1", "/query/asOf", "there are `and`, `maxAge`, `mode`, `not`, `of`"),
        ("/dataProducts/P/runs?format=csv", "/query/format", "there are `before`, `limit`"),
        ("/dataProducts/P/runs/1?limit=1", "/query/limit", "leave it out"),
        ("/events?product=P&types=moved", "/query/types", "did you mean `type`?"),
        ("/reports/freshness?of=P", "/query/of", "there are `format`, `limit`"),
        ("/runs?=1", "/query/", "there are `before`"),
        ("/whoami?a/b~=1", "/query/a~1b~0", "leave it out"),
    ],
)
def test_a_parameter_that_is_not_there(api: Asking, path: str, at: str, hint: str) -> None:
    """Is not passed over: the answer would be to another question."""
    said = refused(api, path)
    assert (said["reason"], said["path"]) == ("invalid_input", at)
    assert said["hint"].startswith(hint)


def test_a_parameter_that_is_not_there_is_refused_of_what_writes(api: Asking) -> None:
    """Before anything is done, and of a stream of events before it begins."""
    product = api.product()
    pin = f"/dataProducts/{product.entity.guid}/pins"
    assert refused(api, f"{pin}?dry=true", "POST", {"assets": ["a"], "reason": "b"})["path"] == "/query/dry"
    said = api.sent("GET", "/events?since=3", headers={"Accept": "text/event-stream"})
    assert (said.status_code, said.json()["path"]) == (400, "/query/since")


def test_a_parameter_that_comes_twice(api: Asking) -> None:
    """Is refused where one value is taken, and taken where several are."""
    api.tables("default/strict", ["a"])
    said = refused(api, "/assets?limit=1&limit=2")
    assert (said["reason"], said["path"]) == ("invalid_input", "/query/limit")
    assert api.get("/assets?sort=name.keyword&sort=-__guid&fields=name&fields=owner")


@pytest.mark.parametrize("path", ["/dataProducts/P/members", "/assets", "/reports/uncovered"])
def test_too_many_values(api: Asking, path: str) -> None:
    """Are refused with how many there may be."""
    said = refused(api, f"{path}?{'&'.join(['sort=name'] * 11)}")
    assert (said["reason"], said["path"]) == ("limit_exceeded", "/query/sort")
    assert "11 values; at most 10 are taken" in said["message"]


@pytest.mark.parametrize("number", ["%2021", "2_1", "%2B21", "21.0", "-21", "%EF%BC%92%EF%BC%91", "21%0A", ""])
def test_a_number_is_written_in_digits(api: Asking, number: str) -> None:
    """And in nothing else, wherever it stands."""
    product = api.product().entity.guid
    told = [
        refused(api, f"/dataProducts/{product}/changes?run={number}"),
        refused(api, f"/events?after={number}"),
        refused(api, f"/assets?limit={number}"),
    ]
    assert [one["path"] for one in told] == ["/query/run", "/query/after", "/query/limit"]
    if number:
        path = f"/dataProducts/{product}/runs/{number}"
        assert refused(api, path)["path"] == refused(api, f"{path}/approve", "POST")["path"] == "/path/run"


def test_what_a_route_takes_is_seen() -> None:
    """Of every parameter whether it may come again, and whether it is a number; none is of a kind that is not known."""
    found = {(name, one) for route in ROUTES for name, one in parameters(route.dependant, "query_params").items()}
    assert {name for name, one in found if one.many} == {"of", "and", "not", "sort", "fields"}
    assert {name for name, one in found if one.number} == {"limit", "before", "run", "after"}


NULLS: Mapping[str, Json] = {
    "/reason": {"assets": ["a"], "reason": "b\0"},
    "/assets/1/id": {"assets": [{"id": "a"}, {"id": "b\0"}], "reason": "c"},
    "/a~1\0": {"a/\0": 1},
}
"""Bodies with a null character, by where it is."""


def test_a_null_character(api: Asking) -> None:
    """Is in no text: not every record could hold it."""
    product = api.product().entity.guid
    for path, bad in NULLS.items():
        said = refused(api, f"/dataProducts/{product}/pins", "POST", bad)
        assert (said["reason"], said["path"]) == ("invalid_input", path)
        assert "U+0000" in said["message"]
    assert refused(api, "/assets?q=a%00b")["path"] == "/query/q"
    assert refused(api, "/dataProducts/a%00b/runs")["path"] == "/path/ref"
    text = {"headers": {"Content-Type": "text/plain"}, "content": "name:a\0b"}
    assert api.ask("PUT", f"/dataProducts/{product}/selection", code=400, **text)["path"] == ""
    fine = api.ask("POST", "/selections/check", {"selection": r'name:"a\u0000b"'})
    assert fine["runs"] is not None
