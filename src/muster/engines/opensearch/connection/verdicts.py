"""What an answer that is no success says: that the server cannot now, or that it understood and refuses."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from muster.engines.opensearch.connection.address import VARIABLE, Address
from muster.engines.opensearch.server import Refused
from muster.errors import EngineUnavailable

LONGEST_REASON = 300
LEAST_ERROR = 400
"""The first status of an error; what is below it and no success leads elsewhere."""
NO_SEARCH_SERVER = "does not answer as a search server: {reason}"
LOOK_THERE = f"see what listens where `{VARIABLE}` points"


@dataclass(frozen=True, slots=True)
class Case:
    """An answer by which a server says that it cannot now; what is empty matches everything."""

    what: str
    hint: str
    statuses: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def covers(self, status: int, kinds: frozenset[str], reason: str) -> bool:
        """Whether an answer is such a one."""
        return (
            (not self.statuses or status in self.statuses)
            and (not self.kinds or not self.kinds.isdisjoint(kinds))
            and (not self.words or any(word in reason for word in self.words))
        )


_RED = (
    "misses some of its shards",
    "wait until `GET /_cluster/health` is not red; `GET /_cluster/allocation/explain` says why it is",
)
CASES = (
    Case(
        "takes no changes, its disk is full",
        "make room on its disk, then it lifts the block itself; at once: "
        '`PUT /{alias}/_settings {{"index.blocks.read_only_allow_delete": null}}`',
        kinds=frozenset({"cluster_block_exception"}),
        words=("/10/", "/12/", "/13/"),
    ),
    Case(
        "is blocked",
        "try again when the block is lifted; `GET /_cluster/health` says how the server is",
        kinds=frozenset({"cluster_block_exception"}),
    ),
    Case(
        "does not know these credentials",
        f"mend user and password, or the `api_key`, in `{VARIABLE}`",
        statuses=frozenset({401}),
    ),
    Case(
        "does not allow it",
        "give the user every right on indices `{alias}*`, and the rights to monitor the cluster and to manage index templates",
        statuses=frozenset({403}),
    ),
    Case(
        "has not the memory for it now",
        "try again, or give the server more heap",
        kinds=frozenset({"circuit_breaking_exception"}),
    ),
    Case("is too busy", "try again a little later", statuses=frozenset({429})),
    Case(
        *_RED,
        kinds=frozenset({"no_shard_available_action_exception", "unavailable_shards_exception"}),
    ),
    Case(
        *_RED,
        statuses=frozenset({503}),
        kinds=frozenset({"search_phase_execution_exception"}),
    ),
    Case("is not available", "try again when it has started", statuses=frozenset({502, 503, 504})),
)
"""The first that covers an answer says what it means; an answer that none covers was understood and refused."""

ALWAYS_REFUSED = frozenset({"too_many_buckets_exception"})
"""Kinds that say no whatever their status: some versions send them as 503."""


def judged(status: int, body: Any, address: Address) -> EngineUnavailable | Refused:
    """Return what an answer that is no success says; also of one item of a bulk, given as `{"error": …}`."""
    kinds, kind, reason = explained(body)
    case = None if kinds & ALWAYS_REFUSED else _covering(status, kinds, reason)
    if case is not None:
        what = f"{case.what}: {reason or f'status {status}'}"
        return unavailable(address, what, case.hint.format(alias=address.alias))
    if status < LEAST_ERROR or (body and not isinstance(body, Mapping)):
        return unavailable(address, NO_SEARCH_SERVER.format(reason=f"status {status}"), LOOK_THERE)
    return Refused(status, kind, reason)


def _covering(status: int, kinds: frozenset[str], reason: str) -> Case | None:
    return next((case for case in CASES if case.covers(status, kinds, reason)), None)


def explained(body: Any) -> tuple[frozenset[str], str, str]:
    """Return every kind of error in an answer, that of the innermost error of the server, and the reasons from it in."""
    error = body.get("error") if isinstance(body, Mapping) else body
    if not isinstance(error, Mapping):
        return frozenset(), "", short(error) if isinstance(error, str) else ""
    root = _root(error)
    told = list(_caused(root))
    kinds = frozenset(str(one.get("type") or "") for one in (error, *told))
    reason = _joined(str(one.get("reason") or "") for one in told) or str(error.get("reason") or "")
    return kinds, str(root.get("type") or ""), short(reason)


def _joined(reasons: Iterable[str]) -> str:
    """Return reasons in one line, without those that the ones before repeat."""
    return functools.reduce(
        lambda said, reason: said if reason in said else f"{said}: {reason}".lstrip(": "), reasons, ""
    )


def _root(error: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the first shard's failure, else the root cause, else the error itself."""
    for shard in error.get("failed_shards") or ():
        if isinstance(reason := shard.get("reason"), Mapping):
            return reason
    return next(iter(error.get("root_cause") or ()), error)


def _caused(error: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    while isinstance(error, Mapping):
        yield error
        error = error.get("caused_by")


def unavailable(address: Address, what: str, hint: str) -> EngineUnavailable:
    """Return the error that the server of an address cannot be used now."""
    return EngineUnavailable(f"{address.product} at `{address.place}` {what}", hint=hint)


def short(text: str) -> str:
    """Return the first line of a reason, cut where it is too long to read."""
    line = text.strip().partition("\n")[0].rstrip("; ")
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"
