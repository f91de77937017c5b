"""What goes to a server and comes back, whichever client carries it."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from muster.engines.opensearch.connection.address import Address, Host, read_address
from muster.engines.opensearch.dialect import Product
from muster.engines.opensearch.server import Refused
from muster.errors import EngineUnavailable, InvalidInput
from tests.unit.engines.opensearch.certificates import made
from tests.unit.engines.opensearch.conftest import Opened
from tests.unit.engines.opensearch.faking import INFO, Act, Asked, Fake, Raw, Reply, Reset, fake, free_port

BUSY = Reply(429, {"error": {"type": "rejected_execution_exception", "reason": "full"}})
MISSING = Reply(404, {"error": {"type": "index_not_found_exception", "reason": "no such index"}})


def test_opening_asks_nothing(faked: Fake, opened: Opened) -> None:
    """A server is opened whether or not it is there; the first request asks who it is, the next does not."""
    server = opened(faked.address())
    assert faked.met == 0
    assert server.dialect.product is faked.product
    assert server.request("GET", "/x") == server.request("GET", "/x") == {}
    assert faked.met == 1


@pytest.mark.parametrize(
    ("body", "sent", "kind"),
    [
        ({"a": [1, "ä", None, True]}, '{"a":[1,"ä",null,true]}', "json"),
        ([{"index": {}}, {"a": 1}], '{"index":{}}\n{"a":1}\n', "x-ndjson"),
        (b'{"index":{}}\n{"a":1}\n', '{"index":{}}\n{"a":1}\n', "x-ndjson"),
        ({}, "{}", "json"),
    ],
)
def test_body_is_json_or_lines_of_it(faked: Fake, opened: Opened, body: Any, sent: str, kind: str) -> None:
    """An object is one JSON text, a sequence a line each, bytes such lines; the header says which."""
    opened(faked.address()).request("POST", "/_bulk", body=body)
    asked = faked.asked[0]
    assert asked.body.decode() == sent
    assert asked.headers["content-type"].partition(";")[0].rpartition("/")[2].rpartition("+")[2] == kind


def test_parameters_are_the_servers(faked: Fake, opened: Opened) -> None:
    """Parameters go into the URL, also those that the clients have a meaning of their own for."""
    opened(faked.address()).request("PUT", "/x", params={"timeout": "30s", "ignore": "1,2", "q": "a b&c"})
    assert faked.asked[0].target == "/x?timeout=30s&ignore=1%2C2&q=a+b%26c"


@pytest.mark.parametrize(("number", "form"), [("8.0.0", "8"), ("8.19.21", "8"), ("9.5.3", "9"), ("10.0.0-alpha1", "9")])
def test_elasticsearch_is_told_its_own_form(opened: Opened, number: str, form: str) -> None:
    """A server of an older major version is spoken to in that version's form, a newer one in the newest known."""
    with fake(Product.ELASTICSEARCH) as faked:
        faked.info = Reply(body={"version": {"number": number, "build_flavor": "default"}})
        server = opened(faked.address())
        server.request("POST", "/_search", body={})
        server.request("POST", "/_bulk", body=[{}])
        server.request("GET", "/x")
    compatible = f"compatible-with={form}"
    sent = [(one.headers["accept"], one.headers.get("content-type")) for one in faked.asked]
    plain, lines = (f"application/vnd.elasticsearch+{kind}; {compatible}" for kind in ("json", "x-ndjson"))
    assert sent == [(plain, plain), (plain, lines), (plain, faked.asked[2].headers.get("content-type"))]


def test_answer_is_decoded(faked: Fake, opened: Opened) -> None:
    """JSON of any size comes back as it is, no content as None."""
    server = opened(faked.address())
    large = {"hits": [{"_id": str(number), "text": "ä" * 100} for number in range(20_000)]}
    for reply, expected in (
        (Reply(body=large), large),
        (Reply(body=[{"a": 1}]), [{"a": 1}]),
        (Reply(body=""), None),
        (Reply(201, {}), {}),
    ):
        faked.answers(reply)
        assert server.request("GET", "/x") == expected


def test_head_asks_whether_it_is_there(faked: Fake, opened: Opened) -> None:
    """What is there answers with nothing, what is not is refused as 404."""
    server = opened(faked.address())
    assert server.request("HEAD", "/x") is None
    faked.answers(Reply(404))
    with pytest.raises(Refused) as caught:
        server.request("HEAD", "/x")
    assert (caught.value.status, caught.value.kind) == (404, "")


