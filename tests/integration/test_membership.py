"""From drafts to members: define, resolve, sync, decide and explain, on every engine."""

from dataclasses import replace
from itertools import product as combinations
from typing import Any

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.product import Product
from muster.engines.embedded import EmbeddedEngine
from muster.errors import Conflict, InvalidInput, NotFound, UnknownField
from muster.fields import asset_fields
from muster.membership import Cause, Decision, Outcome
from muster.query.faces import Face
from muster.query.nodes import Term
from muster.query.sorting import Sort
from muster.service import cursor, decide, define, resolve
from muster.service.doctor import examine
from muster.service.explain import explain
from muster.service.history import history, moved
from muster.service.ingest import Ingested, ingest
from muster.service.project import project, reindex
from muster.service.resolve import Live, MaxAge, PageRequest, Source, Stored
from muster.service.sync import sync
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock

ROOT = "default/demo/1/db/schema"
SORTS: list[tuple[Sort, ...]] = [
    (),
    (Sort("name.keyword"),),
    (Sort("name.keyword", descending=True),),
    (Sort("certificateUpdatedAt"),),
    (Sort("certificateUpdatedAt", descending=True), Sort("popularityScore", descending=True)),
]
"""Orders, also by what no asset has."""


def table(name: str, *tags: str, certificate: str | None = None) -> EntityDraft:
    """A table of the test schema."""
    attributes = {"name": name} | ({"certificateStatus": certificate} if certificate else {})
    return EntityDraft(Key("Table", f"{ROOT}/{name}"), attributes, tags=tags)


@pytest.fixture
def shop(work: Workspace) -> Workspace:
    """A workspace with four tables, two of them Gold."""
    drafts = [table("orders", "Gold"), table("customers", "Gold", "PII"), table("returns"), table("événements", "PII")]
    ingest(work, drafts, scopes=[ROOT])
    return work


def product(work: Workspace, selection: str = "type:Table tag:Gold", name: str = "Gold tables") -> Product:
    """Define a product by shorthand."""
    written = define.Written(selection, Face.SHORTHAND)
    return define.create(work, name, written, define.Details(), domain_name="Shop").product


def names(work: Workspace, ref: str = "Gold tables", mode: resolve.Mode | None = None) -> list[str]:
    """Return the names of all members."""
    return sorted(one.name for one in resolve.members_page(work, ref, mode or Live(), PageRequest()).members)


def run(work: Workspace, *refs: str, force: bool = False) -> None:
    """Sync everything, or the named products."""
    list(sync(work, refs, force=force))


class TestIngest:
    def test_the_same_again_changes_nothing(self, shop: Workspace) -> None:
        """An import repeated leaves versions and the change log alone."""
        position = shop.record.position()

        again = ingest(
            shop,
            [table("orders", "Gold"), table("customers", "Gold", "PII"), table("returns"), table("événements", "PII")],
            scopes=[ROOT],
        )

        assert again == Ingested(created=0, updated=0, unchanged=4, gone=0, held=False)
        assert shop.record.position() == position

    def test_what_disappeared_is_archived(self, shop: Workspace) -> None:
        """A later import archives what it no longer names, and says how much."""
        done = ingest(shop, [table("orders", "Gold"), table("customers", "Gold"), table("returns")], scopes=[ROOT])

        assert (done.gone, done.held) == (1, False)
        assert shop.record.entity(f"{ROOT}/événements").status == "DELETED"

    def test_more_than_half_is_held(self, shop: Workspace) -> None:
        """An import that would archive more than half archives nothing, unless forced."""
        held = ingest(shop, [table("orders", "Gold")], scopes=[ROOT])
        assert (held.gone, held.held) == (3, True)
        assert shop.record.entity(f"{ROOT}/returns").status == "ACTIVE"

        forced = ingest(shop, [table("orders", "Gold")], scopes=[ROOT], force=True)
        assert (forced.gone, forced.held) == (3, False)
        assert shop.record.entity(f"{ROOT}/returns").status == "DELETED"

    def test_other_scopes_are_left_alone(self, shop: Workspace) -> None:
        """An import archives only below its own scopes."""
        done = ingest(shop, [EntityDraft(Key("Table", "default/other/1/t"), {"name": "t"})], scopes=["default/other/1"])

        assert (done.created, done.gone) == (1, 0)
        assert shop.record.entity(f"{ROOT}/returns").status == "ACTIVE"


