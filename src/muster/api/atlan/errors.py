"""Errors in the form of Atlan's services: five keys, no more, because strict clients refuse any other."""

from typing import Any

from muster.api.statuses import status_of
from muster.errors import MusterError

NOT_FOUND = "ATLAS-404-00-005"
"""The code of Atlan's services for an entity that is not there; all other errors are numbered by their status alone."""


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
        "errorCode": NOT_FOUND if status == 404 else f"ATLAS-{status}-00-001",
        "errorMessage": text,
        "errorId": request_id,
        "errorCause": "",
        "causes": [cause],
    }
