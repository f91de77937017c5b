"""One service for all tests of this surface: each makes what it looks at."""

from collections.abc import Iterator

import pytest

from muster.api.atlan.surface import atlan
from muster.api.openmetadata.surface import openmetadata
from muster.api.openmetadata.voice import Form
from tests.unit.api.driven import Driven, driven
from tests.unit.api.openmetadata.speaking import Json, Speaking


@pytest.fixture(scope="package")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    """A service that speaks both forms, and as Atlan's; it knows the user `bob`, the team `crew` and the tag Gold."""
    surfaces = (*(openmetadata(form, "2.0.7") for form in Form), atlan())
    with driven(tmp_path_factory.mktemp("both"), *surfaces) as service:
        Speaking(service, Form.DOCUMENTED).tables("known", ownerUsers=["bob"], ownerGroups=["crew"])
        yield service


@pytest.fixture(scope="package")
def told(both: Driven) -> Speaking:
    """The documented form."""
    return Speaking(both, Form.DOCUMENTED)


@pytest.fixture(scope="package")
def strict(both: Driven) -> Speaking:
    """The form that the released client parses."""
    return Speaking(both, Form.RELEASED)


@pytest.fixture(scope="package", params=list(Form))
def either(request: pytest.FixtureRequest, both: Driven) -> Speaking:
    """Both forms, one after the other."""
    return Speaking(both, request.param)


@pytest.fixture(scope="package")
def home(told: Speaking) -> Json:
    """A domain for products that have to be somewhere."""
    return told.domain("Home")
