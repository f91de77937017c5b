"""Every route is asked wrongly in every way: each answer says what is wrong as the clients of its surface read it."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from muster.catalog.token import Role
from tests.acceptance.asking import SETTINGS, UNKNOWN, Fresh, Scene, asked, path_of
from tests.acceptance.command import run
from tests.acceptance.hostile.mutations import mutated
from tests.acceptance.routes import APP, DESCRIBED, PREFIXES, ROUTES, Route
from tests.acceptance.serving import Served, served
from tests.integration.record.conftest import postgresql_server

__all__ = ["postgresql_server"]

Json = Any
Check = Callable[[int, Json], None]

MOST = 65_536
"""Bytes of a body, in this service."""
DEEP = 20_000
SECRET = re.compile(r"Traceback|File \"|site-packages|sqlalchemy|psycopg|\.py\b", re.IGNORECASE)
"""What no answer may have in it."""


def _atlan(status: int, body: Json) -> None:
    """Atlan's clients read five keys, a code among them that begins with the status; where stands in the causes."""
    assert set(body) == {"errorCode", "errorMessage", "errorId", "errorCause", "causes"}
    assert all(set(one) == {"errorType", "errorMessage", "location"} for one in body["causes"])
    assert re.fullmatch(rf"ATLAS-{status}-00-[0-9A-Z]{{3,4}}", body["errorCode"])
    assert body["errorMessage"]


def _openmetadata(status: int, body: Json) -> None:
    """OpenMetadata's client wants the status as a number, and a message (contract, section 3)."""
    keys = {"code", "errorType", "message", "reason", "requestId"}
    assert keys <= set(body) <= keys | {"path", "hint"}
    assert (type(body["code"]), body["code"]) == (int, status)
    assert re.fullmatch("[A-Z_]+", body["errorType"])
    assert re.fullmatch("[a-z_]+", body["reason"])
    assert body["message"]


def _plain(_: int, body: Json) -> None:
    """Muster's own: a code, a message."""
    assert {"code", "message", "requestId"} <= set(body) <= {"code", "message", "requestId", "path", "hint"}
    assert re.fullmatch("[a-z_]+", body["code"])
    assert body["message"]


SHAPES: Mapping[str, Check] = {
    "/api/meta": _atlan,
    "/api/service": _atlan,
    "/api/sql": _atlan,
    "/events": _atlan,
    "/auth": _atlan,
    "/api/v1": _openmetadata,
    "/sdk/2.0/api/v1": _openmetadata,
}
"""By prefix, the shape of an error; everywhere else it is the plain one."""

IDS: Mapping[str, str] = {
    "nobody's": UNKNOWN,
    "no id": "x",
    "dotted": "No.Body",
    "no name": "a..b",
    "open": "%22a",
    "long": "a" * 3_000,
    "a slash": "a%2Fb",
    "a slash alone": "%2F",
    "dots": "..",
    "encoded dots": "%2e%2e",
    "a way up": "..%2F..%2Fhealthz",
    "NUL": "%00",
    "half a character": "%ED%A0%80",
    "no character": "%ff%fe",
    "a blank": "%20",
    "lines": "a%0d%0aX-Injected:%20yes",
    "a quotation mark": "%27%22%3b--",
    "a percent": "%25",
    "a question": "a%3fb%23c",
    "another's words": "%7B%24ne%3A1%7D",
}

