"""The projector of a service: told to stop it stops between two batches, and nothing else stops it."""

import time
from pathlib import Path

import pytest

from muster.api import projecting as projector
from muster.api import steady
from muster.api.projecting import projecting
from muster.bootstrap import open_workspace
from muster.catalog.entity import EntityDraft, Key
from muster.service import project as projection
from muster.service.follow import follow
from muster.service.workspace import Workspace
from muster.settings import Settings


def write(work: Workspace, count: int) -> None:
    """Write so many entities."""
    drafts = [EntityDraft(Key("Table", f"t/{number}"), {"name": "x"}) for number in range(count)]
    work.record.write(drafts, by="ada", at=work.clock())


def is_current(work: Workspace) -> bool:
    """Whether everything can be searched, at last."""
    until = time.monotonic() + 10
    while work.engine.position() < work.record.position() and time.monotonic() < until:
        time.sleep(0.02)
    return work.engine.position() == work.record.position()


def test_it_stops_between_two_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done stands, the rest is done by whoever comes next."""
    monkeypatch.setattr(projection, "BATCH", 2)
    with open_workspace(Settings(data=tmp_path)) as work:
        write(work, 9)
        told = iter([False, True])
        assert list(follow(work, lambda _: next(told))) == []
        assert 0 < work.engine.position() < work.record.position()
        with projecting(work):
            assert is_current(work)


def test_a_fault_of_its_own_does_not_stop_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is logged, and projecting goes on."""
    faults = [ZeroDivisionError("once")]

    def faulty(work: Workspace, pause: object) -> object:
        if faults:
            raise faults.pop()
        return follow(work, pause)  # type: ignore[arg-type]

    monkeypatch.setattr(projector, "follow", faulty)
    monkeypatch.setattr(steady, "PATIENCE", 0.01)
    with open_workspace(Settings(data=tmp_path)) as work:
        write(work, 1)
        with projecting(work):
            assert is_current(work)
    assert not faults
