"""Errors as OpenMetadata's clients read them (contract, section 3)."""

from __future__ import annotations

import pytest

from muster import errors
from muster.api.openmetadata.errors import TYPES, render
from muster.api.openmetadata.problem import Problem
from muster.api.openmetadata.voice import BASES
from muster.api.statuses import STATUSES
from muster.errors import MusterError
from tests.unit.api.openmetadata.speaking import Speaking

KINDS: list[tuple[MusterError, int, str]] = [
    (errors.InvalidInput("x"), 400, "BAD_REQUEST"),
    (errors.InvalidSelection("x"), 400, "BAD_REQUEST"),
    (errors.LimitExceeded("x"), 400, "BAD_REQUEST"),
    (errors.Unauthenticated("x"), 401, "UNAUTHORIZED"),
    (errors.Forbidden("x"), 403, "FORBIDDEN"),
    (errors.NotFound("x"), 404, "NOT_FOUND"),
    (errors.Conflict("x"), 409, "CONFLICT"),
    (errors.Taken("x"), 409, "ENTITY_ALREADY_EXISTS"),
    (errors.Stale("x"), 412, "PRECONDITION_FAILED"),
    (errors.EngineUnavailable("x"), 503, "SERVICE_UNAVAILABLE"),
    (MusterError("x"), 500, "INTERNAL_ERROR"),
]


@pytest.mark.parametrize(("error", "status", "kind"), KINDS)
def test_code_is_the_status_as_a_number_and_there_is_a_message(error: MusterError, status: int, kind: str) -> None:
    """The client takes a body without either for something else, a text for the code of nothing that is missing."""
    said, body = render(error, "r")

    assert (said, body["code"], body["errorType"], body["message"]) == (status, status, kind, "x")


def test_what_muster_knows_besides() -> None:
    """Its own code, where in the request it is, what to do about it, and the request's id; the message has the hint too."""
    error = errors.UnknownField("`x` is no field", path="/extension/selection", hint="did you mean `y`?")
    status, body = render(error, "r-1")

    assert (status, body) == (
        400,
        {
            "code": 400,
            "errorType": "BAD_REQUEST",
            "message": "`x` is no field: did you mean `y`?",
            "reason": "unknown_field",
            "path": "/extension/selection",
            "hint": "did you mean `y`?",
            "requestId": "r-1",
        },
    )
    assert set(body) == {info.alias for info in Problem.model_fields.values()}


def test_every_status_has_a_word() -> None:
    """But that of a fault."""
    assert set(TYPES) == set(STATUSES.values()) - {500}


UNREADABLE = ["", "{", "null", "[]", '"x"', "7", "\xff"]
TAKING = [
    ("POST", "/dataProducts"),
    ("PUT", "/domains"),
    ("PUT", "/dataProducts/x/assets/add"),
    ("PUT", "/domains/restore"),
]


@pytest.mark.parametrize("body", UNREADABLE)
@pytest.mark.parametrize(("method", "path"), TAKING)
def test_bodies_that_cannot_be_read(either: Speaking, method: str, path: str, body: str) -> None:
    """Are errors of the client, in the same shape."""
    answer = either.service.ask(method, BASES[either.form] + path, content=body.encode("latin-1"))

    assert (answer.status_code, answer.json()["code"]) == (400, 400)


PATHS = [("GET", "/nothing", 404), ("DELETE", "/dataProducts", 405), ("PATCH", "/users", 405)]


@pytest.mark.parametrize(("method", "path", "code"), PATHS)
def test_paths_that_are_none(either: Speaking, method: str, path: str, code: int) -> None:
    """They are errors of the same shape as all others."""
    error = either.ask(method, path, code=code)

    assert (error["code"], bool(error["message"])) == (code, True)


def test_a_slash_at_the_end_leads_nowhere_else(either: Speaking) -> None:
    """The client follows no redirects: it takes one for an answer without a body."""
    assert either.ask("GET", "/domains/?limit=1") == either.ask("GET", "/domains?limit=1")
