"""A service for OpenMetadata's clients, on each kind of engine, and what there is in its catalog."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.command import run
from tests.acceptance.openmetadata.versions import VERSION, sdk
from tests.acceptance.serving import Served, served
from tests.integration.places import EMBEDDED, OnServer, UrlOf, place, with_alias
from tests.servers import report

Json = Any
BULK = "/api/meta/entity/bulk"
DOCUMENTED = "/api/v1"
TYPES = {"table": "Table", "topic": "KafkaTopic", "dashboard": "LookerDashboard"}
"""By the page's words for assets, types that they stand for."""


@dataclass
class Catalog:
    """A served catalog, asked as the one who may do everything, in the form of the documentation."""

    served: Served
    http: httpx.Client

    def ask(self, method: str, path: str, *, code: int = 200, **how: Any) -> Json:
        """Send a request below `/api/v1`, hold it to a status, and return what it was answered."""
        return asked(self.http, method, f"{DOCUMENTED}{path}", code=code, **how)

    def asset(self, kind: str, name: str) -> Json:
        """Create an asset, and return the reference that the page has for it."""
        attributes = {"name": name, "qualifiedName": f"default/shop/1/{kind}/{name}"}
        entity = {"typeName": TYPES[kind], "guid": "-1", "attributes": attributes}
        made = asked(self.http, "POST", BULK, json={"entities": [entity]})
        return {"id": made["guidAssignments"]["-1"], "type": kind}

    def domain(self, name: str, **said: Json) -> Json:
        """Create a domain."""
        body = {"name": name, "description": "d", "domainType": "Aggregate", **said}
        return self.ask("POST", "/domains", json=body, code=201)

    def product(self, name: str, domain: str, **said: Json) -> Json:
        """Create a product."""
        body = {"name": name, "description": "d", "domain": domain, **said}
        return self.ask("POST", "/dataProducts", json=body, code=201)

    def read(self, product: Json, **query: str) -> Json:
        """Read a product again."""
        return self.ask("GET", f"/dataProducts/{product['id']}", params=query)

    def held(self, product: Json, what: str = "assets") -> list[str]:
        """Return the ids of a product's assets or ports."""
        page = self.ask("GET", f"/dataProducts/{product['id']}/{what}", params={"limit": 1000})
        assert page["paging"]["total"] == len(page["data"])
        return sorted(one["id"] for one in page["data"])


def asked(http: httpx.Client, method: str, path: str, *, code: int = 200, **how: Any) -> Json:
    """Send a request, hold it to a status, and return what it was answered."""
    answer = http.request(method, path, **how)
    assert answer.status_code == code, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


@pytest.fixture(scope="module", params=[EMBEDDED, "opensearch"])
def catalog(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf
) -> Iterator[Catalog]:
    """An empty catalog on each kind of engine; whoever shows wrong tokens is not turned away for too many."""
    folder = tmp_path_factory.mktemp("openmetadata")
    with place(request.param, folder, engine_url) as there:
        url = with_alias(engine_url(request.param), there.alias) if isinstance(there, OnServer) else ""
        settings = {"MUSTER_SERVE_ATTEMPTS": "1000000"} | ({"MUSTER_ENGINE_URL": url} if url else {})
        with served(folder / "data", settings) as one, one.client() as http:
            yield Catalog(one, http)


@pytest.fixture(scope="module")
def client() -> Path:
    """A Python that has the client, which who wants nothing but free software on a machine can do without."""
    if os.environ.get("MUSTER_TEST_OPENMETADATA") == "none":
        report.missing("openmetadata's client", "MUSTER_TEST_OPENMETADATA is none")
        pytest.skip("OpenMetadata's client is not wanted")
    python = sdk()
    report.say("openmetadata's client", f"{VERSION} from the package index")
    return python


@dataclass
class Scene:
    """The pages' domain with a product, another domain, assets of the pages' types, and who may do what.

    `viewer` only reads, `elsewhere` may write in the other domain, `nobody` shows no token, `wrong` one that does not hold.
    """

    catalog: Catalog
    assets: list[Json]
    viewer: httpx.Client
    elsewhere: httpx.Client
    nobody: httpx.Client
    wrong: httpx.Client
    made: int = 0

    def product(self, **said: Json) -> Json:
        """Create one more product in the pages' domain."""
        self.made += 1
        return self.catalog.product(f"CustomerInsights {self.made}", "Marketing", **said)


@pytest.fixture(scope="module")
def scene(catalog: Catalog) -> Iterator[Scene]:
    """The scene of both pages."""
    catalog.domain("Marketing")
    catalog.domain("Sales")
    kinds = [("table", "orders"), ("table", "customers"), ("topic", "clicks"), ("dashboard", "revenue")]
    assets = [catalog.asset(kind, name) for kind, name in kinds]
    rights = {
        "viewer": ("--role", "viewer"),
        "elsewhere": ("--role", "editor", "--domain", "Sales"),
    }
    one = catalog.served
    secrets = {name: _token(one, "--name", name, *words) for name, words in rights.items()}
    with ExitStack() as stack:
        viewer, elsewhere, wrong = (
            stack.enter_context(one.client(secret)) for secret in (*secrets.values(), "muster_wrong")
        )
        nobody = stack.enter_context(httpx.Client(base_url=one.url, timeout=60))
        yield Scene(catalog, assets, viewer, elsewhere, nobody, wrong)


def _token(one: Served, *words: str) -> str:
    """Create a token, and return its secret."""
    made = run(one.data, "token", "create", *words, "--json", settings=one.settings)
    secret: str = json.loads(made.stdout)["token"]
    return secret
