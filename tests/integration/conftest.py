"""A workspace on each of the engines: a record of the test's own, an index of its own, a clock that only tests move."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from muster.bootstrap import open_workspace
from muster.service.workspace import Workspace
from muster.settings import Settings
from tests.integration.places import ENGINES, OnServer, UrlOf, place, with_alias


@dataclass
class SetClock:
    """A clock that stands until it is moved; milliseconds since 1970."""

    time: int = 1_700_000_000_000

    def __call__(self) -> int:
        """Return the time."""
        return self.time


@pytest.fixture
def clock() -> SetClock:
    """The workspace's clock."""
    return SetClock()


@pytest.fixture(params=ENGINES)
def engine_setting(request: pytest.FixtureRequest, tmp_path: Path, engine_url: UrlOf) -> Iterator[str | None]:
    """The setting that names the engine: none for the embedded one, else an alias of the test's own."""
    with place(request.param, tmp_path, engine_url) as there:
        yield with_alias(engine_url(request.param), there.alias) if isinstance(there, OnServer) else None


@pytest.fixture
def work(tmp_path: Path, clock: SetClock, engine_setting: str | None) -> Iterator[Workspace]:
    """An empty workspace."""
    with open_workspace(Settings(data=tmp_path / "data", user="ada", engine_url=engine_setting)) as opened:
        yield replace(opened, clock=clock)
