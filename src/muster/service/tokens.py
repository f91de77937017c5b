"""Bearer tokens: made, listed, ended. Only a digest of the secret is stored; the secret is shown once."""

import hashlib
import secrets

from muster.catalog.token import Role, Token
from muster.errors import InvalidInput
from muster.service.workspace import Workspace

PREFIX = "muster_"
ENTROPY = 32


def create_token(
    work: Workspace, name: str, role: Role, *, domains: tuple[str, ...] = (), expires_at: int | None = None
) -> str:
    """Store a new token and return its secret, which cannot be had again.

    Raises:
        InvalidInput: no name, an expiry that is past, or domains for a role that has none.
        Conflict: the name was used before.
    """
    now = work.clock()
    if not name.strip():
        raise InvalidInput("a token needs a name")
    if expires_at is not None and expires_at <= now:
        raise InvalidInput("the expiry is in the past")
    if domains and role is not Role.EDITOR:
        raise InvalidInput("only an editor is bound to domains", hint="leave `--domain` away, or choose `editor`")
    secret = PREFIX + secrets.token_urlsafe(ENTROPY)
    work.record.add_token(Token(name, fingerprint(secret), role, domains, now, expires_at))
    return secret


def fingerprint(secret: str) -> str:
    """Return what is stored of a secret: its SHA-256, which is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
