"""Errors in the form of Atlan's services: five keys, no more, because strict clients refuse any other."""

from typing import Any

from muster.api.statuses import status_of
from muster.errors import MusterError, NotFound

NOT_FOUND = "ATLAS-404-00-005"
NOT_NAMED = "ATLAS-404-00-009"
"""The codes of Atlan's services for an entity that is not there, looked for by guid and by unique attribute; all other
errors are numbered by their status alone."""


class NotNamed(NotFound):
    """No entity of the type has the qualified name."""


class NotProvided(MusterError):
    """A path of Atlan's that this service does not have; clients do not repeat what is answered so."""

    code = "not_provided"


def render(error: MusterError, request_id: str) -> tuple[int, dict[str, Any]]:
    """Return status and body of an error.

    The code of Muster and the place in the request stand in `causes`, the hint ends the message.
    """
    status = 501 if isinstance(error, NotProvided) else status_of(error)
    cause = {"errorType": error.code, "errorMessage": error.message, "location": error.path or ""}
    text = f"{error.message}: {error.hint}" if error.hint else error.message
    return status, {
        "errorCode": _code(error, status),
        "errorMessage": text,
        "errorId": request_id,
        "errorCause": "",
        "causes": [cause],
    }


def _code(error: MusterError, status: int) -> str:
    match error:
        case NotNamed():
            return NOT_NAMED
        case NotFound():
            return NOT_FOUND
        case _:
            return f"ATLAS-{status}-00-001"
