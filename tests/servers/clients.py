"""The official clients, and one way to send a request with either."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from elastic_transport import Transport, TransportApiResponse
from elastic_transport.client_utils import DEFAULT, DefaultType
from elasticsearch import ApiError, Elasticsearch
from opensearchpy import ConnectionError as NoAnswer
from opensearchpy import OpenSearch, TransportError

Json: TypeAlias = Any
Send = Callable[[str, str, Json], tuple[int, Json]]
"""Sends a method, a path and a body (an object, a list of lines of JSON, or None); answers status and decoded body."""

_PATIENCE_SECONDS = 60


@contextlib.contextmanager
def opensearch(url: str) -> Iterator[OpenSearch]:
    """A client of the OpenSearch at `url`."""
    with OpenSearch(url, timeout=_PATIENCE_SECONDS) as client:
        yield client


@contextlib.contextmanager
def elasticsearch(url: str) -> Iterator[Elasticsearch]:
    """A client of the Elasticsearch at `url`, of whichever major version that is."""
    transport = _TransportOf8 if _major(url) == "8" else Transport
    with Elasticsearch(url, request_timeout=_PATIENCE_SECONDS, transport_class=transport) as client:
        yield client


class _TransportOf8(Transport):
    """Asks for answers of version 8: the client names its own version, which an older server refuses."""

    def perform_request(
        self, method: str, target: str, *, headers: Mapping[str, Any] | DefaultType = DEFAULT, **more: Any
    ) -> TransportApiResponse:
        if not isinstance(headers, DefaultType):
            headers = {name: value.replace("compatible-with=9", "compatible-with=8") for name, value in headers.items()}
        return super().perform_request(method, target, headers=headers, **more)


def _major(url: str) -> str:
    """The major version, asked without naming any."""
    with Elasticsearch(url, request_timeout=_PATIENCE_SECONDS) as client:
        number: str = client.perform_request("GET", "/").body["version"]["number"]
    return number.partition(".")[0]


def send_by_opensearch(client: OpenSearch) -> Send:
    """Send with the client of OpenSearch."""

    def send(method: str, path: str, body: Json) -> tuple[int, Json]:
        lines = "".join(f"{json.dumps(line)}\n" for line in body) if isinstance(body, list) else body
        try:
            return 200, client.transport.perform_request(method, path, body=lines, headers=_headers(body))
        except NoAnswer:
            raise
        except TransportError as refusal:
            return int(refusal.status_code), refusal.info

    return send


def send_by_elasticsearch(client: Elasticsearch) -> Send:
    """Send with the client of Elasticsearch."""

    def send(method: str, path: str, body: Json) -> tuple[int, Json]:
        try:
            return 200, client.perform_request(method, path, body=body, headers=_headers(body)).body
        except ApiError as refusal:
            return refusal.meta.status, refusal.body

    return send


@contextlib.contextmanager
def sending(name: str, url: str) -> Iterator[Send]:
    """Send to the server of that name at `url`."""
    if name == "opensearch":
        with opensearch(url) as one:
            yield send_by_opensearch(one)
    else:
        with elasticsearch(url) as other:
            yield send_by_elasticsearch(other)


def version(send: Send) -> str:
    """The version that the server says it has."""
    _, answer = send("GET", "/", None)
    return str(answer["version"]["number"])


def _headers(body: Json) -> dict[str, str]:
    kind = "application/x-ndjson" if isinstance(body, list) else "application/json"
    return {"accept": "application/json", "content-type": kind}
