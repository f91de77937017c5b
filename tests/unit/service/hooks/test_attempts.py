"""What follows from a try: delivered, tried again later, or dead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muster.hook import Delivery, Status
from muster.protocols import Answer
from muster.service.hooks.attempts import LONGEST, Patience, after, went_well

NOW = 1_000_000
FIRST = Delivery("h", 7, Status.WAITING, 0, NOW)


@pytest.mark.parametrize(
    ("code", "well"),
    [(200, True), (202, True), (204, True), (299, True), (100, False), (199, False), (301, False), (302, False)]
    + [(code, False) for code in (304, 307, 400, 401, 404, 410, 429, 500, 503, None)],
)
def test_only_a_status_of_success_is_one(code: int | None, well: bool) -> None:  # noqa: FBT001 - of a table
    """A redirection is none."""
    assert went_well(Answer(code, "")) is well


def test_what_went_well_is_delivered() -> None:
    """Whatever had been tried before; the status and the begin of the answer are kept."""
    tried = replace(FIRST, tries=3, due=5, code=500, said="no")
    assert after(tried, Answer(200, "thanks"), Patience(), NOW) == Delivery(
        "h", 7, Status.DELIVERED, 4, NOW, None, 200, "thanks"
    )


def test_what_failed_too_often_is_dead() -> None:
    """With the last try; the one before is tried once more."""
    patience = Patience(tries=3)
    one = after(FIRST, Answer(500, "a"), patience, NOW)
    two = after(one, Answer(None, "no answer"), patience, NOW)
    three = after(two, Answer(503, "b"), patience, NOW)
    assert [found.status for found in (one, two, three)] == [Status.WAITING, Status.WAITING, Status.DEAD]
    assert (two.code, two.said, two.tries) == (None, "no answer", 2)
    assert (three.due, three.tries, three.said) == (None, 3, "b")


@pytest.mark.parametrize(
    ("tries", "due"), [(1, 5_000), (2, 10_000), (3, 20_000), (10, 2_560_000), (11, LONGEST), (999, LONGEST)]
)
def test_pauses_double_and_end_at_an_hour(tries: int, due: int) -> None:
    """Between half of it and all of it, by chance."""
    patience = Patience()
    assert patience.pause(tries, lambda: 0.0) == due // 2
    assert patience.pause(tries, lambda: 1.0) == due
    some = {patience.pause(tries) for _ in range(200)}
    assert len(some) > 100
    assert all(due / 2 <= one <= due for one in some)


@pytest.mark.parametrize(("later", "least"), [(None, 2_500), (0, 2_500), (60, 60_000), (10**8, LONGEST)])
def test_a_receiver_may_ask_for_more_time(later: int | None, least: int) -> None:
    """An hour at most; never for less than the usual."""
    found = after(FIRST, Answer(503, "", later), Patience(), NOW)
    assert found.due is not None
    assert NOW + least <= found.due <= NOW + max(least, 5_000)


@pytest.mark.parametrize("status", [Status.WAITING, Status.AGAIN])
def test_a_receiver_that_is_gone_ends_nothing(status: Status) -> None:
    """The delivery stays to be tried, for when somebody resumes the hook, however often it was tried."""
    found = after(replace(FIRST, status=status, tries=99), Answer(410, ""), Patience(), NOW)
    assert (found.status, found.due, found.tries) == (status, NOW, 100)
