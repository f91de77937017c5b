"""Spans and points of time as people write them."""

import pytest

from muster.errors import InvalidInput
from muster.service.moments import LAST, moment, span

NOW = 1_700_000_000_000
DAY = 86_400_000


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("0s", 0), ("30s", 30_000), ("10m", 600_000), ("12h", DAY // 2), ("7d", 7 * DAY), ("2w", 14 * DAY)],
)
def test_a_span_has_a_unit(text: str, milliseconds: int) -> None:
    """Seconds, minutes, hours, days or weeks."""
    assert span(text) == milliseconds
    assert moment(text, NOW) == NOW + milliseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "s",
        "7",
        "-7d",
        "1.5h",
        "7 d",
        "7y",
        "d7",
        "\N{FULLWIDTH DIGIT ONE}d",
        "\N{ARABIC-INDIC DIGIT THREE}h",
        "9" * 30 + "d",
        "9" * 5000 + "d",
    ],
)
def test_any_other_is_no_span(text: str) -> None:
    """Nor is one that no calendar has."""
    with pytest.raises(InvalidInput, match="span of time"):
        span(text)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("1970-01-01", 0),
        ("1970-01-02T00:00:00", DAY),
        ("1970-01-02T00:00:00Z", DAY),
        ("1970-01-02T01:00:00+01:00", DAY),
        ("9999-12-31T23:59:59.999Z", LAST),
        (DAY, DAY),
        (0, 0),
    ],
)
def test_a_point_of_time_is_told_in_any_way(said: str | int, at: int) -> None:
    """An ISO date or time, in UTC where it says no zone, or milliseconds since 1970."""
    assert moment(said, NOW) == at


@pytest.mark.parametrize(
    "said", ["soon", "2026-13-01", "1969-12-31", "0001-01-01T00:00+23:59", -1, LAST + 1, 10**30, "99999999w"]
)
def test_any_other_is_no_point_of_time(said: str | int) -> None:
    """Nor is one that cannot be told."""
    with pytest.raises(InvalidInput):
        moment(said, NOW)
