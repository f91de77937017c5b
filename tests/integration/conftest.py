"""A workspace on each of the engines: a record of the test's own, an index of its own, a clock that only tests move."""

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from muster.bootstrap import open_workspace
from muster.service.workspace import Workspace
from muster.settings import Settings
from tests.integration.places import ENGINES, SERVERS, OnServer, UrlOf, place, with_alias


@dataclass
class SetClock:
    """A clock that stands until it is moved; milliseconds since 1970."""

    time: int = 1_700_000_000_000

    def __call__(self) -> int:
        """Return the time."""
        return self.time


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Ask the services of one server or the other, by turns; with `MUSTER_TEST_ENGINES=all`, of both.

    That both servers hold what a selection means is for the contract and the scenarios to show; what services make of it
    knows of no server.
    """
    if os.environ.get("MUSTER_TEST_ENGINES") != "all":
        left = [one for one in items if (said := _server_of(one)) and said[0] != _turn(said[1])]
        config.hook.pytest_deselected(items=left)
        items[:] = [one for one in items if one not in set(left)]


def _server_of(item: pytest.Item) -> tuple[str, str] | None:
    """Return the server that a test of services asks, and the test's name without it."""
    spec = getattr(item, "callspec", None)
    server = None if spec is None else spec.params.get("engine_setting")
    return (server, item.nodeid.replace(server, "")) if server in SERVERS else None


def _turn(test: str) -> str:
    return SERVERS[zlib.crc32(test.encode()) % len(SERVERS)]


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
