"""The HTTP status of every error, and the errors that only HTTP has."""

from collections.abc import Mapping
from typing import Final

from muster.errors import (
    Conflict,
    DataFolderBusy,
    EngineUnavailable,
    Forbidden,
    Held,
    InvalidInput,
    LimitExceeded,
    MusterError,
    NotFound,
    RecordUnavailable,
    Stale,
    Unauthenticated,
)


class MethodNotAllowed(MusterError):
    """The path is there, for other methods; `allow` names them."""

    code = "method_not_allowed"

    def __init__(self, message: str, *, allow: str) -> None:
        super().__init__(message, hint=f"use {allow}")
        self.allow = allow


class TooLarge(LimitExceeded):
    """The body of a request is larger than the service takes."""


class HeadersTooLarge(LimitExceeded):
    """The headers of a request are larger than the service takes."""


class TooManyAttempts(MusterError):
    """Too many wrong tokens came from one address; it may try again after so many seconds."""

    code = "too_many_attempts"

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message, hint=f"try again in {seconds} s")
        self.seconds = seconds


class TooManyWaiting(MusterError):
    """As many requests wait for events as there may be."""

    code = "too_many_waiting"


class TookTooLong(MusterError):
    """A request was not answered in time; what it began goes on, and may be done later."""

    code = "took_too_long"


class Stopping(MusterError):
    """The service stops, and does not wait for the request any longer; what it began may yet be done."""

    code = "stopping"


class Unexpected(MusterError):
    """A fault of Muster's own; the log has it, under the id of the request."""

    code = "unexpected"


STATUSES: Final[Mapping[type[MusterError], int]] = {
    InvalidInput: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    Conflict: 409,
    Held: 409,
    Stale: 412,
    TooLarge: 413,
    TooManyAttempts: 429,
    HeadersTooLarge: 431,
    DataFolderBusy: 503,
    RecordUnavailable: 503,
    EngineUnavailable: 503,
    Stopping: 503,
    TooManyWaiting: 503,
    TookTooLong: 504,
    MusterError: 500,
}
"""By the nearest class that is named."""

AGAIN: Final = 5
"""Seconds after which to try again what was not available."""


def status_of(error: MusterError) -> int:
    """Return the HTTP status that an error goes out with where its surface has no other."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def headers_of(error: MusterError) -> dict[str, str]:
    """Return the headers that tell clients what to do about an error."""
    match error:
        case Unauthenticated():
            return {"WWW-Authenticate": 'Bearer realm="muster"'}
        case MethodNotAllowed(allow=allow):
            return {"Allow": allow}
        case TooManyAttempts(seconds=seconds):
            return {"Retry-After": str(seconds)}
        case DataFolderBusy() | RecordUnavailable() | EngineUnavailable() | Stopping() | TooManyWaiting():
            return {"Retry-After": str(AGAIN)}
        case TooLarge() | HeadersTooLarge() | TookTooLong():
            return {"Connection": "close"}
        case _:
            return {}
