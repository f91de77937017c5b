"""Who keeps memberships right: one at a time, taken over when it dies, by the schedule of each product."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from pyroaring import BitMap

from muster.cli import working
from muster.errors import EngineUnavailable, Overtaken
from muster.membership import Cause, Decision, Fence, Move, Outcome, Proposal, Trigger
from muster.policy import Cron, Every, Manual, OnChange, Policy, Schedule
from muster.query.faces import Face
from muster.query.nodes import Bool, Range, Term
from muster.query.wire import canonical
from muster.service import define
from muster.service.decide import Given, decide, withdraw
from muster.service.ingest import ingest
from muster.service.keeping import audit as auditing
from muster.service.keeping import rounds
from muster.service.keeping.audit import audit
from muster.service.keeping.due import AGAIN
from muster.service.keeping.keeper import LEASE, Keeper
from muster.service.keeping.renewing import renewed
from muster.service.keeping.rounds import Round, follow_changes
from muster.service.selecting import Written
from muster.service.sync import Synced, sync_present
from muster.service.typedefs import Definition, listed, update
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock
from tests.integration.places import EMBEDDED
from tests.integration.rounds import kept
from tests.integration.verified import ROOT, begin, page, stored, table

DAY = 86_400_000

pytestmark = pytest.mark.parametrize("engine_setting", [EMBEDDED], indirect=True)


@pytest.fixture
def shop(work: Workspace) -> Workspace:
    """Three verified tables, and a product of them."""
    return begin(work)


def test_what_changed_is_followed(shop: Workspace) -> None:
    """The first round evaluates everything, later ones what changed; only a product that moves gets a run."""
    keeper = Keeper(shop)
    kept(keeper)
    ingest(shop, [table("d"), table("a", "DRAFT")])
    kept(keeper)
    ingest(shop, [table("e", "DRAFT")])
    kept(keeper)

    guid = shop.record.product("Verified").entity.guid
    runs = shop.record.runs(guid, limit=9)
    assert stored(shop) == "bcd"
    assert [(one.trigger, one.joined, one.left) for one in runs] == [(Trigger.INCREMENTAL, 1, 1), (Trigger.FULL, 3, 0)]


def test_stored_members_are_as_old_as_the_last_round(shop: Workspace, clock: SetClock) -> None:
    """Nothing moved, and that is known."""
    keeper = Keeper(shop)
    kept(keeper)
    clock.time += 5_000
    kept(keeper)
    clock.time += 1_000
    assert page(shop).provenance.age == 1_000


def test_one_works_at_a_time_and_a_dead_one_is_followed(shop: Workspace, clock: SetClock) -> None:
    """Whoever has the lease; after it ran out, whoever comes."""
    first, second = Keeper(shop), Keeper(shop)
    kept(first)
    assert second.step() is None
    clock.time += LEASE + 1
    ingest(shop, [table("d")])
    kept(second)
    assert stored(shop) == "abcd"
    assert first.step() is None


def test_a_late_one_cannot_commit(shop: Workspace, clock: SetClock) -> None:
    """It slept through the end of its lease and wakes up in the middle of a round."""
    late, next_ = Keeper(shop), Keeper(shop)
    kept(late)
    fence = late.fence
    clock.time += LEASE + 1
    kept(next_)
    ingest(shop, [table("d")])
    assert fence is not None
    with pytest.raises(Overtaken):
        follow_changes(shop, late.portfolio, fence)
    assert stored(shop) == "abc"


def test_a_product_that_goes_meanwhile_keeps_nobody_waiting(shop: Workspace) -> None:
    """It was to be synced and is archived before its turn: the others are synced."""
    keeper = Keeper(shop)
    kept(keeper)
    written = Written("type:View", Face.SHORTHAND)
    gone = define.create(shop, "Views", written, define.Details(), domain_name="Shop").product.entity.guid
    there = shop.record.product("Verified").entity.guid
    define.delete(shop, gone)

    assert keeper.fence is not None
    assert [one.product.entity.guid for one in sync_present(shop, [gone, there], keeper.fence)] == [there]


def test_who_stops_lets_the_lease_go(shop: Workspace) -> None:
    """The next one need not wait."""
    first, second = Keeper(shop), Keeper(shop)
    kept(first)
    first.close()
    assert second.step() is not None


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        pytest.param(OnChange(), 0, "abcd", id="on change"),
        pytest.param(Manual(), 10 * 86_400_000, "abc", id="manual"),
        pytest.param(Every(60_000), 59_000, "abc", id="an interval that is not over"),
        pytest.param(Every(60_000), 61_000, "abcd", id="an interval that is over"),
        pytest.param(Cron("0 6 * * *", "Europe/Berlin"), 60_000, "abc", id="before six"),
        pytest.param(Cron("0 6 * * *", "Europe/Berlin"), 86_400_000, "abcd", id="after six"),
    ],
)
def test_each_product_is_synced_by_its_schedule(
    shop: Workspace, clock: SetClock, schedule: Schedule, after: int, expected: str
) -> None:
    """What is said of a product, or of the domain or everything around it."""
    keeper = Keeper(shop)
    kept(keeper)
    guid = shop.record.product("Verified").entity.guid
    shop.record.put_policy(guid, Policy(schedule=schedule), by="ada", at=clock.time)
    ingest(shop, [table("d")])
    clock.time += after
    kept(keeper)
    assert stored(shop) == expected


def test_a_product_that_comes_to_follow_changes_has_all_that_came_before(shop: Workspace, clock: SetClock) -> None:
    """Nobody synced it meanwhile."""
    keeper, guid = Keeper(shop), shop.record.product("Verified").entity.guid
    kept(keeper)
    shop.record.put_policy(guid, Policy(schedule=Manual()), by="ada", at=clock.time)
    ingest(shop, [table("d")])
    kept(keeper)
    assert stored(shop) == "abc"
    shop.record.put_policy(guid, None, by="ada", at=clock.time)
    kept(keeper)
    assert stored(shop) == "abcd"


def test_a_schedule_that_changed_while_nobody_kept_anything_right_is_seen_later(
    shop: Workspace, clock: SetClock
) -> None:
    """By whoever begins then; once, and not each time that somebody begins."""
    keeper, guid = Keeper(shop), shop.record.product("Verified").entity.guid
    kept(keeper)
    shop.record.put_policy(guid, Policy(schedule=Manual()), by="ada", at=clock.time)
    ingest(shop, [table("d")])
    kept(keeper)
    keeper.close()
    shop.record.put_policy(guid, None, by="ada", at=clock.time)

    kept(Keeper(shop, holder="another"))
    assert stored(shop) == "abcd"
    clock.time += LEASE
    last = shop.record.last_run()
    kept(Keeper(shop, holder="a third"))
    assert shop.record.last_run() == last


@pytest.mark.parametrize("next_", [False, True], ids=["the same", "another"])
def test_a_tag_that_was_renamed_while_nobody_could_see_it_is_seen_later(
    shop: Workspace, clock: SetClock, monkeypatch: pytest.MonkeyPatch, *, next_: bool
) -> None:
    """The round that would have seen it came to nothing, and is done again, by whoever is there."""
    ingest(shop, [replace(table("a"), tags=("Gold",))])
    define.update(shop, "Verified", Written("type:Table tag:Best", Face.SHORTHAND), define.Details(), lenient=True)
    shop.record.put_policy("", Policy(may_empty=True), by="ada", at=clock.time)
    keeper = Keeper(shop)
    kept(keeper)
    assert stored(shop) == ""
    (tag,) = [one for one in listed(shop) if one.category.value == "CLASSIFICATION"]
    update(shop, [Definition(tag.category, {**tag.body, "name": tag.name, "displayName": "Best"})])
    with monkeypatch.context() as patched:
        patched.setattr(rounds, "sync_present", away)
        with pytest.raises(EngineUnavailable):
            keeper.step()
    keeper.close()
    kept(Keeper(shop) if next_ else keeper)
    assert stored(shop) == "a"


def away(*_: object) -> None:
    """Be an index that does not answer."""
    raise EngineUnavailable("it is away")


def test_a_held_product_stays_as_it_is_until_it_would_be_right(shop: Workspace, clock: SetClock) -> None:
    """It is looked at again now and then; the same hold is one run."""
    keeper = Keeper(shop)
    kept(keeper)
    ingest(shop, [table(name, "DRAFT") for name in "abc"])
    kept(keeper)
    for _ in range(3):
        clock.time += AGAIN + 1
        kept(keeper)
    guid = shop.record.product("Verified").entity.guid
    assert stored(shop) == "abc"
    held = [one for one in shop.record.runs(guid, limit=9) if one.outcome is Outcome.HELD]
    assert {one.held_because for one in held} == {"it would empty the product, which has 3 members"}
    assert len(held) == 1
    ingest(shop, [table("b")])
    clock.time += AGAIN + 1
    kept(keeper)
    assert stored(shop) == "b"


def test_an_edit_and_a_renamed_tag_are_evaluated_in_full(shop: Workspace) -> None:
    """What cannot be told from the assets that changed."""
    keeper = Keeper(shop)
    kept(keeper)
    define.update(shop, "Verified", Written("name:a", Face.SHORTHAND), define.Details())
    kept(keeper)
    assert stored(shop) == "a"


def test_a_decision_elsewhere_is_no_cause(shop: Workspace, clock: SetClock) -> None:
    """An asset that is looked at for a decision of another product, and leaves this one by time, leaves it by time."""
    tables, now = Term("__typeName.keyword", "Table"), Range("__modificationTimestamp.date", gte="now-1h")
    recent = Written(canonical(Bool(filter=(tables, now))), Face.WIRE)
    guid = define.create(shop, "Recent", recent, define.Details(), domain_name="Shop").product.entity.guid
    keeper = Keeper(shop)
    kept(keeper)
    decide(shop, "Verified", [f"{ROOT}/a"], Decision.PIN, Given("by hand"))
    clock.time += 3_600_001
    kept(keeper)
    left = {
        one.cause: len(one.left)
        for run in shop.record.runs(guid, limit=9)
        for one in shop.record.moves(guid, run.number)
    }
    assert set(left) == {Cause.FIRST, Cause.TIME}


def test_what_an_edited_selection_would_have_moved_by_time_is_moved_by_time(shop: Workspace, clock: SetClock) -> None:
    """The former one counts from now, the new one does not, and both hold today what is new."""
    now = Range("__modificationTimestamp.date", lt="now-1m")
    define.update(shop, "Verified", Written(canonical(now), Face.WIRE), define.Details())
    keeper = Keeper(shop)
    kept(keeper)
    assert stored(shop) == ""
    define.update(shop, "Verified", Written("type:Table", Face.SHORTHAND), define.Details())
    clock.time += 61_000
    kept(keeper)
    assert (stored(shop), last_causes(shop)) == ("abc", [Cause.TIME])


def test_a_decision_that_is_taken_back_in_the_moment_of_a_run_is_the_cause(shop: Workspace) -> None:
    """The run has not seen it, though their times are the same."""
    decide(shop, "Verified", [f"{ROOT}/a"], Decision.EXCLUSION, Given("by hand"))
    keeper = Keeper(shop)
    kept(keeper)
    withdraw(shop, "Verified", [f"{ROOT}/a"])
    kept(keeper)
    assert (stored(shop), last_causes(shop)) == ("abc", [Cause.EXCLUSION])


def last_causes(work: Workspace) -> list[Cause]:
    """Return for what the last run of the product moved anybody."""
    guid = work.record.product("Verified").entity.guid
    (last, *_) = work.record.runs(guid, limit=1)
    return [one.cause for one in work.record.moves(guid, last.number)]


def drift(keeper: Keeper) -> None:
    """Let a member be stored that the selection does not hold, as a fault of following would."""
    work = keeper.work
    ingest(work, [table("x", "DRAFT")])
    kept(keeper)
    product, (x,) = work.record.product("Verified"), work.record.find([], [table("x").key])
    before = work.record.generations([product.entity.guid])[product.entity.guid]
    members = before.members | BitMap([x.ordinal])
    moves = (Move(Cause.ASSET, BitMap([x.ordinal]), BitMap()),)
    revision, position = product.selection.revision, work.record.position()
    work.record.commit([Proposal(product.entity.guid, revision, position, work.clock(), members, moves)])


def test_an_audit_finds_nothing_where_all_is_right(shop: Workspace) -> None:
    """What changed after the log was last followed is no difference: it had no turn yet."""
    keeper = Keeper(shop)
    kept(keeper)
    ingest(shop, [table("d")])
    assert keeper.fence is not None
    done = audit(shop, keeper.fence)
    assert [(one.trigger, one.joined) for one in done.runs] == [(Trigger.AUDIT, 1)]
    assert done.differences == ()


def test_an_audit_wins_where_members_were_others(shop: Workspace) -> None:
    """Whoever was missing, or one too many, is told, and set right by a run that says so."""
    keeper = Keeper(shop)
    drift(keeper)
    assert stored(shop) == "abcx"

    assert keeper.fence is not None
    (difference,) = audit(shop, keeper.fence).differences
    (extra,) = shop.record.entities(sorted(difference.extra))
    assert (extra.name, difference.missing, difference.run.outcome) == ("x", BitMap(), Outcome.APPLIED)
    assert difference.run.trigger is Trigger.AUDIT
    assert stored(shop) == "abc"


def test_audits_are_done_now_and_then_by_one_of_all(shop: Workspace, clock: SetClock) -> None:
    """Not at once after the first sync, once in a while after that, also when another process takes over."""
    first = Keeper(shop, audit_every=DAY)
    kept(first)
    drift(first)
    kept(first)
    assert stored(shop) == "abcx"

    clock.time += DAY + 1
    done = first.step()
    assert done is not None
    assert [one.run.total for one in done.differences] == [3]
    assert stored(shop) == "abc"

    first.close()
    second = Keeper(shop, audit_every=DAY)
    drift(second)
    kept(second)
    assert stored(shop) == "abcx"


def test_what_an_audit_found_is_told_though_it_came_to_no_end(
    shop: Workspace, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the next round: what was set right by then is set right for good, and no later audit finds it."""
    keeper = Keeper(shop, audit_every=DAY)
    kept(keeper)
    drift(keeper)
    kept(keeper)

    def breaking_off(work: Workspace, guids: Sequence[str], fence: Fence, trigger: Trigger) -> Iterator[Synced]:
        yield from sync_present(work, guids, fence, trigger)
        raise EngineUnavailable("away for a moment")

    clock.time += DAY + 1
    with monkeypatch.context() as broken:
        broken.setattr(auditing, "sync_present", breaking_off)
        with pytest.raises(EngineUnavailable):
            keeper.step()
    assert stored(shop) == "abc"
    after = [keeper.step() for _ in range(2)]
    assert [[one.run.total for one in done.differences] for done in after if done] == [[3], []]


