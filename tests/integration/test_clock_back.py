"""The clock steps back, as it does when it is set: nothing is lost, nothing is doubled, and numbers go on without a gap."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.membership import Decision
from muster.policy import Policy
from muster.query.faces import Face
from muster.query.nodes import Bool, Range, Term
from muster.query.wire import canonical
from muster.service import define
from muster.service.decide import Given, decide, withdraw
from muster.service.ingest import ingest
from muster.service.keeping.due import AGAIN
from muster.service.keeping.keeper import Keeper
from muster.service.selecting import Written
from muster.service.workspace import Workspace
from tests.acceptance.faults.kept import all_events, hold_kept
from tests.integration.conftest import SetClock
from tests.integration.places import EMBEDDED
from tests.integration.rounds import kept

ROOT = "default/demo/1/db/schema"
HOUR = 3_600_000
PRODUCTS = {"Verified": "type:Table certificate:VERIFIED", "Drafts": "type:Table certificate:DRAFT"}
pytestmark = pytest.mark.parametrize("engine_setting", [EMBEDDED], indirect=True)


def tables(certificate: str, *names: str) -> list[EntityDraft]:
    """Return tables with a certificate."""
    return [
        EntityDraft(Key("Table", f"{ROOT}/{one}"), {"name": one, "certificateStatus": certificate}) for one in names
    ]


@pytest.fixture
def keeper(work: Workspace) -> Keeper:
    """Who keeps two products, which are synced."""
    work.record.put_policy("", Policy(may_empty=True), by="ada", at=work.clock())
    ingest(work, tables("VERIFIED", *"abc"))
    for name, selection in PRODUCTS.items():
        define.create(work, name, Written(selection), define.Details(), domain_name="Shop")
    made = Keeper(work)
    kept(made)
    return made


def test_what_changes_after_the_clock_stepped_back_is_followed(
    work: Workspace, clock: SetClock, keeper: Keeper
) -> None:
    """Catalog, edits and decisions alike, and everything is told once, in order."""
    clock.time -= HOUR
    ingest(work, [*tables("VERIFIED", "d"), *tables("DRAFT", "a")])
    decide(work, "Verified", [f"{ROOT}/b"], Decision.EXCLUSION, Given("by hand"))
    decide(work, "Drafts", [f"{ROOT}/b"], Decision.PIN, Given("by hand"))
    kept(keeper)
    hold_kept(work)

    clock.time += 1_000
    withdraw(work, "Verified", [f"{ROOT}/b"])
    define.update(work, "Drafts", Written("type:Table name:c"), define.Details())
    kept(keeper)
    hold_kept(work)
    assert all(one.number + 1 == other.number for one, other in pairwise(all_events(work)))


def test_what_ends_after_the_clock_stepped_back_ends(work: Workspace, clock: SetClock, keeper: Keeper) -> None:
    """A pin that is over by the clock as it is now, and one that stands again since it is not over yet."""
    decide(work, "Drafts", [f"{ROOT}/a"], Decision.PIN, Given("by hand", clock.time + HOUR))
    kept(keeper)
    clock.time += HOUR
    kept(keeper)
    hold_kept(work)
    clock.time -= HOUR // 2
    kept(keeper)
    hold_kept(work)
    decide(work, "Drafts", [f"{ROOT}/b"], Decision.PIN, Given("by hand", clock.time + AGAIN))
    kept(keeper)
    for _ in range(2):
        clock.time += AGAIN // 2
        kept(keeper)
        hold_kept(work)


def test_what_counts_from_now_is_as_now_says(work: Workspace, clock: SetClock, keeper: Keeper) -> None:
    """It is evaluated again as soon as the clock stepped back, and then once in a while as ever."""
    now = Bool(filter=(Term("__typeName.keyword", "Table"), Range("__modificationTimestamp.date", lt="now-30m")))
    define.create(work, "Old", Written(canonical(now), Face.WIRE), define.Details(), domain_name="Shop")
    clock.time += HOUR
    kept(keeper)
    hold_kept(work)
    clock.time -= HOUR
    kept(keeper)
    hold_kept(work)
    done = keeper.step()
    assert done is not None
    assert done.runs == ()


def test_a_decision_that_is_stored_late_is_followed(work: Workspace, clock: SetClock, keeper: Keeper) -> None:
    """A round went by between the time that it says and the time that it was stored."""
    begun = clock.time
    clock.time += 1_000
    kept(keeper)
    late = replace(work, clock=lambda: begun)
    decide(late, "Drafts", [f"{ROOT}/a"], Decision.PIN, Given("by hand"))
    kept(keeper)
    hold_kept(work)


def test_another_takes_over_after_the_clock_stepped_back(work: Workspace, clock: SetClock, keeper: Keeper) -> None:
    """As soon as the lease is free, with nothing to set right."""
    clock.time -= HOUR
    ingest(work, tables("VERIFIED", "d"))
    keeper.close()
    kept(Keeper(work))
    hold_kept(work)
