"""What those who watch over the service are told, and who may be told what."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from muster.api import health
from muster.catalog.entity import EntityDraft, Key
from muster.catalog.token import Role
from muster.errors import EngineUnavailable, RecordUnavailable
from muster.service import lag
from muster.service.lag import Lag
from muster.service.project import project
from muster.service.sync import sync
from tests.unit.api.driven import Driven, driven


def test_who_lives_says_so(service: Driven) -> None:
    """Without a token, and whatever else is the matter."""
    assert service.get("/healthz", role=None).json() == {"status": "ok"}


def test_who_is_well_says_so(service: Driven) -> None:
    """Without a token."""
    assert service.get("/readyz", role=None).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("part", "what", "error"),
    [
        ("record", "record", RecordUnavailable("the password is x")),
        ("engine", "engine", EngineUnavailable("the password is x")),
    ],
)
def test_the_part_that_is_not_well_is_named(tmp_path: Path, part: str, what: str, error: Exception) -> None:
    """And nothing else of it: anybody may ask."""

    def away() -> int:
        raise error

    with driven(tmp_path) as service:
        target: Any = getattr(service.work, what)
        target.position = away
        answer = service.get("/readyz", role=None)
        del target.position
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "part": part})
    assert answer.headers["Retry-After"]


def test_an_index_that_is_late_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the projector's part."""
    monkeypatch.setattr(lag, "of_index", lambda _: Lag(5, health.LATE + 1))
    with driven(tmp_path) as service:
        assert service.get("/readyz", role=None).json()["part"] == "projector"


def test_lag_is_told_in_changes_and_seconds(service: Driven) -> None:
    """Nothing is behind once it is projected; before, it is as old as its first change."""
    work = service.work
    before = work.record.position()
    now = work.clock()
    drafts = [EntityDraft(Key("Table", f"lag/{number}"), {"name": "x"}) for number in range(3)]
    work.record.write(drafts, by="ada", at=now - 5_000)
    found = lag.of_index(work)
    assert found == Lag() or (found.changes == work.record.position() - before and found.seconds >= 5)
    project(work)
    assert lag.of_index(work) == Lag()


def test_the_service_projects_by_itself(service: Driven) -> None:
    """What anybody writes into the record can be searched soon."""
    work = service.work
    work.record.write([EntityDraft(Key("Table", "by-itself"), {"name": "x"})], by="ada", at=work.clock())
    for _ in range(200):
        if work.engine.position() == work.record.position():
            break
        time.sleep(0.02)
    assert work.engine.position() == work.record.position()


def test_metrics_count_what_happened(service: Driven) -> None:
    """Requests by route and status, calls of the engine, runs by outcome, how far the projector is behind."""
    service.get("/tea/viewer")
    service.get("/tea/nowhere")
    list(sync(service.work))
    text = service.get("/metrics", role=Role.VIEWER).text
    assert re.search(r'muster_requests_total\{method="GET",route="/tea/viewer",status="200"\} [1-9]', text)
    assert re.search(r'muster_requests_total\{method="GET",route="unmatched",status="418"\} [1-9]', text)
    assert re.search(r'muster_request_seconds_count\{method="GET",route="/tea/viewer"\} [1-9]', text)
    assert "muster_engine_seconds_bucket" in text
    assert re.search(r"^muster_projector_lag_changes \d", text, re.MULTILINE)
    assert re.search(r"^muster_projector_lag_seconds \d", text, re.MULTILINE)


def test_metrics_need_a_token_unless_told_otherwise(tmp_path: Path) -> None:
    """A setting opens them to everybody."""
    with driven(tmp_path, serve_open_metrics=True) as service:
        assert service.get("/metrics", role=None).status_code == 200


def test_the_service_describes_itself(service: Driven) -> None:
    """The whole, and each surface by itself, for who has a token; all routes take one but those that say otherwise."""
    whole = service.get("/openapi.json", role=Role.VIEWER).json()
    one = service.get("/openapi/tea.json", role=Role.VIEWER).json()
    assert {"/healthz", "/tea/viewer"} <= whole["paths"].keys()
    assert "/healthz" not in one["paths"]
    assert whole["security"] == one["security"] == [{"token": []}]
    assert whole["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert whole["paths"]["/healthz"]["get"]["security"] == []
    assert "security" not in whole["paths"]["/tea/viewer"]["get"]
    assert service.get("/openapi/coffee.json").status_code == 404
