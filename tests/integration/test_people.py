"""Who there is: nobody keeps a list of people, on every engine."""

from uuid import UUID

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.token import Role
from muster.errors import NotFound
from muster.service.ingest import ingest
from muster.service.people import Kind, Person, by_id, by_name, id_of, known
from muster.service.project import project
from muster.service.tokens import create_token
from muster.service.workspace import Workspace


@pytest.fixture
def peopled(work: Workspace) -> Workspace:
    """A workspace with two tokens, and tables that name owners; `ada` is one of both."""
    create_token(work, "ada", Role.ADMIN)
    create_token(work, "robot", Role.VIEWER)
    owners = [{"ownerUsers": ["ada", "zoë"]}, {"adminUsers": ["bob"], "ownerGroups": ["crew", "ada"]}, {}]
    ingest(work, [EntityDraft(Key("Table", f"wh/{at}"), {"name": "t", **one}) for at, one in enumerate(owners)])
    project(work)
    return work


def test_who_is_known(peopled: Workspace) -> None:
    """Users by their tokens, and whom assets name as owners and admins; teams are the groups that own assets."""
    assert [one.name for one in known(peopled, Kind.USER)] == ["ada", "bob", "robot", "zoë"]
    assert [one.name for one in known(peopled, Kind.TEAM)] == ["ada", "crew"]


def test_an_id_follows_from_kind_and_name(peopled: Workspace) -> None:
    """It is the same wherever and whenever a name is the same, and another one for a team of that name."""
    assert id_of("user", "ada") == "6cbba5a2-c463-5390-80f9-b9b739cbbc6e"
    assert Person(Kind.USER, "ada").id == id_of(Kind.USER, "ada") != id_of(Kind.TEAM, "ada")
    assert UUID(id_of("user", "zoë")).version == 5
    for kind in Kind:
        for one in known(peopled, kind):
            assert by_id(peopled, kind, one.id) == by_name(peopled, kind, one.name) == one


def test_names_at_hand_need_not_be_known(peopled: Workspace) -> None:
    """An expert who owns nothing stays one."""
    ghost = id_of("user", "ghost")

    assert by_id(peopled, Kind.USER, ghost, ["ada", "ghost"]).name == "ghost"
    with pytest.raises(NotFound):
        by_id(peopled, Kind.USER, ghost, ["ada"])


UNKNOWN = [(Kind.USER, "nobody"), (Kind.USER, "crew"), (Kind.TEAM, "bob"), (Kind.USER, ""), (Kind.USER, "ADA")]


@pytest.mark.parametrize(("kind", "name"), UNKNOWN)
def test_who_is_nobody(peopled: Workspace, kind: Kind, name: str) -> None:
    """The error says where to look."""
    with pytest.raises(NotFound, match=f"{kind.value} instance for {name} not found") as refused:
        by_name(peopled, kind, name)
    assert refused.value.hint == f"`/{kind.value}s` lists those that are known"
    with pytest.raises(NotFound):
        by_id(peopled, kind, id_of(kind, name))


def test_who_no_longer_owns_is_no_longer_known(peopled: Workspace) -> None:
    """But for who has, or ever had, a token."""
    ingest(peopled, [EntityDraft(Key("Table", "wh/0"), {"name": "t"})])
    project(peopled)

    assert [one.name for one in known(peopled, Kind.USER)] == ["ada", "bob", "robot"]
