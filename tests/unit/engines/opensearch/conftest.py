"""A fake server of each product, and clients of it that end with the test."""

from collections.abc import Callable, Iterator

import pytest

from muster.engines.opensearch.connection.address import Address
from muster.engines.opensearch.connection.client import open_server
from muster.engines.opensearch.dialect import Product
from muster.engines.opensearch.server import Server
from tests.unit.engines.opensearch.faking import Fake, fake

Opened = Callable[..., Server]


@pytest.fixture(params=list(Product))
def faked(request: pytest.FixtureRequest) -> Iterator[Fake]:
    """A fake server, once as each product."""
    with fake(request.param) as one:
        yield one


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Opens the server at an address; tries again without much waiting, and closes it at the end."""
    monkeypatch.setattr("muster.engines.opensearch.connection.client.FIRST_WAIT", 0.001)
    made: list[Server] = []

    def opened(address: Address, *, timeout: float = 10.0, connections: int = 4) -> Server:
        made.append(open_server(address, timeout=timeout, connections=connections))
        return made[-1]

    yield opened
    for one in made:
        one.close()
