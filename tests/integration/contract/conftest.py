"""Every engine under the same tests, each test with an index of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from muster.protocols import Engine
from tests.integration.contract.assets import ASSETS
from tests.integration.places import EMBEDDED, ENGINES, SERVERS, OnServer, Place, UrlOf, place


@pytest.fixture(params=ENGINES)
def there(request: pytest.FixtureRequest, tmp_path: Path, engine_url: UrlOf) -> Iterator[Place]:
    """Where the index of the test is, on each of the engines."""
    with place(request.param, tmp_path, engine_url) as made:
        yield made


@pytest.fixture
def engine(there: Place) -> Engine:
    """An engine with five assets at position 5."""
    opened = there.open()
    opened.apply(ASSETS, position=5)
    return opened


@pytest.fixture(params=SERVERS)
def on_server(request: pytest.FixtureRequest, tmp_path: Path, engine_url: UrlOf) -> Iterator[OnServer]:
    """An alias of the test's own on each of the servers."""
    with place(request.param, tmp_path, engine_url) as made:
        assert isinstance(made, OnServer)
        yield made


@pytest.fixture(scope="module")
def all_engines(tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf) -> Iterator[Mapping[str, Engine]]:
    """All engines that can be had here, by name, each with an empty index; skips where there is only one."""
    with ExitStack() as stack:
        found: dict[str, Engine] = {}
        for name in ENGINES:
            try:
                found[name] = stack.enter_context(place(name, tmp_path_factory.mktemp(name), engine_url)).open()
            except pytest.skip.Exception:
                continue
        if found.keys() == {EMBEDDED}:
            pytest.skip("no server at hand, and nobody to differ from")
        yield found