BODIES: Mapping[str, bytes] = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "null": b"null",
    "a text": b'"text"',
    "a number": b"1",
    "true": b"true",
    "a list": b"[1, null, [], {}]",
    "lists": b"[[[[]]]]",
    "an object": b'{"nobody": {"knows": ["this"]}}',
    "nulls": b'{"name": null, "entities": null, "dsl": null, "assets": null, "selection": null, "id": null}',
    "wrong types": b'{"name": 1, "entities": 1, "dsl": 1, "assets": 1, "selection": 1, "id": 1, "reason": 1}',
    "no end": b'{"name": ',
    "two": b"{} {}",
    "no JSON": b"name=x&y=z",
    "open lists": b"[" * DEEP,
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * (DEEP // 2) + b"1" + b"}" * (DEEP // 2),
    "nested a little": b'{"selection":' + b'{"a":' * 300 + b"1" + b"}" * 301,
    "too large a number": b'{"name": 1e400}',
    "a long number": b'{"name": 1%s}' % (b"0" * 5_000),
    "no number": b'{"name": NaN}',
    "half a character": b'{"name": "\\ud800"}',
    "half a key": b'{"\\udfff": 1}',
    "NUL": b'{"name": "a\\u0000b"}',
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "a mark of order": b"\xef\xbb\xbf{}",
    "compressed": b"\x1f\x8b\x08\x00",
}
REFUSED = {
    *("nothing", "blanks", "null", "no end", "two", "no JSON", "open lists", "deep lists", "deep objects"),
    *("too large a number", "no number", "half a character", "half a key", "no UTF-8", "UTF-16"),
    *("a mark of order", "compressed"),
}
"""What no route takes that reads JSON."""
UNREAD = {"POST /api/meta/task/search"}
"""Routes that say what they say whatever is sent."""
EMPTY = {
    "POST /api/v1/dataProducts/{ref}/sync",
    "POST /api/v1/products/sync",
    "POST /api/v1/dataProducts/{ref}/runs/{run}/approve",
    "POST /api/v1/dataProducts/{ref}/runs/{run}/reject",
}
"""Routes whose body may be left out."""

QUERIES: Mapping[str, str] = {
    "below nothing": "-1",
    "a word": "abc",
    "empty": "",
    "beyond numbers": "9" * 400,
    "a fraction": "1.5",
    "NUL": "%00",
    "no character": "%ff",
    "half a character": "%ED%A0%80",
    "long": "a" * 3_000,
    "JSON": "%7B%22%24ne%22%3A1%7D",
    "deep JSON": "%5B" * 2_000,
    "a cursor of ours": "eyJuYW1lIjoxLCJpZCI6MX0",
    "a cursor of nothing": "e30",
    "a cursor of much": "eyJuYW1lIjoiYSIsImlkIjoi" + "YWFh" * 2_000,
}

BEARERS: Mapping[str, Mapping[str, str]] = {
    "none": {},
    "empty": {"authorization": ""},
    "nothing after": {"authorization": "Bearer"},
    "wrong": {"authorization": "Bearer wrong"},
    "another scheme": {"authorization": "Basic YWRtaW46YWRtaW4="},
    "long": {"authorization": "Bearer " + "x" * 30_000},
    "odd": {"authorization": "Bearer \xff'\"; --"},
    "elsewhere": {"x-api-key": "$token", "cookie": "token=$token"},
    "revoked": {"authorization": "Bearer $revoked"},
    "expired": {"authorization": "Bearer $expired"},
}


@dataclass
class Attacked:
    """A service with a small bound on bodies, what there is in it, and secrets that ended."""

    scene: Scene
    ended: Mapping[str, str]

    def __post_init__(self) -> None:
        """Make what requests are about that change nothing."""
        self.lasting = self.fresh()

    def fresh(self) -> Fresh:
        """Return what a request is about that may change it."""
        return Fresh(self.scene, self.scene.user)

    def send(self, method: str, target: str, headers: Mapping[str, str] | None = None, **how: Any) -> httpx.Response:
        """Send a request to a target as it stands here: no client has it in a form of its own."""
        shown = {"authorization": f"Bearer {self.scene.one.token}"} if headers is None else headers
        raw = {name.encode(): value.encode("latin-1") for name, value in shown.items()}
        request = httpx.Request(method, self.scene.one.url, headers=list(raw.items()), **how)
        request.extensions["target"] = target.encode()
        return self.scene.http.send(request)


RECORDS = ("sqlite", *(("postgresql",) if os.environ.get("MUSTER_TEST_HOSTILE") == "all" else ()))
"""Where the record is; everywhere with `MUSTER_TEST_HOSTILE=all`."""


