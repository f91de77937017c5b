"""A workspace on disk: SQLite and DuckDB in a folder of the test's own, with a clock that only tests move."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from muster.bootstrap import open_workspace
from muster.service.workspace import Workspace
from muster.settings import Settings


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


@pytest.fixture
def work(tmp_path: Path, clock: SetClock) -> Iterator[Workspace]:
    """An empty workspace."""
    with open_workspace(Settings(data=tmp_path / "data", user="ada")) as opened:
        yield replace(opened, clock=clock)
