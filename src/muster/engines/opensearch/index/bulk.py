"""Batches of documents into an index: versioned, in parts that a server takes, tried again where it is busy."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from tenacity import RetryError, Retrying, retry_if_result, stop_after_attempt, wait_random_exponential

from muster.engines.opensearch.index.state import NEWER_THERE, SHARDS_WITHIN
from muster.engines.opensearch.server import NOT_FOUND, Refused, Server
from muster.errors import EngineUnavailable

PART = 8 * 1024 * 1024
"""Bytes of one request; servers take 100 MB, and less behind many proxies."""

TRIES = 8
SLOWEST = 10.0
"""Most seconds between two tries."""

BUSY = 429
LEAST_FAULT = 500
"""The first status by which a server says that it is not the document's fault."""
AWAY = frozenset({502, 503, 504})
BLOCKED = "cluster_block_exception"


@dataclass(frozen=True, slots=True)
class Target:
    """Where documents go: the name that they are sent to, and the index that it is to stand for."""

    name: str
    index: str

    @property
    def is_alias(self) -> bool:
        """Whether the name is an alias; where it is gone, no index of its name is to be made."""
        return self.name != self.index


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: in which index, and the error where it did not get there."""

    index: str
    status: int
    error: Mapping[str, Any] | None

    @property
    def is_there(self) -> bool:
        """Whether the index holds it now, or a newer version of it."""
        return self.error is None or self.status == NEWER_THERE

    @property
    def is_turned_away(self) -> bool:
        """Whether the server had no room for it at the moment; a block may have that status as well."""
        return self.status == BUSY and not self.is_blocked

    @property
    def is_blocked(self) -> bool:
        """Whether the index takes no changes at all."""
        return self.error is not None and self.error.get("type") == BLOCKED

    @property
    def reason(self) -> str:
        """What the server says of it."""
        return _reason(self.error or {})


def _line(value: Mapping[str, Any]) -> bytes:
    """Write one line of JSON; what the faster writer does not take (half a surrogate pair) is left to the server."""
    try:
        return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(value).encode() + b"\n"


def send(server: Server, target: Target, items: Iterable[Item]) -> dict[str, str]:
    """Write all items; return the reason for each id that the server could not take.

    A newer version that is there already stays, and is no failure.

    Raises:
        EngineUnavailable: the server does not answer, stays too busy, blocks writing, or misses shards.
        Refused: 404, when the name stands for another index, or none, by now.
    """
    refused: dict[str, str] = {}
    for part in _parts(items):
        refused |= _sent(server, target, part)
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


def _sent(server: Server, target: Target, part: dict[str, bytes]) -> dict[str, str]:
    """Send one part until nothing of it is turned away for being too much."""
    left, refused = dict(part), dict[str, str]()
    params = {"timeout": SHARDS_WITHIN, **({"require_alias": "true"} if target.is_alias else {})}

    def attempt() -> bool:
        answer = server.request("POST", f"/{target.name}/_bulk", body=b"".join(left.values()), params=params)
        outcomes = _outcomes(answer, left)
        refused.update(_refusals(outcomes, target.index))
        for id_ in [id_ for id_, outcome in outcomes.items() if not outcome.is_turned_away]:
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


def _outcomes(answer: Any, part: Mapping[str, bytes]) -> dict[str, Outcome]:
    results: Sequence[Any] = [next(iter(item.values())) for item in answer["items"]]
    outcomes = {one["_id"]: Outcome(one["_index"], one["status"], one.get("error")) for one in results}
    if outcomes.keys() != part.keys():
        raise EngineUnavailable(f"the index answered for {len(results):,} documents of {len(part):,}")
    return outcomes


def _refusals(outcomes: Mapping[str, Outcome], index: str) -> dict[str, str]:
    """Return the reasons of those that the server could not take.

    Raises:
        EngineUnavailable: it takes none at the moment, this one or others.
        Refused: 404, when they did not go where they should.
    """
    works = any(outcome.is_there for outcome in outcomes.values())
    for outcome in outcomes.values():
        _see_that_it_is(outcome, index)
        if not outcome.is_there:
            _see_that_it_can(outcome, works=works)
    return {id_: one.reason for id_, one in outcomes.items() if not one.is_there and not one.is_turned_away}


def _see_that_it_is(outcome: Outcome, index: str) -> None:
    """See that a document met the index that it was meant for; to delete one that is not there is no error."""
    if outcome.status == NOT_FOUND and outcome.error is not None:
        raise Refused(NOT_FOUND, str(outcome.error.get("type")), outcome.reason)
    if outcome.is_there and outcome.index != index:
        raise Refused(NOT_FOUND, "", f"a document for `{index}` went into `{outcome.index}`")


def _see_that_it_can(outcome: Outcome, *, works: bool) -> None:
    """See that an error is one of the document: what the server has with a single one among others is."""
    if outcome.is_blocked:
        raise EngineUnavailable(
            f"the index takes no changes: {outcome.reason}",
            hint="a full disk blocks writing: make room, then remove the block",
        )
    if outcome.status in AWAY or (outcome.status >= LEAST_FAULT and not works):
        raise EngineUnavailable(
            f"the index cannot take documents now: {outcome.reason}",
            hint="see the health of the index with `muster doctor`",
        )


def _reason(error: Mapping[str, Any]) -> str:
    cause = error.get("caused_by")
    return f"{error.get('reason')}{f': {_reason(cause)}' if cause else ''}"