@pytest.fixture(scope="module", params=RECORDS)
def attacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """A service that is still in order when all is over, and says in its log neither secrets nor faults."""
    data = tmp_path_factory.mktemp("errors") / "data"
    settings = {**SETTINGS, "MUSTER_SERVE_BODY": str(MOST)}
    with ExitStack() as stack:
        if request.param == "postgresql":
            database = request.getfixturevalue("postgresql_server").database()
            settings["MUSTER_RECORD_URL"] = stack.enter_context(database)
        one = stack.enter_context(served(data, settings))
        ended = {
            "revoked": _token(one, "revoked", "--role", "admin"),
            "expired": _token(one, "expired", "--role", "admin", "--expires", "1s"),
        }
        run(data, "token", "revoke", "revoked", settings=settings)
        time.sleep(1.2)
        with one.client() as http:
            yield Attacked(Scene(one, http), ended)
        one.stop()
        log = one.log.read_text()
        assert "Traceback" not in log, log[log.index("Traceback") :][:4000]
        assert not [secret for secret in (one.token, *ended.values()) if secret in log]
        assert '"ok": false' not in run(data, "doctor", "--json", settings=settings).stdout


def _token(one: Served, name: str, *words: str) -> str:
    made = run(one.data, "token", "create", "--name", name, *words, "--json", settings=one.settings)
    return str(json.loads(made.stdout)["token"])


def shape_of(path: str) -> Check:
    """Return the shape of errors at a path."""
    return next((shape for prefix, shape in SHAPES.items() if path == prefix or path.startswith(f"{prefix}/")), _plain)


def hold(one: Served, said: httpx.Response, path: str, statuses: Iterable[int] = ()) -> None:
    """Hold an answer to what every answer is: no fault, JSON, described, in the shape of its surface, without secrets."""
    assert said.status_code < httpx.codes.INTERNAL_SERVER_ERROR or said.status_code == httpx.codes.NOT_IMPLEMENTED
    assert not statuses or said.status_code in statuses, said.status_code
    assert one.token not in said.text
    assert said.headers["x-request-id"]
    if said.status_code >= httpx.codes.BAD_REQUEST:
        assert said.headers["content-type"] == "application/json"
        assert not SECRET.search(said.text), said.text
        assert str(one.data) not in said.text
        body = said.json()
        shape_of(path)(said.status_code, body)
        assert body.get("requestId", body.get("errorId")) == said.headers["x-request-id"]


class Wrong(list[str]):
    """What is wrong with the answers to a number of requests, one line each."""

    def hold(self, name: str, one: Served, said: httpx.Response, path: str, statuses: Iterable[int] = ()) -> None:
        """Hold an answer, and note what is wrong with it."""
        try:
            hold(one, said, path, statuses)
        except (AssertionError, ValueError, KeyError) as error:
            self.append(f"{name}: {said.status_code} {str(error)[:200]} {said.text[:300]}")


HEADERS: Mapping[str, str] = {
    "empty": "",
    "a word": "abc",
    "a quotation mark": '"',
    "weak": 'W/"',
    "a version of nothing": '"1.0.0"',
    "a digit of another kind": '"\u00b2"',
    "beyond numbers": "9" * 5_000,
    "a fraction": '"0.25"',
    "far away": '"999999999.9"',
    "many": '"0.1", "0.2"',
    "lines": "a\tb",
}


def labels(routes: Iterable[Route]) -> list[str]:
    """Return what routes are called."""
    return [route.label for route in routes]


HEADED = [route for route in DESCRIBED if route.parameters("header")]
PARTED = [route for route in ROUTES if "{" in route.path and "{rest}" not in route.path]
READING = [route for route in DESCRIBED if route.takes_body]
ONCE = [route for route in READING if not route.path.startswith("/sdk/")]
"""Of the routes that read the same bodies in two forms, those of one."""
ASKED = [route for route in DESCRIBED if route.parameters("query")]


def test_every_surface_has_a_shape() -> None:
    """None is left out above."""
    assert set(PREFIXES) == set(SHAPES)


