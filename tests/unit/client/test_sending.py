"""What is sent, what is sent again, and what becomes of answers that are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic_core import from_json

from muster.client import Muster
from muster.errors import EngineUnavailable, InvalidInput, NotFound, ServerUnavailable, Unauthenticated

WHO = {"name": "ada", "role": "viewer", "domains": [], "version": "0"}
AWAY = httpx.Response(503, json={"reason": "engine_unavailable", "message": "it is away", "code": 503})
FINE = httpx.Response(200, json=WHO)

Answer = httpx.Response | Exception
Ask = Callable[[Muster], Any]


class Line:
    """A connection on which answers, or faults, come in order; it remembers what was sent."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = iter(answers)
        self.sent: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.sent.append(request)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


def client(line: Line, url: str = "http://muster.example", **more: Any) -> Muster:
    """Return a client over a connection."""
    return Muster(url, "secret", transport=httpx.MockTransport(line), **more)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait between two tries."""
    monkeypatch.setattr("muster.client.sending.FIRST", 0.0)


READS: list[Ask] = [lambda muster: muster.who(), lambda muster: muster.preview("type:Table")]
WRITES: list[Ask] = [lambda muster: muster.sync("x"), lambda muster: muster.create("x", "type:Table")]


@pytest.mark.parametrize("fault", [AWAY, httpx.ReadError("reset"), httpx.RemoteProtocolError("gone")])
def test_what_reads_is_sent_again(fault: Answer) -> None:
    """While the server is not ready, or the connection breaks."""
    line = Line(fault, httpx.ConnectError("refused"), fault, FINE)

    assert client(line).who().name == "ada"
    assert len(line.sent) == 4


@pytest.mark.parametrize("ask", WRITES)
@pytest.mark.parametrize("fault", [AWAY, httpx.ReadError("reset"), httpx.RemoteProtocolError("gone")])
def test_what_writes_is_sent_once(ask: Ask, fault: Answer) -> None:
    """Nobody knows whether it was done."""
    line = Line(fault)

    with pytest.raises((ServerUnavailable, EngineUnavailable)):
        ask(client(line))
    assert len(line.sent) == 1


@pytest.mark.parametrize("ask", WRITES)
def test_what_was_never_sent_is_sent_again(ask: Ask) -> None:
    """Where no connection could be made, a write too."""
    line = Line(httpx.ConnectError("refused"), httpx.Response(404, json={"reason": "not_found", "message": "no"}))

    with pytest.raises(NotFound):
        ask(client(line))
    assert len(line.sent) == 2


@pytest.mark.parametrize("ask", READS)
@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        (AWAY, EngineUnavailable, "it is away"),
        (httpx.ConnectError("refused"), ServerUnavailable, "refused"),
        (httpx.ReadError(""), ServerUnavailable, "ReadError"),
    ],
)
def test_patience_ends(ask: Ask, fault: Answer, kind: type[Exception], said: str) -> None:
    """After as many tries as were said, with the last reason."""
    line = Line(*[fault] * 9)

    with pytest.raises(kind, match=said):
        ask(client(line, retries=2))
    assert len(line.sent) == 3


def test_what_takes_too_long_is_not_asked_again() -> None:
    """The server goes on with it."""
    line = Line(httpx.ReadTimeout("slow"))

    with pytest.raises(ServerUnavailable, match="too long") as caught:
        client(line).who()
    assert len(line.sent) == 1
    assert caught.value.hint == "ask for less, or give it more time"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>welcome</html>"),
        httpx.Response(200, json={"name": "ada"}),
        httpx.Response(200, json=[]),
        httpx.Response(200),
    ],
)
def test_an_answer_that_is_none_of_musters(answer: httpx.Response) -> None:
    """Whoever answers there is not Muster; so the error says."""
    with pytest.raises(ServerUnavailable, match="not one of Muster's"):
        client(Line(answer)).who()


def test_what_a_later_server_says_besides_is_kept() -> None:
    """Under its name in JSON."""
    who = client(Line(httpx.Response(200, json=WHO | {"mood": "fine"}))).who()

    assert who.as_json() == WHO | {"mood": "fine"}
    assert who.mood == "fine"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("ref", "path"),
    [
        ("Gold tables", "/api/v1/products/Gold%20tables"),
        ("default/domain/x/super/product/y", "/api/v1/products/default%2Fdomain%2Fx%2Fsuper%2Fproduct%2Fy"),
        ("a?b#c%d", "/api/v1/products/a%3Fb%23c%25d"),
        ("../größe", "/api/v1/products/..%2Fgr%C3%B6%C3%9Fe"),
    ],
)
def test_a_name_is_one_step_of_a_path(ref: str, path: str) -> None:
    """Whatever is in it."""
    line = Line(httpx.Response(404))

    with pytest.raises(NotFound):
        client(line).product(ref)
    assert line.sent[0].url.raw_path == path.encode()


def test_nothing_has_an_empty_name() -> None:
    """It is not even asked."""
    line = Line()

    with pytest.raises(NotFound):
        client(line).product("")
    assert line.sent == []


def test_what_is_said_of_a_query_and_nothing_else() -> None:
    """What is left open is not sent; lists are repeated, attributes come with commas."""
    line = Line(httpx.Response(404))

    with pytest.raises(NotFound):
        client(line).member_page("x", sort=["a", "-b"], fields=["c", "d"], limit=5)
    assert line.sent[0].url.query == b"fields=c%2Cd&sort=a&sort=-b&limit=5"


@pytest.mark.parametrize(
    ("url", "encoding"),
    [
        ("http://127.0.0.1:8585", "identity"),
        ("http://[::1]:8585", "identity"),
        ("http://localhost", "identity"),
        ("http://muster.example", "gzip, deflate"),
        ("https://10.0.0.5/muster/", "gzip, deflate"),
    ],
)
def test_nothing_is_compressed_on_one_machine(url: str, encoding: str) -> None:
    """It would only cost time; the token goes with every request, and a path before Muster's stays there."""
    line = Line(FINE)
    client(line, url).who()

    sent = line.sent[0]
    assert sent.headers["accept-encoding"].startswith(encoding)
    assert sent.headers["authorization"] == "Bearer secret"
    assert str(sent.url) == f"{url.rstrip('/')}/api/v1/whoami"


