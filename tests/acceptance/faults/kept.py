"""What must hold of a record after whatever happened: members are right, and each move was stored and told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pyroaring import BitMap

from muster.membership import Event, Outcome, Run
from muster.service.workspace import Workspace
from tests.simulation.truth import differing

ALL = 1_000_000


def hold_kept(work: Workspace) -> None:
    """Hold stored members to a full evaluation, to what runs moved, and runs to what was told of them."""
    assert list(differing(work)) == []
    runs = {one.guid: work.record.runs(one.guid, limit=ALL)[::-1] for one in work.record.outlines()}
    hold_moves(work, runs)
    hold_events(all_events(work), runs)


def hold_moves(work: Workspace, runs: dict[str, list[Run]]) -> None:
    """Hold what runs moved to the members: nobody joined who was in, or left who was not, and the sum is what is stored."""
    stored = work.record.generations(list(runs))
    for guid, some in runs.items():
        members = BitMap()
        for run in (one for one in some if one.outcome is Outcome.APPLIED):
            for move in work.record.moves(guid, run.number):
                assert not move.joined & members, (guid, run)
                assert move.left <= members, (guid, run)
                members = (members | move.joined) - move.left
        assert members == stored[guid].members


def hold_events(events: Sequence[Event], runs: dict[str, list[Run]]) -> None:
    """Hold events to runs: one for each that moved anybody or is held, numbered without gaps, of all and of each product."""
    assert [one.number for one in events] == list(range(1, len(events) + 1))
    told: dict[str, list[Event]] = defaultdict(list)
    for one in events:
        told[one.product].append(one)
    for guid, some in runs.items():
        assert [one.sequence for one in told[guid]] == list(range(1, len(told[guid]) + 1))
        assert [one.run for one in told[guid]] == [one.number for one in some if _is_news(one)]


def _is_news(run: Run) -> bool:
    return run.outcome is not Outcome.UNCHANGED


def all_events(work: Workspace) -> list[Event]:
    """Return everything that was told."""
    return work.record.events(0, ALL)