def test_a_worker_tells_what_an_audit_found(shop: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """In text as an alarm, in JSON with the product, the run and how many."""
    keeper = Keeper(shop)
    drift(keeper)
    assert keeper.fence is not None
    found = audit(shop, keeper.fence)
    done = Round(0, found.runs, more=False, differences=found.differences)

    working.kept(shop, done, as_json=False)
    text = capsys.readouterr()
    working.kept(shop, done, as_json=True)
    (told,) = json.loads(capsys.readouterr().out)["differences"]

    assert "the members of Shop.Verified were not those that its selection holds" in text.err
    assert "0 were missing, 1 were there in vain" in text.err
    assert text.out == "followed 0 changes, 1 runs\n"
    assert (told["product"]["name"], told["missing"], told["extra"]) == ("Verified", 0, 1)
    assert (told["run"]["trigger"], told["run"]["outcome"]) == ("audit", "applied")


def test_a_lease_lasts_as_long_as_the_work(shop: Workspace, clock: SetClock) -> None:
    """However long that is: it is renewed meanwhile, and nobody else begins the same."""
    fence = shop.record.lease("work", "me", at=clock.time, until=clock.time + 30)
    assert fence is not None
    with renewed(shop, fence, "me", 30):
        for _ in range(5):
            clock.time += 20
            time.sleep(0.05)
            assert shop.record.lease("work", "you", at=clock.time, until=clock.time + 30) is None
    clock.time += 31
    assert shop.record.lease("work", "you", at=clock.time, until=clock.time + 30) is not None