def test_refusal_comes_through(faked: Fake, opened: Opened) -> None:
    """What the server understood and refused is told with status, kind and reason; nothing is tried again."""
    faked.answers(MISSING)
    with pytest.raises(Refused) as caught:
        opened(faked.address()).request("GET", "/x")
    told = caught.value
    assert (told.status, told.kind, told.reason) == (404, "index_not_found_exception", "no such index")
    assert len(faked.asked) == 1


def test_what_json_cannot_express_is_refused(faked: Fake, opened: Opened) -> None:
    """A body that cannot be sent is an input that cannot be used; the server sees nothing of it."""
    server = opened(faked.address())
    for value in ({1, 2}, 1 << 70, "\ud800"):
        with pytest.raises(InvalidInput):
            server.request("POST", "/x", body={"a": value})
    assert faked.asked == []


@pytest.mark.parametrize(
    ("method", "path", "act", "tries"),
    [
        ("GET", "/x/_doc/1", Reset(), 4),
        ("GET", "/x/_doc/1", BUSY, 4),
        ("POST", "/x/_search?a=b", Reset(), 4),
        ("POST", "/_msearch", BUSY, 4),
        ("POST", "/x/_refresh", Raw(), 4),
        ("POST", "/x/_search", Reply(504, "late", "text/plain"), 1),
        ("POST", "/_bulk", Reset(), 1),
        ("POST", "/_bulk", BUSY, 1),
        ("POST", "/x/_doc", Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"), 1),
        ("PUT", "/my_search", Reset(), 1),
        ("PUT", "/x/_search", Reset(), 1),
        ("DELETE", "/x", Reset(), 1),
        ("POST", "/x/_search/point_in_time", Reset(), 1),
    ],
)
def test_only_what_is_safe_is_tried_again(
    faked: Fake, opened: Opened, method: str, path: str, act: Act, tries: int
) -> None:
    """A read is repeated when it broke or met a busy server; what may have changed something never."""
    faked.answers(act)
    with pytest.raises(EngineUnavailable):
        opened(faked.address()).request(method, path, body={"a": 1})
    assert len(faked.asked) == tries


def test_trying_again_helps(faked: Fake, opened: Opened) -> None:
    """A read that failed twice and then went through has its answer."""
    faked.answers(Reset(), BUSY, Reply(body={"a": 1}))
    assert opened(faked.address()).request("POST", "/x/_search", body={}) == {"a": 1}
    assert len(faked.asked) == 3


def test_several_hosts(faked: Fake, opened: Opened) -> None:
    """With a node away, its neighbour gets every request once, writes too: what was never sent can be sent again."""
    here, away = Host("127.0.0.1", faked.port), Host("127.0.0.1", free_port())
    server = opened(Address(faked.product, (away, here)))
    for number in range(8):
        server.request("POST", f"/x/_doc/{number}", body={"a": number})
    assert sorted(one.target for one in faked.asked) == [f"/x/_doc/{number}" for number in range(8)]


def test_nobody_there(faked: Fake, opened: Opened) -> None:
    """A refused connection says where was looked, and the server is met when it comes."""
    port = free_port()
    with pytest.raises(EngineUnavailable) as caught:
        opened(Address(faked.product, (Host("127.0.0.1", port),))).request("GET", "/x")
    assert caught.value.message == f"{faked.product} at `127.0.0.1:{port}` cannot be reached: connection refused"
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        opened(Address(faked.product, (Host("no-such-host.invalid"),))).request("GET", "/x")
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        opened(Address(faked.product, (Host("a" * 64 + ".invalid"),))).request("GET", "/x")


def test_first_contact_that_failed_is_made_again(faked: Fake, opened: Opened) -> None:
    """A server that was starting is met at the next request."""
    faked.info = Reply(503, "starting", "text/plain")
    server = opened(faked.address())
    with pytest.raises(EngineUnavailable, match="is not available: starting"):
        server.request("GET", "/x")
    faked.info = Reply(body=INFO[faked.product])
    assert server.request("GET", "/x") == {}


def test_first_contact_that_is_refused(faked: Fake, opened: Opened) -> None:
    """What does not say who it is is no search server, however it refuses."""
    for reply in (Reply(404, ""), Reply(404, {"error": "no such page"}), Reply(400, {"detail": "no"})):
        faked.info = reply
        with pytest.raises(EngineUnavailable, match=f"does not answer as a search server: status {reply.status}"):
            opened(faked.address()).request("GET", "/x")


def test_time_out(faked: Fake, opened: Opened) -> None:
    """A request ends after the time-out, is not repeated, and the error says how long was waited."""
    faked.answers(Reply(after=1.0))
    server = opened(faked.address(), timeout=0.2)
    assert server.dialect
    begun = time.monotonic()
    with pytest.raises(EngineUnavailable) as caught:
        server.request("GET", "/x")
    assert 0.2 <= time.monotonic() - begun < 0.9
    assert caught.value.message.endswith(" did not answer within 0.2 s")
    assert caught.value.hint == "try again, or wait longer with `MUSTER_ENGINE_TIMEOUT`"
    assert len(faked.asked) == 1


@pytest.mark.parametrize(
    ("act", "what"),
    [
        (Reset(), "ended the connection: connection reset by peer"),
        (Raw(), "ended the connection: Remote end closed connection without response"),
        (Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"), "ended the connection: "),
        (Raw(b"\x00garbage\r\n\r\n"), "does not answer as a search server: "),
        (Reply(body='{"a', kind="application/json"), "does not answer as a search server: it sends no JSON"),
        (Reply(body="<html>", kind="text/html"), "does not answer as a search server: it sends no JSON"),
        (Reply(body="hello", kind="text/plain"), "does not answer as a search server: it sends no JSON"),
        (Reply(body="\x00", kind="image/png"), "does not answer as a search server: it sends no JSON"),
        (Reply(302, "", headers={"location": "/login"}), "does not answer as a search server: status 302"),
        (Reply(404, "<html>", "text/html"), "does not answer as a search server: status 404"),
        (Reply(500, "[1]"), "does not answer as a search server: "),
        (Reply(500, '{"err', "application/json"), "does not answer as a search server: "),
        (Reply(body="plain", headers={"content-encoding": "gzip"}), "does not answer as a search server: "),
        (
            Raw(b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 3\r\n\r\n"\xff"'),
            "does not answer",
        ),
    ],
)
def test_garbage(faked: Fake, opened: Opened, act: Act, what: str) -> None:
    """Whatever comes instead of an answer is told for what it is, by the same words from either client."""
    faked.answers(act)
    with pytest.raises(EngineUnavailable) as caught:
        opened(faked.address()).request("POST", "/_bulk", body=[{}])
    assert what in caught.value.message


@pytest.mark.parametrize(
    ("scheme", "info", "message", "hint"),
    [
        (
            "elasticsearch",
            INFO[Product.OPENSEARCH],
            "is OpenSearch 3.8.0, not Elasticsearch",
            "begin `MUSTER_ENGINE_URL` with `opensearch://`",
        ),
        (
            "opensearch",
            INFO[Product.ELASTICSEARCH],
            "is Elasticsearch 9.5.3, not OpenSearch",
            "begin `MUSTER_ENGINE_URL` with `elasticsearch://`",
        ),
        (
            "opensearch",
            {"version": {"number": "2.3.9", "distribution": "opensearch"}},
            "is too old",
            "use OpenSearch 2.4 or later",
        ),
        (
            "elasticsearch",
            {"version": {"number": "7.17.29", "build_flavor": "default"}},
            "is too old",
            "use Elasticsearch 8.0 or later",
        ),
        (
            "opensearch",
            {"version": {"number": "7.10.2"}, "tagline": "The OpenSearch Project: https://opensearch.org/"},
            "gives itself out as another version",
            "set `compatibility.override_main_response_version` to false on it",
        ),
        ("opensearch", {"version": {"number": "3.8.0"}}, "is neither OpenSearch nor Elasticsearch", "see what listens"),
        ("opensearch", {"version": {"number": "new", "distribution": "opensearch"}}, "is neither", "see what listens"),
        ("opensearch", {"version": "1.0", "name": "something else"}, "is neither", "see what listens"),
        ("elasticsearch", [], "is neither", "see what listens"),
        ("elasticsearch", None, "is neither", "see what listens"),
    ],
)
def test_another_server(opened: Opened, scheme: str, info: Any, message: str, hint: str) -> None:
    """A server that Muster cannot use is refused at first contact, before anything else is sent to it."""
    with fake(Product.OPENSEARCH) as faked:
        faked.info = Reply(body=info)
        server = opened(read_address(f"{scheme}://127.0.0.1:{faked.port}"))
        with pytest.raises(EngineUnavailable, match=message) as caught:
            server.request("PUT", "/x", body={})
        assert hint in str(caught.value.hint)
        assert faked.asked == []


def test_connections_are_bounded(faked: Fake, opened: Opened) -> None:
    """No more requests are under way than allowed; one that waits too long says so."""
    under_way, most, lock = 0, 0, threading.Lock()

    def plan(_: Asked) -> Reply:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.05)
        with lock:
            under_way -= 1
        return Reply(body={})

    faked.plan = plan
    server = opened(faked.address(), connections=2)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: server.request("GET", "/x"), range(16))) == [{}] * 16
    assert most == 2


