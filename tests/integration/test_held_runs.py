"""Each guard tripped by a real cause: the run is held and shows who would move, the old members are served, and somebody decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from pyroaring import BitMap

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.product import Product
from muster.errors import Conflict, EngineUnavailable, Forbidden, UnsupportedClause
from muster.membership import Cause, Decision, Outcome, Run, Trigger, Verdict
from muster.policy import Policy
from muster.protocols import Engine, Update
from muster.service import decide, define, judging
from muster.service.define import Details, Written
from muster.service.ingest import ingest
from muster.service.judging import Judgement, Wanted
from muster.service.project import project, reindex
from muster.service.resolve import Stored, members
from muster.service.sync import sync
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock

ROOT = "default/demo/1"
NAMES = [f"t{number}" for number in range(12)]


def tables(work: Workspace, names: list[str], **attributes: object) -> None:
    """Import tables: all that there shall be."""
    drafts = [EntityDraft(Key("Table", f"{ROOT}/{name}"), {"name": name, **attributes}) for name in names]
    ingest(work, drafts, scopes=[ROOT], force=True)


def synced(work: Workspace, product: Product, *, force: bool = False) -> Run:
    """Sync the product."""
    (one,) = sync(work, [product.entity.guid], force=force)
    return one.run


def stored(work: Workspace, product: Product) -> BitMap:
    """Return the members as stored."""
    return members(work, product.entity.guid, Stored())[2]


def moved(work: Workspace, run: Run) -> dict[Cause, tuple[int, int]]:
    """Return how many would join and leave for which cause."""
    return {one.cause: (len(one.joined), len(one.left)) for one in work.record.moves(run.product, run.number)}


@pytest.fixture
def product(work: Workspace) -> Product:
    """Twelve tables in use with a field of their own, a product of them, synced once, with a tight limit."""
    tables(work, NAMES, costCentre="marketing")
    written = Written("type:Table state:ACTIVE costCentre:marketing")
    one = define.create(work, "Spending", written, Details(), domain_name="Shop", lenient=True).product
    work.record.put_policy(one.entity.guid, Policy(percent=25, least=2), by="ann", at=1)
    assert synced(work, one).total == len(NAMES)
    return one


@dataclass
class Faulty:
    """An engine with a fault; everything else is its own."""

    engine: Engine
    fault: Callable[[Any], Any]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def postings(self, leaves: Any, *, now: int) -> Any:
        """Return what the fault makes of the answer."""
        return self.fault(self.engine.postings(leaves, now=now))


def faulty(work: Workspace, fault: Callable[[Any], Any]) -> Workspace:
    """Return the workspace with a faulty engine."""
    return replace(work, engine=cast("Engine", Faulty(work.engine, fault)))


def archive_half(work: Workspace) -> Workspace:
    """An import that no longer names half of the tables."""
    tables(work, NAMES[:6], costCentre="marketing")
    return work


def rename_all(work: Workspace) -> Workspace:
    """An import after which no table says what is asked for; they are there, and so is the field."""
    tables(work, NAMES, costCentre="sales")
    return work


def forget_the_field(work: Workspace) -> Workspace:
    """An import without the field, and an index made anew, which has no such field then."""
    tables(work, NAMES)
    reindex(work)
    return work


def empty_the_index(work: Workspace) -> Workspace:
    """Somebody deletes every document behind Muster's back, and a view of that is what the engine answers with."""
    project(work)
    gone = [Update(one.ordinal, None, one.number + 1) for one in work.record.changes(0, 1_000)]
    work.engine.apply(gone, position=None)
    return work


def fall_behind(work: Workspace) -> Workspace:
    """The index is replaced by an older one while it is asked."""
    tables(work, NAMES[:9], costCentre="marketing")
    return faulty(work, lambda found: replace(found, position=found.position - 3))


TRIPS: list[Any] = [
    pytest.param(archive_half, "it would move 6 assets, of 12 members", {Cause.ARCHIVE: (0, 6)}, id="limit"),
    pytest.param(
        rename_all, "it would empty the product, which has 12 members", {Cause.ASSET: (0, 12)}, id="would empty"
    ),
    pytest.param(
        forget_the_field, "unknown_field: `costCentre` is no field any more", {Cause.ASSET: (0, 12)}, id="field gone"
    ),
    pytest.param(fall_behind, "index_behind: 3 changes were not looked at", {Cause.ARCHIVE: (0, 3)}, id="behind"),
]


@pytest.mark.parametrize(("trip", "why", "moves"), TRIPS)
def test_a_guard_holds_a_run(
    work: Workspace,
    product: Product,
    trip: Callable[[Workspace], Workspace],
    why: str,
    moves: dict[Cause, tuple[int, int]],
) -> None:
    """It says why, shows who would move, waits for somebody, and the members before are served; once, however often it is tried."""
    before = stored(work, product)
    tripped = trip(work)
    run = synced(tripped, product)
    assert (run.outcome, run.held_because, run.generation) == (Outcome.HELD, why, None)
    assert moved(work, run) == moves
    assert stored(work, product) == before
    assert [one.number for one, _ in judging.listed(work, Wanted(decided=False)).shown] == [run.number]
    assert synced(tripped, product) == run


@pytest.mark.parametrize("engine_setting", ["embedded"], indirect=True)
def test_an_empty_index_holds_a_run(work: Workspace, product: Product) -> None:
    """A file that has lost its documents; a server's index says itself that it has lost some."""
    before = stored(work, product)
    run = synced(empty_the_index(work), product)
    assert (run.outcome, run.held_because) == (Outcome.HELD, "empty_index: there is not a single asset in the index")
    assert (run.total, run.left, stored(work, product)) == (0, 12, before)


