"""Bearer tokens: made, found by their secrets, ended. Only a digest of a secret is stored; the secret is shown once."""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from muster.catalog.token import Role, Token
from muster.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from muster.protocols import Clock, Record
from muster.service.dotted import domain
from muster.service.workspace import Workspace

PREFIX = "muster_"
ENTROPY = 32
FIRST = "admin"
"""The name of the token that a record begins with."""


def create_token(
    work: Workspace, name: str, role: Role, *, domains: tuple[str, ...] = (), expires_at: int | None = None
) -> str:
    """Store a new token and return its secret, which cannot be had again.

    `domains` are named by guid, qualified name or dotted name.

    Raises:
        InvalidInput: no name, an expiry that is past, or domains for a role that has none.
        NotFound: a domain is not there.
        Conflict: the name was used before, or several domains have a dotted name.
    """
    now = work.clock()
    if not name.strip():
        raise InvalidInput("a token needs a name")
    if expires_at is not None and expires_at <= now:
        raise InvalidInput("the expiry is in the past")
    if domains and role is not Role.EDITOR:
        raise InvalidInput("only an editor is bound to domains", hint="leave `--domain` away, or choose `editor`")
    homes = tuple(dict.fromkeys(domain(work, one).key.qualified_name for one in domains))
    secret = PREFIX + secrets.token_urlsafe(ENTROPY)
    work.record.add_token(Token(name, fingerprint(secret), role, homes, now, expires_at))
    return secret


def first_token(record: Record, clock: Clock, keep: Callable[[str], None]) -> bool:
    """Make an admin's token where the record has none at all, and say whether one was made.

    `keep` gets the secret before it counts, so that a token that counts is never one that nobody has.
    """
    if record.tokens():
        return False
    secret = PREFIX + secrets.token_urlsafe(ENTROPY)
    keep(secret)
    try:
        record.add_token(Token(FIRST, fingerprint(secret), Role.ADMIN, (), clock()))
    except Conflict:  # another process was quicker
        return False
    return True


def fingerprint(secret: str) -> str:
    """Return what is stored of a secret: its SHA-256, which is enough for 256 random bits."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class _Seen:
    """A token as the record had it at a moment of the machine's own clock, in seconds."""

    token: Token
    at: float


class Bearers:
    """Finds tokens by the digests of their secrets, and remembers those that hold for a second.

    So a busy bearer costs the record one look a second, and a token that is revoked ends within that second. Safe to
    share between threads.
    """

    FRESH = 1.0
    """Seconds for which a token is taken for what it was."""
    ROOM = 10_000
    """Tokens that are remembered at once; the one that was looked up longest ago is forgotten first."""

    def __init__(self, record: Record, clock: Clock, ticks: Callable[[], float] = time.monotonic) -> None:
        self._record = record
        self._clock = clock
        self._ticks = ticks
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._changing = threading.Lock()

    def remembered(self, digest: str) -> Token | None:
        """Return a token that held within the last second and holds now, without asking the record."""
        seen = self._seen.get(digest)
        if seen is None or self._ticks() - seen.at > self.FRESH or not seen.token.holds(self._clock()):
            return None
        return seen.token

    def has_held(self, digest: str) -> bool:
        """Whether the digest was a token's when it was last looked up."""
        return digest in self._seen

    def find(self, digest: str) -> Token:
        """Return the token from the record.

        Raises:
            Unauthenticated: there is none, or it was revoked, or it expired.
        """
        began = self._ticks()
        try:
            token = self._record.token(digest)
        except NotFound as error:
            raise self._refused(digest) from error
        if not hmac.compare_digest(token.digest, digest) or not token.holds(self._clock()):
            raise self._refused(digest)
        self._remember(digest, _Seen(token, began))
        return token

    def _remember(self, digest: str, seen: _Seen) -> None:
        with self._changing:
            self._seen[digest] = seen
            self._seen.move_to_end(digest)
            while len(self._seen) > self.ROOM:
                self._seen.popitem(last=False)

    def _refused(self, digest: str) -> Unauthenticated:
        """Forget what was remembered; all that is wrong with a token sounds alike to who tries some."""
        with self._changing:
            self._seen.pop(digest, None)
        return Unauthenticated(
            "that token does not hold", hint="it may be revoked or expired; `muster token create` makes another"
        )
