"""Reports about all products: what overlaps, never changes, is dead, uncovered, old."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.product import Product
from muster.membership import Decision
from muster.policy import Every, Manual, Policy
from muster.query import faces
from muster.query.faces import Face
from muster.query.nodes import Bool, Exists, Node, Range, Term
from muster.query.wire import canonical
from muster.service import decide, define, judging
from muster.service.define import Details, Written
from muster.service.ingest import ingest
from muster.service.judging import Judgement
from muster.service.keeping.keeper import Keeper
from muster.service.project import project
from muster.service.reports import overlap as overlapping
from muster.service.reports.dead import Idle, dead_clauses, variants
from muster.service.reports.freshness import freshness
from muster.service.reports.overlap import Overlaps, overlap
from muster.service.reports.unchanging import unchanging
from muster.service.reports.uncovered import uncovered
from muster.service.resolve import PageRequest, live_members
from muster.service.sync import sync
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock

ROOT = "default/demo/1"
DAY = 86_400_000
EMBEDDED = pytest.mark.parametrize("engine_setting", ["embedded"], indirect=True)


def put(work: Workspace, name: str, *tags: str, kind: str = "Table", **attributes: object) -> None:
    """Write an asset."""
    ingest(work, [EntityDraft(Key(kind, f"{ROOT}/{name}"), {"name": name, **attributes}, tags=tags)])


def defined(work: Workspace, name: str, selection: str | Node, home: str = "Home") -> Product:
    """Define a product."""
    text, face = (selection, None) if isinstance(selection, str) else (canonical(selection), Face.WIRE)
    return define.create(work, name, Written(text, face), Details(), domain_name=home, lenient=True).product


def of_range(low: int, high: int) -> Node:
    """A selection of the assets numbered from one to before another."""
    return Bool(filter=(Term("__typeName.keyword", "Table"), Range("popularityScore", gte=low, lt=high)))


class TestOverlap:
    @pytest.fixture
    def ranges(self, work: Workspace) -> Workspace:
        """Fifty numbered tables, and products of ranges of them: two equal, some that overlap, one empty."""
        drafts = [
            EntityDraft(Key("Table", f"{ROOT}/t{at}"), {"name": f"t{at}", "popularityScore": at}) for at in range(50)
        ]
        ingest(work, drafts)
        for name, bounds in {"a": (0, 20), "b": (10, 30), "c": (0, 20), "d": (40, 50), "e": (90, 99)}.items():
            defined(work, name, of_range(*bounds))
        list(sync(work))
        return work

    @EMBEDDED
    @pytest.mark.parametrize("exhaustive", [0, 700])
    def test_pairs_come_in_order_of_what_they_have_in_common(
        self, ranges: Workspace, monkeypatch: pytest.MonkeyPatch, exhaustive: int
    ) -> None:
        """Equal ones first; who has nothing in common is none; what is told is exact, by sketches as well."""
        monkeypatch.setattr(overlapping, "EXHAUSTIVE", exhaustive)
        found = overlap(ranges, limit=10).pairs
        told = [({one.one.name, one.other.name}, one.common, one.of_one, one.of_other) for one in found]
        assert told[0] == ({"a", "c"}, 20, 20, 20)
        assert found[0].jaccard == 1.0
        if exhaustive:
            (pair, *numbers) = told[1]
            assert (pair in ({"a", "b"}, {"b", "c"}), numbers) == (True, [10, 20, 20])
            assert len(told) == 2
            assert found[1].jaccard == pytest.approx(1 / 3)
        assert len(overlap(ranges, limit=1).pairs) == 1
        if exhaustive:
            assert {overlap(ranges, limit=limit).total for limit in (1, 2, 10)} == {2}

    @EMBEDDED
    def test_one_product_is_compared_with_all(self, ranges: Workspace) -> None:
        """The equal ones among them; one without members has nothing in common with any."""
        found = overlap(ranges, limit=10, of=ranges.record.product("b")).pairs
        assert [({one.one.name, one.other.name}, one.common) for one in found] in (
            [({"a", "b"}, 10), ({"b", "c"}, 10)],
            [({"b", "c"}, 10), ({"a", "b"}, 10)],
        )
        assert overlap(ranges, limit=1, of=ranges.record.product("b")).total == 2
        assert overlap(ranges, limit=10, of=ranges.record.product("e")) == Overlaps(0, ())

    @EMBEDDED
    def test_the_best_are_the_best_of_all(self, work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        """Against all pairs compared by the test; by sketches, all that have half in common."""
        drawn = random.Random(4)
        drafts = [
            EntityDraft(Key("Table", f"{ROOT}/t{at}"), {"name": f"t{at}", "popularityScore": at}) for at in range(400)
        ]
        ingest(work, drafts)
        for number in range(40):
            low = drawn.randrange(300)
            defined(work, f"p{number}", of_range(low, low + drawn.randrange(20, 100)))
        sets = {one.product.entity.guid: live_members(work, one.product) for one in sync(work)}
        exact = sorted((one.jaccard_index(other) for one, other in combinations(sets.values(), 2)), reverse=True)
        assert [one.jaccard for one in overlap(work, limit=25).pairs] == pytest.approx(exact[:25])
        assert overlap(work, limit=25).total == sum(one > 0 for one in exact)
        monkeypatch.setattr(overlapping, "EXHAUSTIVE", 0)
        half = [one for one in exact if one >= 0.5]
        found = [one.jaccard for one in overlap(work, limit=len(half)).pairs if one.jaccard >= 0.5]
        assert len(found) >= 0.98 * len(half)


@EMBEDDED
class TestUnchanging:
    def test_who_never_moved_and_who_has_not_for_long(self, work: Workspace, clock: SetClock) -> None:
        """Never means by more than one run; for long counts from the run that made the membership."""
        put(work, "a", "Gold")
        for name, selection in {"still": "tag:Gold", "moving": "type:Table"}.items():
            defined(work, name, selection)
        assert unchanging(work) == []
        began = clock.time
        list(sync(work))
        assert unchanging(work) == []
        for _ in range(3):
            clock.time += DAY
            put(work, f"t{clock.time}")
            list(sync(work))
        (one,) = unchanging(work)
        assert (one.product.name, one.members, one.since, one.runs, one.never) == ("still", 1, began, 4, True)
        clock.time += 2 * DAY
        list(sync(work))
        assert [(one.product.name, one.never) for one in unchanging(work, milliseconds=2 * DAY)] == [
            ("still", True),
            ("moving", False),
        ]
        assert [one.product.name for one in unchanging(work, milliseconds=3 * DAY)] == ["still"]


class TestDead:
    def test_each_kind_of_clause_that_says_nothing(self, work: Workspace) -> None:
        """In `filter`, `must_not` and `should`, nested ones too; what says something is not told."""
        put(work, "a", "Gold", certificateStatus="VERIFIED")
        put(work, "b", "Gold", certificateStatus="DRAFT")
        put(work, "c")
        put(work, "v", "Gold", kind="View", certificateStatus="VERIFIED")
        selection = Bool(
            filter=(
                Term("__typeName.keyword", "Table"),
                Exists("certificateStatus"),
                Bool(should=(Term("__traitNames", "Gold"), Term("__traitNames", "PII")), minimum_should_match=1),
            ),
            must_not=(Term("certificateStatus", "DEPRECATED"), Term("certificateStatus", "DRAFT")),
        )
        defined(work, "P", selection)
        defined(work, "Q", "type:Table tag:Gold certificate:VERIFIED")
        found = [(one.product.name, one.path, one.idle) for one in dead_clauses(work)]
        assert found == [
            ("P", "/bool/filter/1", Idle.KEEPS_OUT),
            ("P", "/bool/filter/2", Idle.KEEPS_OUT),
            ("P", "/bool/must_not/0", Idle.KEEPS_OUT),
            ("Q", "/bool/filter/1", Idle.KEEPS_OUT),
        ]

    @EMBEDDED
    def test_a_clause_is_dead_when_it_changes_nothing(self, work: Workspace) -> None:
        """Against each variant run by itself, for selections drawn by chance; one that cannot be evaluated keeps no other back."""
        drawn = random.Random(2)
        for at in range(30):
            tags = drawn.sample(("Gold", "PII", "Raw"), drawn.randrange(3))
            put(work, f"t{at}", *tags, certificateStatus=drawn.choice(("VERIFIED", "DRAFT")), popularityScore=at / 30)
        texts = ("tag:Gold", "-tag:PII", "certificate:VERIFIED", "popularityScore:>0.5", "tag:Raw", "name:t1*")
        for number in range(12):
            parts = [faces.read(Face.SHORTHAND, text, work.limits) for text in drawn.sample(texts, 3)]
            wanted = Bool(filter=(parts[0],), should=tuple(parts[1:]), minimum_should_match=drawn.choice((1, 2, None)))
            defined(work, f"p{number}", wanted)
        defined(work, "spoilt", '{"range": {"name": {"gte": "now/x"}}}')
        project(work)
        found = {(one.product.name, one.path) for one in dead_clauses(work)}
        for product in work.record.products():
            try:
                whole = work.engine.members(product.selection.node, now=work.clock())
            except Exception:  # noqa: BLE001, S112 - whatever is wrong with it
                continue
            dead = [
                one.path
                for one in variants(product.selection.node)
                if work.engine.members(one.rest, now=work.clock()) == whole
            ]
            outer = {path for path in dead if not any(path.startswith(f"{other}/") for other in dead)}
            assert {path for name, path in found if name == product.entity.name} == outer, product.selection.wire


class TestUncovered:
    def test_what_no_product_has(self, work: Workspace) -> None:
        """Assets in use that are in no stored membership, by type, page by page, in order, and among a selection only."""
        for name in "abc":
            put(work, name, "Gold")
        put(work, "v", kind="View")
        put(work, "w", "Gold", kind="View")
        put(work, "gone")
        work.record.archive([work.record.entity(f"{ROOT}/gone").ordinal], by="bob", at=1)
        product = defined(work, "P", "type:Table tag:Gold name:a")
        defined(work, "Q", "tag:Gold name:b")
        list(sync(work, ["P"]))
        found = uncovered(work, PageRequest(2))
        assert (found.total, found.of, found.by_type) == (4, 5, (("Table", 2), ("View", 2)))
        rest = uncovered(work, PageRequest(2, cursor=found.next))
        assert sorted(one.name for page in (found, rest) for one in page.shown) == ["b", "c", "v", "w"]
        assert [one.name for one in uncovered(work, PageRequest(9), Term("__typeName.keyword", "View")).shown] == [
            "v",
            "w",
        ]
        decide.decide(work, product.entity.guid, [f"{ROOT}/v"], Decision.PIN, decide.Given("audit"))
        list(sync(work))
        assert {one.name for one in uncovered(work, PageRequest(9)).shown} == {"c", "w"}


@EMBEDDED
class TestFreshness:
    def test_breaches_come_first(self, work: Workspace, clock: SetClock) -> None:
        """By how much of what is wanted they are; then the oldest; who was never synced is a breach where anything is wanted."""
        wanted = {"late": 2 * DAY, "later": DAY, "fine": 30 * DAY, "free": None, "never": DAY}
        for name, freshness_ in wanted.items():
            one = defined(work, name, "type:Table")
            work.record.put_policy(one.entity.guid, Policy(schedule=Manual(), freshness=freshness_), by="ann", at=1)
        list(sync(work, ["late", "later", "fine", "free"]))
        clock.time += 3 * DAY
        found = freshness(work)
        assert [(one.product.name, one.breached, one.age) for one in found] == [
            ("never", True, None),
            ("later", True, 3 * DAY),
            ("late", True, 3 * DAY),
            ("fine", False, 3 * DAY),
            ("free", False, 3 * DAY),
        ]

    def test_who_follows_changes_is_as_fresh_as_they_were_followed(self, work: Workspace, clock: SetClock) -> None:
        """Not so who is synced by a schedule, counts from now, or waits for somebody."""
        put(work, "a", "Gold")
        for name, selection in {
            "follows": "tag:Gold",
            "timely": "tag:PII updated:>now-30d",
            "waits": "name:a",
            "daily": "type:Table",
        }.items():
            defined(work, name, selection)
        daily = work.record.product("daily").entity.guid
        work.record.put_policy(daily, Policy(schedule=Every(10 * DAY)), by="ann", at=1)
        keeper = Keeper(work)
        while (done := keeper.step()) is None or done.more:
            pass
        clock.time += 1_000
        put(work, "b", "Gold")
        work.record.archive([work.record.entity(f"{ROOT}/a").ordinal], by="bob", at=clock.time)
        define.update(work, "waits", Written("name:nobody"), Details())
        clock.time += 1_000
        while (done := keeper.step()) is None or done.more:
            pass
        clock.time += 500
        found = {one.product.name: (one.age, one.waits) for one in freshness(work)}
        assert found == {
            "follows": (500, False),
            "timely": (2_500, False),
            "waits": (2_500, True),
            "daily": (2_500, False),
        }

    def test_what_was_rejected_waits_for_nobody(self, work: Workspace, clock: SetClock) -> None:
        """Its members are as old as before; they are those of the run before the one that was held."""
        put(work, "a", "Gold")
        defined(work, "p", "name:a")
        list(sync(work))
        clock.time += 1_000
        product = define.update(work, "p", Written("name:nobody"), Details()).product
        (held,) = sync(work)
        before = freshness(work)
        judging.reject(work, product, held.run.number, Judgement())
        (after,) = freshness(work)
        assert before == [replace(after, waits=True)]
        assert (after.waits, after.age) == (False, 1_000)


def test_no_products_no_reports(work: Workspace) -> None:
    """Nothing to tell is no error."""
    put(work, "a")
    assert (overlap(work, limit=5).pairs, unchanging(work), dead_clauses(work), freshness(work)) == ((), [], [], [])
    assert uncovered(work, PageRequest(5)).total == 1
