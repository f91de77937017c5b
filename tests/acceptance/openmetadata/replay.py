"""What was recorded of OpenMetadata's client, sent again: how its answers are compared, and what of it is no answer to expect."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from tests.acceptance import replaying
from tests.acceptance.replaying import Json, rows

BASE = "/sdk/2.0"
"""What the client's host has before `/api`."""
RECORDED_AT = "http://127.0.0.1:18585/api"

FORCED: Mapping[str, str] = {
    r"err:.*": "an answer that the stand-in was told to give, to see what the client makes of it; it is not recorded",
    r"configure server .*|configure no version key": "a version that the stand-in was told to say",
    r"bulk all failed \(400\), text has 'code'": "a failure that the stand-in was told to name",
    r"retrieve DOCS-shaped body .*": "the documented form of an answer, which the client refuses",
    r"FastAPI-style .*": "an error in a form that the client does not understand",
}
"""By what the step of an exchange is called, why its answer was made up for the client, and is none to give it."""


@dataclass(frozen=True, slots=True)
class Exchange(replaying.Exchange):
    """One recorded request with its answer, and whose token it showed."""

    shown: str = "its own"

    @property
    def forced(self) -> str | None:
        """Why the answer was made up; None for one that a server gives."""
        return next((why for step, why in FORCED.items() if re.fullmatch(step, self.step)), None)


@dataclass
class Replay(replaying.Replay[Exchange]):
    """One run of the recording."""

    OPAQUE: ClassVar[frozenset[str]] = frozenset({"before", "after"})
    TIMES: ClassVar[frozenset[str]] = frozenset({"updatedAt", "timestamp"})
    UNREAD: ClassVar[frozenset[str]] = frozenset({"revision"})

    def path(self, exchange: Exchange) -> str:
        """Return the path below the host that the client is told."""
        return BASE + super().path(exchange)

    def headers(self, exchange: Exchange) -> dict[str, str]:
        """Return the type that the client says, and a token that does not hold where it had one."""
        kind = "application/json-patch+json" if exchange.method == "PATCH" else "application/json"
        wrong = {"authorization": "Bearer wrong"} if exchange.shown == "another" else {}
        return {"content-type": kind, **wrong}

    def compare(self, recorded: Json, said: Json, path: str) -> Iterator[str]:
        """Yield the places that differ; a version in a list of them is JSON in a text."""
        if re.fullmatch(r"/versions/\d+", path):
            yield from super().compare(json.loads(recorded), json.loads(said), path)
        else:
            yield from super().compare(recorded, said, path)


def exchanges(text: str) -> list[Exchange]:
    """Return the exchanges of the recording."""
    return [Exchange(number, **row) for number, row in rows(text)]
