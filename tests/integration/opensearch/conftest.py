"""The servers that the engine is tried on."""

from __future__ import annotations

import pytest

from tests.integration.opensearch.node import Node
from tests.servers.clients import send_by_elasticsearch, send_by_opensearch

SENDING = {"opensearch": send_by_opensearch, "elasticsearch": send_by_elasticsearch}


@pytest.fixture(scope="session", params=list(SENDING))
def node(request: pytest.FixtureRequest) -> Node:
    """Each of the servers."""
    return Node(SENDING[request.param](request.getfixturevalue(request.param)))  # type: ignore[operator]
