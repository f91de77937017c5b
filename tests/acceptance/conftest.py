"""Where the index of a test of faults is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.acceptance.faults import scene as scenes
from tests.acceptance.faults.scene import Scene
from tests.acceptance.once import once
from tests.integration.places import OnServer, UrlOf, place, with_alias


@pytest.fixture
def scene(request: pytest.FixtureRequest, tmp_path: Path, engine_url: UrlOf) -> Iterator[Scene]:
    """A record of the test's own, and an alias of its own on OpenSearch, or the server that the test names."""
    with _made(getattr(request, "param", "opensearch"), tmp_path, engine_url) as made:
        yield made


@pytest.fixture(scope="module")
def lasting_at(tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf) -> Iterator[Callable[[str], Scene]]:
    """A catalog with a product that is synced, on the server that is named; each test leaves it whole."""

    @contextmanager
    def make(name: str) -> Iterator[Scene]:
        with _made(name, tmp_path_factory.mktemp(name), engine_url) as made:
            with made.opened() as work:
                scenes.prepare(work)
            yield made

    with once(make) as at:
        yield at


@pytest.fixture
def lasting(request: pytest.FixtureRequest, lasting_at: Callable[[str], Scene]) -> Scene:
    """The lasting catalog on OpenSearch, or the server that the test names."""
    return lasting_at(getattr(request, "param", "opensearch"))


@contextmanager
def _made(name: str, folder: Path, engine_url: UrlOf) -> Iterator[Scene]:
    with place(name, folder, engine_url) as there:
        assert isinstance(there, OnServer)
        yield Scene(folder / "data", with_alias(engine_url(name), there.alias))
