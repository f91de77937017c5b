"""Bearer tokens: who may call, and as what."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What the bearer may do; each may do what the ones before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Token:
    """One token by its name; the secret itself is kept by its bearer alone.

    `digest` is the SHA-256 of the secret in hexadecimal. `domains` are the qualified names of the domains an editor is
    bound to, empty for all of them. Times are ms since 1970; `used_at` is the last use.
    """

    name: str
    digest: str
    role: Role
    domains: tuple[str, ...]
    created_at: int
    expires_at: int | None = None
    used_at: int | None = None
    revoked_at: int | None = None

    def holds(self, now: int) -> bool:
        """Whether the token counts at a time."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
