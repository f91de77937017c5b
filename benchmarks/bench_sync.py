"""Measure how memberships are kept right by following changes: `make bench-sync`, or `make bench-sync ENGINE=opensearch`.

Evaluation alone (changed assets against all selections), and the whole way, from a catalog change that another process
commits to the memberships that follow it. With the index on OpenSearch the same selections are percolator queries beside it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count
from pathlib import Path
from statistics import quantiles

from evaluating import measure_evaluation
from measure import Report, timed
from muster.membership import Outcome
from muster.policy import Policy
from muster.protocols import Pause
from muster.query.nodes import Node
from muster.service.follow import follow
from muster.service.keeping.keeper import Keeper
from muster.service.keeping.loop import keep, until_settled
from muster.service.keeping.rounds import Round
from muster.service.workspace import Workspace
from percolating import measure_percolator
from selections import selections
from server import serving
from subjects import WholePath, whole_path
from writer import Commit

EVERY = 0.005
OPEN = Policy(percent=1e9, least=10**9, may_empty=True)
"""Guards that hold nothing: everything that moves is committed."""
PATIENCE = 120.0
WRITTEN = 25
"""Changes of one commit."""


def main() -> None:
    """Measure, and write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("embedded", "opensearch"), default="embedded")
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=60, help="how long changes come")
    parser.add_argument("--rate", type=int, default=500, help="changes a second")
    parser.add_argument(
        "--beside", type=int, help="so many assets in another catalog, evaluated by turns with the first"
    )
    parser.add_argument("--percolate", type=int, default=60, help="seconds that each size of request is percolated for")
    parser.add_argument("--out", type=Path, default=Path(".bench"), help="folder of the JSON report")
    said = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name, _engine(said.engine) as url:
        folder = Path(name)
        with whole_path(folder, None, url) as subject:
            print(f"following changes, {said.engine}, {said.assets:,} assets, {said.products:,} products")
            _prepare(report, subject, said.assets, list(selections(said.products, said.assets)))
            measure_evaluation(report, {"": subject.work})
            if said.beside:
                _beside(report, subject.work, folder / "beside", said.beside, said.products)
            if url is not None:
                measure_percolator(report, subject.work, url, said.percolate)
            _follow(report, subject.work, folder, said.seconds, said.rate)
    report.write(said.out / f"sync-{said.engine}-{said.assets}.json")


def _engine(name: str) -> AbstractContextManager[str | None]:
    """Have the server that is asked for run, if one is, and give its URL."""
    return serving() if name == "opensearch" else nullcontext()


def _prepare(report: Report, subject: WholePath, assets: int, wanted: Sequence[Node]) -> None:
    _, taken = timed(lambda: subject.load(assets))
    report.took("loaded", taken)
    subject.define(wanted)
    subject.work.record.put_policy("", OPEN, by="bench", at=subject.work.clock())
    keeper = Keeper(subject.work)
    rounds, taken = timed(lambda: list(until_settled(keeper)))
    report.took("first full sync", taken)
    report.add("runs of it", sum(len(one.runs) for one in rounds))


def _beside(report: Report, work: Workspace, folder: Path, assets: int, products: int) -> None:
    """Evaluate by turns with another catalog, of so many assets, and as many products, defined over it."""
    with whole_path(folder, None) as other:
        other.load(assets)
        other.define(list(selections(products, assets)))
        measure_evaluation(report, {", here": work, f" of {assets:,}": other.work})


def _follow(report: Report, work: Workspace, folder: Path, seconds: int, rate: int) -> None:
    """Have another process change assets, and take down how long memberships take to follow."""
    script, written = Path(__file__).parent / "writer.py", folder / "written"
    how = ["--seconds", str(seconds), "--rate", str(rate), "--batch", str(WRITTEN), "--moving"]
    command = [sys.executable, str(script), str(folder / "record.db"), *how]
    with _keeping(work) as rounds, written.open("wb") as file, subprocess.Popen(command, stdout=file) as writer:  # noqa: S603
        seen = _looked(work, writer, written)
    commits = _commits(written)
    lags = [next(at for position, at in seen if position >= one.position) - one.at for one in commits]
    hundredths = quantiles(lags, n=100)
    moved = sum(run.outcome is Outcome.APPLIED for one in rounds for run in one.runs)
    report.row(
        f"{rate} changes a second: commit to committed membership",
        {
            "ms median": 1000 * hundredths[49],
            "ms 99th percentile": 1000 * hundredths[98],
            "ms longest": 1000 * max(lags),
        },
    )
    report.add("changes followed", sum(one.changes for one in rounds))
    report.add("memberships moved", moved)


@contextmanager
def _keeping(work: Workspace) -> Iterator[list[Round]]:
    """Keep memberships right in a thread, and the index in another, as the service does; gives what each round did.

    Changes begin when the first round is over, in which a process reads all products.
    """
    told, begun, rounds = threading.Event(), threading.Event(), list[Round]()

    def run() -> None:
        rounds.extend(one for one in keep(Keeper(work, carries=False), _pausing(told, begun)) if isinstance(one, Round))

    def project() -> None:
        deque(follow(work, told.wait), maxlen=0)

    threads = [threading.Thread(target=one) for one in (run, project)]
    for thread in threads:
        thread.start()
    begun.wait()
    try:
        yield rounds
    finally:
        told.set()
        for thread in threads:
            thread.join()


def _pausing(told: threading.Event, begun: threading.Event) -> Pause:
    """Return what waits between two rounds, and says when the first is over."""
    pauses = count()

    def pause(seconds: float) -> bool:
        if next(pauses):
            begun.set()
        return told.wait(seconds)

    return pause


def _looked(work: Workspace, writer: "subprocess.Popen[bytes]", written: Path) -> list[tuple[int, float]]:
    seen, patience = [(work.record.followed().position, time.monotonic())], time.monotonic() + 3600
    while writer.poll() is None or seen[-1][0] < _commits(written)[-1].position:
        time.sleep(EVERY)
        position = work.record.followed().position
        if position > seen[-1][0]:
            seen.append((position, time.monotonic()))
        if writer.poll() is not None:
            patience = min(patience, time.monotonic() + PATIENCE)
        if time.monotonic() > patience:
            raise SystemExit(f"memberships stay at position {seen[-1][0]:,}")
    return seen


def _commits(written: Path) -> list[Commit]:
    lines = written.read_text().splitlines(keepends=True)
    return [Commit(**json.loads(line)) for line in lines if line.endswith("\n")]


if __name__ == "__main__":
    main()
