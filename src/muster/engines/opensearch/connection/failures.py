"""What can go wrong between Muster and a search server, and the error that says so.

A client's exception is read as one of a few `Failure`s; a failure becomes `EngineUnavailable`, or `Refused` where the
server understood and said no. The tables here and in `verdicts` are the whole of it.
"""

import http.client
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias, assert_never

import urllib3.exceptions as urllib3

from muster.engines.opensearch.connection.address import VARIABLE, Address
from muster.engines.opensearch.connection.verdicts import LOOK_THERE, NO_SEARCH_SERVER, judged, short, unavailable
from muster.engines.opensearch.server import Refused
from muster.errors import EngineUnavailable

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
    ((urllib3.NewConnectionError, urllib3.ConnectTimeoutError, urllib3.LocationValueError), NotReached),
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


_ON_THE_WAY: Mapping[type[Failure], tuple[str, str]] = MappingProxyType(
    {
        NotReached: ("cannot be reached: {reason}", f"see that it runs, and that `{VARIABLE}` says where"),
        Untrusted: (
            "and Muster do not agree on TLS: {reason}",
            "name its certificates with `ca=FILE`, or leave `tls=true` out where it speaks no TLS",
        ),
        NoAnswer: ("did not answer within {timeout:g} s", "try again, or wait longer with `MUSTER_ENGINE_TIMEOUT`"),
        Broken: ("ended the connection: {reason}", "try again; add `tls=true` where the server speaks TLS"),
        Garbled: (NO_SEARCH_SERVER, LOOK_THERE),
    }
)
"""What each failure but an answer is called, and what to do."""


def raised(failure: Failure, address: Address, timeout: float) -> EngineUnavailable | Refused:
    """Return the error to raise; it holds no credentials."""
    if isinstance(failure, Answered):
        return judged(failure.status, failure.body, address)
    what, hint = _ON_THE_WAY[type(failure)]
    return unavailable(address, what.format(reason=failure.reason, timeout=timeout), hint)


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
            return short(str(error) or type(error).__name__)
