"""What the services ask of what sends to receivers, and what it answers with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Target:
    """Where something is sent: with TLS (`secure`) or without, to which host and port, and the path with its query."""

    secure: bool
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered: its status, the begin of its body, and the seconds it asks to be left alone for.

    Where it gave no answer `code` is None, and `said` tells why.
    """

    code: int | None
    said: str
    later: int | None = None


class Stopped(Exception):
    """The sender was closed while it was sending; nobody knows whether that arrived."""


class Sender(Protocol):
    """What sends, safe to share between threads."""

    def addresses(self, target: Target) -> list[str]:
        """Return the addresses that the host of a target has now.

        Raises:
            OSError: it has none, or they cannot be had.
        """
        ...

    def post(self, target: Target, addresses: Sequence[str], headers: Mapping[str, str], body: bytes) -> Answer:
        """Send to a target, at one of these addresses and no other; what it answers is not followed anywhere.

        It takes no longer than the sender has patience for.

        Raises:
            Stopped: the sender was closed.
        """
        ...

    def close(self) -> None:
        """Break off what is under way, and send nothing more."""
        ...
