"""The server that is measured: the one that `MUSTER_ENGINE_URL` names, else a node of its own; and how it is asked."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import orjson
from opensearchpy import OpenSearch
from opensearchpy.serializer import JSONSerializer
from tests.servers import finding
from tests.servers.answer import Running

from muster.engines.opensearch import Index, OpenSearchEngine, open_server, read_address
from muster.engines.opensearch.dialect import Dialect
from muster.engines.opensearch.server import Json, Server
from muster.fields.template import asset_template

ALIAS = "muster-bench"
"""The alias of all that is measured: what a server has besides is left alone."""
PATIENCE = 300.0
"""Seconds that one request may take; pages in an order of a million ids take long."""
VARIABLE = "MUSTER_ENGINE_URL"


@contextmanager
def serving() -> Iterator[str]:
    """Yield the URL of a server, without anything of an earlier run."""
    with _origin() as origin:
        url = _with_alias(origin)
        with closing(client(url)) as asked:
            _forget(asked)
            try:
                yield url
            finally:
                _forget(asked)


@contextmanager
def _origin() -> Iterator[str]:
    if url := os.environ.get(VARIABLE):
        yield url
        return
    kind = finding.KINDS["opensearch"]
    with (
        tempfile.TemporaryDirectory(prefix="muster-bench-node-") as folder,
        finding.started(kind, Path(folder)) as found,
    ):
        if not isinstance(found, Running):
            raise SystemExit(f"no server to measure: {found.reason}")
        yield found.url.replace("http", kind.name, 1)


def _with_alias(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "opensearch":
        raise SystemExit(f"`{VARIABLE}` names no OpenSearch, which the clients beside Muster speak to")
    return urlunsplit(parts._replace(path=f"/{ALIAS}"))


def _forget(asked: OpenSearch) -> None:
    found = asked.cat.indices(index=f"{ALIAS}*", format="json", params={"expand_wildcards": "all"})
    for one in found:
        asked.indices.delete(index=one["index"])
    asked.indices.delete_index_template(name=ALIAS, ignore=404)


class Orjson(JSONSerializer):
    """Reads answers several times faster than the client does by itself."""

    def loads(self, s: str) -> Any:
        """Return what an answer says."""
        return orjson.loads(s)


def client(url: str, **how: Any) -> OpenSearch:
    """Return the official client as its documentation opens it; `how` says what is otherwise."""
    address = read_address(url)
    who: dict[str, Any] = {"http_auth": (address.user, address.password)} if address.user else {}
    if address.api_key:
        who = {"headers": {"authorization": f"ApiKey {address.api_key}"}}
    return OpenSearch(
        [{"host": host.name, "port": host.port} for host in address.hosts],
        use_ssl=address.tls,
        verify_certs=address.verify,
        ca_certs=None if address.ca is None else str(address.ca),
        timeout=PATIENCE,
        **who,
        **how,
    )


@dataclass(slots=True)
class Asked:
    """How much a server was asked: requests, and the searches in them."""

    requests: int = 0
    searches: int = 0

    def so_far(self) -> "Asked":
        """Return what it is now."""
        return replace(self)

    def since(self, before: "Asked") -> "Asked":
        """Return what has come since."""
        return Asked(self.requests - before.requests, self.searches - before.searches)


class Counting:
    """A server that counts what it is asked."""

    def __init__(self, server: Server) -> None:
        self.asked = Asked()
        self._server = server

    @property
    def dialect(self) -> Dialect:
        """As `Server.dialect`."""
        return self._server.dialect

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Json | Sequence[Json] | bytes | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Any:
        """As `Server.request`."""
        self.asked.requests += 1
        if path.endswith("/_msearch") and body is not None:
            self.asked.searches += len(body) // 2
        elif path.endswith("/_search"):
            self.asked.searches += 1
        return self._server.request(method, path, body=body, params=params)

    def close(self) -> None:
        """As `Server.close`."""
        self._server.close()


def engine_at(url: str) -> tuple[OpenSearchEngine, Asked]:
    """Return an engine over an index at a URL, and the count of what it asks."""
    address = read_address(url)
    server = Counting(open_server(address, timeout=PATIENCE, connections=10))
    return OpenSearchEngine(Index(server, asset_template()["template"], address.alias)), server.asked
