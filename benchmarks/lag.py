"""How long after its commit a change can be searched: one process writes, one projects, and this one looks."""

import json
import os
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import quantiles
from typing import Any

from muster.bootstrap import now
from muster.query.nodes import Term
from muster.service.lag import wait
from muster.service.workspace import Workspace
from server import VARIABLE
from stand import Stand
from subjects import WholePath
from watch import watched
from writer import MARK, Commit, marked

BATCH = 25
"""Changes of one commit."""
EVERY = 0.005
"""Seconds between two looks at how far the index has got."""
SEARCHED_EVERY = 1.0
"""Seconds between two searches for what should be found by then."""
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """When the index was first seen at a position: all up to it can be searched."""

    position: int
    at: float


def measure_lag(stand: Stand) -> None:
    """Write changes at the rate of the plan, and take down how long each took to be searchable."""
    if not isinstance(stand.subject, WholePath):
        return
    written, title = stand.folder / "written", f"{stand.plan.rate} changes a second"
    with (
        _projector(stand, stand.subject.work),
        watched(stand.raw.usual, stand.report, title),
        _writer(stand, written) as writer,
    ):
        sightings, searched = _looked(stand, writer, written)
    _report(stand, title, _commits(written), sightings)
    stand.report.add(f"{title}: searched for and found", searched)


@contextmanager
def _projector(stand: Stand, work: Workspace) -> Iterator[None]:
    """Run the process that projects; it has shown that it does before this goes on."""
    environment = {**os.environ, VARIABLE: stand.url, "MUSTER_DATA": str(stand.folder)}
    command = [sys.executable, "-m", "muster", "project", "--follow"]
    with _child(command, stand.folder / "projector.log", env=environment):
        work.record.write(list(islice(marked(), 1)), by=work.by, at=work.clock())
        wait(work, work.record.position(), PATIENCE)
        yield


@contextmanager
def _writer(stand: Stand, written: Path) -> Iterator["subprocess.Popen[bytes]"]:
    script, record = Path(__file__).parent / "writer.py", stand.folder / "record.db"
    how = ["--seconds", str(stand.plan.seconds), "--rate", str(stand.plan.rate), "--batch", str(BATCH)]
    with _child([sys.executable, str(script), str(record), *how], written) as writer:
        yield writer


@contextmanager
def _child(command: Sequence[str], output: Path, **how: Any) -> Iterator["subprocess.Popen[bytes]"]:
    with (
        output.open("wb") as file,
        subprocess.Popen(command, stdout=file, **how) as child,  # noqa: S603 - Muster and a script of ours
    ):
        try:
            yield child
        finally:
            child.terminate()


def _looked(stand: Stand, writer: "subprocess.Popen[bytes]", written: Path) -> tuple[list[Sighting], int]:
    """Look how far the index is until it has all that was written; return what was seen, and how often it was searched."""
    sightings, searched = [Sighting(stand.engine.position(), time.monotonic())], 0
    due = sightings[0].at + SEARCHED_EVERY
    patience = sightings[0].at + stand.plan.seconds + PATIENCE
    while writer.poll() is None or sightings[-1].position < _commits(written)[-1].position:
        time.sleep(EVERY)
        seen = Sighting(stand.engine.position(), time.monotonic())
        if seen.position > sightings[-1].position:
            sightings.append(seen)
            if seen.at > due:
                searched += _found(stand, seen, written)
                due = seen.at + SEARCHED_EVERY
        if seen.at > patience:
            raise SystemExit(f"the index stays at position {seen.position:,}")
    return sightings, searched


def _found(stand: Stand, seen: Sighting, written: Path) -> int:
    """Search for the last commit that the index says it has; return how many were found, which is 1."""
    commits = [one for one in _commits(written) if one.position <= seen.position]
    if not commits:
        return 0
    if (found := stand.engine.count(Term(field=MARK, value=commits[-1].mark), now=now())) != 1:
        raise SystemExit(f"`{commits[-1].mark}` is in the index, and found {found} times")
    return found


def _commits(written: Path) -> list[Commit]:
    """Read the whole lines so far."""
    lines = written.read_text().splitlines(keepends=True)
    return [Commit(**json.loads(line)) for line in lines if line.endswith("\n")]


def _report(stand: Stand, title: str, commits: Sequence[Commit], sightings: Sequence[Sighting]) -> None:
    """Take down the lags; each commit has as many changes as the others."""
    positions = [seen.position for seen in sightings]
    lags = [sightings[bisect_left(positions, one.position)].at - one.at for one in commits]
    hundredths, took = quantiles(lags, n=100), commits[-1].at - commits[0].at
    stand.report.add(f"{title}: written in fact", (len(commits) - 1) * BATCH / took, "a second")
    stand.report.add(f"{title}: batches projected", len(sightings) - 1)
    figures = {"median": hundredths[49], "99th percentile": hundredths[98], "longest": max(lags)}
    figures = {f"ms {name}": 1000 * seconds for name, seconds in figures.items()}
    stand.report.row(f"{title}: commit to searchable", figures)
