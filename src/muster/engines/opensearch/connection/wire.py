"""What both official clients are asked to do: carry bytes there and JSON back."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import orjson
from urllib3 import Timeout

from muster.engines.opensearch.server import Json
from muster.errors import InvalidInput

CONNECT_TIMEOUT = 5.0
"""Seconds after which a node that takes no connection is given up for the next; a server close by takes milliseconds."""
JSON = "application/json"
LINES = "application/x-ndjson"


class Wire(Protocol):
    """One official client, without its retries: each call is one request to one node."""

    def send(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str], seconds: float) -> Any:
        """Return the decoded answer, None when it has no content.

        Raises:
            Failed: no answer within so many seconds, or none of success.
        """
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...


def patience(seconds: float) -> Timeout:
    """Return how long to wait for a connection, and for an answer, both together."""
    return Timeout(connect=min(seconds, CONNECT_TIMEOUT), total=seconds)


def encoded(body: Json | Sequence[Json] | bytes) -> bytes:
    """Return an object as JSON, a sequence of them as lines of JSON, and bytes as they are.

    Raises:
        InvalidInput: a value that JSON cannot express, or the server not read.
    """
    if isinstance(body, bytes):
        return body
    try:
        if isinstance(body, Mapping):
            return orjson.dumps(body, _plain)
        return b"".join(orjson.dumps(line, _plain, orjson.OPT_APPEND_NEWLINE) for line in body)
    except TypeError as error:
        raise InvalidInput(f"a value that the search server cannot be sent: {error}") from error


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} is no JSON")