class TestDefine:
    def test_a_product_keeps_the_text_and_its_string(self, shop: Workspace) -> None:
        """A product keeps the selection as written, beside Atlan's string made from it."""
        defined = product(shop)

        assert defined.selection.text == "type:Table tag:Gold"
        assert (defined.selection.face, defined.selection.revision) == (Face.SHORTHAND, 1)
        assert '"__traitNames": {"value": "Gold"' in defined.entity.attributes["dataProductAssetsDSL"]
        assert defined.entity.key.qualified_name.startswith(defined.entity.attributes["parentDomainQualifiedName"])

    def test_a_string_in_atlans_form_is_kept_to_the_byte(self, shop: Workspace) -> None:
        """A dataProductAssetsDSL string is stored as it came, odd spacing included."""
        text = '{"query":  {"dsl": {"query": {"term": {"__traitNames": "Gold"}}}}, "filterScrubbed": true}'
        defined = define.create(shop, "Raw", define.Written(text), define.Details(), domain_name="Shop").product

        assert defined.entity.attributes["dataProductAssetsDSL"] == text
        assert names(shop, "Raw") == ["customers", "orders"]

    def test_an_unknown_field_is_refused_unless_allowed(self, shop: Workspace) -> None:
        """A field that no asset can have is refused with a suggestion; nothing is stored."""
        written = define.Written('{"term": {"certificateState": "VERIFIED"}}', Face.WIRE)
        with pytest.raises(UnknownField) as refused:
            define.create(shop, "P", written, define.Details(), domain_name="Shop")

        assert "certificateStatus" in (refused.value.hint or "")
        assert list(shop.record.products()) == []
        assert define.create(shop, "P", written, define.Details(), domain_name="Shop", lenient=True).product

    def test_a_name_is_taken_once_in_a_domain(self, shop: Workspace) -> None:
        """A second product of the name is a conflict; in another domain it is not."""
        product(shop)
        with pytest.raises(Conflict):
            product(shop)

        other = define.create(
            shop, "Gold tables", define.Written("tag:Gold"), define.Details(), domain_name="Elsewhere"
        )
        assert other.product.entity.name == "Gold tables"

    def test_an_edit_makes_the_next_revision(self, shop: Workspace) -> None:
        """Editing the selection counts up; editing details alone does not."""
        product(shop)
        edited = define.update(shop, "Gold tables", define.Written("tag:PII"), define.Details()).product
        described = define.update(shop, "Gold tables", None, define.Details(description="x")).product

        assert (edited.selection.revision, described.selection.revision) == (2, 2)
        assert described.entity.attributes["userDescription"] == "x"
        assert [one.selection.text for one in history(shop, shop.record.product("Gold tables")).revisions] == [
            "tag:PII",
            "type:Table tag:Gold",
        ]


FORGED: list[Any] = [{}, [1], 2**70, 1e400, "\ud800", True, -1, None, "x"]
"""Values that no page ends with."""


def walked(work: Workspace, mode: resolve.Mode, sort: tuple[Sort, ...]) -> tuple[list[str], set[int]]:
    """Return whom pages of one have, in their order, and what they say the total is."""
    found, cursor, totals = [], None, set()
    while True:
        page = resolve.members_page(work, "All", mode, PageRequest(1, sort, cursor))
        found += [one.name for one in page.members]
        totals.add(page.total)
        if (cursor := page.next) is None:
            return found, totals


