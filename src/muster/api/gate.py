"""The gate of a running service: reads the token of a request, finds whose it is, slows down who guesses."""

import math
from collections.abc import MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final

import structlog

from muster.api.attempts import Attempts
from muster.api.neighbours import Neighbours
from muster.api.statuses import TooManyAttempts
from muster.catalog.token import Token
from muster.errors import MusterError, Unauthenticated
from muster.service.tokens import Bearers, fingerprint
from muster.service.workspace import Workspace

MINUTE: Final = 60.0
BETWEEN_USES: Final = 60_000
"""Milliseconds between two notes of a token's use."""

PATIENCE: Final = 2.0
"""Seconds that notes of uses have when the service stops."""

Scope = MutableMapping[str, Any]

log = structlog.get_logger(__name__)


class Gate:
    """Everything that a request needs to be let in: a token, or the key of the data folder."""

    def __init__(self, work: Workspace, attempts: int, key: str | None = None) -> None:
        self.work = work
        self.neighbours = Neighbours(key)
        self._bearers = Bearers(work.record, work.clock)
        self._attempts = Attempts(attempts, MINUTE)
        self._noted: dict[str, int] = {}
        self._last: Future[None] | None = None
        self._later = ThreadPoolExecutor(1, thread_name_prefix="token-uses")

    def remembered(self, digest: str) -> Token | None:
        """Return a token that was found within the last second; asks nobody."""
        return self._bearers.remembered(digest)

    def find(self, digest: str, scope: Scope) -> Token:
        """Find a token in the record, and note that it is used.

        Raises:
            Unauthenticated: the token does not hold.
            TooManyAttempts: too many did not that came from this address; who had one that held is not kept waiting.
        """
        address = scope["client"][0] if scope.get("client") else ""
        seconds = 0.0 if self._bearers.has_held(digest) else self._attempts.wait(address)
        if seconds:
            raise TooManyAttempts("too many wrong tokens came from this address", seconds=math.ceil(seconds))
        try:
            token = self._bearers.find(digest)
        except Unauthenticated:
            self._attempts.failed(address)
            raise
        self._note(token)
        return token

    def close(self) -> None:
        """Finish the notes of uses, unless that takes long: the service stops."""
        wait([self._last] if self._last else [], timeout=PATIENCE)  # one thread writes them, in order
        self._later.shutdown(wait=False, cancel_futures=True)

    def _note(self, token: Token) -> None:
        """Have the use of a token remembered, by a thread that no request waits for, once a minute."""
        now = self.work.clock()
        if now - max(token.used_at or 0, self._noted.get(token.name, 0)) >= BETWEEN_USES:
            self._noted[token.name] = now
            self._last = self._later.submit(self._used, token.name, now)

    def _used(self, name: str, at: int) -> None:
        try:
            self.work.record.use_token(name, at=at)
        except MusterError as error:
            log.warning("the last use of a token was not noted", token=name, reason=error.message)


def digest_of(scope: Scope) -> str:
    """Return the digest of the secret that a request brings.

    Raises:
        Unauthenticated: it brings none.
    """
    said = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    scheme, _, secret = said.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated("this needs a token", hint="send `Authorization: Bearer TOKEN`")
    return fingerprint(secret.strip())


def gate_of(scope: Scope) -> Gate:
    """Return the gate of the service that a request came to."""
    found: Gate = scope["app"].state.gate
    return found
