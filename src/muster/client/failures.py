"""Refusals of a server as the errors that they were there."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from pydantic_core import from_json

from muster import errors
from muster.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    MusterError,
    NotFound,
    ServerUnavailable,
    Stale,
    Unauthenticated,
)

BY_CODE: Final[Mapping[str, type[MusterError]]] = {
    one.code: one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, MusterError)
}

BY_STATUS: Final[Mapping[int, type[MusterError]]] = {
    HTTPStatus.UNAUTHORIZED: Unauthenticated,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.PRECONDITION_FAILED: Stale,
    HTTPStatus.TOO_MANY_REQUESTS: ServerUnavailable,
}
"""What a refusal is that names no error of the tree; of the rest, the caller's fault below 500, the server's above."""


def refusal(status: int, body: bytes) -> MusterError:
    """Return the error that an answer stands for: by its `reason`, or else by its status."""
    said = _object(body)
    kind = BY_CODE.get(str(said.get("reason") or said.get("code"))) or _of_status(status)
    hint = said.get("hint")
    message = said.get("message") or f"the server answered {status}, and did not say why"
    error = kind(_alone(str(message), hint), path=said.get("path"), hint=hint)
    if "requestId" in said:
        error.add_note(f"request {said['requestId']}")
    return error


def _of_status(status: int) -> type[MusterError]:
    known = BY_STATUS.get(status)
    if known is not None:
        return known
    return InvalidInput if 400 <= status < 500 else ServerUnavailable


def _alone(message: str, hint: str | None) -> str:
    """Return a message without the hint, which some clients read at its end."""
    return message.removesuffix(f": {hint}") if hint else message


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = from_json(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