class TestResolve:
    def test_live_follows_the_catalog_and_stored_follows_syncs(self, shop: Workspace) -> None:
        """A live read sees a change at once, a stored one after the next sync."""
        product(shop)
        run(shop)
        ingest(shop, [table("returns", "Gold")])
        project(shop)

        assert names(shop) == ["customers", "orders", "returns"]
        assert names(shop, mode=Stored()) == ["customers", "orders"]
        run(shop)
        assert names(shop, mode=Stored()) == ["customers", "orders", "returns"]

    def test_stored_needs_a_first_sync(self, shop: Workspace) -> None:
        """Before the first sync there is nothing stored, and it says so."""
        product(shop)

        with pytest.raises(NotFound, match="no stored membership"):
            names(shop, mode=Stored())

    def test_max_age_reads_the_stored_while_young(self, shop: Workspace, clock: SetClock) -> None:
        """`max-age` reads the last generation until it is too old or its selection was edited, then runs."""
        product(shop)
        run(shop)

        def source() -> Source:
            return resolve.members_page(shop, "Gold tables", MaxAge(30_000), PageRequest()).provenance.source

        assert source() is Source.STORED
        clock.time += 30_001
        assert source() is Source.LIVE
        clock.time -= 30_001
        define.update(shop, "Gold tables", define.Written("tag:PII"), define.Details())
        assert source() is Source.LIVE

    def test_pages_join_to_the_whole(self, shop: Workspace) -> None:
        """Pages of one hold each member once, in order, with the exact total on each."""
        product(shop, "type:Table", "All")
        run(shop)
        for mode, sort in combinations((Live(), Stored()), SORTS):
            found, totals = walked(shop, mode, sort)
            assert totals == {4}, (mode, sort)
            assert sorted(found) == ["customers", "orders", "returns", "événements"], (mode, sort)
            if sort and sort[0].field == "name.keyword":
                assert found == sorted(found, reverse=sort[0].descending), (mode, sort)

    @pytest.mark.parametrize("mode", [Live(), Stored()])
    def test_a_page_that_holds_all_is_the_last(self, shop: Workspace, mode: resolve.Mode) -> None:
        """Nobody is sent on to a page with nothing on it, however well the size fits."""
        product(shop, "type:Table", "All")
        run(shop)
        ends = [resolve.members_page(shop, "All", mode, PageRequest(size)).next for size in (3, 4, 5)]
        assert [end is None for end in ends] == [False, True, True]

    def test_a_cursor_of_another_question_is_refused(self, shop: Workspace) -> None:
        """A cursor goes on only with the question it came from."""
        product(shop)
        cursor = resolve.members_page(shop, "Gold tables", Live(), PageRequest(1)).next

        with pytest.raises(InvalidInput, match="another question"):
            resolve.members_page(shop, "Gold tables", Live(), PageRequest(1, (Sort("name.keyword"),), cursor))

    def test_a_forged_cursor_is_refused(self, shop: Workspace) -> None:
        """A cursor whose values are not those of a page is no cursor, whatever they are."""
        guid = product(shop).entity.guid
        run(shop)
        for mode, sort in combinations((Live(), Stored()), ((), (Sort("name.keyword"),), (Sort("__timestamp"),))):
            question = cursor.fingerprint(guid, mode == Live(), sort)
            for values in ((), *([value] * (len(sort) + 1) for value in FORGED), [1] * (len(sort) + 2)):
                request = PageRequest(3, sort, cursor.encode(question, tuple(values)))
                with pytest.raises(InvalidInput):
                    resolve.members_page(shop, "Gold tables", mode, request)

    def test_ids_stream_every_member(self, shop: Workspace) -> None:
        """`ids` are the guids of exactly the members."""
        product(shop)
        guids = set(shop.record.guids(resolve.members(shop, "Gold tables", Live())[2]))

        assert guids == {shop.record.entity(f"{ROOT}/{name}").guid for name in ("orders", "customers")}

    def test_counts_by_type(self, shop: Workspace) -> None:
        """A membership is counted by type, the most frequent first."""
        ingest(shop, [EntityDraft(Key("View", f"{ROOT}/v"), {"name": "v"}, tags=("Gold",))])
        product(shop, "tag:Gold")
        project(shop)

        assert resolve.tally(shop, resolve.members(shop, "Gold tables", Live())[2]) == [("Table", 2), ("View", 1)]


