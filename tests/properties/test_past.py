"""Memberships of the past are those that were stored: against copies that the test kept whole."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pyroaring import BitMap

from muster.catalog.product import Product
from muster.errors import NotFound
from muster.membership import Cause, Move, Outcome, Proposal, Run, Trigger
from muster.record import SqlRecord, generation_rows, open_record
from tests.integration.record.samples import made

SEEDS = range(2)
RUNS = {2: 50, 5: 50, generation_rows.WHOLE_EVERY: 3 * generation_rows.WHOLE_EVERY}
"""How many runs there are, by how many generations it is from one that is kept whole to the next."""
WORLD = 5_000


@dataclass
class Told:
    """A product whose memberships are kept whole beside the record: after which run, at what time."""

    record: SqlRecord
    product: Product
    drawn: random.Random
    clock: int = 1_000
    members: BitMap = field(default_factory=BitMap)
    kept: list[tuple[Run, BitMap | None]] = field(default_factory=list)

    def step(self) -> None:
        """Let a run move some assets, none, or be held; now and then several come at one time."""
        self.clock += self.drawn.choice((0, 0, 1, 7, 1_000))
        kind = self.drawn.random()
        found = self.members if kind < 0.2 else self._other()
        self._commit(found, "too many" if kind > 0.85 else "")
        if kind > 0.95:
            self._approve()

    def _commit(self, found: BitMap, held: str) -> None:
        joined, left = found - self.members, self.members - found
        moves = tuple(
            Move(cause, ins, outs)
            for cause, ins, outs in ((Cause.ASSET, joined, BitMap()), (Cause.SELECTION, BitMap(), left))
            if ins or outs
        )
        proposal = Proposal(self.product.entity.guid, 1, self.clock, self.clock, found, moves, held)
        (run,) = self.record.commit([proposal])
        if run.outcome is not Outcome.HELD:
            self.members = found
        elif self.kept and self.kept[-1][0].number == run.number:
            return
        self._keep(run)

    def _approve(self) -> None:
        held = self.kept[-1][0]
        if held.outcome is not Outcome.HELD:
            return
        moves = self.record.moves(held.product, held.number)
        found = BitMap(self.members)
        for move in moves:
            found = (found | move.joined) - move.left
        self.clock += 3
        proposal = Proposal(held.product, 1, held.position, self.clock, found, moves, trigger=Trigger.APPROVAL)
        run, _ = self.record.approve(proposal, held.number, by="bob")
        self.members = found
        self._keep(run)

    def _keep(self, run: Run) -> None:
        stored = self.record.generations([run.product]).get(run.product)
        self.kept.append((run, None if stored is None else BitMap(stored.members)))
        assert stored is None or stored.members == self.members

    def _other(self) -> BitMap:
        if self.drawn.random() < 0.1:
            return BitMap(range(self.drawn.randrange(WORLD), WORLD, self.drawn.randint(1, 9)))
        toggled = BitMap(self.drawn.sample(range(WORLD), self.drawn.randint(1, 40)))
        return self.members ^ toggled


@pytest.fixture(params=RUNS)
def told(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """A product, where every so many generations are kept whole."""
    monkeypatch.setattr(generation_rows, "WHOLE_EVERY", request.param)
    with closing(open_record(f"sqlite:///{tmp_path / 'record.db'}")) as record:
        yield Told(record, made(record, "p"), random.Random())


def as_of(told: Told, run: Run | None) -> BitMap | None:
    """Return what the record says was stored after a run."""
    if run is None or run.generation is None:
        return None
    return told.record.members_at(told.product.entity.guid, run.generation)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_past_is_what_was_stored(told: Told, seed: int) -> None:
    """After every run, at and between the times of all, and in every generation: from the first to the last."""
    told.drawn.seed(seed)
    guid, record = told.product.entity.guid, told.record
    for _ in range(RUNS[generation_rows.WHOLE_EVERY]):
        told.step()
    for run, members in told.kept:
        assert as_of(told, record.settled(guid, upto=run.number)) == members, run
    for time in told.drawn.sample(sorted({at for run, _ in told.kept for at in (run.at - 1, run.at)}), 40):
        before = [members for run, members in told.kept if run.at <= time]
        assert as_of(told, record.settled(guid, at=time)) == (before[-1] if before else None), time
    for run, members in told.drawn.sample(told.kept, 40):
        if run.outcome is Outcome.APPLIED and run.generation is not None:
            assert record.members_at(guid, run.generation) == members
            assert (record.settled(guid, generation=run.generation) or run).generation == run.generation
    with pytest.raises(NotFound):
        record.members_at(guid, 10**6)


@pytest.mark.parametrize("keep", [1, 7])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_kept_is_what_was_stored(told: Told, seed: int, keep: int) -> None:
    """After letting go of what is older, again and again while runs go on: of each kept run, and of the times since the first."""
    told.drawn.seed(seed)
    guid, record = told.product.entity.guid, told.record
    for number in range(min(RUNS[generation_rows.WHOLE_EVERY], 90)):
        told.step()
        if number % 15 == 14:
            record.trim({guid: keep})
    record.trim({guid: keep})
    kept = record.runs(guid, limit=1_000)
    assert keep <= len(kept) < keep + 15
    assert {run.number for run in kept} == {run.number for run, _ in told.kept[-len(kept) :]}
    copies = {run.number: members for run, members in told.kept}
    for run in kept:
        assert as_of(told, record.settled(guid, upto=run.number)) == copies[run.number], run
    first = kept[-1]
    assert as_of(told, record.settled(guid, at=told.clock)) == told.members
    assert record.settled(guid, upto=first.number - 1) is None
    if first.generation is not None and first.generation > 1:
        with pytest.raises(NotFound):
            record.members_at(guid, first.generation - 1)
