"""The service does what its OpenAPI description says, whatever it is sent, and tells nothing to those without a token."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from fastapi.openapi.utils import get_openapi
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from muster.bootstrap import application
from muster.settings import Settings
from tests.acceptance.serving import Served, served

CASES = int(os.environ.get("MUSTER_CASES", "20"))
"""Cases for each operation, with a token and as many without one."""
SEED = int(os.environ.get("MUSTER_SEED", "1"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPEN = {"/healthz", "/readyz", "/api/service/oauth-clients/token"}
"""What needs no token: health, which tells nothing, and what gives a token for a secret."""
SENT: Counter[str] = Counter()

DESCRIPTION = schemathesis.openapi.from_dict(get_openapi(title="", version="0", routes=application(Settings()).routes))
OPERATIONS = {one.ok().label: one.ok() for one in DESCRIPTION.get_all_operations()}

pytestmark = pytest.mark.timeout(3600)
often = settings(
    max_examples=CASES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over an empty catalog; whoever fails to show a token is never turned away for too many tries."""
    with served(tmp_path_factory.mktemp("described") / "data", {"MUSTER_SERVE_ATTEMPTS": "1000000"}) as one:
        yield one
    print(f"cases sent: {dict(SENT)}")


def test_the_description_that_is_served_is_the_one_that_is_tried(service: Served) -> None:
    """Every operation of `/openapi.json` is among those below."""
    with service.client() as client:
        told = client.get("/openapi.json").raise_for_status().json()

    served_ones = {f"{method.upper()} {path}" for path, methods in told["paths"].items() for method in methods}
    assert served_ones == OPERATIONS.keys()


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_is_described(label: str, service: Served) -> None:
    """With an admin's token: a status, a type and a shape that the description has, and never a failure of the service."""

    @seed(SEED)
    @often
    @given(case=OPERATIONS[label].as_strategy())
    def holds(case: Case) -> None:
        SENT["with a token"] += 1
        shown = {"authorization": f"Bearer {service.token}"}
        answer = case.call(base_url=service.url, headers=shown, timeout=60)
        case.validate_response(answer, checks=CHECKS)

    holds()


@pytest.mark.parametrize("label", [label for label, one in OPERATIONS.items() if one.path not in OPEN])
def test_without_a_token_nothing_is_told(label: str, service: Served) -> None:
    """Whatever is sent: 401, and no word of what is there."""

    @seed(SEED)
    @often
    @given(case=OPERATIONS[label].as_strategy())
    def holds(case: Case) -> None:
        SENT["without a token"] += 1
        answer = case.call(base_url=service.url, headers={"authorization": "Bearer none"}, timeout=60)
        assert answer.status_code == httpx.codes.UNAUTHORIZED

    holds()
