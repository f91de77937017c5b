"""What sends to receivers: to the addresses that it is given, within its time, and following nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from muster.posting import Poster
from muster.protocols import Answer, Stopped, Target
from tests.acceptance.serving import free_port
from tests.integration.certificates import certified
from tests.integration.receiver import Receiver, Reply, receiving

HEADERS = {"Content-Type": "application/cloudevents+json; charset=UTF-8", "Webhook-Id": "a:1"}
PATIENCE = 2.0


@pytest.fixture
def poster() -> Iterator[Poster]:
    """What sends, with two seconds for each."""
    with closing(Poster(PATIENCE)) as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything."""
    with receiving() as made:
        yield made


def at(receiver: Receiver, host: str = "127.0.0.1", path: str = "/in") -> Target:
    """Return where a receiver is, by some name."""
    return Target(secure=False, host=host, port=receiver.port, path=path)


def send(poster: Poster, receiver: Receiver, *addresses: str, host: str = "receiver.example") -> Answer:
    """Send to a receiver under a name that nobody could look up."""
    return poster.post(at(receiver, host, "/in?x=%20y"), addresses or ["127.0.0.1"], HEADERS, b'{"a": 1}')


def test_a_receiver_gets_what_is_sent(poster: Poster, receiver: Receiver) -> None:
    """Under its own name, whatever address it is sent to; the host is not looked up again."""
    receiver.reply = lambda _: Reply(202, b"thanks")
    assert send(poster, receiver) == Answer(202, "thanks")
    (one,) = receiver.received
    assert (one.path, one.body) == ("/in?x=%20y", b'{"a": 1}')
    assert one.headers["host"] == f"receiver.example:{receiver.port}"
    assert one.headers["content-type"] == HEADERS["Content-Type"]
    assert one.headers["webhook-id"] == "a:1"
    assert one.headers["user-agent"].startswith("Muster/")
    assert "authorization" not in one.headers


def test_the_environment_has_no_say(poster: Poster, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would look names up by itself."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert send(poster, receiver).code == 204


def test_the_next_address_where_one_takes_no_connection(poster: Poster, receiver: Receiver) -> None:
    """In their order, each once; what was sent is not sent again."""
    assert send(poster, receiver, "127.0.0.2", "127.0.0.1").code == 204
    assert len(receiver.received) == 1
    receiver.reply = lambda _: Reply(500)
    assert send(poster, receiver, "127.0.0.1", "127.0.0.1").code == 500
    assert len(receiver.received) == 2


def test_nobody_there_is_an_answer_of_nobody(poster: Poster) -> None:
    """With the reason in a few words."""
    nobody = Receiver(free_port())
    found = send(poster, nobody)
    assert found.code is None
    assert found.said.startswith("ConnectError")
    assert len(found.said) <= 200


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirections_are_not_followed(poster: Poster, receiver: Receiver, code: int) -> None:
    """They are answers like others."""
    with receiving() as elsewhere:
        receiver.reply = lambda _: Reply(code, headers={"Location": elsewhere.url})
        assert send(poster, receiver).code == code
        assert elsewhere.received == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", ""),
        (b"x" * 1024, "x" * 1024),
        (b"x" * 5_000_000, "x" * 1024),
        (b"x" * 1023 + "ü".encode(), "x" * 1023),
        (b"\xff\x00\xfeok", "ok"),
    ],
)
def test_only_the_begin_of_an_answer_is_kept(poster: Poster, receiver: Receiver, body: bytes, said: str) -> None:
    """A kibibyte, as text that every database takes."""
    receiver.reply = lambda _: Reply(200, body)
    assert send(poster, receiver) == Answer(200, said)


