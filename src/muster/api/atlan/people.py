"""Users, groups, roles and tokens: all of them are made of Muster's tokens."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Response

from muster.api.atlan.criteria import Criteria, chosen
from muster.api.atlan.shapes import Listed, User, Whoami
from muster.api.atlan.web import answers
from muster.api.web import Viewer, told
from muster.catalog.token import Role, Token
from muster.service.people import id_of
from muster.service.workspace import Workspace

router = APIRouter(prefix="/api/service", tags=["people"])

NAMES: Final[Mapping[Role, str]] = {Role.ADMIN: "$admin", Role.EDITOR: "$member", Role.VIEWER: "$guest"}
"""What Atlan calls the roles."""

DESCRIPTIONS: Final[Mapping[Role, str]] = {Role.ADMIN: "Admin", Role.EDITOR: "Member", Role.VIEWER: "Guest"}


@router.get("/users/current", responses=answers(User, "Who asks: a user named like the token."))
def current_user(caller: Viewer) -> Response:
    """Say who asks."""
    return told(user(caller.token, caller.work))


@router.get("/users", responses=answers(Listed, "The users: one for each token that holds."))
def users(caller: Viewer, criteria: Criteria) -> Response:
    """List the users."""
    return told(chosen([user(token, caller.work) for token in _holding(caller.work)], criteria))


@router.get("/v2/groups", responses=answers(Listed, "The groups, of which there are none."))
def groups(_: Viewer, criteria: Criteria) -> Response:
    """List the groups."""
    return told(chosen([], criteria))


@router.get("/roles", responses=answers(Listed, "The roles: `$admin`, `$member` (an editor) and `$guest` (a viewer)."))
def roles(caller: Viewer, criteria: Criteria) -> Response:
    """List the roles."""
    members = Counter(token.role for token in _holding(caller.work))
    return told(chosen([_role(role) | {"memberCount": str(members[role])} for role in NAMES], criteria))


@router.get("/apikeys", responses=answers(Listed, "The tokens, without their secrets."))
def api_tokens(caller: Viewer, criteria: Criteria) -> Response:
    """List the tokens."""
    return told(chosen([_api_token(token) for token in _holding(caller.work)], criteria))


@router.get("/whoami", responses=answers(Whoami, "The role of who asks."))
def whoami(caller: Viewer) -> Response:
    """Say which role the caller has."""
    return told({"roles": [{"id": id_of("role", NAMES[caller.token.role]), "name": NAMES[caller.token.role]}]})


def user(token: Token, work: Workspace) -> dict[str, Any]:
    """Return the user that a token stands for."""
    return {
        "id": id_of("user", token.name),
        "username": token.name,
        "email": "",
        "emailVerified": False,
        "enabled": token.holds(work.clock()),
        "firstName": token.name,
        "lastName": "",
        "attributes": {},
        "createdTimestamp": token.created_at,
        "workspaceRole": NAMES[token.role],
        "roles": [NAMES[token.role]],
    }


def _holding(work: Workspace) -> list[Token]:
    now = work.clock()
    return [token for token in work.record.tokens() if token.holds(now)]


def _role(role: Role) -> dict[str, Any]:
    name = NAMES[role]
    return {"id": id_of("role", name), "name": name, "description": DESCRIPTIONS[role], "level": "workspace"}


def _api_token(token: Token) -> dict[str, Any]:
    """Return a token; the name of its user is what clients make of the client's id."""
    known = {"clientId": token.name, "displayName": token.name, "createdAt": token.created_at, "createdBy": ""}
    ends = {} if token.expires_at is None else {"access.token.lifespan": (token.expires_at - token.created_at) // 1000}
    return {
        "id": id_of("token", token.name),
        "clientId": token.name,
        "displayName": token.name,
        "attributes": {**known, **ends},
    }
