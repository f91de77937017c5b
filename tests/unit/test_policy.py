"""Policies: what is said for a scope, within what is said around it; and when a product is due by its schedule."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from muster.errors import InvalidInput
from muster.policy import (
    LONGEST,
    USUAL,
    Cron,
    Every,
    Manual,
    OnChange,
    Policy,
    Schedule,
    effective,
    next_time,
    read_schedule,
    scopes,
    write_schedule,
)

BERLIN = ZoneInfo("Europe/Berlin")
DOMAIN = "default/domain/a/super/domain/b"
PRODUCT = f"{DOMAIN}/product/p"


def ms(text: str) -> int:
    """A time with its offset, in ms since 1970."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def times(expression: str, after: str, zone: str = "Europe/Berlin", count: int = 3) -> list[str]:
    """The next times of a schedule, each counted from the one before."""
    found, last = [], ms(after)
    for _ in range(count):
        due = next_time(Cron(expression, zone), last, last)
        assert due is not None
        assert due > last
        found.append(datetime.fromtimestamp(due / 1000, ZoneInfo(zone)).isoformat(timespec="minutes"))
        last = due
    return found


@pytest.mark.parametrize(
    ("schedule", "last", "due"),
    [
        (Manual(), None, None),
        (Manual(), 5_000, None),
        (OnChange(), None, 9_000),
        (OnChange(), 5_000, None),
        (Every(2_000), None, 9_000),
        (Every(2_000), 8_000, 10_000),
        (Every(2_000), 1_000, 3_000),
        (Cron("0 6 * * *"), None, 9_000),
        (Cron("0 6 * * *"), 5_000, 6 * 3_600_000),
    ],
)
def test_when_a_product_is_due(schedule: Schedule, last: int | None, due: int | None) -> None:
    """At once where it never was synced, unless that is for somebody to say; then by its schedule, from the last sync."""
    assert next_time(schedule, last, 9_000) == due


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        pytest.param(
            "30 2 * * *",
            "2026-03-28T12:00+01:00",
            ["2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00", "2026-03-31T02:30+02:00"],
            id="a time that is left out comes right after the change",
        ),
        pytest.param(
            "0 6 * * *",
            "2026-03-28T12:00+01:00",
            ["2026-03-29T06:00+02:00", "2026-03-30T06:00+02:00", "2026-03-31T06:00+02:00"],
            id="six o'clock stays six o'clock when the clocks go forward",
        ),
        pytest.param(
            "0 6 * * *",
            "2026-10-24T12:00+02:00",
            ["2026-10-25T06:00+01:00", "2026-10-26T06:00+01:00", "2026-10-27T06:00+01:00"],
            id="and when they go back",
        ),
        pytest.param(
            "30 2 * * *",
            "2026-10-24T12:00+02:00",
            ["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00", "2026-10-27T02:30+01:00"],
            id="a time that comes twice counts once",
        ),
        pytest.param(
            "30 2 * * *",
            "2026-10-25T02:10+01:00",
            ["2026-10-26T02:30+01:00", "2026-10-27T02:30+01:00", "2026-10-28T02:30+01:00"],
            id="and is past for who was synced in the second hour",
        ),
        pytest.param(
            "*/30 * * * *",
            "2026-10-25T02:15+02:00",
            ["2026-10-25T02:30+02:00", "2026-10-25T02:00+01:00", "2026-10-25T02:30+01:00"],
            id="every half hour goes on in both of the hours that are called two",
        ),
        pytest.param(
            "*/30 * * * *",
            "2026-03-29T01:15+01:00",
            ["2026-03-29T01:30+01:00", "2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00"],
            id="and over the hour that is left out",
        ),
        pytest.param(
            "0 0 29 2 *",
            "2026-01-01T00:00+01:00",
            ["2028-02-29T00:00+01:00", "2032-02-29T00:00+01:00", "2036-02-29T00:00+01:00"],
            id="what is rare comes all the same",
        ),
    ],
)
def test_times_of_cron_in_berlin(expression: str, after: str, expected: list[str]) -> None:
    """As Debian's cron has it, over both changes of the clocks of Europe/Berlin."""
    assert times(expression, after) == expected


