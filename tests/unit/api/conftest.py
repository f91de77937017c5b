"""One service for all tests that leave it as it is."""

from collections.abc import Iterator

import pytest

from tests.unit.api.driven import Driven, a_surface, driven


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    """A service with a surface whose errors are all of one status."""
    with driven(tmp_path_factory.mktemp("service"), a_surface()) as made:
        yield made
