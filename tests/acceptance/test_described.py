"""The service does what its OpenAPI description says, whatever it is sent, and tells nothing to those without a token."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi.openapi.utils import get_openapi
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
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
from tests.acceptance.asking import SETTINGS, Fresh, Scene, asked, key
from tests.acceptance.routes import ROUTES
from tests.acceptance.serving import Served, served

Json = Any

SOME = 240
"""Cases for each surface, with a token and as many without one, where nothing else is said."""
CASES = int(os.environ.get("MUSTER_CASES", "0"))
"""Cases for each operation, with a token and as many without one."""
SEED = int(os.environ.get("MUSTER_SEED", "1"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPEN = {
    *("/healthz", "/readyz", "/api/service/oauth-clients/token"),
    *("/api/v1/system/version", "/sdk/2.0/api/v1/system/version"),
}
"""What needs no token: health, which tells nothing, what gives a token for a secret, what clients ask before all else."""
SURFACES = ("/api/meta", "/api/service", "/api/v1", "/sdk/2.0/api/v1", "")
SENT: Counter[str] = Counter()

DESCRIPTION = schemathesis.openapi.from_dict(get_openapi(title="", version="0", routes=application(Settings()).routes))
OPERATIONS = {one.ok().label: one.ok() for one in DESCRIPTION.get_all_operations()}
BY_LABEL = {route.label: route for route in ROUTES}

PLACES = (
    *("/displayName", "/description", "/name", "/owners", "/owners/-", "/owners/0", "/tags", "/tags/-", "/tags/0"),
    *("/domains", "/domains/0", "/domains/0/href", "/domain", "/parent", "/experts", "/experts/-", "/reviewers/0"),
    *("/extension", "/extension/selection", "/extension/a/b", "/style", "/style/color", "/sla", "/sla/tier"),
    *("/lifecycleStage", "/visibility", "/portfolioPriority", "/entityStatus", "/domainType", "/consumesFrom/-"),
    *("/version", "/id", "/href", "/deleted", "/updatedAt", "/nowhere"),
)
"""Where patches go."""
NAMED: Mapping[str, Json] = {
    "id": "$table",
    "type": "table",
    "tagFQN": "$tag",
    "domain": "Home",
    "domains": ["Home"],
    "parent": "Home",
    "experts": ["admin"],
    "ref": "$product",
    "replaces": "$product",
}
"""By key, what there is of what a body may name."""

pytestmark = pytest.mark.timeout(7200)


def surface_of(path: str) -> str:
    """Return the prefix of the surface that a path belongs to."""
    return next(prefix for prefix in SURFACES if path.startswith(prefix))


COUNTS = Counter(surface_of(one.path) for one in OPERATIONS.values())


def often(path: str) -> settings:
    """Return how often an operation is tried: the more operations a surface has, the less often each."""
    return settings(
        max_examples=CASES or max(2, SOME // COUNTS[surface_of(path)]),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over little."""
    with served(tmp_path_factory.mktemp("described") / "data", SETTINGS) as one:
        yield one
        assert "Traceback" not in one.log.read_text()
    print(f"cases sent: {dict(SENT)}")


@pytest.fixture(scope="module")
def scene(service: Served) -> Iterator[Scene]:
    """What there is in its catalog."""
    with service.client() as http:
        yield Scene(service, http)


def test_the_description_that_is_served_is_the_one_that_is_tried(service: Served) -> None:
    """Every operation of `/openapi.json` is among those below."""
    with service.client() as client:
        told = client.get("/openapi.json").raise_for_status().json()

    served_ones = {f"{method.upper()} {path}" for path, methods in told["paths"].items() for method in methods}
    assert served_ones == OPERATIONS.keys()


def meant(case: Case, scene: Scene, data: st.DataObject) -> None:
    """Let a case be about what there is: its path, and now and then what its body and query name."""
    route, fresh = BY_LABEL[case.operation.label], Fresh(scene, scene.user)
    target = str(httpx.URL(asked(route, fresh)["url"]).path)
    found = route.pattern.match(target)
    case.path_parameters = found.groupdict() if found else case.path_parameters
    case.body = _named(case.body, fresh, data)
    if key(route).startswith("PATCH /d") and isinstance(case.body, list):
        for one in case.body:
            if isinstance(one, dict) and isinstance(one.get("path"), str):
                one["path"] = data.draw(st.sampled_from(PLACES))


