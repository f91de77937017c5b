"""The seam to a search server: one way to ask, whichever of the two official clients carries it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from muster.engines.opensearch.dialect import Dialect

Json: TypeAlias = Mapping[str, Any]
"""A JSON object."""

ORDINAL = "__ordinal"
"""The field of the record's key of an asset."""

NOT_FOUND = 404
"""The status of what is not there: a document, an index, a point in time that has ended."""


class Server(Protocol):
    """A cluster that answers requests."""

    @property
    def dialect(self) -> Dialect:
        """What this server speaks; the first use asks it for its version."""
        ...

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Json | Sequence[Json] | bytes | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Any:
        """Send one request and return the decoded JSON of its answer, None when it has no content.

        An object is sent as JSON, a sequence as lines of JSON (`_bulk`, `_msearch`), bytes are such lines already. `path` begins with a slash.

        Raises:
            EngineUnavailable: no connection, no answer in time, no permission, too busy, or blocked.
            Refused: the server understood and said no.
        """
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...


class Refused(Exception):
    """A server understood a request and refused it; never leaves the engine as it is."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(f"{status} {kind}: {reason}")
        self.status = status
        self.kind = kind
        self.reason = reason
