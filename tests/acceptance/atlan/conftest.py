"""A service for Atlan's clients, on each kind of engine, and what there is in its catalog."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.atlan.clients import AtlanClient, connected
from tests.acceptance.atlan.java import HEADERS
from tests.acceptance.serving import Served, served
from tests.integration.places import EMBEDDED, OnServer, UrlOf, place, with_alias

Json = Any
BULK = "/api/meta/entity/bulk"
SEARCH = "/api/meta/search/indexsearch"
TYPEDEFS = "/api/meta/types/typedefs"
SCHEMA = "default/snowflake/1700000000/shop/core"


@dataclass
class Catalog:
    """A served catalog, asked as the one who may do everything."""

    served: Served
    http: httpx.Client
    client: AtlanClient

    def ask(self, method: str, path: str, *, code: int = 200, **how: Any) -> Json:
        """Send a request, hold it to a status, and return what it was answered."""
        answer = self.http.request(method, path, **how)
        assert answer.status_code == code, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def save(self, *entities: Json, **query: str) -> Json:
        """Save entities."""
        return self.ask("POST", BULK, json={"entities": list(entities)}, params=query)

    def create(self, type_name: str, name: str, **said: Json) -> Json:
        """Create one entity and return its header."""
        attributes = {"name": name, "qualifiedName": name, **said.pop("attributes", {})}
        answer = self.save({"typeName": type_name, "guid": "-1", "attributes": attributes, **said})
        (made,) = (one for one in answer["mutatedEntities"]["CREATE"] if one["typeName"] == type_name)
        assert answer["guidAssignments"] == {"-1": made["guid"]}
        return made

    def read(self, guid: str, *, code: int = 200, **query: str) -> Json:
        """Read an entity."""
        found = self.ask("GET", f"/api/meta/entity/guid/{guid}", params=query, code=code)
        return found["entity"] if code == httpx.codes.OK else found

    def tag(self, name: str) -> str:
        """Define a tag and return its internal name."""
        made = {"category": "CLASSIFICATION", "name": name, "displayName": name}
        answer = self.ask("POST", TYPEDEFS, json={"classificationDefs": [made]})
        internal: str = answer["classificationDefs"][0]["name"]
        return internal

    def table(self, name: str, **said: Json) -> Json:
        """Create a table that is verified."""
        attributes = {"qualifiedName": f"{SCHEMA}/{name}", "certificateStatus": "VERIFIED"}
        return self.create("Table", name, attributes=attributes, **said)

    def remove(self, *guids: str, how: str = "PURGE") -> Json:
        """Delete entities."""
        return self.ask("DELETE", BULK, params={"guid": list(guids), "deleteType": how})

    def search(self, query: Json, **said: Json) -> Json:
        """Search."""
        dsl = {"from": 0, "size": 20, "query": query, **said.pop("dsl", {})}
        return self.ask("POST", SEARCH, json={"dsl": dsl, **said})


@contextmanager
def opened(one: Served) -> Iterator[Catalog]:
    """Return a catalog that is served, with both ways to ask it."""
    with one.client() as http, connected(one) as client:
        yield Catalog(one, http, client)


@pytest.fixture(scope="module", params=[EMBEDDED, "opensearch"])
def catalog(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf
) -> Iterator[Catalog]:
    """An empty catalog on each kind of engine."""
    folder = tmp_path_factory.mktemp("atlan")
    with place(request.param, folder, engine_url) as there:
        url = with_alias(engine_url(request.param), there.alias) if isinstance(there, OnServer) else ""
        settings = {"MUSTER_ENGINE_URL": url} if url else {}
        with served(folder / "data", settings) as one, opened(one) as made:
            yield made


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """An empty catalog on the embedded engine, for what has nothing to do with engines."""
    folder: Path = tmp_path_factory.mktemp("plain")
    with served(folder / "data") as one, opened(one) as made:
        yield made


@pytest.fixture(scope="module")
def java(plain: Catalog) -> Iterator[Catalog]:
    """The catalog, asked with the headers of the client."""
    plain.http.headers.update(HEADERS)
    yield plain
    for name in HEADERS:
        plain.http.headers.pop(name)
