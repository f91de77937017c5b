"""Why an asset moved, beyond the cause; and why it was in or out at a run of the past."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.product import Product
from muster.errors import NotFound
from muster.membership import Cause, Decision, Run
from muster.policy import Policy
from muster.service import decide, define
from muster.service.because import LONGEST, MOST, Altered, Because, Decided, Edited, Field
from muster.service.changes import Changed, Wanted, changes
from muster.service.define import Details, Written
from muster.service.explain import explain, explain_at
from muster.service.ingest import ingest
from muster.service.past import AtRun, generation_at
from muster.service.project import project
from muster.service.sync import sync
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock

ROOT = "default/demo/1"
HOUR = 3_600_000


def put(work: Workspace, name: str, *tags: str, **attributes: object) -> None:
    """Write a table."""
    ingest(work, [EntityDraft(Key("Table", f"{ROOT}/{name}"), {"name": name, **attributes}, tags=tags)])


def defined(work: Workspace, selection: str) -> Product:
    """Define a product that no guard holds."""
    one = define.create(work, "P", Written(selection), Details(), domain_name="Home").product
    work.record.put_policy("", Policy(percent=1e6, least=10**6, may_empty=True), by="ann", at=1)
    return one


def synced(work: Workspace, clock: SetClock, product: Product) -> Run:
    """Sync an hour later."""
    clock.time += HOUR
    (one,) = sync(work, [product.entity.guid])
    clock.time += HOUR
    return one.run


def moved(work: Workspace, product: Product, run: Run) -> dict[str, Changed]:
    """Return what a run moved, by name."""
    return {one.asset.name: one for one in changes(work, product, Wanted(run=run.number)).shown}


def because(work: Workspace, product: Product, run: Run) -> dict[str, Because | None]:
    """Return why a run moved what it moved, by name."""
    return {name: one.because for name, one in moved(work, product, run).items()}


def test_what_changed_of_an_asset(work: Workspace, clock: SetClock) -> None:
    """The fields that the selection reads, each with what was and what is, by whom and when; nothing of the others."""
    put(work, "a", "Raw", certificateStatus="DRAFT", userDescription="old", ownerUsers=["ada"])
    product = defined(work, "type:Table certificate:VERIFIED tag:Gold -owner:bob")
    synced(work, clock, product)
    put(work, "a", "Gold", certificateStatus="DRAFT", userDescription="new", ownerUsers=["cy"])
    at = clock.time
    put(replace(work, by="bob"), "a", "Gold", certificateStatus="VERIFIED", userDescription="new", ownerUsers=["cy"])
    put(work, "b", "Gold", certificateStatus="VERIFIED")
    found = because(work, product, synced(work, clock, product))
    a, b = found["a"], found["b"]
    assert isinstance(a, Altered)
    assert {one.name: (one.before, one.after) for one in a.fields} == {
        "certificateStatus": ("DRAFT", "VERIFIED"),
        "__traitNames": (["Raw"], ["Gold"]),
        "ownerUsers": (["ada"], ["cy"]),
    }
    assert (a.by, a.at, a.fresh) == ("bob", at, False)
    assert isinstance(b, Altered)
    assert (b.fresh, Field("certificateStatus", None, "VERIFIED") in b.fields) == (True, True)


def test_what_was_archived(work: Workspace, clock: SetClock) -> None:
    """Its state is told, whether or not the selection reads it."""
    put(work, "a")
    put(work, "b")
    product = defined(work, "type:Table state:ACTIVE")
    synced(work, clock, product)
    work.record.archive([work.record.entity(f"{ROOT}/a").ordinal], by="bob", at=clock.time)
    run = synced(work, clock, product)
    assert moved(work, product, run)["a"].cause is Cause.ARCHIVE
    assert because(work, product, run) == {
        "a": Altered((Field("__state", "ACTIVE", "DELETED"),), "bob", clock.time - 2 * HOUR, fresh=False)
    }


def test_which_edit_it_was(work: Workspace, clock: SetClock) -> None:
    """The revision of the run, who made it and when, and that of the run before."""
    put(work, "a")
    put(work, "b", "Gold")
    product = defined(work, "type:Table")
    synced(work, clock, product)
    at = clock.time
    for selection in ("tag:PII", "tag:Gold"):
        define.update(replace(work, by="bob"), product.entity.guid, Written(selection), Details())
    assert because(work, product, synced(work, clock, product)) == {"a": Edited(3, 1, "bob", at)}


def pin(work: Workspace, product: Product, until: int | None = None) -> None:
    """Pin what the selection leaves out."""
    decide.decide(work, product.entity.guid, [f"{ROOT}/out"], Decision.PIN, decide.Given("audit", until))


def exclude(work: Workspace, product: Product, until: int | None = None) -> None:
    """Exclude what the selection holds."""
    decide.decide(work, product.entity.guid, [f"{ROOT}/in"], Decision.EXCLUSION, decide.Given("broken", until))


@pytest.mark.parametrize(
    ("decided", "asset", "kind", "causes"),
    [(pin, "out", Decision.PIN, Cause.PIN), (exclude, "in", Decision.EXCLUSION, Cause.EXCLUSION)],
)
@pytest.mark.parametrize("ends", ["withdrawn", "expired"])
def test_what_was_decided(
    work: Workspace,
    clock: SetClock,
    decided: Callable[[Workspace, Product, int | None], None],
    asset: str,
    kind: Decision,
    causes: Cause,
    ends: str,
) -> None:
    """With reason and author, when the decision moves the asset, and when its end does."""
    put(work, "in", "Gold")
    put(work, "out")
    product = defined(work, "type:Table tag:Gold")
    synced(work, clock, product)
    decided(work, product, clock.time + 3 * HOUR if ends == "expired" else None)
    first = moved(work, product, synced(work, clock, product))[asset]
    if ends == "withdrawn":
        decide.withdraw(replace(work, by="bob"), product.entity.guid, [f"{ROOT}/{asset}"])
    second = moved(work, product, synced(work, clock, product))[asset]
    for one in (first, second):
        assert isinstance(one.because, Decided)
        assert (one.because.standing.decision, one.because.standing.by) == (kind, "ada")
    assert (first.cause, second.cause) == (causes, causes if ends == "withdrawn" else Cause.EXPIRY)
    last = second.because.standing  # type: ignore[union-attr]
    assert (last.withdrawn_by, last.expires_at is None) == (("bob", True) if ends == "withdrawn" else (None, False))


def test_a_first_run_says_it_all(work: Workspace, clock: SetClock) -> None:
    """There is nothing to compare with."""
    put(work, "a")
    product = defined(work, "type:Table")
    assert because(work, product, synced(work, clock, product)) == {"a": None}


@pytest.mark.parametrize("engine_setting", ["embedded"], indirect=True)
def test_no_more_is_told_than_people_read(work: Workspace, clock: SetClock) -> None:
    """Of a long list some values, of a long text the beginning."""
    put(work, "a", userDescription="x")
    product = defined(work, "userDescription:long ownerUsers:o1")
    synced(work, clock, product)
    put(work, "a", userDescription="long " * 1_000, ownerUsers=[f"o{number}" for number in range(1_000)])
    found = because(work, product, synced(work, clock, product))["a"]
    assert isinstance(found, Altered)
    told = {one.name: one.after for one in found.fields}
    assert (len(told["userDescription"]), len(told["ownerUsers"])) == (LONGEST + 1, MOST)


def test_a_run_of_the_past_is_explained(work: Workspace, clock: SetClock) -> None:
    """By the version of the asset, the revision of the selection and the decisions of that time."""
    put(work, "a", "Gold", userDescription="quarterly numbers")
    product = defined(work, "tag:Gold userDescription:quartrely~")
    guid, asset = product.entity.guid, f"{ROOT}/a"
    first = synced(work, clock, product)
    decide.decide(work, guid, [asset], Decision.EXCLUSION, decide.Given("broken"))
    second = synced(work, clock, product)
    decide.withdraw(work, guid, [asset])
    put(work, "a", "Raw", userDescription="nothing of interest")
    define.update(work, guid, Written("tag:Raw"), Details())
    third = synced(work, clock, product)
    put(work, "late", "Raw")

    one, two, three = (explain_at(work, product, asset, run.number) for run in (first, second, third))
    assert [each.product.selection.revision for each in (one, two, three)] == [1, 1, 2]
    assert [(each.member, each.selected, each.stored) for each in (one, two, three)] == [
        (True, True, True),
        (False, True, False),
        (True, True, True),
    ]
    assert [tuple(part.seen) for part in one.clauses.parts] == [("Gold",), ("quarterly", "numbers")]
    assert two.standing is not None
    assert (one.standing, two.standing.reason, three.standing) == (None, "broken", None)
    project(work)
    now = explain(work, guid, asset)
    assert replace(three, run=None, asset=now.asset, product=now.product) == now
    with pytest.raises(NotFound, match="was not in the catalog at run"):
        explain_at(work, product, f"{ROOT}/late", third.number)
    with pytest.raises(NotFound, match="is none of"):
        explain_at(work, product, asset, 999)


SELECTIONS = (
    "tag:Gold",
    "certificate:VERIFIED -tag:PII",
    "name:t1~",
    'userDescription:"red ap*"',
    "popularityScore:>0.5",
    "tag:Gold OR certificate:DRAFT",
    "userDescription:(aple~ -pear)",
    "ownerUsers:* -ownerUsers:bob",
)


@pytest.mark.parametrize("engine_setting", ["embedded"], indirect=True)
@pytest.mark.parametrize("seed", range(2))
def test_every_run_explains_what_it_stored(work: Workspace, clock: SetClock, seed: int) -> None:
    """Whatever happened since: of each asset at each run, the verdict is what was stored then."""
    drawn = random.Random(seed)
    names = [f"t{number}" for number in range(8)]

    def change(name: str) -> None:
        said = {
            "certificateStatus": drawn.choice(("VERIFIED", "DRAFT")),
            "userDescription": " ".join(drawn.sample(("red", "apple", "pear", "tree", "apples"), 3)),
            "popularityScore": round(drawn.random(), 2),
            "ownerUsers": drawn.sample(("ada", "bob"), drawn.randrange(3)),
        }
        put(work, name, *drawn.sample(("Gold", "PII"), drawn.randrange(3)), **said)

    def decision() -> None:
        until = clock.time + drawn.choice((1, 3)) * HOUR if drawn.random() < 0.5 else None
        given = decide.Given("by chance", until)
        decide.decide(work, product.entity.guid, [f"{ROOT}/{drawn.choice(names)}"], drawn.choice(list(Decision)), given)

    for name in names:
        change(name)
    product, runs = defined(work, SELECTIONS[0]), list[Run]()
    for _ in range(12):
        for name in drawn.sample(names, 2):
            change(name)
        if drawn.random() < 0.4:
            decision()
        if drawn.random() < 0.5:
            written = Written(drawn.choice(SELECTIONS))
            product = define.update(work, product.entity.guid, written, Details()).product
        runs.append(synced(work, clock, product))
    for run in runs:
        stored = generation_at(work, product, AtRun(run.number)).members
        for name in names:
            found = explain_at(work, product, f"{ROOT}/{name}", run.number)
            assert (found.member, found.stored) == (found.asset.ordinal in stored,) * 2, (run.number, name)
