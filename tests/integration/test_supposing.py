"""What would move is what moves when it is done: tags, owners and schemas renamed and dropped."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from pyroaring import BitMap

from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.catalog.typedef import Category
from muster.catalog.writing import Transaction, Write
from muster.errors import Conflict, InvalidInput, LimitExceeded, NotFound
from muster.membership import Decision
from muster.query.faces import Face
from muster.query.nodes import Bool, Exists, Node, Prefix, Range, Term, Terms, Wildcard
from muster.query.wire import canonical
from muster.service import decide, define, typedefs
from muster.service.define import Details, Written
from muster.service.ingest import ingest
from muster.service.project import project
from muster.service.resolve import live_members
from muster.service.supposing import suppose as supposing
from muster.service.supposing.suppose import suppose
from muster.service.supposing.worlds import Dropped, Owner, Renamed, Schema, Supposed, Tag
from muster.service.tags import tag_names
from muster.service.typedefs import Definition
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock

ROOT = "default/demo/1/db"
DAY = 86_400_000
TAGS, OWNERS, SCHEMAS = ("Gold", "PII", "Raw"), ("ada", "bob", "cy"), ("core", "marts")

LEAVES: tuple[Node, ...] = (
    Term("__traitNames", "PII"),
    Term("__traitNames", "Private"),
    Terms("__traitNames", ("Gold", "Raw")),
    Exists("__traitNames"),
    Prefix("__traitNames", "P"),
    Term("ownerUsers", "bob"),
    Terms("ownerUsers", ("ada", "robert")),
    Exists("ownerUsers"),
    Term("__state", "ACTIVE"),
    Term("schemaName.keyword", "core"),
    Wildcard("qualifiedName", "*/kernel/*"),
    Prefix("qualifiedName", f"{ROOT}/core/"),
    Term("name.keyword", "t3"),
    Range("__modificationTimestamp.date", gte="now-1d"),
)


def fill(work: Workspace, clock: SetClock, drawn: random.Random) -> None:
    """Two schemas of twenty tables each, tagged and owned by chance, and twenty-five products."""
    for schema in SCHEMAS:
        drafts = [EntityDraft(Key("Schema", f"{ROOT}/{schema}"), {"name": schema})]
        for number in range(20):
            said = {"name": f"t{number}", "schemaName": schema, "schemaQualifiedName": f"{ROOT}/{schema}"}
            owners = drawn.sample(OWNERS, drawn.randrange(3))
            tags = tuple(drawn.sample(TAGS, drawn.randrange(3)))
            key = Key("Table", f"{ROOT}/{schema}/t{number}")
            drafts.append(EntityDraft(key, said | ({"ownerUsers": owners} if owners else {}), tags=tags))
        ingest(work, drafts)
    clock.time += 10 * DAY
    for number in range(25):
        parts = tuple(drawn.sample(LEAVES, drawn.randint(1, 3)))
        banned = (drawn.choice(LEAVES),) if drawn.random() < 0.4 else ()
        node = Bool(
            filter=(Term("__typeName.keyword", "Table"),), should=parts, must_not=banned, minimum_should_match=1
        )
        name = f"p{number}"
        define.create(work, name, Written(canonical(node), Face.WIRE), Details(), domain_name="Home")
        if drawn.random() < 0.4:
            asset = f"{ROOT}/{drawn.choice(SCHEMAS)}/t{drawn.randrange(20)}"
            decide.decide(work, name, [asset], drawn.choice(list(Decision)), decide.Given("by chance"))


def members(work: Workspace) -> dict[str, BitMap]:
    """Return the members of all products now."""
    project(work)
    return {one.entity.name: live_members(work, one) for one in work.record.products()}


def below(work: Workspace) -> list[Entity]:
    """Return all assets below the root."""
    return work.record.entities(list(work.record.under(ROOT)))


def rename_tag(work: Workspace) -> None:
    """Call PII otherwise."""
    (tag,) = [one for one in typedefs.listed(work, {Category.CLASSIFICATION}) if one.display_name == "PII"]
    said = {**tag.body, "name": tag.name, "displayName": "Private"}
    typedefs.update(work, [Definition(Category.CLASSIFICATION, said)])


def drop_tag(work: Workspace) -> None:
    """Take PII from all assets, and then away."""
    internal = str(tag_names(work.record).internal_of("PII"))
    drafts = [
        replace(one.draft(), tags=tuple(tag for tag in one.tags if tag != internal))
        for one in below(work)
        if internal in one.tags
    ]
    work.record.write(drafts, by=work.by, at=work.clock())
    project(work)
    typedefs.delete(work, internal)


def change_owner(work: Workspace, *others: str) -> None:
    """Let others own what bob does."""
    drafts = []
    for one in below(work):
        owners = one.attributes.get("ownerUsers", [])
        if "bob" in owners:
            changed = list(dict.fromkeys(new for each in owners for new in (others if each == "bob" else (each,))))
            attributes = {**one.attributes, "ownerUsers": changed}
            drafts.append(replace(one.draft(), attributes=attributes))
    work.record.write(drafts, by=work.by, at=work.clock())


def drop_schema(work: Workspace) -> None:
    """Archive a schema and all in it."""
    work.record.archive(list(work.record.under(f"{ROOT}/core")), by=work.by, at=work.clock())


def rename_schema(work: Workspace) -> None:
    """Give a schema, and all in it, another name; they stay who they are."""
    before, after = f"{ROOT}/core", f"{ROOT}/kernel"
    writes = []
    for one in work.record.entities(list(work.record.under(before))):
        name = one.key.qualified_name
        said = {"schemaName": "kernel", "schemaQualifiedName": after} if name != before else {"name": "kernel"}
        draft = replace(
            one.draft(),
            key=Key(one.key.type_name, after + name[len(before) :]),
            attributes={**one.attributes, **said},
        )
        writes.append(Write(draft, one.ordinal, one.version))
    work.record.transact(Transaction(tuple(writes)), by=work.by, at=work.clock())


DONE: list[tuple[Supposed, Callable[[Workspace], None]]] = [
    (Tag("PII", Renamed("Private")), rename_tag),
    (Tag("PII", Dropped()), drop_tag),
    (Owner("bob", Renamed("robert")), lambda work: change_owner(work, "robert")),
    (Owner("bob", Renamed("ada")), lambda work: change_owner(work, "ada")),
    (Owner("bob", Dropped()), change_owner),
    (Schema(f"{ROOT}/core", Dropped()), drop_schema),
    (Schema(f"{ROOT}/core", Renamed("kernel")), rename_schema),
]


@pytest.mark.parametrize("engine_setting", ["embedded"], indirect=True)
@pytest.mark.parametrize(("supposed", "done"), DONE, ids=lambda one: str(one) if isinstance(one, Supposed) else "")
@pytest.mark.parametrize("seed", range(2))
def test_what_would_move_moves(
    work: Workspace, clock: SetClock, supposed: Supposed, done: Callable[[Workspace], None], seed: int
) -> None:
    """In every product, of selections and decisions drawn by chance; and supposing changes nothing."""
    fill(work, clock, random.Random(seed))
    before, position, known = members(work), work.record.position(), work.record.typedefs().version
    found = suppose(work, supposed)
    assert (members(work), work.record.position(), work.record.typedefs().version) == (before, position, known)
    assert found.affected
    done(work)
    after = members(work)
    told = {one.product.name: (one.joins, one.leaves) for one in found.moving}
    moved = {
        name: (after[name] - before[name], before[name] - after[name]) for name in before if after[name] != before[name]
    }
    assert told == moved
    assert found.failed == 0
    sizes = [len(one.joins) + len(one.leaves) for one in found.moving]
    assert sizes == sorted(sizes, reverse=True)


def test_it_is_asked_of_every_engine(work: Workspace) -> None:
    """A tag that goes takes its assets out of who asks for it, and lets others in."""
    for name, tags in {"a": ("PII", "Gold"), "b": ("Gold",)}.items():
        ingest(work, [EntityDraft(Key("Table", f"{ROOT}/{name}"), {"name": name}, tags=tags)])
    for name, selection in {"of": "tag:PII", "without": "tag:Gold -tag:PII", "other": "type:Table"}.items():
        define.create(work, name, Written(selection), Details(), domain_name="Home")
    found = suppose(work, Tag("PII", Dropped()))
    (a,) = (one.ordinal for one in below(work) if one.name == "a")
    assert {one.product.name: (list(one.joins), list(one.leaves)) for one in found.moving} == {
        "of": ([], [a]),
        "without": ([a], []),
    }
    assert found.affected == 1


@pytest.mark.parametrize("engine_setting", ["embedded"], indirect=True)
def test_what_cannot_be_supposed(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not there, a name that is taken, no name at all, and more than is looked at; a selection that fails is counted."""
    for tag in ("PII", "Gold"):
        ingest(work, [EntityDraft(Key("Table", f"{ROOT}/{tag}"), {"name": tag, "ownerUsers": ["bob"]}, tags=(tag,))])
    for supposed, error in (
        (Tag("nothing", Dropped()), NotFound),
        (Tag("PII", Renamed("Gold")), Conflict),
        (Owner("nobody", Dropped()), NotFound),
        (Schema("nowhere", Dropped()), NotFound),
        (Schema(f"{ROOT}/PII", Dropped()), InvalidInput),
    ):
        with pytest.raises(error):
            suppose(work, supposed)
    for name in ("", " ", "a/b"):
        with pytest.raises(InvalidInput):
            Renamed(name)
    monkeypatch.setattr(supposing, "MOST", 1)
    with pytest.raises(LimitExceeded, match="2 assets would be otherwise"):
        suppose(work, Owner("bob", Dropped()))
    assert {one.status for one in below(work)} == {Status.ACTIVE}