@pytest.mark.parametrize("url", ["127.0.0.1:8585", "ftp://x", "http://", "nonsense", "http://a:b"])
def test_a_url_that_is_none(url: str) -> None:
    """Is refused before anything is sent."""
    with pytest.raises(InvalidInput, match="URL"):
        Muster(url, "secret")


def test_server_and_token_are_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they are not given; without either the error says which variable."""
    for name in ("MUSTER_SERVER", "MUSTER_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(InvalidInput) as nowhere:
        Muster(None, "secret")
    with pytest.raises(Unauthenticated) as nobody:
        Muster("http://x")
    assert "MUSTER_SERVER" in str(nowhere.value.hint)
    assert "MUSTER_TOKEN" in str(nobody.value.hint)

    monkeypatch.setenv("MUSTER_SERVER", "http://muster.example:1")
    monkeypatch.setenv("MUSTER_TOKEN", " mine\n")
    line = Line(FINE)
    with Muster(transport=httpx.MockTransport(line)) as muster:
        muster.who()
    assert (line.sent[0].url.port, line.sent[0].headers["authorization"]) == (1, "Bearer mine")


@pytest.mark.parametrize("token", ["größe", "a\nb", "a\0"])
def test_a_token_that_none_can_be(token: str) -> None:
    """Is refused before anything is sent."""
    with pytest.raises(Unauthenticated, match="characters"):
        Muster("http://x", token)


class Broken(httpx.SyncByteStream):
    """A stream that breaks off."""

    def __iter__(self) -> Iterator[bytes]:
        """Send something, and no more."""
        yield b'{"guid": "1"}\n{"gu'
        raise httpx.RemoteProtocolError("peer closed connection")


def test_a_file_that_broke_off_is_not_there(tmp_path: Path) -> None:
    """Neither under its name nor as a part; what was there before stays."""
    there = tmp_path / "gold.ndjson"
    there.write_text("before")

    with pytest.raises(ServerUnavailable, match="peer closed"):
        client(Line(httpx.Response(200, stream=Broken()))).export("Gold", to=there)

    assert [one.name for one in tmp_path.iterdir()] == ["gold.ndjson"]
    assert there.read_text() == "before"


def test_ids_that_broke_off_are_told_as_far_as_they_came() -> None:
    """Then that there are no more of them."""
    found = client(Line(httpx.Response(200, stream=Broken()))).member_ids("Gold")

    assert next(found) == "1"
    with pytest.raises(ServerUnavailable):
        next(found)


def said(ask: Ask) -> Any:
    """Return what a request says, in its body or else in its query, of the lists that it names."""
    line = Line(httpx.Response(500, json={}))
    with pytest.raises(ServerUnavailable):
        ask(client(line, retries=0))
    (sent,) = line.sent
    return from_json(sent.content) if sent.content else {key: sent.url.params.get_list(key) for key in sent.url.params}


ONE: list[tuple[Ask, str]] = [
    (lambda muster: muster.pin("Gold", "one", reason="x"), "assets"),
    (lambda muster: muster.exclude("Gold", "one", reason="x"), "assets"),
    (lambda muster: muster.withdraw("Gold", "one"), "assets"),
    (lambda muster: list(muster.sync_all("one")), "products"),
    (lambda muster: muster.create("Gold", "type:Table", owners="one"), "owners"),
    (lambda muster: muster.update("Gold", owners="one"), "owners"),
    (lambda muster: muster.preview("type:Table", fields="one"), "fields"),
    (lambda muster: muster.preview("type:Table", sort="one"), "sort"),
    (lambda muster: muster.member_page("Gold", fields="one"), "fields"),
    (lambda muster: muster.member_page("Gold", sort="one"), "sort"),
    (lambda muster: muster.uncovered(sort="one"), "sort"),
    (lambda muster: muster.count_together("one"), "of"),
    (lambda muster: muster.subscribe("https://hooks.example.org", types="one"), "types"),
]
"""Requests that name one thing where there may be several, and as what."""


@pytest.mark.parametrize(("ask", "named"), ONE)
def test_one_text_is_not_taken_letter_by_letter(ask: Ask, named: str) -> None:
    """It is one of what may be several."""
    assert said(ask)[named] == ["one"]


@pytest.mark.parametrize("name", ["dead_clauses", "dead-clauses", "deadClauses"])
def test_a_report_is_exported_under_any_of_its_names(name: Any, tmp_path: Path) -> None:
    """That of the method, of the command line and of the address."""
    line = Line(httpx.Response(200, content=b"x"))
    assert client(line).export_report(name, to=tmp_path / "dead.csv") == 1
    assert line.sent[0].url.path == "/api/v1/reports/deadClauses"


def test_a_report_that_is_none_is_not_asked_for(tmp_path: Path) -> None:
    """The hint says which there are."""
    other: Any = "deaf_clauses"
    with pytest.raises(InvalidInput) as refused:
        client(Line()).export_report(other, to=tmp_path / "x.csv")
    assert refused.value.hint is not None
    assert "`dead_clauses`" in refused.value.hint