@pytest.mark.parametrize("route", PARTED, ids=labels(PARTED))
def test_bad_ids(route: Route, attacked: Attacked) -> None:
    """Whatever stands in the place of an id, with a body that is good: no fault, and an answer that is described."""
    wrong, fresh = Wrong(), attacked.lasting
    body = asked(route, fresh).get("json") if route.takes_body else None
    for name in re.findall(r"\{(\w+)\}", route.path):
        for what, value in IDS.items():
            target = path_of(route, fresh, **{name: value})
            said = attacked.send(route.method, target, **({} if body is None else {"json": body}))
            wrong.hold(f"{name} {what}", attacked.scene.one, said, target, route.statuses | {404, 405})
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", READING, ids=labels(READING))
def test_bad_bodies(route: Route, attacked: Attacked) -> None:
    """Of a request that would be done otherwise: what is no JSON is refused, and what is some has an answer."""
    wrong, good = Wrong(), asked(route, attacked.fresh())
    for what, body in BODIES.items():
        said = attacked.scene.http.request(
            route.method,
            good["url"],
            params=good.get("params"),
            content=body,
            headers={"content-type": "application/json"},
        )
        wrong.hold(what, attacked.scene.one, said, route.path, route.statuses)
        empty = route.label in EMPTY and what in {"nothing", "blanks"}
        if what in REFUSED and route.label not in UNREAD and not empty and said.status_code != httpx.codes.BAD_REQUEST:
            wrong.append(f"{what}: {said.status_code} {said.text[:200]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", ONCE, ids=labels(ONCE))
def test_bodies_that_differ_in_one_place(route: Route, attacked: Attacked) -> None:
    """From one that is good, in each place by each kind of value: done or refused, with the place."""
    wrong, good = Wrong(), asked(route, attacked.fresh())
    for place, body in mutated(good.pop("json")):
        said = attacked.scene.http.request(**good, json=body)
        wrong.hold(f"{place} {json.dumps(body)[:120]}", attacked.scene.one, said, route.path, {*route.statuses})
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("route", READING, ids=labels(READING))
def test_too_large_bodies(route: Route, attacked: Attacked) -> None:
    """By one byte, said beforehand or not; the connection is closed, since the rest is not read."""
    wrong, good = Wrong(), asked(route, attacked.lasting)
    size = MOST + 1
    for body in (b" " * size, iter([b" " * MOST, b" "])):
        said = attacked.scene.http.request(route.method, good["url"], params=good.get("params"), content=body)
        wrong.hold("large", attacked.scene.one, said, route.path, {413})
        assert said.headers["connection"] == "close"
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", ASKED, ids=labels(ASKED))
def test_bad_queries(route: Route, attacked: Attacked) -> None:
    """Each parameter that the description has, of any kind of value, or twice; and one that nobody knows."""
    wrong, fresh = Wrong(), attacked.fresh() if route.role is not Role.VIEWER else attacked.lasting
    target, needed = path_of(route, fresh), asked(route, fresh).get("params", {})
    body = {"json": asked(route, fresh)["json"]} if route.takes_body else {}
    for name, schema in [*route.parameters("query").items(), ("nobody", {})]:
        twice = attacked.send(route.method, f"{target}?{name}=1&{name}=2", **body)
        wrong.hold(f"{name} twice", attacked.scene.one, twice, route.path, route.statuses)
        others = "".join(f"&{other}={value}" for other, value in needed.items() if other != name)
        for what, value in QUERIES.items():
            said = attacked.send(route.method, f"{target}?{name}={value}{others}", **body)
            wrong.hold(f"{name} {what}", attacked.scene.one, said, route.path, route.statuses)
            refused = said.status_code == httpx.codes.BAD_REQUEST
            if schema.get("type") == "integer" and not what.startswith("beyond") and not refused:
                wrong.append(f"{name} {what}: {said.status_code}")
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("route", [one for one in ASKED if {"before", "after"} <= one.parameters("query").keys()])
def test_one_cursor_at_a_time(route: Route, attacked: Attacked) -> None:
    """Both are refused."""
    both = dict.fromkeys(("before", "after"), "eyJuYW1lIjoiYSIsImlkIjoiYSJ9")
    said = attacked.scene.http.get(path_of(route, attacked.lasting), params=both)
    hold(attacked.scene.one, said, route.path, {400})


