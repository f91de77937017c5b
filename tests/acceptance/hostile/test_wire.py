"""What comes over the wire and is no request that anybody should send: refused by what is wrong with it, at once."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
import pytest

from tests.acceptance.command import answer
from tests.acceptance.hostile.scene import BULK, GUID, NAME, SEARCH, TYPEDEFS, count, entity
from tests.acceptance.serving import Served, served

MOST = 16_777_216
"""Bytes of a body."""
SOON = 5.0
DEEP = 100_000
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \n",
    "null": b"null",
    "a text": b'"text"',
    "no end": b'{"entities": [',
    "open lists": b"[" * DEEP,
    "lists": b"[" * DEEP + b"]" * DEEP,
    "objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "too large a number": b'{"entities": 1e400, "dsl": 1e400, "enumDefs": 1e400}',
    "a long number": b'{"entities": 1%s, "dsl": 1%s}' % (b"0" * 5_000, b"0" * 5_000),
    "no number": b'{"entities": NaN, "dsl": Infinity}',
    "half a character": b'{"\\ud800": 1, "entities": "\\udfff"}',
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "UTF-16": '{"dsl": {}}'.encode("utf-16"),
    "compressed": gzip.compress(b'{"dsl": {}}'),
    "a bomb": gzip.compress(b" " * 50_000_000),
}
CLAUSES: dict[str, Any] = {
    "nested": '{"bool":{"must":[' * 200 + '{"match_all":{}}' + "]}}" * 200,
    "terms": {"terms": {"name.keyword": [str(number) for number in range(70_000)]}},
    "clauses": {"bool": {"must": [{"term": {f"a{number}": 1}} for number in range(2_000)]}},
    "a pattern of patterns": {"regexp": {"name.keyword": "((((a{1,100}){1,100}){1,100}){1,100})"}},
    "a long pattern": {"regexp": {"name.keyword": "(a|aa)*" * 200}},
    "groups": {"simple_query_string": {"query": "(" * 5_000 + "a" + ")" * 5_000}},
}
PLAIN: dict[str, Any] = {
    "backtracking": {"regexp": {"name.keyword": "(a|aa)*b" * 50}},
    "stars": {"wildcard": {"name.keyword": "*a" * 5_000}},
    "questions": {"wildcard": {"name.keyword": "?" * 20_000}},
    "a distance": {"fuzzy": {"name.keyword": {"value": "a" * 10_000, "fuzziness": 2}}},
}
DSLS: dict[str, Any] = {
    "a large page": {"size": 10_001},
    "aggregations": {"aggs": {str(number): {"terms": {"field": "name.keyword"}} for number in range(1_000)}},
    "keys": {"sort": [{f"a{number}": "asc"} for number in range(10_000)]},
    "a negative page": {"from": -1},
    "a page of halves": {"size": 1.5},
}
PATHS: dict[str, int] = {
    f"{GUID}%2F": 404,
    f"{GUID}..%2F..%2Fbulk": 404,
    f"/{GUID}x": 404,
    f"{GUID}%00": 404,
    f"{GUID}%ff": 404,
    f"{GUID}%ed%a0%80": 404,
    f"{GUID}{'a' * 8_192}": 404,
    f"{GUID}{'a' * 65_400}": 431,
    f"{NAME}%00?attr:qualifiedName=%00": 404,
    f"{NAME}Table?attr:qualifiedName=%ff": 404,
    f"{NAME}Table": 400,
    f"{TYPEDEFS}?type=%00": 400,
    "/api/meta/types/typedef/name/%00": 404,
    "/api/service/users?limit=99999999999999999999": 400,
    "/api/service/users?filter=" + '{"$and":[' * 300 + "{}" + "]}" * 300: 400,
    "/api/service/users?filter={": 400,
}
HEADS: dict[str, tuple[bytes, int]] = {
    "two lengths": (b"POST / HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n[1,2]", 400),
    "a length and chunks": (
        b"POST / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "a length below nothing": (b"POST / HTTP/1.1\r\ncontent-length: -5\r\n\r\n", 400),
    "too large a length": (b"POST / HTTP/1.1\r\ncontent-length: 999999999999999999\r\n\r\n", 413),
    "no length at all": (b"POST / HTTP/1.1\r\ncontent-length: 99999999999999999999999\r\n\r\n", 400),
    "NUL": (b"GET /api/\x00 HTTP/1.1\r\n\r\n", 400),
    "no such method": (b"FOO / HTTP/1.1\r\n\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "a line within a header": (b"GET /healthz HTTP/1.1\r\nx-request-id: a\nb\r\n\r\n", 400),
    "headers": (b"GET /healthz HTTP/1.1\r\n" + b"x: y\r\n" * 20_000 + b"\r\n", 431),
}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service, in order and without a fault in its log when all is over."""
    with served(tmp_path_factory.mktemp("wire") / "data") as made:
        with made.client() as http:
            assert http.post(BULK, json={"entities": [entity("Table", "a" * 100)]}).status_code == httpx.codes.OK
            yield made
            assert count(http, {"match_all": {}}) == 1
        made.stop()
        assert all(finding["ok"] for finding in answer(made.data, "doctor")["findings"])
        assert "Traceback" not in made.log.read_text()


@pytest.fixture(scope="module")
def http(one: Served) -> Iterator[httpx.Client]:
    """A client that waits for no answer for long."""
    with one.client() as made:
        made.timeout = httpx.Timeout(SOON)
        yield made


