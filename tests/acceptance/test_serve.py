"""`muster serve` from its first token to its last answer, and the command line beside it."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.acceptance import shop
from tests.acceptance.command import answer, run
from tests.acceptance.serving import Served, served

JSON = {"content-type": "application/json"}
BULK = "/api/meta/entity/bulk"
GUID = "/api/meta/entity/uniqueAttribute/type/Table?attr:qualifiedName="


def bulk(*names: str) -> bytes:
    """Return a request that creates tables."""
    attributes = ({"qualifiedName": name, "name": name.rsplit("/", 1)[-1]} for name in names)
    entities = [
        {"typeName": "Table", "guid": f"-{number}", "attributes": one} for number, one in enumerate(attributes, 1)
    ]
    return json.dumps({"entities": entities}).encode()


def request(one: Served, body: bytes) -> bytes:
    """Return the head of a request that has this body."""
    lines = [
        f"POST {BULK} HTTP/1.1",
        "host: muster",
        f"authorization: Bearer {one.token}",
        "content-type: application/json",
        f"content-length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Served]:
    """An empty folder that is served."""
    with served(tmp_path / "data") as made:
        yield made


def test_the_first_start_makes_a_token(tmp_path: Path) -> None:
    """An admin's, in a file that only its user can read; the log has the file's path and never the secret."""
    one = Served(tmp_path / "data")
    one.start()
    file, secret = one.data / "admin.token", one.token
    with one.client() as client:
        assert client.get("/openapi.json").status_code == httpx.codes.OK
    assert one.stop() == 0
    one.start()
    assert one.stop() == 0

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert one.token == secret
    assert [found["name"] for found in answer(one.data, "token", "list")] == ["admin"]
    said = one.log.read_text()
    assert str(file) in said
    assert one.url in said
    assert secret not in said
    assert "Traceback" not in said


def test_health_needs_no_token_and_everything_else_does(one: Served) -> None:
    """Of the latter, a page that is not there too."""
    open_ = [httpx.get(one.url + path) for path in ("/healthz", "/readyz", "/healthz/")]
    closed = [httpx.get(one.url + path) for path in ("/metrics", "/openapi.json", "/nowhere", "/api/meta/nowhere")]
    assert [said.status_code for said in open_] == [200, 200, 200]
    assert [said.status_code for said in closed] == [401, 401, 401, 401]


def test_the_command_line_works_beside_it(one: Served, tmp_path: Path) -> None:
    """Every verb, on the same folder: what it writes the service finds, and the other way round."""
    run(one.data, "import", "ndjson", str(shop.write(tmp_path, 0)), "--scope", shop.ROOT)
    run(one.data, "product", "create", "Gold tables", "type:Table tag:Gold")
    gold = len(shop.gold(0))
    assert answer(one.data, "preview", "type:Table tag:Gold")["total"] == gold
    assert answer(one.data, "sync")[0]["total"] == gold
    assert answer(one.data, "product", "members", "Gold tables", "--limit", "3")["total"] == gold
    assert len(run(one.data, "product", "members", "Gold tables", "--ids").stdout.split()) == gold
    assert answer(one.data, "product", "count", "Gold tables", "--stored")["total"] == gold
    assert {found["severity"] for found in answer(one.data, "check", "tag:Gold")} == {"note"}

    with one.client() as client:
        made = client.post(BULK, content=bulk("default/x/1/a/b/fresh"), headers=JSON)
        assert made.status_code == httpx.codes.OK
        assert answer(one.data, "preview", "name:fresh")["total"] == 1
        assert client.get(GUID + shop.qualified_name(3)).json()["entity"]["attributes"]["name"] == "table_00003"

    assert answer(one.data, "reindex")["entities"] > shop.ASSETS
    assert all(found["ok"] for found in answer(one.data, "doctor")["findings"])
    assert httpx.get(f"{one.url}/readyz").status_code == httpx.codes.OK


def test_a_token_that_is_revoked_ends_within_a_second(one: Served) -> None:
    """Made and revoked by the command line, while the service runs."""
    secret = answer(one.data, "token", "create", "--name", "guest", "--expires", "30d")["token"]
    with one.client(secret) as client:
        assert client.get("/openapi.json").status_code == httpx.codes.OK
        assert answer(one.data, "token", "revoke", "guest") == {"name": "guest", "state": "revoked"}
        time.sleep(1.1)
        assert client.get("/openapi.json").status_code == httpx.codes.UNAUTHORIZED


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_what_is_under_way_is_answered_before_it_stops(one: Served, told: signal.Signals) -> None:
    """A request that has begun is waited for; what it wrote is there afterwards, in record and index."""
    body = bulk("default/x/1/a/b/slow")
    with socket.create_connection(("127.0.0.1", one.port)) as connected:
        connected.sendall(request(one, body) + body[:20])
        time.sleep(0.3)
        assert one.process is not None
        one.process.send_signal(told)
        time.sleep(0.5)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{one.url}/healthz")
        connected.sendall(body[20:])
        said = b"".join(iter(lambda: connected.recv(65536), b""))
    assert said.startswith(b"HTTP/1.1 200")
    assert one.process.wait(30) == 0
    assert not (one.data / "owner").exists()
    assert not (one.data / "engine.json").exists()
    assert answer(one.data, "preview", "name:slow")["total"] == 1


def test_nobody_is_waited_for_forever(tmp_path: Path) -> None:
    """A request that never ends is cut off when its time is over."""
    with served(tmp_path / "data", {"MUSTER_SERVE_GRACE": "1"}) as one:
        body = bulk("default/x/1/a/b/never")
        with socket.create_connection(("127.0.0.1", one.port)) as connected:
            connected.sendall(request(one, body) + body[:20])
            time.sleep(0.3)
            began = time.monotonic()
            one.stop()
            assert time.monotonic() - began < 10
    assert answer(one.data, "preview", "name:never")["total"] == 0


def test_work_that_does_not_end_is_left_behind(tmp_path: Path) -> None:
    """Its client is told so in time, the process ends with 1, and the record is whole."""
    answers: list[httpx.Response] = []

    def post() -> None:
        with one.client() as client:
            answers.append(client.post(BULK, content=bulk("default/x/1/a/b/cut"), headers=JSON))

    with (
        served(tmp_path / "data", {"MUSTER_SERVE_GRACE": "1"}) as one,
        closing(sqlite3.connect(one.data / "record.db", isolation_level=None)) as elsewhere,
    ):
        elsewhere.execute("BEGIN IMMEDIATE")  # who writes has to wait
        writer = threading.Thread(target=post)
        writer.start()
        time.sleep(1)
        code = one.stop()
        elsewhere.execute("ROLLBACK")
        writer.join(30)
    assert [(said.status_code, said.json()["causes"][0]["errorType"]) for said in answers] == [(503, "stopping")]
    assert code == 1
    assert "Traceback" not in one.log.read_text()
    assert answer(one.data, "preview", "name:cut")["total"] == 0


def test_told_to_stop_while_many_write_it_keeps_all_that_it_answered(one: Served) -> None:
    """Nothing that was acknowledged is lost, and the index is that of the record."""
    acknowledged: list[str] = []

    def write(first: int) -> None:
        with one.client() as client:
            for number in range(first, first + 100_000):
                name = f"default/x/1/a/b/t{number}"
                try:
                    said = client.post(BULK, content=bulk(name), headers=JSON)
                except httpx.HTTPError:
                    return
                assert said.status_code == httpx.codes.OK, said.text
                acknowledged.append(name)

    writers = [threading.Thread(target=write, args=(first * 1_000_000,)) for first in range(3)]
    for writer in writers:
        writer.start()
    time.sleep(1.5)
    assert one.stop() == 0
    for writer in writers:
        writer.join(60)

    found = run(one.data, "export", "ndjson").stdout
    there = {json.loads(line)["qualifiedName"] for line in found.splitlines()}
    assert acknowledged
    assert set(acknowledged) <= there
    assert all(finding["ok"] for finding in answer(one.data, "doctor")["findings"])


def test_one_that_was_killed_leaves_nothing_in_the_way(one: Served) -> None:
    """The folder can be worked on at once, and served again."""
    one.kill()
    assert (one.data / "engine.json").exists()
    assert answer(one.data, "preview", "type:Table")["total"] == 0
    assert not (one.data / "engine.json").exists()
    one.start()


def test_a_folder_is_served_by_one(one: Served) -> None:
    """The second says who has it."""
    said = run(one.data, "serve", "--port", "0", code=1).stderr
    assert "data_folder_busy" in said


def test_a_port_that_is_taken_is_told(one: Served, tmp_path: Path) -> None:
    """Before anything is opened or made."""
    said = run(tmp_path / "other", "serve", "--port", str(one.port), code=1).stderr
    assert f"port {one.port}" in said
    assert not (tmp_path / "other").exists()


def test_several_processes_need_an_engine_on_a_server(tmp_path: Path) -> None:
    """The embedded one has one owner, and the message says what to do."""
    said = run(tmp_path / "data", "serve", "--workers", "2", "--port", "0", code=1).stderr
    assert "MUSTER_ENGINE_URL" in said


def test_who_listens_to_everybody_is_warned(tmp_path: Path) -> None:
    """Tokens travel as they are; the address shown can be typed."""
    with served(tmp_path / "data", None, "--host", "0.0.0.0") as one:  # noqa: S104 - as a user may
        said = one.log.read_text()
    assert "TLS" in said
    assert f"Muster at {one.url}" in said


def test_headers_that_never_end_are_refused(one: Served) -> None:
    """Before they fill the memory: the connection is closed after a megabyte, and the service goes on."""
    with socket.create_connection(("127.0.0.1", one.port)) as connected:
        connected.sendall(b"GET / HTTP/1.1\r\n")
        said = b""
        try:
            for number in range(100):
                connected.sendall(b"x-%d: %s\r\n" % (number, b"y" * 32_768))
            said = connected.recv(100)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert said[:12] in {b"HTTP/1.1 400", b""}
    assert httpx.get(f"{one.url}/healthz").status_code == httpx.codes.OK
    assert "Traceback" not in one.log.read_text()


def test_the_log_is_json_when_asked(tmp_path: Path) -> None:
    """One object a line, which names the token and never has it."""
    with served(tmp_path / "data", {"MUSTER_LOG_FORMAT": "json"}) as one, one.client() as client:
        client.get("/openapi.json?x=hidden")
        one.stop()
    lines = [json.loads(line) for line in one.log.read_text().splitlines() if line.startswith("{")]
    (said,) = [line for line in lines if line.get("route") == "/openapi.json"]
    assert (said["token"], said["status"], said["method"]) == ("admin", 200, "GET")
    assert "hidden" not in one.log.read_text()
    assert one.token not in one.log.read_text()


def test_several_processes_answer_and_stop_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an engine on a server, which may be away: they say so, count together, and end when the first is told to."""
    monkeypatch.setattr(Served, "_ready", lives)
    with served(tmp_path / "data", {"MUSTER_ENGINE_URL": "opensearch://127.0.0.1:1"}, "--workers", "2") as one:
        ready = httpx.get(f"{one.url}/readyz", timeout=30)
        for _ in range(6):  # on a connection each
            with one.client() as client:
                assert client.get("/openapi.json").status_code == httpx.codes.OK
        with one.client() as client:
            figures = client.get("/metrics").text
        code = one.stop()
    assert 'muster_requests_total{method="GET",route="/openapi.json",status="200"} 6.0' in figures
    assert (ready.status_code, ready.json()) == (503, {"status": "unavailable", "part": "engine"})
    assert code == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{one.url}/healthz")
    assert "Traceback" not in one.log.read_text()


def lives(one: Served) -> bool:
    """Whether a process answers."""
    try:
        return httpx.get(f"{one.url}/healthz", timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize(("proxies", "expected"), [("", [401, 401, 429, 429]), ("127.0.0.1", [401, 401, 401, 401])])
def test_only_a_proxy_that_is_named_is_believed_who_asks(tmp_path: Path, proxies: str, expected: list[int]) -> None:
    """Wrong tokens count for who is said to have sent them where a known proxy says so, else for who did."""
    settings = {"MUSTER_SERVE_ATTEMPTS": "2", "MUSTER_SERVE_PROXIES": proxies}
    with served(tmp_path / "data", settings) as one, one.client("wrong") as client:
        said = [client.get("/metrics", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(4)]
    assert said == expected