class TestDecisions:
    def test_pins_and_exclusions_count_live_and_stored(self, shop: Workspace) -> None:
        """Members are the selection with the pins and without the exclusions, in every mode, with causes."""
        product(shop)
        run(shop)
        decide.decide(shop, "Gold tables", [f"{ROOT}/returns"], Decision.PIN, decide.Given("audit"))
        decide.decide(shop, "Gold tables", [f"{ROOT}/orders"], Decision.EXCLUSION, decide.Given("broken"))

        assert names(shop) == ["customers", "returns"]
        run(shop)
        assert names(shop, mode=Stored()) == ["customers", "returns"]
        last = history(shop, shop.record.product("Gold tables")).runs[0]
        assert [
            (one.asset.name, one.joined, one.cause)
            for one in moved(shop, shop.record.product("Gold tables"), last.number).shown
        ] == [
            ("returns", True, Cause.PIN),
            ("orders", False, Cause.EXCLUSION),
        ]

    def test_a_decision_taken_back_counts_no_more(self, shop: Workspace) -> None:
        """Withdrawing a pin and an exclusion gives the selection back, with the causes."""
        product(shop)
        decide.decide(shop, "Gold tables", [f"{ROOT}/returns"], Decision.PIN, decide.Given("audit"))
        decide.decide(shop, "Gold tables", [f"{ROOT}/orders"], Decision.EXCLUSION, decide.Given("broken"))
        run(shop)
        shop.clock.time += 1000
        decide.withdraw(shop, "Gold tables", [f"{ROOT}/returns", f"{ROOT}/orders"])
        run(shop)

        assert names(shop, mode=Stored()) == ["customers", "orders"]
        last = history(shop, shop.record.product("Gold tables")).runs[0]
        assert [
            (one.asset.name, one.joined, one.cause)
            for one in moved(shop, shop.record.product("Gold tables"), last.number).shown
        ] == [
            ("orders", True, Cause.EXCLUSION),
            ("returns", False, Cause.PIN),
        ]

    def test_an_expired_decision_counts_no_more(self, shop: Workspace, clock: SetClock) -> None:
        """A pin counts until its expiry."""
        product(shop)
        given = decide.Given("audit", clock.time + 1000)
        decide.decide(shop, "Gold tables", [f"{ROOT}/returns"], Decision.PIN, given)
        assert names(shop) == ["customers", "orders", "returns"]
        clock.time += 1000
        assert names(shop) == ["customers", "orders"]

    def test_a_reason_is_needed_and_all_assets_must_be_there(self, shop: Workspace) -> None:
        """Without a reason, or with one unknown asset, nothing stands."""
        product(shop)
        with pytest.raises(InvalidInput, match="reason"):
            decide.decide(shop, "Gold tables", [f"{ROOT}/returns"], Decision.PIN, decide.Given(" "))
        with pytest.raises(NotFound):
            decide.decide(shop, "Gold tables", [f"{ROOT}/returns", "nobody"], Decision.PIN, decide.Given("x"))

        assert names(shop) == ["customers", "orders"]


