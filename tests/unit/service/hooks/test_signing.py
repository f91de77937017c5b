"""Signatures that any library of Standard Webhooks verifies."""

import base64
import hashlib
import hmac

import pytest

from muster.hook import EVERY, Everything, Former, Hook
from muster.service.hooks.signing import headers, new_secret, signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of the scheme's own example


def test_the_example_of_the_scheme() -> None:
    """What its libraries are tested with."""
    found = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("body", [b"", b"{}", "ü".encode(), bytes(range(256))])
def test_what_is_signed_is_the_body_byte_for_byte(body: bytes) -> None:
    """With its id and its time in front."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = hmac.new(key, b"a:1.1700000000." + body, hashlib.sha256).digest()
    assert signature(SECRET, "a:1", 1_700_000_000, body) == f"v1,{base64.b64encode(expected).decode()}"


@pytest.mark.parametrize(
    "other",
    [(SECRET, "a:2", 5, b"x"), (SECRET, "a:1", 6, b"x"), (SECRET, "a:1", 5, b"y"), (new_secret(), "a:1", 5, b"x")],
)
def test_nothing_can_be_another(other: tuple[str, str, int, bytes]) -> None:
    """Neither id, time, body nor secret."""
    assert signature(*other) != signature(SECRET, "a:1", 5, b"x")


def test_secrets_are_new_and_long() -> None:
    """Of 32 bytes, where the scheme asks for 24 to 64."""
    some = {new_secret() for _ in range(100)}
    assert len(some) == 100
    assert {len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) for one in some} == {32}


def test_headers_say_the_time_in_seconds() -> None:
    """Of a message that is sent at a time in milliseconds."""
    found = headers([SECRET], "a:1", 1_700_000_000_999, b"x")
    assert found == {
        "Webhook-Id": "a:1",
        "Webhook-Timestamp": "1700000000",
        "Webhook-Signature": signature(SECRET, "a:1", 1_700_000_000, b"x"),
    }


def test_a_former_secret_signs_until_its_time() -> None:
    """And not from it on."""
    hook = Hook("g", "https://a", "new", Everything(), EVERY, "", 0, 1, "ada", former=Former("old", until=500))
    assert [hook.secrets(at) for at in (499, 500)] == [("new", "old"), ("new",)]
    assert "old" not in repr(hook)


def test_each_secret_signs() -> None:
    """With a space between the signatures, as the scheme has it: a receiver takes any of them."""
    other = new_secret()
    said = headers([SECRET, other], "a:1", 1_700_000_000_000, b"x")["Webhook-Signature"]
    assert said.split(" ") == [signature(secret, "a:1", 1_700_000_000, b"x") for secret in (SECRET, other)]
