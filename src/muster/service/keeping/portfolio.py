"""All products at hand with what they hold, as far as runs and edits were seen: what changes are held against."""

import atexit
import gc
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from pyroaring import BitMap

from muster.catalog.product import Outline
from muster.errors import InvalidInput
from muster.fields import Fields
from muster.membership import TOGETHER, Generation, Outcome, Proposal, Run, Standing
from muster.query.timing import is_timely
from muster.query.wire import recall
from muster.service.holding import Apart, Meaning, apart
from muster.service.keeping.lately import Lately
from muster.service.tags import tag_names
from muster.service.workspace import Workspace

atexit.register(gc.unfreeze)  # or extension modules complain at the very end of what nobody let go of


@dataclass(frozen=True, slots=True)
class Held:
    """One product: what it asks for, what it holds, what was decided by hand, and whether it waits for somebody to judge.

    `selection` is taken apart once, when the product is read; `is_timely` says whether what it holds depends on the time.
    """

    outline: Outline
    selection: Apart | InvalidInput
    is_timely: bool
    generation: Generation | None
    standings: tuple[Standing, ...] = ()
    waiting: bool = False

    @property
    def is_current(self) -> bool:
        """Whether its stored members are those of its selection as it is, which nobody has to judge first."""
        current = self.generation is not None and self.generation.revision == self.outline.revision
        return current and not self.waiting


@dataclass(slots=True)
class Portfolio:
    """The products by guid, as of the last run that was seen. Their members take the room of their bitmaps.

    `settled` has the decisions about a product, as far as they were followed by this process. `lately` is what the
    catalog moved.
    """

    run: int = 0
    products: dict[str, Held] = field(default_factory=dict)
    settled: dict[str, tuple[Standing, ...]] = field(default_factory=dict)
    lately: Lately = field(default_factory=Lately)
    meant: Meaning | None = None

    def load(self, work: Workspace) -> None:
        """Read all products anew.

        They stay, and are not looked through for garbage again: with ten thousand of them that takes a quarter of a second
        each time.
        """
        self.run = work.record.last_run()
        outlines = list(work.record.outlines())
        self.products = _held(work, outlines)
        self.settled = {}
        self._recall(work, self.products)
        gc.collect()
        gc.freeze()

    def reread(self, work: Workspace, guids: Iterable[str]) -> None:
        """Read some products anew: those that were edited, and those that others synced since."""
        last, others = work.record.last_run(), work.record.synced_since(self.run)
        wanted = sorted({*guids, *others})
        if wanted:
            held = _held(work, work.record.outlines_of(wanted))
            rest = self.products.keys() - set(wanted)
            self.products = {guid: one for guid, one in self.products.items() if guid in rest} | held
            self._recall(work, held)
        self.run = last

    def _recall(self, work: Workspace, held: Mapping[str, Held]) -> None:
        """Read what the catalog moved of late in and out of products."""
        now = work.clock()
        ran = {guid: one.generation.at for guid, one in held.items() if one.generation is not None}
        since = {guid: now - TOGETHER for guid, at in ran.items() if at > now - TOGETHER}
        self.lately.read(held, work.record.moved_lately(since), now)

    def meaning(self, work: Workspace, fields: Fields, now: int) -> Meaning:
        """Return what clauses mean now; what was found out before is known as long as fields and tags stay."""
        names = tag_names(work.record)
        if self.meant is None or self.meant.fields is not fields or self.meant.names != names:
            self.meant = Meaning(fields, names, now)
        return self.meant.at(now)

    def deciding_about(self, ordinals: AbstractSet[int]) -> set[str]:
        """Return the products with decisions about any of these assets: purging one ends them."""
        return {
            guid
            for guid, one in self.products.items()
            if ordinals and not ordinals.isdisjoint(standing.ordinal for standing in one.standings)
        }

    def decided(self, edited: Iterable[str]) -> set[int]:
        """Return the assets about which something was decided since edited products were followed last.

        Where this process has not followed a product yet, all decisions about it count as new.
        """
        return {
            standing.ordinal
            for guid in edited
            if guid in self.products
            for standing in set(self.products[guid].standings) ^ set(self.settled.get(guid, ()))
        }

    def followed(self, edited: Iterable[str]) -> None:
        """Remember that decisions about edited products were followed."""
        self.settled |= {guid: self.products[guid].standings for guid in edited if guid in self.products}

    def took(self, runs: Sequence[Run], proposals: Sequence[Proposal]) -> None:
        """Take over what was just committed."""
        self.lately.took(runs, proposals)
        for run, proposal in zip(runs, proposals, strict=True):
            before = self.products.get(run.product)
            if before is not None:
                self.products[run.product] = _after(before, run, proposal.members)
        self.run = max([self.run, *(run.number for run in runs)])


def _held(work: Workspace, outlines: Sequence[Outline]) -> dict[str, Held]:
    guids = [one.guid for one in outlines]
    generations, standings = work.record.generations(guids), work.record.standings(guids)
    waiting = work.record.waiting(guids)
    return {
        one.guid: Held(
            outline=one,
            selection=apart(one.wire),
            is_timely=is_timely(recall(one.wire)),
            generation=generations.get(one.guid),
            standings=standings.get(one.guid, ()),
            waiting=_waits(one, waiting.get(one.guid)),
        )
        for one in outlines
    }


def _waits(one: Outline, held: Run | None) -> bool:
    """Whether a run is held for what the selection is now; an edit of it is looked at anew."""
    return held is not None and held.revision == one.revision


def _after(before: Held, run: Run, members: BitMap) -> Held:
    if run.outcome is Outcome.HELD:
        return replace(before, waiting=True)
    generation = Generation(run.generation or 0, run.number, run.revision, run.position, run.at, run.digest, members)
    return replace(before, generation=generation, waiting=False)