def test_waiting_for_a_connection_ends(faked: Fake, opened: Opened) -> None:
    """A request that finds no free connection within the time-out is told what is in the way."""
    faked.answers(Reply(after=0.6))
    server = opened(faked.address(), timeout=0.3, connections=1)
    assert server.dialect
    with ThreadPoolExecutor(3) as threads:
        told = [threads.submit(server.request, "GET", "/x").exception() for _ in range(1)]
        told += [one.exception() for one in [threads.submit(server.request, "GET", "/x") for _ in range(3)]]
    assert all(isinstance(one, EngineUnavailable) for one in told)
    assert any("all 1 connections to" in str(one) for one in told)


@pytest.mark.parametrize(
    ("before", "after", "header"),
    [
        ("ada:hush%C3%A4@", "", "Basic YWRhOmh1c2jDpA=="),
        ("", "?api_key=hush+/=", "ApiKey hush+/="),
    ],
)
def test_credentials_go_to_the_server_only(
    faked: Fake,
    opened: Opened,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    after: str,
    header: str,
) -> None:
    """The server is told who asks; no error, log or description repeats it."""
    caplog.set_level(logging.DEBUG)
    for name in ("elastic_transport.node", "opensearchpy.trace"):
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
        caplog.set_level(logging.DEBUG, name)
    server = opened(faked.address(before=before, after=after))
    said = [repr(server), repr(vars(server))]
    for act in (Reply(), Reply(401, {"error": "no"}), Reset(), MISSING):
        faked.answers(act)
        try:
            server.request("POST", "/x/_doc", body={"a": 1})
        except (EngineUnavailable, Refused) as error:
            said.append(f"{error!r} {error.__dict__} {error.__cause__!r}")
    assert {one.headers["authorization"] for one in faked.asked} == {header}
    assert len(said) == 5
    assert caplog.text
    secret = header.partition(" ")[2]
    assert not [one for one in (*said, caplog.text) if "hush" in one or secret in one]


