"""Dates and date math against what OpenSearch indexed and resolved."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.analysis.dates import bound, check_format, date_range, index_date, term_dates
from muster.analysis.dates_zones import date_of, days_of, instant_of, local_of, zone
from muster.errors import InvalidInput
from tests.fixtures.analysis.record import facts

DAY = 86_400_000
NOON = 1_706_702_400_000
"""2024-01-31T12:00:00Z."""


def test_every_recorded_date_is_indexed_as_recorded() -> None:
    """Values of all supported formats become the server's milliseconds, or nothing."""
    rows = facts("dates")
    assert len(rows) > 1000
    assert [(row, index_date(row[1], row[0])) for row in rows] == [(row, row[2]) for row in rows]


def test_every_recorded_bound_is_resolved_as_recorded() -> None:
    """`gte`/`lte` and `gt`/`lt` lead to the server's first and last milliseconds, or are refused as there."""
    for format_, text, zone_, included, excluded in facts("date_bounds"):
        assert _range(format_, zone_, gte=text, lte=text) == included, (format_, text, zone_)
        assert _range(format_, zone_, gt=text, lt=text) == excluded, (format_, text, zone_)


def _range(format_: str, zone_: str | None, **ends: str) -> list[int | None] | None:
    try:
        return list(date_range(format_, now=0, time_zone=zone_, **ends))
    except InvalidInput:
        return None


@pytest.mark.parametrize(
    ("text", "zone_", "down", "up"),
    [
        ("now", None, NOON, NOON),
        ("now-1d", None, NOON - DAY, NOON - DAY),
        ("now/d", None, NOON - DAY // 2, NOON + DAY // 2 - 1),
        ("now/d", "+13:00", NOON - DAY // 24, NOON + 23 * DAY // 24 - 1),
        ("now", "+13:00", NOON, NOON),
        ("now+1M", None, NOON + 29 * DAY, NOON + 29 * DAY),
    ],
)
def test_now_is_the_time_given(text: str, zone_: str | None, down: int, up: int) -> None:
    """`now` takes math; a time zone moves its roundings, not itself."""
    assert bound(text, now=NOON, round_up=False, time_zone=zone_) == down
    assert bound(text, now=NOON, round_up=True, time_zone=zone_) == up


def test_open_ends_and_terms() -> None:
    """An end that is not given is open; a term stands for all that is written: a day, a second."""
    assert date_range(now=0) == (None, None)
    assert date_range(now=0, gt="1970-01-02") == (2 * DAY, None)
    assert term_dates("1970-01-02", now=0) == (DAY, 2 * DAY - 1)


@pytest.mark.parametrize("format_", ["hh:mm a", "basic_week_date", "yyyy-MM-dd'T", "MM-dd", "", "yyyy QQ"])
def test_formats_that_are_not_understood_are_refused(format_: str) -> None:
    """Unknown names and letters, and patterns without a year, are errors."""
    with pytest.raises(InvalidInput):
        check_format(format_)


@pytest.mark.parametrize(
    ("value", "format_", "expected"),
    [
        (2024, "strict_date_optional_time||epoch_millis", 1_704_067_200_000),
        (2024.0, "strict_date_optional_time||epoch_millis", 2024),
        (1e16, "epoch_millis", None),
        (-999_999_999, "strict_date_optional_time||epoch_millis", -(1 << 63)),
        ("+292278994-08-18", "strict_date_optional_time", (1 << 63) - 1),
        (-1_000_000_000, "strict_date_optional_time||epoch_millis", None),
        (-1_000_000_000, "strict_year||epoch_millis", None),
        (-10_000_000_000, "uuuu||epoch_millis", None),
        (-10_000_000_000, "strict_date_optional_time||epoch_millis", -10_000_000_000),
        (-1_000_000_000, "epoch_millis||strict_date_optional_time", -1_000_000_000),
    ],
)
def test_numbers_are_read_as_their_text(value: float, format_: str, expected: int | None) -> None:
    """Years come first where the format says so, also those that no calendar or no 64 bits have."""
    assert index_date(value, format_) == expected


@pytest.mark.parametrize("name", ["EST", "Mars/Base", "+19:00", "+1:99", ""])
def test_unknown_zones(name: str) -> None:
    """Names that Java does not know are no zones."""
    with pytest.raises(ValueError):  # noqa: PT011 - the text itself is the message
        zone(name)


@given(st.dates())
def test_days_agree_with_the_calendar(day: dt.date) -> None:
    """Days since the epoch and back are those of the proleptic Gregorian calendar."""
    days = (day - dt.date(1970, 1, 1)).days
    assert days_of(day.year, day.month, day.day) == days
    assert date_of(days) == (day.year, day.month, day.day)


@given(
    st.integers(min_value=-(10**15), max_value=10**15),
    st.sampled_from(["Europe/Paris", "America/New_York", "+05:30", "Z"]),
)
def test_local_time_of_an_instant_leads_back(instant: int, name: str) -> None:
    """Going to a zone's clocks and back with the same offset is the same instant, in any year."""
    where = zone(name)
    local = local_of(instant, where)
    assert instant_of(local, where, prefer=local - instant) == instant


def test_long_texts_are_no_dates() -> None:
    """A text beyond any date's length is malformed, and refused in a query, without being parsed."""
    assert index_date("1" * 10_000) is None
    with pytest.raises(InvalidInput):
        bound("now" + "+1d" * 10_000, now=0, round_up=False)
