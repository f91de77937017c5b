"""The key of the data folder: worth an admin's token, on this machine, in the name of whoever shows it."""

from __future__ import annotations

from typing import Any

import pytest

from muster.api.neighbours import Neighbours
from muster.catalog.token import Role
from muster.errors import Unauthenticated
from muster.service.tokens import fingerprint

KEY = "key"


def scope(address: str | None = "127.0.0.1", user: bytes | None = b"ada") -> dict[str, Any]:
    """Return what is known of a request when its token is looked at."""
    headers = [] if user is None else [(b"x-muster-user", user)]
    return {"client": None if address is None else (address, 1), "headers": headers}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_let_in(address: str) -> None:
    """As an admin, whose name signs what is written."""
    token = Neighbours(KEY).token(fingerprint(KEY), scope(address))

    assert token is not None
    assert (token.name, token.role, token.domains) == ("ada", Role.ADMIN, ())


@pytest.mark.parametrize(
    "address", ["10.0.0.5", "::ffff:10.0.0.5", "2001:db8::1", "fe80::1%eth0", "nonsense", "", None]
)
def test_nobody_else_is(address: str | None) -> None:
    """Whoever has the key: elsewhere it is no token at all."""
    assert Neighbours(KEY).token(fingerprint(KEY), scope(address)) is None


@pytest.mark.parametrize("said", ["", "keys", "KEY", fingerprint(KEY)])
def test_another_key_is_no_key(said: str) -> None:
    """Nor is its digest."""
    assert Neighbours(KEY).token(fingerprint(said), scope()) is None


def test_without_a_key_nobody_is_a_neighbour() -> None:
    """Where the folder has no owner, say."""
    assert Neighbours(None).token(fingerprint("None"), scope()) is None


@pytest.mark.parametrize(
    ("said", "name"), [(b"ada", "ada"), (b"gr%C3%B6%C3%9Fe", "größe"), (b"a%20b", "a b"), (b"x" * 200, "x" * 200)]
)
def test_a_name_may_have_any_letters(said: bytes, name: str) -> None:
    """Percent-encoded, as headers have to be."""
    token = Neighbours(KEY).token(fingerprint(KEY), scope(user=said))

    assert token is not None
    assert token.name == name


@pytest.mark.parametrize("said", [None, b"", b" ", b"%00", b"a%0Ab", b"%1b[31m", b"x" * 201])
def test_a_name_that_is_none(said: bytes | None) -> None:
    """Is refused: nobody could tell who wrote."""
    with pytest.raises(Unauthenticated, match="name of a user"):
        Neighbours(KEY).token(fingerprint(KEY), scope(user=said))
