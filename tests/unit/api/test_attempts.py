"""Failures per client: counted in a span of time, and in bounded memory."""

import pytest

from muster.api.attempts import Attempts

NOW = [0.0]


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> Attempts:
    """Two failures in ten seconds, of three clients at most."""
    monkeypatch.setattr(Attempts, "ROOM", 3)
    NOW[0] = 0.0
    return Attempts(2, 10, lambda: NOW[0])


def fail(attempts: Attempts, *addresses: str) -> None:
    """Count a failure of each."""
    for one in addresses:
        attempts.failed(one)


def test_the_wait_ends_with_the_span(attempts: Attempts) -> None:
    """Counted from the first failure; then it begins anew."""
    fail(attempts, "a")
    NOW[0] = 4
    assert attempts.wait("a") == 0
    fail(attempts, "a")
    assert attempts.wait("a") == 6
    NOW[0] = 10
    assert attempts.wait("a") == 0
    fail(attempts, "a")
    assert attempts.wait("a") == 0


def test_clients_do_not_wait_for_each_other(attempts: Attempts) -> None:
    """Each address counts by itself."""
    fail(attempts, "a", "a", "b")
    assert (attempts.wait("a"), attempts.wait("b"), attempts.wait("c")) == (10, 0, 0)


def test_a_network_of_ipv6_is_one_client(attempts: Attempts) -> None:
    """Whoever has one of its addresses has 2^64 of them."""
    fail(attempts, "2001:db8::1", "2001:db8::2")
    assert attempts.wait("2001:db8::ffff") == 10
    assert attempts.wait("2001:db8:0:1::1") == 0


def test_memory_is_bounded(attempts: Attempts) -> None:
    """The client that began longest ago is forgotten for a new one."""
    fail(attempts, "a", "a", "b", "b", "c", "c", "d", "d")
    assert [attempts.wait(one) for one in "abcd"] == [0, 10, 10, 10]
