"""What stands around every route: ids, slashes, headers, bounds, compression, the log."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import APIRouter

from muster.api.logs import write_logs
from muster.api.surface import Surface, render_plainly
from muster.catalog.token import Role
from muster.settings import Settings
from tests.unit.api.driven import Driven, a_surface, driven


@pytest.mark.parametrize("name", ["X-Request-Id", "X-Atlan-Request-Id"])
def test_a_sane_id_is_taken_and_told(service: Driven, name: str) -> None:
    """Under the name that it came by."""
    answer = service.get("/healthz", headers={name: "abc-1.2:3_4"})
    assert answer.headers[name] == answer.headers["X-Request-Id"] == "abc-1.2:3_4"


@pytest.mark.parametrize("said", ["", "a b", "x" * 129, 'a"b', "a\tb"])
def test_any_other_id_is_replaced(service: Driven, said: str) -> None:
    """So that nothing odd gets into logs; no two requests have the same."""
    answers = [service.get("/healthz", headers={"X-Request-Id": said}) for _ in range(2)]
    assert len({said, *(one.headers["X-Request-Id"] for one in answers)}) == 3


@pytest.mark.parametrize("path", ["/tea/viewer", "/tea/viewer/", "/tea/viewer//"])
def test_a_slash_at_the_end_means_nothing(service: Driven, path: str) -> None:
    """Nobody is sent elsewhere for it."""
    assert service.get(path).status_code == 200


def test_every_answer_is_safe_to_look_at(service: Driven) -> None:
    """Answers of errors too."""
    for path in ("/healthz", "/nowhere"):
        headers = service.get(path, role=None).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "server" not in headers


def test_a_body_is_bounded(tmp_path: Path) -> None:
    """By what its length is said to be and, where that is not said, by what comes."""
    with driven(tmp_path, a_surface(), serve_body=1024) as service:
        small = service.ask("POST", "/tea/cups/1", json={"a": "x" * 900})
        large = b'{"a": "' + b"x" * 1100 + b'"}'

        async def chunks() -> AsyncIterator[bytes]:
            for at in range(0, len(large), 100):
                yield large[at : at + 100]

        json_ = {"Content-Type": "application/json"}
        refused = [service.ask("POST", "/tea/cups/1", content=one, headers=json_) for one in (large, chunks())]
    assert small.status_code == 200
    assert [(one.json()["tea"], one.json()["said"]) for one in refused] == [
        ("limit_exceeded", "a body has at most 1,024 bytes")
    ] * 2
    assert all(one.headers["Connection"] == "close" for one in refused)


def test_headers_are_bounded(tmp_path: Path) -> None:
    """The address counts among them."""
    with driven(tmp_path, serve_headers=1024) as service:
        assert service.get("/healthz").status_code == 200
        assert service.get("/healthz", headers={"X-Long": "x" * 1024}).status_code == 431
        assert service.get(f"/healthz?q={'x' * 1024}").status_code == 431


def test_an_answer_is_due_in_time(tmp_path: Path) -> None:
    """Afterwards the client knows that there is none; the work goes on to its end, and its answer goes nowhere."""
    done: list[str] = []
    router = APIRouter(prefix="/slow")

    @router.get("/work")
    def work() -> dict[str, Any]:
        time.sleep(0.6)
        done.append("work")
        return {}

    with driven(tmp_path, Surface("slow", ("/slow",), router, render_plainly), serve_timeout=0.2) as service:
        answer = service.get("/slow/work")
    assert (answer.status_code, answer.json()["code"]) == (504, "took_too_long")
    assert done == ["work"]


def test_large_answers_are_compressed_for_who_takes_that(service: Driven) -> None:
    """Small ones are not worth it."""
    sizes = [("gzip", 5000), ("identity", 5000), ("gzip", 10)]
    answers = [
        service.ask("POST", f"/tea/cups/{size}", json={}, headers={"Accept-Encoding": coding}) for coding, size in sizes
    ]
    assert ["Content-Encoding" in one.headers for one in answers] == [True, False, False]
    assert [len(one.json()["text"]) for one in answers] == [5000, 5000, 10]


def test_a_request_is_one_line_of_the_log(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """With its route's template and its token's name; what stood in address, query and headers is not in it."""
    before = structlog.get_config()
    try:
        with driven(tmp_path, a_surface()) as service:
            capfdbinary.readouterr()
            write_logs(Settings(data=tmp_path, log_format="json"))
            service.ask("POST", "/tea/cups/77?q=hidden", role=Role.EDITOR, json={}, headers={"X-Request-Id": "r-9"})
            lines = capfdbinary.readouterr().err.splitlines()
            secret = service.secrets[Role.EDITOR]
    finally:
        structlog.configure(**before)
    (line,) = [one for one in lines if b"r-9" in one]
    said = json.loads(line)
    assert {key: said[key] for key in ("method", "route", "status", "token", "level", "event")} == {
        "method": "POST",
        "route": "/tea/cups/{number}",
        "status": 200,
        "token": "editor",
        "level": "info",
        "event": "request",
    }
    assert said["ms"] > 0
    assert said["bytes"] > 77
    assert not any(hidden.encode() in line for hidden in ("hidden", "77?", secret))