def test_an_answer_in_parts_is_none(work: Workspace, product: Product) -> None:
    """There is no run at all, since nobody knows who would move; the members before are served, and the next run is whole."""

    def partial(_: Any) -> Any:
        raise EngineUnavailable("the answer misses some of its shards")

    before = stored(work, product)
    tables(work, NAMES[:11], costCentre="marketing")
    with pytest.raises(EngineUnavailable):
        synced(faulty(work, partial), product)
    assert stored(work, product) == before
    assert len(work.record.runs(product.entity.guid, limit=9)) == 1
    assert (synced(work, product).total, len(stored(work, product))) == (11, 11)


def test_an_approval_moves_exactly_what_was_shown(work: Workspace, product: Product, clock: SetClock) -> None:
    """Whatever has changed in the catalog since; with the causes that the run found, and once."""
    held = synced(archive_half(work), product)
    shown, before = work.record.moves(held.product, held.number), stored(work, product)
    clock.time += 5_000
    tables(work, [*NAMES[:5], "new"], costCentre="marketing")
    done, judged = judging.approve(work, product, held.number, Judgement("as announced"))
    assert (done.outcome, done.trigger, done.total, done.left) == (Outcome.APPLIED, Trigger.APPROVAL, 6, 6)
    assert (judged.number, judged.verdict, judged.decided_by) == (held.number, Verdict.APPROVED, "ada")
    assert (judged.decided_at, judged.decided_because) == (clock.time, "as announced")
    assert work.record.moves(done.product, done.number) == shown
    assert stored(work, product) == before - shown[0].left
    with pytest.raises(Conflict, match="was approved by ada"):
        judging.approve(work, product, held.number, Judgement())
    assert judging.listed(work, Wanted(decided=False)).shown == ()
    assert synced(work, product).total == 6


def test_a_rejected_run_is_not_put_before_anybody_again(work: Workspace, product: Product) -> None:
    """As long as the same would move; another set is another question."""
    held = synced(archive_half(work), product)
    rejected = judging.reject(work, product, held.number, Judgement("the import was broken"))
    assert rejected.verdict is Verdict.REJECTED
    assert synced(work, product) == rejected
    assert judging.listed(work, Wanted(decided=False)).shown == ()
    tables(work, NAMES[:5], costCentre="marketing")
    other = synced(work, product)
    assert (other.outcome, other.verdict, other.left) == (Outcome.HELD, None, 7)
    tables(work, NAMES, costCentre="marketing")
    assert synced(work, product).outcome is Outcome.UNCHANGED


def edited(work: Workspace, product: Product) -> None:
    """Somebody edits the selection."""
    define.update(work, product.entity.guid, Written("type:Table"), Details())


def mended(work: Workspace, product: Product) -> None:
    """The import is mended, and a sync finds the members as they are stored."""
    tables(work, NAMES, costCentre="marketing")
    synced(work, product)


def forced(work: Workspace, product: Product) -> None:
    """Somebody forces the run."""
    synced(work, product, force=True)


def worse(work: Workspace, product: Product) -> None:
    """Another run is held with another set."""
    tables(work, NAMES[:3], costCentre="marketing")
    synced(work, product)


def pinned(work: Workspace, product: Product) -> None:
    """Somebody pins one that would leave, and a sync finds another set."""
    decide.decide(work, product.entity.guid, [f"{ROOT}/t11"], Decision.PIN, decide.Given("needed"))
    synced(work, product)


@pytest.mark.parametrize(
    ("since", "why"),
    [
        (edited, "the selection was edited since run 2"),
        (mended, "run 3 came after run 2"),
        (forced, "the membership moved since run 2|run 3 came after run 2"),
        (worse, "run 3 came after run 2"),
        (pinned, "run 3 came after run 2"),
    ],
)
def test_what_came_since_voids_an_approval(
    work: Workspace, product: Product, since: Callable[[Workspace, Product], None], why: str
) -> None:
    """Nothing is stored then, and the hint says to sync again."""
    held = synced(archive_half(work), product)
    since(work, product)
    current, before = work.record.product(product.entity.guid), stored(work, product)
    with pytest.raises(Conflict, match=why) as refused:
        judging.approve(work, current, held.number, Judgement())
    assert "sync the product again" in (refused.value.hint or "")
    assert stored(work, product) == before
    runs = {one.number: one for one in work.record.runs(product.entity.guid, limit=9)}
    assert runs[held.number].verdict is None


def test_nothing_to_approve_is_refused(work: Workspace, product: Product) -> None:
    """A run of a selection that cannot be evaluated moves nobody; an approval would say that all is well."""

    def refused(_: Any) -> Any:
        raise UnsupportedClause("the server knows no such clause")

    held = synced(faulty(work, refused), product)
    assert (held.outcome, held.joined, held.left) == (Outcome.HELD, 0, 0)
    with pytest.raises(Conflict, match="would move nobody"):
        judging.approve(work, product, held.number, Judgement())
    assert judging.reject(work, product, held.number, Judgement()).verdict is Verdict.REJECTED


def test_only_who_may_write_in_the_domain_decides(work: Workspace, product: Product) -> None:
    """Somebody of another domain neither approves nor rejects."""
    held = synced(archive_half(work), product)
    elsewhere = Judgement(within=("default/domain/other/super",))
    for verdict in (judging.approve, judging.reject):
        with pytest.raises(Forbidden):
            verdict(work, product, held.number, elsewhere)
    home = str(product.entity.attributes["parentDomainQualifiedName"])
    assert judging.approve(work, product, held.number, Judgement(within=(home,)))[0].total == 6
