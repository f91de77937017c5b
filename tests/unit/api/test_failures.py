"""Every failure is an answer in the shape of its surface, and tells nothing that is nobody's business."""

import json
from typing import Any

import pytest

from muster import errors
from muster.api.statuses import HeadersTooLarge, MethodNotAllowed, TooLarge, TooManyAttempts, headers_of, status_of
from muster.catalog.token import Role
from muster.errors import MusterError
from tests.unit.api.driven import TEAPOT, Driven

TREE = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, MusterError)]
STATUSES = {
    "error": 500,
    "invalid_input": 400,
    "invalid_selection": 400,
    "unknown_field": 400,
    "unsupported_clause": 400,
    "limit_exceeded": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "taken": 409,
    "overtaken": 409,
    "stale": 412,
    "held": 409,
    "data_folder_busy": 503,
    "record_unavailable": 503,
    "engine_unavailable": 503,
    "server_unavailable": 500,  # said by clients alone
}


@pytest.mark.parametrize("kind", TREE)
def test_every_error_has_a_status(kind: type[MusterError]) -> None:
    """What is not there for now says when to ask again."""
    error = kind("no")
    assert status_of(error) == STATUSES[kind.code]
    assert ("Retry-After" in headers_of(error)) == (status_of(error) == 503)


def test_errors_of_http_have_theirs() -> None:
    """The methods that a path takes, the seconds to wait, the end of a connection that brings too much."""
    assert headers_of(MethodNotAllowed("no", allow="GET")) == {"Allow": "GET"}
    assert headers_of(TooManyAttempts("no", seconds=7)) == {"Retry-After": "7"}
    assert [status_of(one("no")) for one in (TooLarge, HeadersTooLarge)] == [413, 431]


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("GET", "/tea/nowhere", None, "not_found"),
        ("DELETE", "/tea/viewer", None, "method_not_allowed"),
        ("POST", "/tea/cups/many", {}, "invalid_input"),
        ("POST", "/tea/cups/1", [], "invalid_input"),
        ("GET", "/tea/spilt", None, "unexpected"),
    ],
)
def test_a_surface_says_all_errors_in_its_shape(service: Driven, method: str, path: str, body: Any, code: str) -> None:
    """What FastAPI refuses by itself and what nobody foresaw among them."""
    answer = service.ask(method, path, json=body)
    assert (answer.status_code, answer.json()["tea"]) == (TEAPOT, code)
    assert answer.json()["id"] == answer.headers["X-Request-Id"]


def test_elsewhere_the_shape_is_musters_own(service: Driven) -> None:
    """`code`, `message`, and the id of the request; a prefix covers whole parts of a path only."""
    answer = service.get("/teapot")
    assert answer.status_code == 404
    said = {"code": "not_found", "message": "there is nothing at `/teapot`"}
    assert answer.json() == said | {"requestId": answer.headers["X-Request-Id"]}


def test_what_is_wrong_is_found_by_its_path(service: Driven) -> None:
    """The part of the request, and the name of what is wrong with it."""
    said = service.ask("POST", "/tea/cups/many", json={}).json()["said"]
    assert said.startswith("path/number: ")
    assert "many" not in said


def test_the_unforeseen_is_logged_and_not_told(service: Driven, capfd: pytest.CaptureFixture[str]) -> None:
    """The log has the traceback under the id of the request; the client has the id."""
    answer = service.get("/tea/spilt", headers={"X-Request-Id": "spill-1"})
    logged = "".join(capfd.readouterr())
    assert "secret tea" not in answer.text
    assert "Traceback" not in answer.text
    assert "ZeroDivisionError" in logged
    assert "spill-1" in logged


def test_a_broken_body_is_told(service: Driven) -> None:
    """JSON that is none is the client's mistake."""
    answer = service.ask("POST", "/tea/cups/1", content=b"{,", headers={"Content-Type": "application/json"})
    assert answer.json()["tea"] == "invalid_input"


def test_errors_are_json(service: Driven) -> None:
    """Whoever asks, without a token too."""
    answer = service.get("/nowhere", role=None)
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.content)["code"] == "unauthenticated"
    assert service.get("/tea/editor", role=Role.VIEWER).json()["tea"] == "forbidden"
