"""Batches of documents into an index: versioned, in parts that a server takes, tried again where it is busy."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from tenacity import RetryError, Retrying, retry_if_result, stop_after_attempt, wait_random_exponential

from muster.engines.opensearch.server import Server
from muster.errors import EngineUnavailable

PART = 8 * 1024 * 1024
"""Bytes of one request; servers take 100 MB, and less behind many proxies."""

BUSY = frozenset({429, 503})
TRIES = 8
SLOWEST = 10.0
"""Most seconds between two tries."""

NEWER_THERE, GONE, BLOCKED = 409, 404, 403


@dataclass(frozen=True, slots=True)
class Item:
    """One document to write, or to delete when `document` is None; `version` is that of its last change."""

    id: str
    version: int
    document: Mapping[str, Any] | None

    def lines(self) -> bytes:
        """Return the lines of a bulk request."""
        action = "index" if self.document is not None else "delete"
        said = {action: {"_id": self.id, "version": self.version, "version_type": "external_gte"}}
        return _line(said) if self.document is None else _line(said) + _line(self.document)


def _line(value: Mapping[str, Any]) -> bytes:
    """Write one line of JSON; what the faster writer does not take (half a surrogate pair) is left to the server."""
    try:
        return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(value).encode() + b"\n"


def send(server: Server, index: str, items: Iterable[Item], *, must_be_alias: bool) -> dict[str, str]:
    """Write all items; return the reason for each id that the server could not take.

    A newer version that is there already stays, and is no failure.

    Raises:
        EngineUnavailable: the server does not answer, stays too busy, or blocks writing.
    """
    refused: dict[str, str] = {}
    for part in _parts(items):
        refused |= _sent(server, index, part, must_be_alias=must_be_alias)
    return refused


def _parts(items: Iterable[Item]) -> Iterator[dict[str, bytes]]:
    part: dict[str, bytes] = {}
    size = 0
    for item in items:
        lines = item.lines()
        if part and size + len(lines) > PART:
            yield part
            part, size = {}, 0
        part[item.id] = lines
        size += len(lines)
    if part:
        yield part


def _sent(server: Server, index: str, part: dict[str, bytes], *, must_be_alias: bool) -> dict[str, str]:
    """Send one part until nothing of it is turned away for being too much."""
    left, refused = dict(part), dict[str, str]()

    def attempt() -> bool:
        params = {"require_alias": "true"} if must_be_alias else {}
        answer = server.request("POST", f"/{index}/_bulk", body=b"".join(left.values()), params=params)
        outcomes = _outcomes(answer, left)
        refused.update(_refusals(outcomes))
        for id_ in [id_ for id_, (status, _) in outcomes.items() if status not in BUSY]:
            del left[id_]
        return bool(left)

    again = Retrying(
        retry=retry_if_result(bool),
        stop=stop_after_attempt(TRIES),
        wait=wait_random_exponential(multiplier=0.2, max=SLOWEST),
    )
    try:
        again(attempt)
    except RetryError as error:
        raise EngineUnavailable(
            f"the index turned {len(left):,} documents away as too many", hint="try again when it is less busy"
        ) from error
    return refused


def _outcomes(answer: Any, part: Mapping[str, bytes]) -> dict[str, tuple[int, Any]]:
    results: Sequence[Any] = [next(iter(item.values())) for item in answer["items"]]
    if len(results) != len(part):
        raise EngineUnavailable(f"the index answered for {len(results):,} documents of {len(part):,}")
    return {result["_id"]: (result["status"], result.get("error")) for result in results}


def _refusals(outcomes: Mapping[str, tuple[int, Any]]) -> Iterator[tuple[str, str]]:
    for id_, (status, error) in outcomes.items():
        if error is None or status in BUSY or status in {NEWER_THERE, GONE}:
            continue
        if status == BLOCKED:
            raise EngineUnavailable(
                f"the index takes no writes: {error.get('reason')}",
                hint="a full disk blocks writing: make room, then remove the block",
            )
        yield id_, _reason(error)


def _reason(error: Any) -> str:
    cause = error.get("caused_by")
    return f"{error.get('reason')}{f': {_reason(cause)}' if cause else ''}"
