"""A workspace whose record is SQLite and whose index is the embedded engine's, which stays open for the test."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from muster.bootstrap import open_workspace
from muster.service.workspace import Workspace
from muster.settings import Settings
from tests.integration.conftest import SetClock


@pytest.fixture
def work(tmp_path: Path, clock: SetClock) -> Iterator[Workspace]:
    """An empty workspace that `ada` signs."""
    with open_workspace(Settings(data=tmp_path / "data", user="ada", engine_url=None, record_url=None)) as opened:
        yield replace(opened, clock=clock)
