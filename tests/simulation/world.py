"""A small world that goes on by chance: assets change, products are edited, decisions made, and the time passes."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.errors import Conflict, InvalidInput
from muster.membership import Decision
from muster.query.faces import Face
from muster.query.nodes import Bool, Exists, MatchAll, Node, Prefix, Range, Term, Terms, Wildcard
from muster.query.wire import canonical
from muster.service import decide, define
from muster.service.ingest import ingest
from muster.service.save.commands import Command, Removal
from muster.service.save.deleting import delete
from muster.service.save.saving import save
from muster.service.selecting import Written
from muster.service.sync import sync
from muster.service.typedefs import Definition, listed, update
from muster.service.workspace import Workspace
from tests.simulation.deeds import Deeds

TYPES = ("Table", "View", "Column", "LookerDashboard", "KafkaTopic")
TAGS = ("PII", "Gold", "Marketing", "Finance", "Raw")
OWNERS = ("ada", "bob", "cy", "dan")
CERTIFICATES = ("VERIFIED", "DRAFT", "DEPRECATED", None)
ROOT = "default/world/1"
MINUTE, DAY = 60_000, 86_400_000


@dataclass
class World:
    """One run of the simulation over a workspace; `step` does one thing, by chance of a seed."""

    work: Workspace
    seed: int
    pass_time: Callable[[int], None]
    drawn: random.Random = field(init=False)
    count: int = 0
    gone: list[str] = field(default_factory=list)
    deeds: Deeds = field(default_factory=Deeds)

    def __post_init__(self) -> None:
        self.drawn = random.Random(self.seed)

    def begin(self, assets: int, products: int) -> None:
        """Fill the catalog, and define products."""
        ingest(self.work, [self.draft() for _ in range(assets)])
        for _ in range(products):
            self.define()

    def draft(self) -> EntityDraft:
        """Return a new asset."""
        self.count += 1
        name = f"a{self.count:06d}"
        key = Key(self.drawn.choice(TYPES), f"{ROOT}/{self.drawn.choice('abcd')}/{name}")
        tags = tuple(self.drawn.sample(TAGS, self.drawn.randrange(3)))
        return EntityDraft(key, {"name": name, **self.attributes()}, tags=tags)

    def attributes(self) -> dict[str, object]:
        """Return what an asset says of itself."""
        said = {
            "certificateStatus": self.drawn.choice(CERTIFICATES),
            "ownerUsers": self.drawn.sample(OWNERS, self.drawn.randrange(3)),
            "popularityScore": round(self.drawn.random(), 2),
            "lastRowChangedAt": self.work.clock() - self.drawn.randrange(60 * DAY),
        }
        return {name: value for name, value in said.items() if value not in (None, [])}

    def selection(self) -> Node:
        """Return a selection of one to four clauses, some of them forbidden."""
        parts = [self.leaf() for _ in range(self.drawn.randint(1, 3))]
        banned = (self.leaf(),) if self.drawn.random() < 0.4 else ()
        kinds: tuple[Node, ...] = (
            Bool(filter=tuple(parts), must_not=banned),
            Bool(filter=(self.leaf(),), should=tuple(parts), minimum_should_match=1),
            Bool(should=tuple(parts), minimum_should_match=min(2, len(parts))),
        )
        return self.drawn.choice(kinds)

    def leaf(self) -> Node:
        """Return one clause."""
        choose = self.drawn.choice
        leaves: tuple[Callable[[], Node], ...] = (
            lambda: Term("__typeName.keyword", choose(TYPES)),
            lambda: Term("__traitNames", choose(TAGS)),
            lambda: Terms("ownerUsers", tuple(self.drawn.sample(OWNERS, 2))),
            lambda: Term("certificateStatus", "VERIFIED"),
            lambda: Exists("certificateStatus"),
            lambda: Prefix("qualifiedName", f"{ROOT}/{choose('abcd')}/"),
            lambda: Wildcard("name.keyword", f"*{choose('0123456789')}"),
            lambda: Range("popularityScore", gte=round(self.drawn.random(), 1)),
            lambda: Range("__modificationTimestamp.date", gte=choose(("now-30d", "now-2d/d", "now-1h"))),
            lambda: Term("__state", "ACTIVE"),
            MatchAll,
        )
        return choose(leaves)()

    def define(self) -> None:
        """Define a product."""
        self.count += 1
        written = Written(canonical(self.selection()), Face.WIRE)
        made = define.create(self.work, f"p{self.count}", written, define.Details(), domain_name="World")
        self._wrote(made.product.entity.guid)

    def step(self) -> str:
        """Do one thing, and say which."""
        names = tuple(STEPS)
        (name,) = self.drawn.choices(names, [STEPS[name] for name in names])
        getattr(self, f"_{name}")()
        return name

    def sync(self) -> None:
        """Let somebody sync some products, now and then, while changes of them wait to be followed."""
        chosen = [self._product() for _ in range(self.drawn.choice((0, 0, 1, 5)))]
        if named := [one for one in chosen if one]:
            list(sync(self.work, named))

    def _assets(self, number: int, *, status: Status = Status.ACTIVE) -> list[Entity]:
        ordinals = [self.drawn.randint(1, self.work.record.position() + 1) for _ in range(4 * number)]
        found = [one for one in self.work.record.entities(ordinals) if one.key.qualified_name.startswith(ROOT)]
        return list({one.ordinal: one for one in found if one.status is status}.values())[:number]

    def _touched(self, number: int, *, status: Status = Status.ACTIVE) -> list[Entity]:
        """Return assets that something is done to now."""
        found = self._assets(number, status=status)
        self.deeds.touch(one.ordinal for one in found)
        return found

    def _change(self) -> None:
        found = self._touched(self.drawn.randint(1, 5))
        save(self.work, [Command(one.key.type_name, one.guid, attributes=self.attributes()) for one in found])

    def _retag(self) -> None:
        found = [(one.draft(), tuple(self.drawn.sample(TAGS, self.drawn.randrange(3)))) for one in self._touched(2)]
        drafts = [replace(draft, tags=tags) for draft, tags in found]
        self.work.record.write(drafts, by="sim", at=self.work.clock())

    def _arrive(self) -> None:
        drafts = [self.draft() for _ in range(self.drawn.randint(1, 5))]
        ingest(self.work, drafts)
        self.deeds.touch(one.ordinal for one in self.work.record.find([], [draft.key for draft in drafts]))

    def _archive(self) -> None:
        delete(self.work, [one.guid for one in self._touched(2)], Removal.SOFT)

    def _purge(self) -> None:
        found = self._touched(1)
        delete(self.work, [one.guid for one in found], Removal.PURGE)
        self.deeds.purge(one.ordinal for one in found)

    def _revive(self) -> None:
        for one in self._touched(1, status=Status.DELETED):
            save(self.work, [Command(one.key.type_name, one.guid, status=Status.ACTIVE)])

    def _product(self) -> str | None:
        found = [one.guid for one in self.work.record.outlines()]
        return self.drawn.choice(found) if found else None

    def _wrote(self, product: str) -> None:
        """Take down that a product has another version: it is an asset to selections of everything."""
        self.deeds.touch(one.ordinal for one in self.work.record.find([product], []))

    def _edit(self) -> None:
        if guid := self._product():
            written = Written(canonical(self.selection()), Face.WIRE)
            define.update(self.work, guid, written, define.Details())
            self.deeds.edit(guid)
            self._wrote(guid)

    def _decide(self) -> None:
        guid, assets = self._product(), self._assets(2)
        if guid and assets:
            ends = self.work.clock() + self.drawn.randrange(1, 3 * DAY) if self.drawn.random() < 0.5 else None
            decision, about = self.drawn.choice(list(Decision)), [one.guid for one in assets]
            decide.decide(self.work, guid, about, decision, decide.Given("by chance", ends))
            self.deeds.decide(guid, [one.ordinal for one in assets], decision, ends)
            self._wrote(guid)

    def _withdraw(self) -> None:
        guid = self._product()
        stand = self.work.record.standings([guid]).get(guid, ()) if guid else ()
        open_ = [one.ordinal for one in stand if one.withdrawn_at is None]
        if guid and open_:
            self.work.record.decide(guid, (), open_[:2], by="sim", at=self.work.clock())
            self.deeds.withdraw(guid, open_[:2])
            self._wrote(guid)

    def _found(self) -> None:
        self.define()

    def _drop(self) -> None:
        if (guid := self._product()) and self.drawn.random() < 0.3:
            define.delete(self.work, guid)
            self.gone.append(guid)
            self._wrote(guid)

    def _restore(self) -> None:
        if self.gone:
            guid = self.gone.pop(self.drawn.randrange(len(self.gone)))
            save(self.work, [Command("DataProduct", guid, status=Status.ACTIVE)])
            self._wrote(guid)

    def _rename(self) -> None:
        tags = [one for one in listed(self.work) if one.category.value == "CLASSIFICATION"]
        one = self.drawn.choice(tags)
        said = {**one.body, "name": one.name, "displayName": self.drawn.choice((*TAGS, f"T{self.count}"))}
        try:
            update(self.work, [Definition(one.category, said)])
        except (Conflict, InvalidInput):
            return
        self.deeds.rename()

    def _wait(self) -> None:
        self.pass_time(self.drawn.choice((MINUTE, 10 * MINUTE, DAY)))


STEPS = {
    "change": 30,
    "retag": 10,
    "arrive": 10,
    "archive": 5,
    "purge": 3,
    "revive": 4,
    "edit": 4,
    "decide": 8,
    "withdraw": 4,
    "found": 2,
    "drop": 2,
    "restore": 1,
    "rename": 1,
    "wait": 6,
}
"""What happens, and how often."""
