"""What clients ask of the server itself, and who there is (contract, section 1.1)."""

from __future__ import annotations

import re

import pytest

from muster.catalog.token import Role
from muster.service.people import id_of
from tests.unit.api.openmetadata.speaking import Speaking


def test_the_version_is_open(either: Speaking) -> None:
    """The client asks for it first, and compares the first two of three numbers with its own."""
    said = either.ask("GET", "/system/version", role=None)

    assert set(said) == {"version", "revision", "timestamp"}
    assert re.fullmatch(r"2\.0\.\d+", said["version"])


KNOWN = [("users", "user", "bob"), ("users", "user", "admin"), ("teams", "team", "crew")]


@pytest.mark.parametrize(("path", "kind", "name"), KNOWN)
def test_people_are_known_by_name_and_by_the_id_that_follows_from_it(either: Speaking, path: str, kind: str, name: str) -> None:  # fmt: skip
    """Who has a token or owns assets; users have an address of mail, which the client wants of everyone."""
    listed = {one["name"]: one for one in either.get(f"/{path}", limit=1000)["data"]}
    one = either.get(f"/{path}/name/{name}")

    assert one == listed[name] == either.get(f"/{path}/{id_of(kind, name)}")
    assert (one["id"], "@" in one.get("email", "@")) == (id_of(kind, name), True)


def test_a_list_of_people_has_its_total(either: Speaking) -> None:
    """However few are asked for."""
    found = either.get("/users", limit=1)

    assert (len(found["data"]), found["paging"]["total"]) == (1, either.get("/users", limit=1000)["paging"]["total"])


@pytest.mark.parametrize(
    "path", ["/users/name/nobody", "/users/nobody", "/teams/name/bob", f"/teams/{id_of('user', 'bob')}"]
)
def test_who_is_nobody(either: Speaking, path: str) -> None:
    """The hint says where to look."""
    error = either.get(path, code=404)

    assert error["hint"] == f"`/{path.split('/')[1]}` lists those that are known"


@pytest.mark.parametrize("role", list(Role))
def test_who_asks(either: Speaking, role: Role) -> None:
    """By the name of their token."""
    assert either.ask("GET", "/users/loggedInUser", role=role)["name"] == role.value
