"""Bearer tokens, found by the digest of their secret."""

from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, case, func, insert, select, update

from muster.catalog.token import Role, Token
from muster.errors import Conflict, NotFound
from muster.record.database import Database
from muster.record.tables import tokens


class Tokens:
    """The part of the record that holds tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_token(self, token: Token) -> None:
        """Store a new token; Conflict when its name was ever used, so that a name always means one secret."""
        with self._database.writing() as connection:
            if connection.execute(select(tokens.c.name).where(tokens.c.name == token.name)).first():
                raise Conflict(f"there is a token `{token.name}` already", hint="choose another name")
            connection.execute(insert(tokens).values(_values(token)))

    def token(self, digest: str) -> Token:
        """Return the token of a secret, by the SHA-256 of it; whether it still holds is for the caller to ask."""
        with self._database.reading() as connection:
            row = connection.execute(select(tokens).where(tokens.c.digest == digest)).one_or_none()
        if row is None:
            raise NotFound("there is no such token", hint="make one with `muster token create`")
        return _token(row)

    def tokens(self) -> list[Token]:
        """Return all tokens by name, those that no longer hold among them."""
        with self._database.reading() as connection:
            return [_token(row) for row in connection.execute(select(tokens).order_by(tokens.c.name))]

    def revoke_token(self, name: str, *, at: int) -> None:
        """End a token for good; one that was revoked before keeps its time."""
        self._mark(name, "revoked_at", func.coalesce(tokens.c.revoked_at, at))

    def use_token(self, name: str, *, at: int) -> None:
        """Remember the last use of a token; uses may come out of order."""
        later = func.coalesce(tokens.c.used_at, at) <= at
        self._mark(name, "used_at", case((later, at), else_=tokens.c.used_at))

    def _mark(self, name: str, column: str, value: ColumnElement[Any]) -> None:
        with self._database.writing() as connection:
            found = connection.execute(update(tokens).where(tokens.c.name == name).values({column: value}))
            if not found.rowcount:
                raise NotFound(f"there is no token `{name}`", hint="`muster token list` shows them")


def _values(token: Token) -> dict[str, Any]:
    return {
        "name": token.name,
        "digest": token.digest,
        "role": token.role.value,
        "domains": orjson.dumps(token.domains).decode(),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "used_at": token.used_at,
        "revoked_at": token.revoked_at,
    }


def _token(row: Row[Any]) -> Token:
    return Token(
        name=row.name,
        digest=row.digest,
        role=Role(row.role),
        domains=tuple(orjson.loads(row.domains)),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
