"""Nothing passes a membership by: whatever happens between two rounds, or in one, is in what is stored soon after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from muster.catalog.entity import Status
from muster.catalog.product import Product
from muster.errors import EngineUnavailable, LimitExceeded
from muster.membership import Cause, Decision, Fence, Outcome, Run
from muster.policy import Every, Policy
from muster.protocols import Postings
from muster.query.faces import Face
from muster.query.nodes import Bool, Fuzzy, Leaf, Range, Term
from muster.query.wire import canonical
from muster.service import define, judging
from muster.service import sync as syncing
from muster.service.because import Altered, Place, reasons
from muster.service.decide import Given, decide, withdraw
from muster.service.evaluate import Evaluated, evaluate
from muster.service.ingest import ingest
from muster.service.keeping import keeper as keepers
from muster.service.keeping import rounds
from muster.service.keeping.audit import Audit, audit
from muster.service.keeping.due import AGAIN
from muster.service.keeping.keeper import LOOK, Keeper
from muster.service.keeping.portfolio import Portfolio
from muster.service.project import project, reindex
from muster.service.save.commands import Command
from muster.service.save.saving import save
from muster.service.selecting import Written
from muster.service.sync import sync
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock
from tests.integration.places import EMBEDDED
from tests.integration.rounds import kept
from tests.integration.verified import ROOT, VERIFIED, begin, last, live, select, stored, table

pytestmark = pytest.mark.parametrize("engine_setting", [EMBEDDED], indirect=True)

SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000
ODD = Bool(should=(Term("oddity", "x"), Term("certificateStatus", "VERIFIED")))
"""Verified tables, and those with an attribute that may come to be mapped as a number, which `x` is none of."""


@pytest.fixture
def shop(work: Workspace) -> Workspace:
    """Three verified tables, and a product of them."""
    return begin(work)


def causes(work: Workspace) -> list[Cause]:
    """Return why the last run moved anybody."""
    run = last(work)
    return [one.cause for one in work.record.moves(run.product, run.number)]


def soon(keeper: Keeper, clock: SetClock) -> None:
    """Do rounds for two minutes, long before an audit."""
    for _ in range(3):
        kept(keeper)
        clock.time += AGAIN + 1
    kept(keeper)


def approve(work: Workspace, run: Run) -> None:
    """Let a held run be done."""
    judging.approve(work, work.record.product(VERIFIED), run.number, judging.Judgement())


def test_what_came_while_a_run_was_held_comes_with_its_approval(shop: Workspace, clock: SetClock) -> None:
    """It was followed for all others meanwhile."""
    keeper = Keeper(shop)
    kept(keeper)
    ingest(shop, [table(name, "DRAFT") for name in "abc"])
    kept(keeper)
    held = last(shop)
    clock.time += SECOND
    ingest(shop, [table("d")])
    kept(keeper)
    approve(shop, held)
    kept(keeper)
    assert stored(shop) == live(shop) == "d"


def test_an_exclusion_made_while_a_run_was_held_is_heeded(shop: Workspace, clock: SetClock) -> None:
    """Whoever approves what was to move then does not take it back."""
    keeper = Keeper(shop)
    kept(keeper)
    shop.record.put_policy("", Policy(percent=0, least=0), by="ada", at=clock())
    ingest(shop, [table("d")])
    kept(keeper)
    held = last(shop)
    clock.time += SECOND
    decide(shop, VERIFIED, [f"{ROOT}/a"], Decision.EXCLUSION, Given("not for others"))
    shop.record.put_policy("", Policy(), by="ada", at=clock())
    kept(keeper)
    approve(shop, held)
    kept(keeper)
    assert stored(shop) == "bcd"


def test_a_late_sync_takes_back_nothing(shop: Workspace, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was followed between its evaluation and its commit is evaluated again, and nobody hears of a move that was none."""
    keeper, slow = Keeper(shop), list[Product]()
    kept(keeper)
    clock.time += SECOND

    def slowly(work: Workspace, products: Sequence[Product], *, now: int) -> Iterator[Evaluated]:
        found = list(evaluate(work, products, now=now))
        if not slow:
            slow.extend(products)
            ingest(work, [table("d")])
            kept(keeper)
        return iter(found)

    monkeypatch.setattr(syncing, "evaluate", slowly)
    (done,) = sync(shop, [VERIFIED])
    assert stored(shop) == "abcd"
    assert done.run.outcome is Outcome.UNCHANGED
    kept(keeper)
    assert stored(shop) == live(shop) == "abcd"


