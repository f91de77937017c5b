"""Who follows a product or a domain (contract, section 2, row 23)."""

from __future__ import annotations

import pytest

from muster.catalog.token import Role
from muster.service.people import id_of
from tests.unit.api.openmetadata.speaking import Json, Speaking


def followers(either: Speaking, path: str) -> list[str]:
    """Return who follows, by name, first come first."""
    return [one["name"] for one in either.get(path, fields="followers")["followers"]]


@pytest.fixture(params=["dataProducts", "domains"])
def path(request: pytest.FixtureRequest, either: Speaking, home: Json) -> str:
    """The path of a product, and of a domain."""
    one = either.product(home) if request.param == "dataProducts" else either.domain()
    return f"/{request.param}/{one['id']}"


def test_users_follow(either: Speaking, path: str) -> None:
    """By id, sent as a JSON text; once, however often they say so, and until they do no more."""
    for name in ("bob", "admin", "bob"):
        answer = either.ask("PUT", f"{path}/followers", id_of("user", name))
        assert (answer["eventType"], answer["entityId"]) == ("entityUpdated", path.rsplit("/", 1)[-1])

    assert followers(either, path) == ["bob", "admin"]
    for _ in range(2):
        either.ask("DELETE", f"{path}/followers/{id_of('user', 'bob')}")
    assert followers(either, path) == ["admin"]


def test_following_makes_no_version(either: Speaking, path: str) -> None:
    """It says nothing of what is followed."""
    before = either.get(path)
    either.ask("PUT", f"{path}/followers", id_of("user", "bob"))

    assert either.get(path) == before


def test_a_viewer_follows_for_nobody_else(either: Speaking, path: str) -> None:
    """An editor may."""
    own, other = id_of("user", "viewer"), id_of("user", "bob")

    assert either.ask("PUT", f"{path}/followers", own, role=Role.VIEWER)
    assert either.ask("PUT", f"{path}/followers", other, role=Role.VIEWER, code=403)["message"].startswith("a viewer")
    assert either.ask("PUT", f"{path}/followers", other, role=Role.EDITOR)
    assert either.ask("DELETE", f"{path}/followers/{other}", role=Role.VIEWER, code=403)
    assert either.ask("DELETE", f"{path}/followers/{own}", role=Role.VIEWER)
    assert followers(either, path) == ["bob"]


@pytest.mark.parametrize(("said", "code"), [("nobody", 404), ("", 404), (7, 400), ({"id": "x"}, 400), (["x"], 400)])
def test_who_is_nobody(either: Speaking, path: str, said: Json, code: int) -> None:
    """Neither unknown nor anything but an id."""
    assert either.ask("PUT", f"{path}/followers", said, code=code)["code"] == code


def test_nobody_follows_what_is_not_there(either: Speaking) -> None:
    """In the words of OpenMetadata's server."""
    error = either.ask("PUT", "/dataProducts/nothing/followers", id_of("user", "bob"), code=404)

    assert error["message"] == "dataProduct instance for nothing not found"
