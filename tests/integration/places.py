"""Where an index can be: the embedded engine's file, and an alias on each of the servers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

from muster.engines.embedded import EmbeddedEngine
from muster.engines.opensearch import Index, OpenSearchEngine, open_server, read_address
from muster.engines.opensearch.server import NOT_FOUND, Refused, Server
from muster.fields import Fields
from muster.protocols import Engine, Update

Json: TypeAlias = Any
UrlOf: TypeAlias = Callable[[str], str]

EMBEDDED = "embedded"
SERVERS = ("opensearch", "elasticsearch")
ENGINES = (EMBEDDED, *SERVERS)
"""The names of all engines."""

MAPPINGS: Json = {
    "date_detection": False,
    "properties": {
        "__ordinal": {"type": "integer"},
        "__guid": {"type": "keyword"},
        "__checksum": {"type": "long", "index": False},
        "name": {"type": "text", "fields": {"keyword": {"type": "keyword"}}},
        "rows": {"type": "long"},
        "seen": {"type": "date"},
        "ratio": {"type": "double"},
        "score": {"type": "float"},
        "flag": {"type": "boolean"},
        "tags": {"type": "keyword"},
        "columns": {
            "type": "nested",
            "properties": {
                "name": {"type": "keyword"},
                "size": {"type": "integer"},
                "key": {"type": "boolean"},
                "made": {"type": "date"},
                "checks": {"type": "nested", "properties": {"name": {"type": "keyword"}}},
            },
        },
    },
}
"""A small mapping, so that an index of it is made quickly."""

ROOM = 1000
"""Fields and objects that an index has room for."""


def document(ordinal: int, *, version: int = 0, **attributes: object) -> Update:
    """Return an update with these attributes."""
    return Update(ordinal, {"__ordinal": ordinal, "__guid": f"g{ordinal}", **attributes}, version)


def template(mappings: Json, limit: int) -> Json:
    """Return the template of an index with room for so many fields and objects."""
    return {"settings": {"index": {"mapping": {"total_fields": {"limit": limit}}}}, "mappings": mappings}


class Place(Protocol):
    """Where one index is. What was opened is closed, and the index gone, when the place is left."""

    name: str

    def open(self, mappings: Json = MAPPINGS, *, limit: int = ROOM) -> Engine:
        """Open the index anew: the engine remembers nothing but what is there."""
        ...

    def beside(self) -> Engine:
        """Return an engine over the same index for a second process; where there can be none, the one that is open."""
        ...


@dataclass
class InFile:
    """A file of the embedded engine, which has one owner."""

    path: Path
    name: str = EMBEDDED
    _open: EmbeddedEngine | None = None

    def open(self, mappings: Json = MAPPINGS, *, limit: int = ROOM) -> Engine:
        """Close what is open, and open the file."""
        self.close()
        fields = Fields.from_mapping(**template(mappings, limit))
        self._open = EmbeddedEngine(self.path, fields, memory="200MB", threads=1)
        return self._open

    def beside(self) -> Engine:
        """Return what is open."""
        assert self._open is not None
        return self._open

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            self._open.close()


@dataclass
class OnServer:
    """An alias on a server."""

    server: Server
    name: str
    alias: str = field(default_factory=lambda: f"contract-{uuid.uuid4().hex[:12]}")

    def open(self, mappings: Json = MAPPINGS, *, limit: int = ROOM) -> Engine:
        """Return an engine that has asked nothing yet."""
        return OpenSearchEngine(Index(self.server, template(mappings, limit), self.alias))

    def beside(self) -> Engine:
        """Return another engine."""
        return self.open()

    def indices(self) -> list[str]:
        """Return the indices that were made under the alias."""
        return sorted(self.server.request("GET", f"/{self.alias}-*", params={"filter_path": "*.aliases"}) or {})

    def forget(self) -> None:
        """Delete everything that was made under the alias."""
        for path in (
            *(f"/{name}" for name in self.indices()),
            f"/{self.alias}.state",
            f"/_index_template/{self.alias}",
        ):
            try:
                self.server.request("DELETE", path)
            except Refused as refusal:
                if refusal.status != NOT_FOUND:
                    raise


@contextmanager
def place(name: str, folder: Path, url: UrlOf) -> Iterator[Place]:
    """Make a place on the engine of that name, and leave nothing of it."""
    if name == EMBEDDED:
        with closing(InFile(folder / "index")) as made:
            yield made
        return
    with closing(open_server(read_address(url(name)), timeout=60, connections=4)) as server:
        there = OnServer(server, name)
        try:
            yield there
        finally:
            there.forget()


def with_alias(url: str, alias: str) -> str:
    """Return the URL of a server with the alias that Muster is to use."""
    return urlsplit(url)._replace(path=f"/{alias}").geturl()


def lines(values: Json) -> str:
    """Write values so that what differs is told from what compares equal: -0.0 from 0.0, 1 from True."""
    return json.dumps(values)
