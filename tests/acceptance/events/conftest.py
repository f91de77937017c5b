"""A service for all tests that leave it as it is, with a product, and a receiver for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.events.moving import Moving, moving
from tests.integration.receiver import Receiver, receiving


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moving]:
    """A service with a product called P."""
    with moving(tmp_path_factory.mktemp("events") / "data") as made:
        made.product("P")
        made.move("P")
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything, until it is told otherwise."""
    with receiving() as made:
        yield made
