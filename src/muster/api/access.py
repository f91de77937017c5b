"""Who calls, and whether they may: the dependency of every route that is not open."""

from dataclasses import dataclass, replace
from typing import Final

from fastapi import Request

from muster.api.exchange import exchange_of
from muster.api.gate import gate_of
from muster.catalog.token import Role, Token
from muster.errors import Forbidden, Unauthenticated
from muster.service.workspace import Workspace

RANKS: Final = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request. What they write through `work` is signed with their token's name.

    `request_id` is the client's own where it gave one, the same on every repetition of a request.
    """

    work: Workspace
    token: Token
    request_id: str

    @property
    def within(self) -> tuple[str, ...]:
        """The qualified names of the domains that the caller is bound to as an editor; empty: all of them."""
        return self.token.domains


async def viewer(request: Request) -> Caller:
    """Let every token in."""
    return _caller(request, Role.VIEWER)


async def editor(request: Request) -> Caller:
    """Let editors and admins in."""
    return _caller(request, Role.EDITOR)


async def admin(request: Request) -> Caller:
    """Let admins in."""
    return _caller(request, Role.ADMIN)


def _caller(request: Request, least: Role) -> Caller:
    """Return the caller.

    Raises:
        Forbidden: the token's role is not enough.
    """
    exchange = exchange_of(request.scope)
    token = exchange.token
    if token is None:
        raise Unauthenticated("this needs a token")
    if RANKS[token.role] < RANKS[least]:
        raise Forbidden(
            f"the role `{token.role.value}` may not do this", hint=f"use a token with the role `{least.value}`"
        )
    return Caller(replace(gate_of(request.scope).work, by=token.name), token, exchange.request_id)
