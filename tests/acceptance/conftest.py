"""Where the index of a test of faults is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.faults.scene import Scene
from tests.integration.places import SERVERS, OnServer, UrlOf, place, with_alias


@pytest.fixture(params=SERVERS)
def scene(request: pytest.FixtureRequest, tmp_path: Path, engine_url: UrlOf) -> Iterator[Scene]:
    """A record of the test's own, and an alias of its own on each of the servers."""
    with place(request.param, tmp_path, engine_url) as there:
        assert isinstance(there, OnServer)
        yield Scene(tmp_path / "data", with_alias(engine_url(request.param), there.alias))
