"""One service for all tests of these resources: each makes what it looks at. Its clock stands until it is moved, and nobody syncs unasked."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from muster.api.own.surface import own
from tests.integration.conftest import SetClock
from tests.unit.api.driven import driven
from tests.unit.api.own.asking import Asking


@pytest.fixture(scope="package")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """The service, and few words for what is asked of it."""
    clock = SetClock()
    with driven(tmp_path_factory.mktemp("own"), own(), serve_keeping=False) as service:
        gate = service.app.state.gate
        gate.work = replace(gate.work, clock=clock)
        yield Asking(service, clock)
