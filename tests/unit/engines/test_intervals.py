"""Prefixes and ranges as intervals hold exactly what the tests hold."""

from hypothesis import given
from hypothesis import strategies as st

from muster.binding.tests import Between, StartsWith
from muster.engines.intervals import Interval, beyond, interval

TEXT = st.text(st.sampled_from("a\0z\ud7ff\ue000\U0010ffff"), max_size=4)


def inside(found: Interval, value: object) -> bool:
    """Whether a value lies in an interval."""
    above = found.start is None or value >= found.start  # type: ignore[operator]
    return above and (found.end is None or value < found.end)  # type: ignore[operator]


@given(TEXT, TEXT)
def test_a_prefix_is_an_interval(prefix: str, value: str) -> None:
    """A string lies in the interval exactly when it starts so, at the edges of the alphabet too."""
    assert inside(interval(StartsWith("f", prefix)), value) == value.startswith(prefix)


@given(st.data())
def test_a_range_is_an_interval(data: st.DataObject) -> None:
    """A value lies in the interval exactly when it lies between the bounds, whichever are said and included."""
    kind = data.draw(st.sampled_from([TEXT, st.integers(-3, 3), st.floats(allow_nan=False)]))
    low, high, value = data.draw(st.none() | kind), data.draw(st.none() | kind), data.draw(kind)
    test = Between("f", low, high, data.draw(st.booleans()), data.draw(st.booleans()))
    above = low is None or value > low or (test.low_included and value == low)
    below = high is None or value < high or (test.high_included and value == high)
    assert inside(interval(test), value) == (above and below)


def test_the_end_of_a_prefix_steps_over_what_no_string_may_hold() -> None:
    """Surrogates are no characters: after U+D7FF comes U+E000; nothing comes after the last character."""
    assert beyond("x\ud7ff") == "x\ue000"
    assert beyond("x\U0010ffff") == "y"
    assert beyond("\U0010ffff") is None
    assert beyond("") is None