class TestSync:
    def test_a_product_named_twice_is_synced_once(self, shop: Workspace) -> None:
        """Named by name and by guid, a product gets one run."""
        one = product(shop)

        runs = [synced.run.number for synced in sync(shop, [one.entity.name, one.entity.guid, one.entity.name])]

        assert len(runs) == 1
        assert [past.number for past in shop.record.runs(one.entity.guid, limit=10)] == runs

    def test_causes_of_joins_and_leaves(self, shop: Workspace) -> None:
        """A run says who joined and left: because the asset changed, or because the selection was edited."""
        product(shop)
        run(shop)
        ingest(shop, [table("returns", "Gold"), table("orders")])
        run(shop)
        changed = history(shop, shop.record.product("Gold tables")).runs[0]
        define.update(shop, "Gold tables", define.Written("tag:PII"), define.Details())
        run(shop)
        edited = history(shop, shop.record.product("Gold tables")).runs[0]

        def told(number: int) -> set[tuple[str, bool, Cause]]:
            return {
                (one.asset.name, one.joined, one.cause)
                for one in moved(shop, shop.record.product("Gold tables"), number).shown
            }

        assert told(changed.number) == {("returns", True, Cause.ASSET), ("orders", False, Cause.ASSET)}
        assert told(edited.number) == {("événements", True, Cause.SELECTION), ("returns", False, Cause.SELECTION)}

    def test_nothing_changed_makes_no_generation(self, shop: Workspace) -> None:
        """A second run on the same catalog has the same digest, no moves and no new generation."""
        product(shop)
        run(shop)
        run(shop)
        second, first = history(shop, shop.record.product("Gold tables")).runs

        assert (first.outcome, second.outcome) == (Outcome.APPLIED, Outcome.UNCHANGED)
        assert first.digest == second.digest
        assert first.generation == second.generation == 1

    def test_a_run_that_would_empty_is_held_unless_forced(self, shop: Workspace) -> None:
        """A product never empties by itself: the run is held, says so, and the stored membership stays."""
        product(shop)
        run(shop)
        ingest(shop, [table("orders"), table("customers")])
        run(shop)
        held = history(shop, shop.record.product("Gold tables")).runs[0]

        assert held.outcome is Outcome.HELD
        assert held.held_because == "it would empty the product, which has 2 members"
        assert names(shop, mode=Stored()) == ["customers", "orders"]
        run(shop, "Gold tables", force=True)
        assert names(shop, mode=Stored()) == []

    def test_a_rebuilt_index_gives_the_same_digest(self, shop: Workspace) -> None:
        """Membership does not depend on how the index came to be."""
        product(shop)
        run(shop)
        reindex(shop)
        run(shop)
        after, before = history(shop, shop.record.product("Gold tables")).runs

        assert after.digest == before.digest
        assert (after.position, before.position) == (shop.record.position(), shop.record.position())

    def test_many_products_agree_with_each_alone(self, shop: Workspace) -> None:
        """Evaluated together, products have the members that each has live."""
        texts = ["tag:Gold", "-tag:Gold", "tag:Gold OR tag:PII", "type:Table -(tag:Gold tag:PII)", "name:or*"]
        for number, text in enumerate(texts):
            product(shop, text, f"P{number}")
        together = {one.product.entity.name: one.run.digest for one in sync(shop)}
        project(shop)

        for one in shop.record.products():
            _, _, stored = resolve.members(shop, one.entity.name, Stored())
            assert resolve.live_members(shop, one) == stored
        assert set(together) == {f"P{number}" for number in range(len(texts))}


class TestExplain:
    def test_in_and_out_clause_by_clause(self, shop: Workspace) -> None:
        """An explanation names each clause, whether it held, and the value seen."""
        product(shop, "type:Table tag:Gold -tag:PII")

        inside = explain(shop, "Gold tables", f"{ROOT}/orders")
        outside = explain(shop, "Gold tables", f"{ROOT}/customers")

        assert (inside.member, inside.selected, inside.stored) == (True, True, None)
        assert (outside.member, outside.selected) == (False, False)
        failing = [one for one in _leaves(outside.clauses) if "/must_not/" in one.path]
        assert [(one.matched, tuple(one.seen)) for one in failing] == [(True, ("Gold", "PII"))]

    def test_decisions_have_the_last_word(self, shop: Workspace) -> None:
        """A pin makes a member of what the selection leaves out, and is told."""
        product(shop)
        decide.decide(shop, "Gold tables", [f"{ROOT}/returns"], Decision.PIN, decide.Given("audit"))

        explained = explain(shop, "Gold tables", f"{ROOT}/returns")

        assert (explained.member, explained.selected) == (True, False)
        assert explained.standing is not None
        assert explained.standing.reason == "audit"


def _leaves(one):  # noqa: ANN001, ANN202
    return [leaf for part in one.parts for leaf in _leaves(part)] if one.parts else [one]


@pytest.mark.parametrize("engine_setting", ["embedded"], indirect=True)
def test_more_names_than_an_index_holds(work: Workspace) -> None:
    """Attributes of ever new names are kept, indexed up to the limit, and the doctor says where it was reached."""
    mapped = asset_fields()
    room = len(mapped.leaves) + len(mapped.objects) + 30
    tight = replace(work, engine=EmbeddedEngine(":memory:", replace(mapped, limit=room)))
    names = [f"a{number:02}" for number in range(20)]
    ingest(tight, [EntityDraft(Key("Table", "t"), dict.fromkeys(names, "x"))])
    project(tight)

    indexed = [name for name in names if tight.engine.count(Term(name, "x"), now=tight.clock())]
    assert indexed == names[:10]
    assert list(tight.record.entity("t").attributes) == names
    assert [one.ok for one in examine(tight)] == [True, True, False]
    tight.engine.close()
