"""Requests over opensearch-py."""

from collections.abc import Mapping
from typing import Any

import orjson
from opensearchpy import OpenSearch, Urllib3HttpConnection
from opensearchpy.exceptions import OpenSearchException, SerializationError, TransportError
from opensearchpy.serializer import Serializer

from muster.engines.opensearch.connection.address import Address
from muster.engines.opensearch.connection.failures import Answered, Failed, Failure, Garbled, failure_of
from muster.engines.opensearch.connection.timely import timely
from muster.engines.opensearch.connection.wire import JSON, patience
from muster.engines.opensearch.server import NOT_FOUND


class _Orjson(Serializer):
    mimetype = JSON

    def loads(self, s: str) -> Any:
        return orjson.loads(s)

    def dumps(self, data: Any) -> Any:
        return data


class _Quiet(Urllib3HttpConnection):
    """Connections that bound a whole answer, and whose server may warn of what is deprecated without a Python warning."""

    def _create_urllib3_pool(self) -> None:
        super()._create_urllib3_pool()
        timely(self.pool)

    def _raise_warnings(self, *_: Any) -> None:
        return


class OverOpenSearch:
    """A wire to OpenSearch."""

    def __init__(self, address: Address, connections: int, headers: Mapping[str, str]) -> None:
        self._client = OpenSearch(
            [{"host": host.name, "port": host.port} for host in address.hosts],
            connection_class=_Quiet,
            serializer=_Orjson(),
            pool_maxsize=connections,
            max_retries=0,
            retry_on_status=(),
            headers=dict(headers),
            use_ssl=address.tls,
            verify_certs=address.verify,
            ca_certs=None if address.ca is None else str(address.ca),
            ssl_show_warn=False,
        )

    def send(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str], seconds: float) -> Any:
        """As `Wire.send`."""
        within = {"request_timeout": patience(seconds)}
        try:
            answer = self._client.transport.perform_request(method, target, body=body, headers=headers, params=within)
        except SerializationError as error:
            raise Failed(Garbled("it sends no JSON")) from error
        except TransportError as error:
            raise Failed(_failure(error)) from error
        except (OpenSearchException, AttributeError, ValueError) as error:  # its reading of what is no JSON object
            raise Failed(Garbled("it sends no JSON")) from error
        if answer is False:  # how the client tells that a HEAD met nothing
            raise Failed(Answered(NOT_FOUND, None))
        if isinstance(answer, str) and answer:
            raise Failed(Garbled("it sends no JSON"))
        return None if answer is True or answer == "" else answer

    def close(self) -> None:
        """As `Wire.close`."""
        for node in self._client.transport.seed_connections:  # the client itself leaves out those that failed
            if isinstance(node, _Quiet):
                node.close()


def _failure(error: TransportError) -> Failure:
    if not isinstance(error.status_code, int):
        return failure_of(error)
    return Answered(error.status_code, error.error if error.info is None else error.info)