@pytest.mark.parametrize("route", HEADED, ids=labels(HEADED))
def test_bad_headers(route: Route, attacked: Attacked) -> None:
    """Each header that the description has, and the type of the body, of any kind of value."""
    wrong, good = Wrong(), asked(route, attacked.fresh())
    for name in [*route.parameters("header"), "content-type", "accept"]:
        for what, value in HEADERS.items():
            said = attacked.scene.http.request(**good, headers={name: value.encode("latin-1")})
            wrong.hold(f"{name} {what}", attacked.scene.one, said, route.path, route.statuses)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", ROUTES, ids=labels(ROUTES))
def test_bad_tokens(route: Route, attacked: Attacked) -> None:
    """None, one that does not hold, one elsewhere than it belongs: 401 before anything of the body is looked at."""
    open_ = route.described.get("security") == []
    target, known = path_of(route, attacked.lasting), {"token": attacked.scene.one.token, **attacked.ended}
    wrong = Wrong()
    for what, headers in BEARERS.items():
        shown = {name: re.sub(r"\$(\w+)", lambda found: known[found[1]], value) for name, value in headers.items()}
        said = attacked.send(route.method, target, shown, content=b'{"broken": ')
        if route.method == "HEAD":
            assert (said.status_code, said.content) == (401, b"")
            continue
        wrong.hold(what, attacked.scene.one, said, route.path, route.statuses - {401} if open_ else {401})
        if not open_ and not said.headers["www-authenticate"].startswith("Bearer"):
            wrong.append(f"{what}: {said.headers}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", [one for one in ROUTES if one.described], ids=labels(DESCRIBED))
def test_a_refusal_for_want_of_a_token_is_described(route: Route) -> None:
    """Of all routes but the open ones."""
    assert (401 in route.statuses) or route.described.get("security") == []


@pytest.mark.parametrize("prefix", ["", "/healthz", "/openapi", *SHAPES])
@pytest.mark.parametrize("below", ["/nothing", "/nothing/at/all", "/..%2f", "/%00", "/%ff", "/" + "a" * 3_000])
def test_unknown_paths(prefix: str, below: str, attacked: Attacked) -> None:
    """404 in the shape of the prefix, whatever method is used; without a token 401, as everywhere."""
    path = prefix + below
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        hold(attacked.scene.one, attacked.send(method, path), path, {404})
        hold(attacked.scene.one, attacked.send(method, path, {}), path, {401})


PATHS = {route.path: route for route in ROUTES if "{rest}" not in route.path}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.mark.parametrize("path", PATHS)
def test_wrong_methods(path: str, attacked: Attacked) -> None:
    """405, with those that the path takes: all of them; 501 where Atlan's clients know one that is not here."""
    target, wrong = path_of(PATHS[path], attacked.lasting), Wrong()
    takes = {one.method for one in ROUTES if one.path in PATHS and one.pattern.match(unquote(target))}
    for method in METHODS:
        if method not in takes:
            said = attacked.send(method, target)
            wrong.hold(method, attacked.scene.one, said, path, {405} if shape_of(path) is not _atlan else {405, 501})
            told = said.headers.get("allow")
            if said.status_code == httpx.codes.METHOD_NOT_ALLOWED and told != ", ".join(sorted(takes)):
                wrong.append(f"{method}: allows {told}, takes {takes}")
    said = attacked.send("HEAD", target)
    if said.status_code != httpx.codes.METHOD_NOT_ALLOWED or said.content:
        wrong.append(f"HEAD: {said.status_code} {said.text}")
    assert not wrong, "\n".join(wrong)


def test_all_routes_were_asked() -> None:
    """None has a path that the tests above cannot fill in."""
    assert len(ROUTES) > len(APP.routes)
    assert {route.path for route in (*PARTED, *DESCRIBED)} >= PATHS.keys()
