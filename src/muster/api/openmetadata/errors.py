"""Errors in the form of OpenMetadata's services, with what Muster knows besides.

`code` is the status as a number and `message` is always there: OpenMetadata's client takes a body without either for
something else than an error (contract, section 3).
"""

from collections.abc import Mapping
from typing import Any, Final

from muster.api.statuses import status_of
from muster.errors import MusterError, Taken

TYPES: Final[Mapping[int, str]] = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    412: "PRECONDITION_FAILED",
    413: "PAYLOAD_TOO_LARGE",
    429: "TOO_MANY_REQUESTS",
    431: "HEADERS_TOO_LARGE",
    503: "SERVICE_UNAVAILABLE",
    504: "TIMEOUT",
}
OTHER: Final = "INTERNAL_ERROR"
TAKEN: Final = "ENTITY_ALREADY_EXISTS"


def render(error: MusterError, request_id: str) -> tuple[int, dict[str, Any]]:
    """Return status and body of an error; `reason` is Muster's own code, `path` points into the request."""
    status = status_of(error)
    told = {
        "code": status,
        "errorType": TAKEN if isinstance(error, Taken) else TYPES.get(status, OTHER),
        "message": f"{error.message}: {error.hint}" if error.hint else error.message,
        "reason": error.code,
        "path": error.path,
        "hint": error.hint,
        "requestId": request_id,
    }
    return status, {name: value for name, value in told.items() if value is not None}
