"""Errors as Atlan's clients read them."""

from __future__ import annotations

import pytest

from muster import errors
from muster.api.atlan.errors import NotNamed, NotProvided, render
from muster.errors import MusterError

STATUSES: list[tuple[MusterError, int]] = [
    (errors.InvalidInput("x"), 400),
    (errors.InvalidSelection("x"), 400),
    (errors.UnknownField("x"), 400),
    (errors.UnsupportedClause("x"), 400),
    (errors.LimitExceeded("x"), 400),
    (errors.Unauthenticated("x"), 401),
    (errors.Forbidden("x"), 403),
    (errors.NotFound("x"), 404),
    (errors.Conflict("x"), 409),
    (errors.Held("x"), 409),
    (NotProvided("x"), 501),
    (errors.DataFolderBusy("x"), 503),
    (errors.RecordUnavailable("x"), 503),
    (errors.EngineUnavailable("x"), 503),
]


@pytest.mark.parametrize(("error", "status"), STATUSES)
def test_status(error: MusterError, status: int) -> None:
    """Clients repeat 403, 429 and nearly all of 5xx: what will fail again is answered with none of them."""
    said, body = render(error, "r")

    assert said == status
    assert body["errorCode"].startswith(f"ATLAS-{status}-")


def test_body_has_five_keys() -> None:
    """Strict clients refuse any other; code and message are never empty, causes never null."""
    error = errors.UnknownField("`x` is no field", path="/bool/filter/0", hint="did you mean `y`?")

    assert render(error, "r-1") == (
        400,
        {
            "errorCode": "ATLAS-400-00-001",
            "errorMessage": "`x` is no field: did you mean `y`?",
            "errorId": "r-1",
            "errorCause": "",
            "causes": [{"errorType": "unknown_field", "errorMessage": "`x` is no field", "location": "/bool/filter/0"}],
        },
    )


def test_missing_entity_has_the_code_that_clients_know() -> None:
    """They are the ones that Atlan's own service answers, by guid and by name."""
    assert render(errors.NotFound("x"), "r")[1]["errorCode"] == "ATLAS-404-00-005"
    assert render(NotNamed("x"), "r")[1]["errorCode"] == "ATLAS-404-00-009"
