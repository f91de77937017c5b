"""What is stored and told of a world, held against what is true of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from pyroaring import BitMap

from muster.catalog.entity import Status
from muster.membership import Cause, Event, Move, Run, resolve
from muster.protocols import Happening
from muster.service.evaluate import evaluate
from muster.service.project import project
from muster.service.workspace import Workspace
from tests.simulation.deeds import Deeds, Span

ALL = 1_000_000
Difference = tuple[str, str, list[int], list[int]]
"""A product whose members are not those of now: name, query, who is too many, who is missing."""


def differing(work: Workspace) -> Iterator[Difference]:
    """Yield the products whose stored members are not those of a full evaluation, of an index that has everything."""
    project(work)
    products = list(work.record.products())
    generations = work.record.generations([one.entity.guid for one in products])
    standings = work.record.standings([one.entity.guid for one in products])
    for product, evaluated in zip(products, evaluate(work, products, now=work.clock()), strict=True):
        guid = product.entity.guid
        assert isinstance(evaluated.selected, BitMap)
        live = resolve(evaluated.selected, standings.get(guid, ()), work.clock())
        stored = generations[guid].members if guid in generations else BitMap()
        if stored != live:
            yield product.entity.name, product.selection.wire, list(stored - live)[:5], list(live - stored)[:5]


@dataclass
class Ledger:
    """What runs told of a world so far, held against what was done to it.

    `members` are what all moves come to. `moves` counts those that were told with a cause, of one asset each; `certain`
    are those of them for which nothing else had happened.
    """

    work: Workspace
    deeds: Deeds
    run: int = 0
    members: dict[str, BitMap] = field(default_factory=dict)
    looked: dict[str, Span] = field(default_factory=dict)
    wires: dict[str, str] = field(default_factory=dict)
    events: int = 0
    sequences: dict[str, int] = field(default_factory=dict)
    moves: int = 0
    certain: int = 0

    def read(self) -> Iterator[str]:
        """Read what was told since this was last asked, which ends a turn; yield what is wrong with it."""
        last, guids = self.work.record.last_run(), self.work.record.synced_since(self.run)
        stored, former = self.work.record.generations(guids), dict(self.wires)
        self.wires |= {one.guid: one.wire for one in self.work.record.outlines_of(guids)}
        for one in self.work.record.happenings(self.work.record.events(self.events, ALL)):
            yield from self._numbered(one.event)
            yield from self._told(one, former.get(one.event.product, "") + self.wires[one.event.product])
        for guid, generation in stored.items():
            if self.members.setdefault(guid, BitMap()) != generation.members:
                yield f"what runs of {guid} moved does not come to its members"
            self.looked[guid] = Span(self.deeds.turn, generation.at, generation.at)
        self.run = last
        self.deeds.turn += 1

    def _numbered(self, event: Event) -> Iterator[str]:
        """Count events: no number is left out, neither of all nor of the product."""
        self.events += 1
        self.sequences[event.product] = self.sequences.get(event.product, 0) + 1
        if (event.number, event.sequence) != (self.events, self.sequences[event.product]):
            yield f"event {event.number} of {event.product} is not the next one"

    def _told(self, told: Happening, wire: str) -> Iterator[str]:
        """Follow one run: nobody joins who is in, or leaves who is not, and each has a cause that it can have had."""
        run, looked = told.run, self.looked.get(told.event.product)
        for move in told.moves:
            before = self.members.setdefault(run.product, BitMap())
            if move.joined & before or move.left - before:
                yield f"run {run.number} of {run.product} moves who is there already"
            before |= move.joined
            before -= move.left
            if (looked is None) != (move.cause is Cause.FIRST):
                yield f"run {run.number} of {run.product} is not rightly the first"
            elif looked is not None:
                yield from self._caused(run, move, wire, Span(looked.turn, looked.since, run.at))

    def _caused(self, run: Run, move: Move, wire: str, span: Span) -> Iterator[str]:
        touched = self.deeds.touched_since(move.left, span)
        found = self.work.record.entities(list(touched), purged=True)
        gone = BitMap(one.ordinal for one in found if one.status is not Status.ACTIVE)
        joins = self.deeds.joins(run.product, wire, move.joined, span)
        leaves = self.deeds.leaves(run.product, wire, move.left, gone, span)
        for moved, causes in ((move.joined, joins), (move.left, leaves)):
            others = reduce(or_, (some for cause, some in causes.items() if cause is not move.cause), BitMap())
            self.moves += len(moved)
            self.certain += len(moved - others)
            if wrong := moved - causes.get(move.cause, BitMap()):
                yield f"run {run.number} of {run.product} moves {list(wrong)[:5]} for `{move.cause}`, {wire}, {span}"