def test_compressed_answers_stay_so(poster: Poster, receiver: Receiver) -> None:
    """What would grow when it is read is not read."""
    receiver.reply = lambda _: Reply(200, b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert send(poster, receiver).code == 200
    assert receiver.received[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("said", "later"), [("7", 7), ("0", 0), ("soon", None), ("-1", None), ("9" * 30, None), ("", None)]
)
def test_a_receiver_may_say_when_to_come_again(
    poster: Poster, receiver: Receiver, said: str, later: int | None
) -> None:
    """In seconds; everything else is no answer to that."""
    receiver.reply = lambda _: Reply(503, headers={"Retry-After": said})
    assert send(poster, receiver) == Answer(503, "", later)


def test_who_takes_too_long_has_not_answered(poster: Poster, receiver: Receiver) -> None:
    """All that comes before a status counts together."""
    receiver.reply = lambda _: Reply(204, wait=PATIENCE + 1)
    began = time.monotonic()
    assert send(poster, receiver) == Answer(None, "no answer within 2 seconds")
    assert time.monotonic() - began < PATIENCE + 0.7


def test_a_status_counts_however_slow_the_rest_is(poster: Poster, receiver: Receiver) -> None:
    """What of the body comes soon is kept; one that never ends keeps nobody."""
    receiver.reply = lambda _: Reply(200, b"abcdefgh" * 100, drip=0.3)
    began = time.monotonic()
    found = send(poster, receiver)
    assert found.code == 200
    assert "abcdefgh".startswith(found.said)
    assert time.monotonic() - began < 2.0


def test_what_is_no_http_is_no_answer(poster: Poster) -> None:
    """Nor is a connection that breaks off."""

    def broken(_: object) -> Reply:
        raise ConnectionError

    with receiving(broken) as receiver:
        found = send(poster, receiver)
    assert (found.code, found.said.partition(":")[0]) == (None, "RemoteProtocolError")


def test_closing_breaks_off_what_is_under_way(receiver: Receiver) -> None:
    """At once, however long that would take; nothing is sent afterwards."""
    poster, ended = Poster(30.0), list[float]()
    receiver.reply = lambda _: Reply(204, wait=5)

    def sending() -> None:
        with pytest.raises(Stopped):
            send(poster, receiver)
        ended.append(time.monotonic())

    threads = [threading.Thread(target=sending) for _ in range(3)]
    for one in threads:
        one.start()
    receiver.wait(lambda found: len(found.received) == 3)
    began = time.monotonic()
    poster.close()
    for one in threads:
        one.join(10)
    assert len(ended) == 3
    assert max(ended) - began < 1.0
    with pytest.raises(Stopped):
        send(poster, receiver)


def test_hosts_are_looked_up(poster: Poster) -> None:
    """Each address once; one that is written as a number is itself; a name that nobody has is an error."""
    assert "127.0.0.1" in poster.addresses(Target(secure=True, host="localhost", port=443, path="/"))
    for said in ("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1"):
        assert poster.addresses(Target(secure=True, host=said, port=443, path="/")) == ["127.0.0.1"]
    with pytest.raises(OSError, match=r".+"):
        poster.addresses(Target(secure=True, host="nobody.invalid", port=443, path="/"))


@pytest.mark.parametrize(("host", "fine"), [("receiver.example", True), ("other.example", False), ("127.0.0.1", False)])
def test_certificates_are_held_against_the_name(poster: Poster, tmp_path: Path, host: str, fine: bool) -> None:  # noqa: FBT001 - of a table
    """Whatever address is sent to: who answers there has to be who was named."""
    authority, context = certified(tmp_path, "receiver.example")
    poster._trusted.load_verify_locations(authority)
    with receiving(tls=context) as receiver:
        found = poster.post(Target(secure=True, host=host, port=receiver.port, path="/"), ["127.0.0.1"], {}, b"{}")
        assert (found.code == 204, len(receiver.received)) == (fine, int(fine))
    assert fine or "CERTIFICATE_VERIFY_FAILED" in found.said


def test_certificates_of_nobody_known_do_not_hold(poster: Poster, tmp_path: Path) -> None:
    """Nothing is sent there."""
    _, context = certified(tmp_path, "receiver.example")
    with receiving(tls=context) as receiver:
        target = Target(secure=True, host="receiver.example", port=receiver.port, path="/")
        found = poster.post(target, ["127.0.0.1"], {}, b"{}")
    assert found.code is None
    assert receiver.received == []
