"""A service over a shop with a product, on each kind of engine, asked for Muster's own resources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from tests.acceptance.command import answer
from tests.acceptance.serving import Served, served
from tests.integration.places import EMBEDDED, OnServer, UrlOf, place, with_alias

Json = Any
BULK = "/api/meta/entity/bulk"
PRODUCTS = "/api/v1/dataProducts"
SCHEMA = "default/snowflake/1700000000/shop/core"
TOGETHER = 1_000
"""Tables that are created by one request."""
VERIFIED = "type:Table certificate:VERIFIED state:ACTIVE"


@dataclass
class Product:
    """One product of a shop, by which its resources are asked for."""

    shop: Shop
    guid: str
    ref: str

    def ask(self, method: str, path: str, *, code: int = 200, **how: Any) -> Json:
        """Send a request below the product, hold it to a status, and return what it was answered."""
        return self.shop.ask(method, f"{self.path}{path}", code=code, **how)

    def get(self, path: str, *, code: int = 200, **query: Any) -> Json:
        """Read something below the product."""
        return self.ask("GET", path, code=code, params=query or None)

    @property
    def path(self) -> str:
        """Where it is."""
        return f"{PRODUCTS}/{quote(self.ref, safe='')}"

    def names(self, **query: Any) -> list[str]:
        """Return the names of its members, in order."""
        return sorted(one["name"] for one in self.get("/members", **query)["members"])

    def sync(self, **how: Any) -> Json:
        """Sync it and return the run."""
        return self.ask("POST", "/sync", json=how)["run"]

    def decide(self, what: str, *names: str, **said: Any) -> Json:
        """Pin or exclude tables of the shop."""
        assets = [f"{SCHEMA}/{name}" for name in names]
        return self.ask("POST", f"/{what}", json={"assets": assets, "reason": "because", **said})["data"]


@dataclass
class Shop:
    """A served catalog, asked as the one who may do everything."""

    served: Served
    http: httpx.Client
    domain: str = ""

    def ask(self, method: str, path: str, *, code: int = 200, **how: Any) -> Json:
        """Send a request, hold it to a status, and return what it was answered."""
        answered = self.http.request(method, path, **how)
        assert answered.status_code == code, f"{method} {path}: {answered.status_code} {answered.text}"
        return answered.json() if answered.content else None

    def save(self, type_name: str, name: str, **attributes: Json) -> str:
        """Create an entity and return its guid."""
        said = {"name": name, "qualifiedName": f"{SCHEMA}/{name}", **attributes}
        entity = {"typeName": type_name, "guid": "-1", "attributes": said}
        guid: str = self.ask("POST", BULK, json={"entities": [entity]})["guidAssignments"]["-1"]
        return guid

    def tables(self, *names: str, **attributes: Json) -> None:
        """Create tables, or change them."""
        entities = [
            {"typeName": "Table", "attributes": {"name": name, "qualifiedName": f"{SCHEMA}/{name}", **attributes}}
            for name in names
        ]
        for start in range(0, len(entities), TOGETHER):
            self.ask("POST", BULK, json={"entities": entities[start : start + TOGETHER]})

    def remove(self, name: str, how: str = "PURGE") -> None:
        """Delete a table."""
        found = self.ask("GET", "/api/v1/assets", params={"q": f'qualifiedName:"{SCHEMA}/{name}"'})["assets"]
        self.ask("DELETE", BULK, params={"guid": [one["guid"] for one in found], "deleteType": how})

    def product(self, selection: str = VERIFIED, name: str = "", *, domain: str = "") -> Product:
        """Create a product with a selection."""
        called = name or f"Product {uuid4().hex[:8]}"
        home = {"typeName": "DataDomain", "guid": domain or self.domain}
        guid = self.save("DataProduct", called, dataDomain=home)
        made = Product(self, guid, called)
        made.ask("PUT", "/selection", content=selection, headers={"content-type": "text/plain"})
        return made

    @contextmanager
    def bearing(self, role: str, *domains: str) -> Iterator[Shop]:
        """Return the shop as someone with a token of a role sees it, an editor of some domains."""
        words = [word for one in domains for word in ("--domain", one)]
        made = answer(self.served.data, "token", "create", "--name", uuid4().hex, "--role", role, *words)
        with self.served.client(made["token"]) as http:
            yield Shop(self.served, http, self.domain)


def guids(members: Sequence[Json]) -> list[str]:
    """Return the guids of members."""
    return [one["guid"] for one in members]


@contextmanager
def opened(folder: Path, settings: dict[str, str]) -> Iterator[Shop]:
    """Serve a shop: two tables that are verified, one that is not, and a domain; only who asks for a sync has one."""
    with served(folder / "data", {"MUSTER_SERVE_KEEPING": "false", **settings}) as one, one.client() as http:
        shop = Shop(one, http)
        shop.domain = shop.save("DataDomain", "Marketing")
        shop.tables("orders", "customers", certificateStatus="VERIFIED", ownerUsers=["ann", "bob"])
        shop.tables("returns", certificateStatus="DRAFT")
        yield shop


@pytest.fixture(scope="module", params=[EMBEDDED, "opensearch"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf) -> Iterator[Shop]:
    """A shop on each kind of engine."""
    folder = tmp_path_factory.mktemp("own")
    with place(request.param, folder, engine_url) as there:
        url = with_alias(engine_url(request.param), there.alias) if isinstance(there, OnServer) else ""
        with opened(folder, {"MUSTER_ENGINE_URL": url} if url else {}) as made:
            yield made


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop on the embedded engine, for what has nothing to do with engines."""
    with opened(tmp_path_factory.mktemp("plain"), {}) as made:
        yield made