def _named(body: Json, fresh: Fresh, data: st.DataObject) -> Json:
    match body:
        case dict():
            return {
                name: fresh.meant(NAMED[name])
                if name in NAMED and isinstance(value, str | list) and data.draw(st.booleans())
                else _named(value, fresh, data)
                for name, value in body.items()
            }
        case list():
            return [_named(one, fresh, data) for one in body]
        case _:
            return body


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_is_described(label: str, service: Served, scene: Scene) -> None:
    """With an admin's token: a status, a type and a shape that the description has, and never a failure of the service.

    Half of the cases are about what there is.
    """

    @seed(SEED)
    @often(OPERATIONS[label].path)
    @given(case=OPERATIONS[label].as_strategy(), known=st.booleans(), data=st.data())
    def holds(case: Case, known: bool, data: st.DataObject) -> None:  # noqa: FBT001 - Hypothesis names it
        SENT[f"with a token {surface_of(case.operation.path)}"] += 1
        if known:
            meant(case, scene, data)
        shown = {"authorization": f"Bearer {service.token}"}
        answer = case.call(base_url=service.url, headers=shown, timeout=60)
        SENT[f"answered {answer.status_code} {surface_of(case.operation.path)}"] += 1
        case.validate_response(answer, checks=CHECKS)
        if case.operation.path.startswith("/sdk/") and answer.status_code < httpx.codes.BAD_REQUEST:
            hold_to_keys(answer.json())

    holds()


@pytest.mark.parametrize("label", [label for label, one in OPERATIONS.items() if one.path not in OPEN])
def test_without_a_token_nothing_is_told(label: str, service: Served) -> None:
    """Whatever is sent: 401, and no word of what is there."""

    @seed(SEED)
    @often(OPERATIONS[label].path)
    @given(case=OPERATIONS[label].as_strategy())
    def holds(case: Case) -> None:
        SENT[f"without a token {surface_of(case.operation.path)}"] += 1
        answer = case.call(base_url=service.url, headers={"authorization": "Bearer none"}, timeout=60)
        assert answer.status_code == httpx.codes.UNAUTHORIZED

    holds()


BOTH = {
    *("id", "name", "fullyQualifiedName", "displayName", "description", "style", "version", "updatedAt", "updatedBy"),
    *("impersonatedBy", "href", "owners", "experts", "assets", "tags", "changeDescription", "extension", "followers"),
    *("incrementalChangeDescription", "votes", "certification", "entityStatus"),
}
KEYS: Mapping[str, set[str]] = {
    "product": {
        *BOTH,
        *("reviewers", "domains", "lifecycleStage", "dataProductType", "visibility", "portfolioPriority", "sla"),
        *("consumesFrom", "providesTo"),
    },
    "domain": {*BOTH, "domainType", "parent", "children", "childrenCount"},
    "reference": {
        *("id", "type", "name", "fullyQualifiedName", "description", "displayName", "deleted", "inherited", "href"),
    },
    "label": {
        *("tagFQN", "source", "labelType", "state", "name", "displayName", "description", "style", "href", "reason"),
        *("appliedAt", "appliedBy", "metadata"),
    },
    "change": {"fieldsAdded", "fieldsUpdated", "fieldsDeleted", "previousVersion", "changeSummary"},
    "style": {"color", "iconURL", "coverImage"},
    "page": {"data", "paging"},
    "paging": {"before", "after", "offset", "limit", "total"},
    "bulk": {
        *("dryRun", "status", "abortReason", "numberOfRowsProcessed", "numberOfRowsPassed", "numberOfRowsFailed"),
        *("successRequest", "failedRequest"),
    },
    "versions": {"entityType", "versions"},
}
"""The keys that the released client takes (contract, sections 4, 6 and 7): with any other it refuses an answer."""


def hold_to_keys(told: Json) -> None:
    """Hold an answer of the released form, with all that is in it, to the keys that its client knows."""
    for kind, one in _parts(told):
        assert set(one) <= KEYS[kind], f"{kind}: {set(one) - KEYS[kind]}"
        if kind in {"product", "domain"}:
            assert isinstance(one["description"], str)
            assert re.fullmatch(r"https?://.+", one["href"])
            assert round(one["version"] * 10, 6).is_integer()
            assert one["version"] >= 0.1


def _parts(told: Json) -> Iterator[tuple[str, Json]]:
    """Yield the objects that an answer is made of, with their kinds; free properties are free."""
    if isinstance(told, list):
        for one in told:
            yield from _parts(one)
    if not isinstance(told, dict):
        return
    kind = next((kind for kind, marks in MARKS.items() if marks <= set(told)), None)
    if kind is not None:
        yield kind, {name: value for name, value in told.items() if kind != "reference" or name != "entityType"}
    for name, value in told.items():
        if name == "style" and isinstance(value, dict):
            yield "style", value
        elif name not in {"extension", "sla"}:
            yield from _parts(value)


MARKS: Mapping[str, set[str]] = {
    "domain": {"id", "version", "domainType"},
    "product": {"id", "version", "description"},
    "label": {"tagFQN"},
    "reference": {"id", "type"},
    "change": {"fieldsAdded"},
    "page": {"data", "paging"},
    "paging": {"total"},
    "bulk": {"numberOfRowsProcessed"},
    "versions": {"versions"},
}
"""What each kind is known by, the first that fits."""
