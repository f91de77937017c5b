"""What can go wrong between Muster and a search server, and the error that says so.

A client's exception is read as one of a few `Failure`s; a failure becomes `EngineUnavailable`, or `Refused` where the
server understood and said no. The tables below are the whole of it.
"""

import functools
import http.client
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

import urllib3.exceptions as urllib3

from muster.engines.opensearch.address import VARIABLE, Address
from muster.engines.opensearch.server import Refused
from muster.errors import EngineUnavailable

LONGEST_REASON = 300
BUSY = frozenset({429, 502, 503})
"""Statuses by which a server says that it did not do it now."""


@dataclass(frozen=True, slots=True)
class NotReached:
    """No connection came about: nothing was sent."""

    reason: str


@dataclass(frozen=True, slots=True)
class Untrusted:
    """The two ends do not agree on TLS."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No answer came in time; the server may be at it still."""

    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The connection ended before the answer did; the server may have done it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Garbled:
    """Something answered, but not as a search server does."""

    reason: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The server answered with a status that is no success."""

    status: int
    body: Any
    """Decoded JSON, or text, or nothing."""


Failure: TypeAlias = NotReached | Untrusted | NoAnswer | Broken | Garbled | Answered


class Failed(Exception):
    """A request failed; never leaves the client as it is."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


_Kinds: TypeAlias = tuple[type[BaseException], ...]

_BY_EXCEPTION: tuple[tuple[_Kinds, Callable[[str], Failure]], ...] = (
    ((urllib3.NewConnectionError, urllib3.ConnectTimeoutError), NotReached),
    ((urllib3.SSLError, ssl.SSLError), Untrusted),
    ((urllib3.ReadTimeoutError, TimeoutError), NoAnswer),
    ((ConnectionError, http.client.IncompleteRead), Broken),
    ((http.client.HTTPException, urllib3.DecodeError, ValueError, LookupError), Garbled),
)
"""Which exception, anywhere among the causes, tells which failure; the first that is there wins."""


def failure_of(error: BaseException) -> Failure:
    """Return what an exception of a client stands for; one that says nothing else is a broken connection."""
    causes = tuple(_causes(error))
    for kinds, failure in _BY_EXCEPTION:
        if any(isinstance(one, kinds) for one in causes):
            return failure(_said(causes[-1]))
    return Broken(_said(causes[-1]))


def passing(failure: Failure, *, reads: bool) -> bool:
    """Whether asking again is safe and may help: what may have been done is repeated only where it changes nothing."""
    match failure:
        case NotReached():
            return True
        case Broken():
            return reads
        case Answered(status):
            return reads and status in BUSY
        case Untrusted() | NoAnswer() | Garbled():
            return False
        case _:
            assert_never(failure)


def raised(failure: Failure, address: Address, timeout: float) -> EngineUnavailable | Refused:
    """Return the error to raise; it holds no credentials."""
    match failure:
        case NotReached(reason):
            return _unavailable(
                address, f"cannot be reached: {reason}", f"see that it runs, and that `{VARIABLE}` says where"
            )
        case Untrusted(reason):
            return _unavailable(
                address,
                f"and Muster do not agree on TLS: {reason}",
                "name its certificates with `ca=FILE`, or leave `tls=true` out where it speaks no TLS",
            )
        case NoAnswer():
            return _unavailable(
                address,
                f"did not answer within {timeout:g} s",
                "try again, or wait longer with `MUSTER_ENGINE_TIMEOUT`",
            )
        case Broken(reason):
            hint = "try again" if address.tls else "try again; where the server speaks TLS, add `tls=true`"
            return _unavailable(address, f"ended the connection: {reason}", hint)
        case Garbled(reason):
            return _unavailable(
                address, f"does not answer as a search server: {reason}", f"see what listens where `{VARIABLE}` points"
            )
        case Answered(status, body):
            return judged(status, body, address)
        case _:
            assert_never(failure)


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
        "give the user the rights on the indices `{alias}*` that the manual lists",
        statuses=frozenset({403}),
    ),
    Case(
        "has not the memory for it now",
        "try again, or give the server more heap",
        kinds=frozenset({"circuit_breaking_exception"}),
    ),
    Case("is too busy", "try again a little later", statuses=frozenset({429})),
    Case(
        "misses some of its shards",
        "wait until `GET /_cluster/health` is not red; `GET /_cluster/allocation/explain` says why it is",
        kinds=frozenset({"no_shard_available_action_exception", "unavailable_shards_exception"}),
    ),
    Case(
        "misses some of its shards",
        "wait until `GET /_cluster/health` is not red; `GET /_cluster/allocation/explain` says why it is",
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
    if status < 400 or (isinstance(body, str) and body and not _covering(status, frozenset(), body)):
        return raised(Garbled(f"status {status}"), address, 0)
    kinds, kind, reason = _explained(body)
    case = None if kinds & ALWAYS_REFUSED else _covering(status, kinds, reason)
    if case is None:
        return Refused(status, kind, reason)
    return _unavailable(address, f"{case.what}: {reason or f'status {status}'}", case.hint.format(alias=address.alias))


def _covering(status: int, kinds: frozenset[str], reason: str) -> Case | None:
    return next((case for case in CASES if case.covers(status, kinds, reason)), None)


def _explained(body: Any) -> tuple[frozenset[str], str, str]:
    """Return every kind of error in an answer, that of the innermost error of the server, and the reasons from it in."""
    error = body.get("error", "") if isinstance(body, Mapping) else body or ""
    if not isinstance(error, Mapping):
        return frozenset(), "", _short(str(error))
    root = _root(error)
    told = list(_caused(root))
    kinds = frozenset(str(one.get("type") or "") for one in (error, *told))
    return kinds, str(root.get("type") or ""), _short(_joined(str(one.get("reason") or "") for one in told))


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


def _unavailable(address: Address, what: str, hint: str) -> EngineUnavailable:
    return EngineUnavailable(f"{address.product} at `{address.place}` {what}", hint=hint)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and what caused it, outermost first; a client may hold the cause as `info`."""
    while error is not None:
        yield error
        info = getattr(error, "info", None)
        error = info if isinstance(info, BaseException) else error.__cause__ or error.__context__


def _said(error: BaseException) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return error.verify_message
        case ssl.SSLError(reason=str(reason)):
            return reason.replace("_", " ").lower()
        case OSError(strerror=str(reason)):
            return reason.lower()
        case _:
            return _short(str(error) or type(error).__name__)


def _short(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"
