"""A record with a product whose members tests move, a receiver, and who tells it: on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from muster.bootstrap import open_workspace
from muster.posting import Poster
from muster.settings import Settings
from tests.integration.conftest import SetClock
from tests.integration.hooks.telling import Telling
from tests.integration.receiver import Receiver, receiving
from tests.integration.record.conftest import postgresql_server, url

__all__ = ["postgresql_server", "url"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything, until it is told otherwise."""
    with receiving() as made:
        yield made


@pytest.fixture
def telling(url: str, tmp_path: Path, clock: SetClock) -> Iterator[Telling]:
    """Who tells, and of what."""
    settings = Settings(data=tmp_path / "data", user="ada", record_url=url)
    with open_workspace(settings) as work, closing(Poster(2.0)) as poster:
        yield Telling.over(work, clock, poster)