@pytest.mark.parametrize("expression", ["30 2 * * *", "0 3 * * *", "15 * * * *", "*/7 1-3 * * *", "0 2 * * 0"])
@pytest.mark.parametrize("begin", ["2026-03-28T22:00+01:00", "2026-10-24T22:00+02:00"])
def test_the_next_time_is_never_past(expression: str, begin: str) -> None:
    """From whichever minute around a change of the clocks: a product that was just synced is not due again."""
    start = datetime.fromisoformat(begin)
    for minutes in range(0, 12 * 60, 7):
        last = round((start + timedelta(minutes=minutes)).timestamp() * 1000)
        due = next_time(Cron(expression, "Europe/Berlin"), last, last)
        assert due is not None
        assert due > last


@pytest.mark.parametrize(
    ("said", "path", "why"),
    [
        ({"cron": "0 2 30 2 *"}, "/schedule/cron", "bad day-of-month"),
        ({"cron": "0 0 31 4,6 *"}, "/schedule/cron", "bad day-of-month"),
        ({"cron": "0 0 6 * * *"}, "/schedule/cron", "it has 6 fields, not 5"),
        ({"cron": "@daily"}, "/schedule/cron", "it has 1 fields, not 5"),
        ({"cron": "61 * * * *"}, "/schedule/cron", "bad minute"),
        ({"cron": "* * * * *", "timeZone": "Europe/Nowhere"}, "/schedule/timeZone", "no time zone"),
        ({"cron": "* * * * *", "timeZone": "../etc/passwd"}, "/schedule/timeZone", "no time zone"),
        ({"cron": "* * * * *", "timeZone": ""}, "/schedule/timeZone", "no time zone"),
        ({"cron": "* * * * *", "timeZone": "localtime"}, "/schedule/timeZone", "no time zone `localtime`"),
        ({"cron": "* * * * *", "timeZone": "posixrules"}, "/schedule/timeZone", "no time zone"),
        ({"cron": "0-59/99999999999 * * * *"}, "/schedule/cron", "a step of 99999999999 is beyond the end"),
        ({"cron": "* * * * *", "at": "noon"}, "/schedule", "no schedule"),
        ({"every": 999}, "/schedule/every", "once a second at most"),
        ({"every": LONGEST + 1}, "/schedule/every", "every ten years at least"),
        ({"every": True}, "/schedule/every", "once a second at most"),
        ({"every": 5_000, "cron": "* * * * *"}, "/schedule", "no schedule"),
        ("sometimes", "/schedule", "no schedule"),
        ([], "/schedule", "no schedule"),
    ],
)
def test_what_is_no_schedule_is_refused(said: Any, path: str, why: str) -> None:
    """With the place to mend, and why; a day that never comes is none."""
    with pytest.raises(InvalidInput, match=why) as refused:
        read_schedule(said)
    assert refused.value.path == path


@pytest.mark.parametrize(
    "said", ["on change", "manual", {"every": 900_000}, {"cron": "0 6 * * 1-5", "timeZone": "Europe/Berlin"}]
)
def test_schedules_are_written_as_they_are_read(said: Any) -> None:
    """And read again."""
    assert write_schedule(read_schedule(said)) == said


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"percent": -1}, "/percent"),
        ({"percent": float("nan")}, "/percent"),
        ({"percent": float("inf")}, "/percent"),
        ({"least": -1}, "/least"),
        ({"least": 2**60}, "/least"),
        ({"keep": 0}, "/keep"),
        ({"freshness": LONGEST + 1}, "/freshness"),
        ({"freshness": 0}, "/freshness"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_is_no_policy_is_refused(said: dict[str, Any], path: str) -> None:
    """With the place to mend."""
    with pytest.raises(InvalidInput) as refused:
        Policy.of(said)
    assert refused.value.path == path


def test_the_nearest_scope_has_the_last_word_on_each_part() -> None:
    """The product's own policy counts before that of its domain, this before the one around, that of everything last."""
    policies = {
        "": Policy(schedule=Manual(), percent=1, least=1),
        "default/domain/a/super": Policy(percent=2, least=2),
        DOMAIN: Policy(least=3),
        "guid": Policy(freshness=4_000),
        "default/domain/a/super/domain/other": Policy(keep=9),
    }
    found = effective(policies, "guid", PRODUCT)
    assert found == Policy(schedule=Manual(), percent=2, least=3, freshness=4_000, keep=USUAL.keep)
    assert effective({}, "guid", PRODUCT) == USUAL
    assert scopes("guid", PRODUCT)[0] == ""
    assert scopes("guid", PRODUCT)[-2:] == [f"{DOMAIN}/product", "guid"]