def in_parts(size: int) -> Iterable[bytes]:
    """Yield a body of blanks, of which nobody is told how long it is."""
    while size > 0:
        yield b" " * min(size, 1 << 20)
        size -= 1 << 20


@pytest.mark.parametrize("body", [b" " * (MOST + 1), MOST + 1, MOST * 4], ids=["told", "by one byte", "by far"])
def test_too_large_a_body_is_refused(http: httpx.Client, body: bytes | int) -> None:
    """Whether its length is told beforehand or not."""
    said = http.post(BULK, content=body if isinstance(body, bytes) else in_parts(body))
    assert said.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    assert said.json()["causes"][0]["errorType"] == "limit_exceeded"


@pytest.mark.parametrize(
    "path", [BULK, SEARCH, TYPEDEFS, "/api/service/contracts/init", "/api/service/oauth-clients/token"]
)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_says_nothing_is_refused(http: httpx.Client, path: str, body: bytes) -> None:
    """By every route that takes one; how deep it is nested makes no difference."""
    assert http.post(path, content=body).status_code == httpx.codes.BAD_REQUEST


@pytest.mark.parametrize("said", CLAUSES.values(), ids=CLAUSES)
def test_a_query_has_limits(http: httpx.Client, said: Any) -> None:
    """What is refused has the place."""
    query = said if isinstance(said, str) else json.dumps(said)
    answer = http.post(SEARCH, content='{"dsl": {"query": ' + query + "}}")
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert answer.json()["causes"][0]["location"].startswith("/dsl")


@pytest.mark.parametrize("query", PLAIN.values(), ids=PLAIN)
def test_no_pattern_takes_long(http: httpx.Client, query: Any) -> None:
    """However it is made: it finds what it finds."""
    assert http.post(SEARCH, json={"dsl": {"query": query}}).status_code == httpx.codes.OK


@pytest.mark.parametrize("dsl", DSLS.values(), ids=DSLS)
def test_a_search_has_limits(http: httpx.Client, dsl: Any) -> None:
    """Of its page, its order and its aggregations."""
    assert http.post(SEARCH, json={"dsl": dsl}).status_code == httpx.codes.BAD_REQUEST


def test_a_page_far_away_is_empty(http: httpx.Client) -> None:
    """It costs nothing, and tells how many there are."""
    said = http.post(SEARCH, json={"dsl": {"from": 10**9, "size": 10}}).json()
    assert (said["approximateCount"], said.get("entities")) == (1, None)


def test_a_request_has_at_most_so_many_entities(http: httpx.Client) -> None:
    """Of which none is written then."""
    said = http.post(BULK, json={"entities": [entity("Table", "many", f"-{number}") for number in range(10_001)]})
    assert said.status_code == httpx.codes.BAD_REQUEST
    assert said.json()["causes"][0] == {
        "errorType": "limit_exceeded",
        "errorMessage": "10,001 entities; a request has at most 10,000",
        "location": "/entities",
    }


@pytest.mark.parametrize(("path", "status"), PATHS.items(), ids=lambda given: str(given)[:50])
def test_a_strange_address_leads_nowhere(http: httpx.Client, path: str, status: int) -> None:
    """Encoded slashes, dots, NUL, bytes that are no text, addresses without end."""
    assert http.get(path).status_code == status


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PATCH", "CONNECT"])
def test_methods_that_a_path_does_not_take(http: httpx.Client, method: str) -> None:
    """Are told, with those that it takes."""
    said = http.request(method, BULK)
    assert said.status_code == httpx.codes.METHOD_NOT_ALLOWED
    assert said.headers["allow"]


@pytest.mark.parametrize(("sent", "status"), HEADS.values(), ids=HEADS)
def test_what_is_no_request_is_refused(one: Served, sent: bytes, status: int) -> None:
    """Before anything of it is believed: two lengths are how requests are smuggled past a proxy."""
    head, line, rest = sent.partition(b"\r\n")
    bearer = f"authorization: Bearer {one.token}\r\nhost: x\r\n".encode() if line else b""
    with socket.create_connection(("127.0.0.1", one.port), timeout=SOON) as connected:
        connected.sendall(head + line + bearer + rest)
        assert connected.recv(65_536).startswith(b"HTTP/1.1 %d " % status)


def test_clients_that_leave_are_no_fault(one: Served) -> None:
    """In the middle of a body: nothing is written, and the log has no traceback for it."""
    head = f"POST {BULK} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {one.token}\r\ncontent-length: 1000\r\n\r\n"
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", one.port)) as connected:
            connected.sendall(head.encode() + b'{"entities": [')
            time.sleep(0.01)
    assert httpx.get(f"{one.url}/healthz").status_code == httpx.codes.OK
    time.sleep(0.2)
    assert "Traceback" not in one.log.read_text()


def test_slow_clients_keep_nobody_waiting(one: Served, http: httpx.Client) -> None:
    """A hundred bodies under way that never end."""
    head = f"POST {BULK} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {one.token}\r\ncontent-length: 1000\r\n\r\n"
    slow = [socket.create_connection(("127.0.0.1", one.port)) for _ in range(100)]
    for connected in slow:
        connected.sendall(head.encode() + b"{")
    began = time.monotonic()
    assert http.post(SEARCH, json={"dsl": {}}).status_code == httpx.codes.OK
    assert time.monotonic() - began < 1
    for connected in slow:
        connected.close()
