"""How a service's memory is looked after."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from muster.api.server import YOUNG, settle


class Knot:
    """An object that only garbage collection can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector() -> Iterator[None]:
    """The garbage collector, as it was before when the test is over."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("collector")
def test_cycles_are_still_collected() -> None:
    """Unasked, after so many objects: what is let go in circles takes no more and more memory."""
    settle()
    first = weakref.ref(Knot())
    kept = [Knot() for _ in range(YOUNG + 1)]
    assert first() is None
    assert len(kept) > YOUNG


@pytest.mark.usefixtures("collector")
def test_what_is_there_is_not_looked_at_again() -> None:
    """All objects of the start are set apart from those that come later."""
    settle()
    assert gc.get_freeze_count() > YOUNG
    assert gc.get_threshold()[0] == YOUNG
