"""What clients ask of the server itself: which version it understands, and who there is."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Path, Query, Request, Response

from muster.api.gate import gate_of
from muster.api.openmetadata.references import page_of, person
from muster.api.openmetadata.rendering import LONGEST
from muster.api.openmetadata.voice import Form, Speaking, Voice
from muster.api.web import Viewer, told
from muster.service import people
from muster.service.people import Kind, Person

VERSION_PATH: Final = "/system/version"


@dataclass(frozen=True, slots=True)
class About:
    """What the server says of itself: the release of OpenMetadata that it speaks like, of which clients ask."""

    version: str

    def tell(self, request: Request) -> Response:
        """Say which version of OpenMetadata is understood; open, as clients ask before they show a token."""
        now = gate_of(request.scope).work.clock()
        return told({"version": self.version, "revision": "muster", "timestamp": now})


_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAIL: Final = re.compile(
    r"(?=.{1,250}$)(?=[^@]{1,64}@)[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*"
    rf"@({_LABEL}\.)+(?!(arpa|invalid|local|localhost|onion|test)$)[A-Za-z]{{2,63}}",
    re.IGNORECASE,
)
"""What is an address of mail for OpenMetadata's client, whose validator knows names that no mail goes to."""

Most = Annotated[int, Query(ge=0, le=10_000, description="How many.")]
PersonName = Annotated[str, Path(min_length=1, max_length=2_600, description="The name.")]
PersonId = Annotated[str, Path(min_length=1, max_length=2_600, description="The id.")]


def list_users(caller: Viewer, voice: Speaking, limit: Most = 10) -> Response:
    """List the users: who has a token, and who owns assets."""
    return _listed(people.known(caller.work, Kind.USER), voice, limit)


def list_teams(caller: Viewer, voice: Speaking, limit: Most = 10) -> Response:
    """List the teams: the groups that own assets."""
    return _listed(people.known(caller.work, Kind.TEAM), voice, limit)


def read_caller(caller: Viewer, voice: Speaking) -> Response:
    """Say who asks."""
    return told(_shown(Person(Kind.USER, caller.token.name), voice))


def read_user_by_name(caller: Viewer, name: PersonName, voice: Speaking) -> Response:
    """Read a user by name."""
    return told(_shown(people.by_name(caller.work, Kind.USER, name), voice))


def read_user(caller: Viewer, id: PersonId, voice: Speaking) -> Response:  # noqa: A002 - as on the wire
    """Read a user by id."""
    return told(_shown(people.by_id(caller.work, Kind.USER, id, [caller.token.name]), voice))


def read_team_by_name(caller: Viewer, name: PersonName, voice: Speaking) -> Response:
    """Read a team by name."""
    return told(_shown(people.by_name(caller.work, Kind.TEAM, name), voice))


def read_team(caller: Viewer, id: PersonId, voice: Speaking) -> Response:  # noqa: A002 - as above
    """Read a team by id."""
    return told(_shown(people.by_id(caller.work, Kind.TEAM, id), voice))


def _listed(some: list[Person], voice: Voice, limit: int) -> Response:
    return told(page_of([_shown(one, voice) for one in some[:limit]], len(some)))


def _shown(one: Person, voice: Voice) -> dict[str, object]:
    """Return a user or team; OpenMetadata's client wants an address of mail of every user, which nobody has here."""
    ref = person(one, voice)
    mail = one.name if _MAIL.fullmatch(one.name) else f"{one.id}@users.example"
    told_ = {name: ref[name] for name in ("id", "name", "fullyQualifiedName", "href")} | {"displayName": one.name}
    if voice.form is Form.RELEASED:
        told_ |= {name: told_[name][:most] for name, most in LONGEST.items()}
    return told_ | ({"email": mail} if one.kind is Kind.USER else {"teamType": "Group"})
