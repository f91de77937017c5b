"""What the tests of this folder attack: a few domains, products and tables, and how they are written."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import httpx

from tests.acceptance.serving import Served

Json = Any
T = TypeVar("T")

BULK = "/api/meta/entity/bulk"
SEARCH = "/api/meta/search/indexsearch"
TYPEDEFS = "/api/meta/types/typedefs"
GUID = "/api/meta/entity/guid/"
NAME = "/api/meta/entity/uniqueAttribute/type/"
TABLES = json.dumps({"query": {"dsl": {"query": {"term": {"__typeName.keyword": "Table"}}}}})
THREADS = 8


def ref(guid: str, type_name: str = "DataDomain") -> Json:
    """Return how a body names another entity."""
    return {"typeName": type_name, "guid": guid}


def entity(type_name: str, name: str, guid: str = "-1", **attributes: Json) -> Json:
    """Return an entity of a body; its qualified name is its name unless another is said."""
    return {"typeName": type_name, "guid": guid, "attributes": {"name": name, "qualifiedName": name} | attributes}


def product(name: str, domain: str, guid: str = "-1", **attributes: Json) -> Json:
    """Return a product of a body, which selects all tables."""
    return entity("DataProduct", name, guid, dataDomain=ref(domain), dataProductAssetsDSL=TABLES, **attributes)


def post(http: httpx.Client, *entities: Json, **query: str) -> httpx.Response:
    """Save entities."""
    return http.post(BULK, json={"entities": list(entities)}, params=query)


def make(http: httpx.Client, one: Json) -> str:
    """Create an entity and return its guid."""
    said = post(http, one)
    assert said.status_code == httpx.codes.OK, said.text
    guid: str = said.json()["guidAssignments"][one["guid"]]
    return guid


def read(http: httpx.Client, guid: str) -> Json:
    """Read an entity."""
    return http.get(GUID + guid).json()["entity"]


def name_of(http: httpx.Client, guid: str) -> str:
    """Return the qualified name of an entity."""
    name: str = read(http, guid)["attributes"]["qualifiedName"]
    return name


def count(http: httpx.Client, query: Json) -> int:
    """Return how many entities a query finds."""
    found: int = http.post(SEARCH, json={"dsl": {"size": 0, "query": query}}).json()["approximateCount"]
    return found


def together(one: Served, work: Callable[[httpx.Client, int], T], times: int, threads: int = THREADS) -> list[T]:
    """Do work so many times, each with its number, in threads that have a client of their own each."""

    def some(first: int) -> list[T]:
        with one.client() as http:
            return [work(http, number) for number in range(first, times, threads)]

    with ThreadPoolExecutor(threads) as pool:
        return [found for part in pool.map(some, range(threads)) for found in part]
