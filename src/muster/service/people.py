"""People: users are who has a token, and who is named by assets as their owner; teams are the groups that assets name.

Nobody keeps a list of them: the id of a user or team is made of the name, the same wherever a name is the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from muster.errors import NotFound
from muster.service.workspace import Workspace

IDS: Final = UUID("9d1b6c5e-7f0f-4b7c-9a39-3f2f4a6f3c51")
MOST: Final = 10_000
"""Owners of assets that are looked at, those of the most assets first."""


class Kind(StrEnum):
    """What a name is one of."""

    USER = "user"
    TEAM = "team"


NAMED_BY: Final = {Kind.USER: ("ownerUsers", "adminUsers"), Kind.TEAM: ("ownerGroups",)}
"""The fields that name users and teams."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user or a team."""

    kind: Kind
    name: str

    @property
    def id(self) -> str:
        """The id that follows from the name."""
        return id_of(self.kind, self.name)


def id_of(kind: str, name: str) -> str:
    """Return the id of something that has nothing but a name."""
    return str(uuid5(IDS, f"{kind}:{name}"))


def known(work: Workspace, kind: Kind) -> list[Person]:
    """Return all users or teams in order of name.

    Raises:
        EngineUnavailable: the index cannot be asked who owns assets.
    """
    tokens = [token.name for token in work.record.tokens()] if kind is Kind.USER else []
    owners = (str(name) for field in NAMED_BY[kind] for name, _ in work.engine.terms(field, limit=MOST))
    return [Person(kind, name) for name in sorted({*tokens, *owners})]


def by_id(work: Workspace, kind: Kind, id_: str, near: Iterable[str] = ()) -> Person:
    """Return the user or team of an id; names that are at hand (`near`) are tried before anybody is asked.

    Raises:
        NotFound: nobody has it.
    """
    for name in near:
        if id_of(kind, name) == id_:
            return Person(kind, name)
    found = next((one for one in known(work, kind) if one.id == id_), None)
    if found is None:
        raise NotFound(
            f"{kind.value} instance for {id_} not found", hint=f"`/{kind.value}s` lists those that are known"
        )
    return found


def by_name(work: Workspace, kind: Kind, name: str) -> Person:
    """Return the user or team of a name.

    Raises:
        NotFound: nobody has it.
    """
    if Person(kind, name) not in known(work, kind):
        raise NotFound(
            f"{kind.value} instance for {name} not found", hint=f"`/{kind.value}s` lists those that are known"
        )
    return Person(kind, name)
