"""Requests over elasticsearch-py."""

from collections.abc import Mapping
from typing import Any

from elastic_transport import NodeConfig, SerializationError, TransportError, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import Elasticsearch
from elasticsearch.serializer import OrjsonSerializer
from urllib3.exceptions import HTTPError

from muster.engines.opensearch.connection.address import Address
from muster.engines.opensearch.connection.failures import Answered, Failed, Garbled, failure_of
from muster.engines.opensearch.connection.timely import timely
from muster.engines.opensearch.connection.wire import patience


class _Node(Urllib3HttpNode):
    """Connections that bound a whole answer."""

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        timely(self.pool)


class OverElasticsearch:
    """A wire to Elasticsearch."""

    def __init__(self, address: Address, connections: int, headers: Mapping[str, str]) -> None:
        scheme = "https" if address.tls else "http"
        self._client = Elasticsearch(
            [{"scheme": scheme, "host": host.name, "port": host.port} for host in address.hosts],
            serializer=OrjsonSerializer(),
            node_class=_Node,
            connections_per_node=connections,
            verify_certs=address.verify if address.tls else DEFAULT,
            ca_certs=DEFAULT if address.ca is None else str(address.ca),
            ssl_show_warn=False,
        )
        self._headers = dict(headers)

    def send(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str], seconds: float) -> Any:
        """As `Wire.send`; through the transport, which neither warns nor checks what `client` checks for both."""
        within: Any = patience(seconds)  # the client hands it on to urllib3 as it is
        try:
            meta, answer = self._client.transport.perform_request(
                method,
                target,
                body=body,
                headers={**self._headers, **headers},
                max_retries=0,
                retry_on_status=(),
                request_timeout=within,
            )
        except SerializationError as error:
            raise Failed(Garbled("it sends no JSON")) from error
        except (TransportError, HTTPError) as error:
            raise Failed(failure_of(error)) from error
        if not 200 <= meta.status < 300:
            raise Failed(Answered(meta.status, answer))
        if isinstance(answer, (str, bytes)) and answer:
            raise Failed(Garbled("it sends no JSON"))
        return None if answer in ("", b"") else answer

    def close(self) -> None:
        """As `Wire.close`."""
        self._client.close()
