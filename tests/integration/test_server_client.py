"""Real servers behind their clients: both are asked alike, and refuse alike."""

import uuid
from typing import Any

import pytest

from muster.engines.opensearch.connection.address import read_address
from muster.engines.opensearch.connection.client import open_server
from muster.engines.opensearch.dialect import Product
from muster.engines.opensearch.server import Refused, Server
from muster.errors import EngineUnavailable


def test_opensearch(opensearch: Any) -> None:
    """OpenSearch answers, and refuses to be called Elasticsearch."""
    host = opensearch.transport.hosts[0]
    hold(Product.OPENSEARCH, f"{host['host']}:{host['port']}")


def test_elasticsearch(elasticsearch: Any) -> None:
    """Elasticsearch answers, in the form of its own version, and refuses to be called OpenSearch."""
    node = elasticsearch.transport.node_pool.all()[0]
    hold(Product.ELASTICSEARCH, f"{node.host}:{node.port}")


def hold(product: Product, place: str) -> None:
    """Hold a server to all that is asked of one."""
    server = open_server(read_address(f"{product.lower()}://{place}"), timeout=60, connections=2)
    index = f"muster-client-{uuid.uuid4().hex}"
    try:
        assert server.dialect.product is product
        server.request("PUT", f"/{index}", body={"settings": {"number_of_replicas": 0}})
        answers(server, index)
        refuses(server, index)
        is_blocked(server, index)
    finally:
        server.request("DELETE", f"/{index},{index}-red", params={"ignore_unavailable": "true"})
        server.close()
    is_not_the_other(product, place)


def answers(server: Server, index: str) -> None:
    """Lines are lines, an object is one, parameters are the server's, a point in time opens and closes."""
    lines = [{"index": {"_index": index, "_id": "1"}}, {"a": 1}]
    done = server.request("POST", "/_bulk", body=lines, params={"refresh": "true", "timeout": "1m"})
    assert done["errors"] is False
    assert server.request("POST", f"/{index}/_count", body={"query": {"term": {"a": 1}}})["count"] == 1
    assert server.request("HEAD", f"/{index}") is None
    speaks = server.dialect
    view = server.request("POST", speaks.open_view.format(index=index), params={"keep_alive": "1m"})[speaks.opened]
    found = server.request("POST", "/_search", body={"pit": {"id": view}, "size": 1})
    assert [hit["_id"] for hit in found["hits"]["hits"]] == ["1"]
    server.request("DELETE", speaks.close_view, body={speaks.closing: [view] if speaks.many else view})


def refuses(server: Server, index: str) -> None:
    """What cannot be done is refused with the kind that both servers give it."""
    for method, path, body, told in (
        ("GET", f"/{index}-nope/_search", None, "404 index_not_found_exception: no such index"),
        ("GET", f"/{index}/_doc/9", None, "404 : "),
        ("HEAD", f"/{index}-nope", None, "404 : "),
        ("PUT", f"/{index}", {}, "400 resource_already_exists_exception: index"),
        ("POST", f"/{index}/_search", {"query": {"bogus": {}}}, "400 parsing_exception: unknown query"),
        (
            "POST",
            f"/{index}/_search",
            {"query": {"range": {"a": {"gte": "x"}}}},
            "400 query_shard_exception: failed to",
        ),
    ):
        with pytest.raises(Refused) as caught:
            server.request(method, path, body=body)
        assert str(caught.value).startswith(told)


def is_blocked(server: Server, index: str) -> None:
    """A full disk and a shard that is nowhere are the server's not being available, with what to do."""
    server.request("PUT", f"/{index}/_settings", body={"index.blocks.read_only_allow_delete": True})
    with pytest.raises(EngineUnavailable, match="takes no changes, its disk is full") as caught:
        server.request("PUT", f"/{index}/_doc/2", body={"a": 2})
    assert "index.blocks.read_only_allow_delete" in str(caught.value.hint)
    nowhere = {"settings": {"number_of_replicas": 0, "index.routing.allocation.require._name": "nobody"}}
    server.request("PUT", f"/{index}-red", body=nowhere, params={"wait_for_active_shards": "0"})
    for method, path, body in (
        ("POST", f"/{index}-red/_search", {}),
        ("GET", f"/{index}-red/_doc/1", None),
        ("PUT", f"/{index}-red/_doc/1?timeout=1s", {"a": 1}),
    ):
        with pytest.raises(EngineUnavailable, match="misses some of its shards: "):
            server.request(method, path, body=body)


def is_not_the_other(product: Product, place: str) -> None:
    """A server is not taken for the other product."""
    (other,) = set(Product) - {product}
    server = open_server(read_address(f"{other.lower()}://{place}"), timeout=60, connections=1)
    with pytest.raises(EngineUnavailable, match=f"is {product} [0-9.]+, not {other}"):
        server.request("GET", "/x")
    server.close()
