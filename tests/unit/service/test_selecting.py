"""What a complaint that stops a product becomes."""

import pytest

from muster import errors
from muster.errors import InvalidInput
from muster.service.selecting import REFUSALS

KINDS = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, InvalidInput)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_invalid_input_can_be_refused(kind: type[InvalidInput]) -> None:
    """Whatever `check` finds wrong, limits included, is raised as the error that it is."""
    assert REFUSALS[kind.code] is kind