def test_warnings_of_the_server_stay_there(faked: Fake, opened: Opened) -> None:
    """What a server warns of is no Python warning."""
    faked.answers(Reply(headers={"warning": '299 OpenSearch-3 "this is deprecated"'}))
    assert opened(faked.address()).request("GET", "/x") == {}


def test_nothing_is_printed(faked: Fake, opened: Opened, capfd: pytest.CaptureFixture[str]) -> None:
    """Without logging set up a failure is an error and nothing else."""
    faked.answers(Reset())
    with pytest.raises(EngineUnavailable):
        opened(faked.address()).request("GET", "/x")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("product", list(Product))
def test_tls(opened: Opened, tmp_path: Path, product: Product) -> None:
    """A certificate is good when it is named, or when it need not be; else the error says what is wrong with it."""
    certificate = made(tmp_path)
    with fake(product, certificate) as faked:
        for parameters in (f"?tls=true&ca={certificate[0]}", "?tls=true&verify=false"):
            assert opened(faked.address(after=parameters)).request("GET", "/x") == {}
        with pytest.raises(EngineUnavailable, match="do not agree on TLS: self-signed certificate"):
            opened(faked.address(after="?tls=true")).request("GET", "/x")
        with pytest.raises(EngineUnavailable, match="ended the connection") as caught:
            opened(faked.address(), timeout=2).request("GET", "/x")
        assert "`tls=true`" in str(caught.value.hint)


@pytest.mark.parametrize("product", list(Product))
def test_tls_to_a_server_without(opened: Opened, product: Product) -> None:
    """TLS with a server that speaks none is told as that."""
    with fake(product) as faked, pytest.raises(EngineUnavailable, match="do not agree on TLS"):
        opened(faked.address(after="?tls=true")).request("GET", "/x")


def test_certificate_of_another_name(opened: Opened, tmp_path: Path) -> None:
    """A certificate of another host is not taken, by either client."""
    certificate = made(tmp_path, "DNS:elsewhere.example")
    for product in Product:
        with fake(product, certificate) as faked:
            server = opened(faked.address(after=f"?tls=true&ca={certificate[0]}"))
            with pytest.raises(EngineUnavailable, match="do not agree on TLS"):
                server.request("GET", "/x")