def test_a_late_sync_of_many_takes_back_nothing(
    shop: Workspace, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that it commits last as well."""
    define.create(shop, "Another", Written("type:View", Face.SHORTHAND), define.Details(), domain_name="Shop")
    keeper = Keeper(shop)
    kept(keeper)
    monkeypatch.setattr(syncing, "COMMIT", 1)
    clock.time += SECOND
    going = sync(shop)
    assert next(going).product.entity.name == "Another"
    ingest(shop, [table("d")])
    kept(keeper)
    assert [one.run.outcome for one in going] == [Outcome.UNCHANGED]
    kept(keeper)
    assert stored(shop) == live(shop) == "abcd"


def test_a_late_sync_of_an_edited_product_misses_nothing(
    shop: Workspace, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came since it looked was not held against the members of the former selection, and not against its own."""
    keeper, slow = Keeper(shop), list[Product]()
    kept(keeper)
    clock.time += SECOND
    select(shop, "type:Table")
    monkeypatch.setattr(rounds, "_unsettled", lambda *_: ())

    def slowly(work: Workspace, products: Sequence[Product], *, now: int) -> Iterator[Evaluated]:
        found = list(evaluate(work, products, now=now))
        if not slow:
            slow.extend(products)
            ingest(work, [table("d", "DRAFT")])
            kept(keeper)
        return iter(found)

    monkeypatch.setattr(syncing, "evaluate", slowly)
    list(sync(shop, [VERIFIED]))
    assert shop.record.missed()
    monkeypatch.undo()
    kept(keeper)
    assert stored(shop) == live(shop) == "abcd"
    assert not shop.record.missed()


def test_a_restored_product_has_what_came_while_it_was_gone(shop: Workspace) -> None:
    """And lacks who would have left."""
    keeper = Keeper(shop)
    kept(keeper)
    guid = shop.record.product(VERIFIED).entity.guid
    define.delete(shop, guid)
    kept(keeper)
    ingest(shop, [table("d"), table("a", "DRAFT")])
    kept(keeper)
    save(shop, [Command("DataProduct", guid, status=Status.ACTIVE)])
    kept(keeper)
    assert stored(shop) == live(shop) == "bcd"


def test_an_attribute_with_a_dot_in_its_name_is_read(shop: Workspace) -> None:
    """As the index reads it: as part of an object."""
    ingest(shop, [table("e", x={"y": "z"})])
    project(shop)
    select(shop, Term("x.y", "z"))
    keeper = Keeper(shop)
    kept(keeper)
    ingest(shop, [table("f", **{"x.y": "z"}), table("g", x={"y": "z"}), table("e", description="else", **{"x.y": "z"})])
    kept(keeper)
    assert stored(shop) == live(shop) == "efg"


def odd(work: Workspace) -> Keeper:
    """Let the product name a field that a rebuilt index maps as a number, which it cannot be asked any more."""
    ingest(work, [table("e", "DRAFT", oddity="x")])
    project(work)
    select(work, ODD)
    keeper = Keeper(work)
    kept(keeper)
    ingest(work, [table("e", "DRAFT", oddity=5)])
    kept(keeper)
    reindex(work)
    return keeper


def test_a_selection_that_can_be_evaluated_no_more_is_held(shop: Workspace) -> None:
    """It says so, instead of staying as it was without a word."""
    keeper = odd(shop)
    ingest(shop, [table("f")])
    kept(keeper)
    run = last(shop)
    assert (run.outcome, stored(shop)) == (Outcome.HELD, "abc")
    assert "number" in run.held_because


def test_one_that_is_mended_keeps_nobody_waiting(shop: Workspace, clock: SetClock) -> None:
    """Whom its former selection would hold cannot be known any more; all products go on."""
    keeper = odd(shop)
    define.create(shop, "All", Written("type:Table", Face.SHORTHAND), define.Details(), domain_name="Shop")
    clock.time += SECOND
    select(shop, "type:Table certificate:DRAFT")
    shop.record.put_policy("", Policy(may_empty=True), by="ada", at=clock())
    soon(keeper, clock)
    assert (stored(shop), stored(shop, "All")) == ("e", "abce")
    assert causes(shop) == [Cause.SELECTION]


def test_a_clause_that_the_index_refuses_concerns_its_product_alone(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Terms that stand for too many others, say: the product is held, the others are followed."""
    similar = Written(canonical(Fuzzy("name", "abcdefg")), Face.WIRE)
    define.create(shop, "Similar", similar, define.Details(), domain_name="Shop", lenient=True)
    keeper = Keeper(shop)
    kept(keeper)
    ask = type(shop.engine).postings

    def refusing(self: object, leaves: Sequence[Leaf], *, now: int) -> Postings:
        if any(isinstance(one, Fuzzy) for one in leaves):
            raise LimitExceeded("too many terms")
        return ask(self, leaves, now=now)  # type: ignore[arg-type]

    monkeypatch.setattr(type(shop.engine), "postings", refusing)
    ingest(shop, [table("abcdefh"), table("d")])
    kept(keeper)
    assert "d" in stored(shop)
    assert last(shop, "Similar").held_because.endswith("too many terms")


def test_others_that_sync_all_the_time_stop_nothing(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round is not done again for a run of a product that it does not move."""
    define.create(shop, "Another", Written("type:View", Face.SHORTHAND), define.Details(), domain_name="Shop")
    keeper = Keeper(shop)
    kept(keeper)
    ingest(shop, [table("d")])
    propose = rounds._proposals

    def meanwhile(work: Workspace, portfolio: Portfolio, look: rounds._Look) -> tuple[list[rounds.Proposal], list[str]]:
        found = propose(work, portfolio, look)
        list(sync(work, ["Another"]))
        return found

    monkeypatch.setattr(rounds, "_proposals", meanwhile)
    keeper.step()
    assert stored(shop) == "abcd"


def test_a_schedule_goes_on_after_the_clock_was_set_back(shop: Workspace, clock: SetClock) -> None:
    """A product that was synced next year is due now."""
    shop.record.put_policy("", Policy(schedule=Every(60_000)), by="ada", at=clock())
    keeper = Keeper(shop)
    kept(keeper)
    clock.time += 365 * DAY
    kept(keeper)
    clock.time -= 365 * DAY
    ingest(shop, [table("d")])
    kept(keeper)
    assert stored(shop) == "abcd"


def test_products_that_take_long_to_read_cost_nobody_the_lease(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is renewed while they are read, as in any round."""
    renewing = list[Fence]()

    class Renewed:
        def __init__(self, _: Workspace, fence: Fence, *__: object) -> None:
            self.fence = fence

        def __enter__(self) -> None:
            renewing.append(self.fence)

        def __exit__(self, *_: object) -> None:
            renewing.clear()

    load = Portfolio.load

    def loading(self: Portfolio, work: Workspace) -> None:
        assert renewing
        load(self, work)

    monkeypatch.setattr(keepers, "renewed", Renewed)
    monkeypatch.setattr(Portfolio, "load", loading)
    kept(Keeper(shop))
    assert stored(shop) == "abc"


def test_an_edit_of_a_held_selection_is_looked_at_at_once(shop: Workspace, clock: SetClock) -> None:
    """What waits is of another selection."""
    keeper = Keeper(shop)
    kept(keeper)
    ingest(shop, [table(name, "DRAFT") for name in "abc"])
    kept(keeper)
    select(shop, "type:Table certificate:DRAFT")
    clock.time += SECOND
    kept(keeper)
    assert last(shop).revision == 2


def test_an_audit_that_fails_is_made_up_for_soon(
    shop: Workspace, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only when the next one is due, and by whoever keeps memberships right then."""
    keeper, tried = Keeper(shop, audit_every=DAY), list[int]()
    kept(keeper)
    clock.time += DAY + 1

    def failing(work: Workspace, fence: Fence) -> Audit:
        tried.append(clock())
        if len(tried) == 1:
            raise EngineUnavailable("away for a moment")
        return audit(work, fence)

    monkeypatch.setattr(keepers, "audit", failing)
    with pytest.raises(EngineUnavailable):
        kept(keeper)
    clock.time += LOOK + 1
    keeper.close()
    kept(Keeper(shop, audit_every=DAY))
    assert len(tried) == 2


@pytest.mark.parametrize(("decision", "certificate"), [(Decision.PIN, "VERIFIED"), (Decision.EXCLUSION, "DRAFT")])
def test_a_decision_that_ended_long_ago_is_no_cause(
    decision: Decision, certificate: str, shop: Workspace, clock: SetClock
) -> None:
    """It moved nobody when it ended, so no run has told of it."""
    ingest(shop, [table("d", certificate)])
    decide(shop, VERIFIED, [f"{ROOT}/d"], decision, Given("by hand"))
    keeper = Keeper(shop)
    kept(keeper)
    clock.time += SECOND
    withdraw(shop, VERIFIED, [f"{ROOT}/d"])
    soon(keeper, clock)
    clock.time += 30 * DAY
    soon(keeper, clock)
    ingest(shop, [table("d", "DRAFT" if certificate == "VERIFIED" else "VERIFIED")])
    kept(keeper)
    assert causes(shop) == [Cause.ASSET]


def test_a_change_that_moved_nobody_is_no_cause_of_what_comes_later(shop: Workspace, clock: SetClock) -> None:
    """An index that maps a field anew moves whom it moves, whatever was done to them since their product's last run."""
    ingest(shop, [table("e", "DRAFT", size="10"), table("f", "DRAFT", size="9")])
    project(shop)
    select(shop, Bool(filter=(Range("size", gte="10"),)))
    keeper = Keeper(shop)
    kept(keeper)
    clock.time += SECOND
    ingest(shop, [table("e", "DRAFT", size=10), table("f", "DRAFT", size=9, description="small")])
    kept(keeper)
    clock.time += SECOND
    reindex(shop)
    kept(keeper)
    assert causes(shop) == [Cause.MEANING]


def test_what_is_not_known_any_more_is_not_told(shop: Workspace, clock: SetClock) -> None:
    """Of the first run that is kept: what its assets were before went with the one before it."""
    keeper = Keeper(shop)
    kept(keeper)
    for certificate in ("DRAFT", "VERIFIED", "DRAFT"):
        clock.time += SECOND
        ingest(shop, [table("a", certificate)])
        kept(keeper)
    run = last(shop)
    (move,) = shop.record.moves(run.product, run.number)
    place = Place(run, move.left.min(), joined=False, cause=move.cause)
    product = shop.record.product(VERIFIED)
    (known,) = reasons(shop, product, [place])
    shop.record.trim({run.product: 1})
    (told,) = reasons(shop, product, [place])
    assert isinstance(known, Altered)
    assert isinstance(told, Altered)
    assert [one.name for one in known.fields] == ["certificateStatus"]
    assert (told.fields, told.fresh, told.at) == ((), False, known.at)


def test_a_product_that_is_the_first_thing_in_a_catalog_is_kept(work: Workspace) -> None:
    """Whoever keeps memberships right before there is anything begins with what comes first."""
    keeper = Keeper(work)
    kept(keeper)
    assert work.record.followed().position == 0
    begin(work)
    kept(keeper)
    assert stored(work) == live(work) == "abc"
