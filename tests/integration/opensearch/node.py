"""A real server to try mappings and documents on."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from muster.engines.opensearch.index.mapping import of_server, properties, sent
from muster.fields import Fields
from tests.servers.clients import Send

Json = Any


class Node:
    """A server, asked over whichever client carries `send`."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def ask(self, method: str, path: str, body: Json = None) -> Json:
        """Return what the server answers; fails where it refuses."""
        status, answer = self._send(method, path, body)
        assert status < 300, answer
        return answer

    def refusal(self, method: str, path: str, body: Json) -> str:
        """Return why the server refuses; fails where it does not, or not for what was asked."""
        status, answer = self._send(method, path, body)
        assert status == 400, answer
        return str(answer["error"]["reason"])

    @contextlib.contextmanager
    def index(self, template: Json) -> Iterator[str]:
        """The name of a new index as a template wants it, for as long as the context lasts."""
        name = f"shape-{uuid.uuid4().hex[:12]}"
        self.ask("PUT", f"/{name}", sent(template))
        try:
            yield name
        finally:
            self.ask("DELETE", f"/{name}")

    def map(self, index: str, before: Fields, after: Fields) -> None:
        """Map what was found between two states."""
        if added := properties(before, after):
            self.ask("PUT", f"/{index}/_mapping", {"properties": added})

    def fields(self, index: str, template: Fields) -> Fields:
        """Return the fields of an index by its mapping."""
        return of_server(template, self.ask("GET", f"/{index}/_mapping")[index]["mappings"])

    def write(self, index: str, documents: Sequence[Mapping[str, Any]]) -> list[Json]:
        """Index documents, by their place in the order; return what any of them was refused for."""
        lines = [line for at, one in enumerate(documents) for line in ({"index": {"_id": str(at)}}, one)]
        items = self.ask("POST", f"/{index}/_bulk?refresh=true", lines)["items"]
        return [item["index"]["error"] for item in items if "error" in item["index"]]

    def matching(self, index: str, queries: Sequence[Json]) -> list[set[int]]:
        """Return the documents that match each query."""
        lines = [line for query in queries for line in ({}, {"query": query, "size": 100, "_source": False})]
        answers = self.ask("POST", f"/{index}/_msearch", lines)["responses"]
        return [{int(hit["_id"]) for hit in answer["hits"]["hits"]} for answer in answers]
