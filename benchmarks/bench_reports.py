"""Measure reports about all products, and what would move if something were otherwise: `make bench-reports`.

Each is told as a service tells it, over memberships that were synced before: seconds, and the most memory of the process.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from measure import Report, forget_peak, peak_memory, timed
from muster.policy import Policy
from muster.service.reports.dead import dead_clauses
from muster.service.reports.freshness import freshness
from muster.service.reports.overlap import overlap
from muster.service.reports.unchanging import unchanging
from muster.service.reports.uncovered import uncovered
from muster.service.resolve import PageRequest
from muster.service.supposing.suppose import MOST, suppose
from muster.service.supposing.worlds import Dropped, Owner, Tag
from muster.service.sync import sync
from muster.service.workspace import Workspace
from selections import selections
from subjects import whole_path

PAGE = 100
"""Pairs, or assets, that are told of at once."""
OPEN = Policy(percent=1e9, least=10**9, may_empty=True)
"""Guards that hold nothing."""
REPORTS: Mapping[str, Callable[[Workspace], Any]] = {
    f"overlap, {PAGE} pairs": lambda work: overlap(work, limit=PAGE),
    "overlap of one product": lambda work: overlap(work, limit=PAGE, of=next(work.record.products())),
    "dead clauses": dead_clauses,
    "freshness": freshness,
    "unchanging": unchanging,
    "uncovered": lambda work: uncovered(work, PageRequest(PAGE)),
}


def main() -> None:
    """Measure, and write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=50_000)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=Path(".bench"), help="folder of the JSON report")
    said = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder, whole_path(Path(folder), None) as subject:
        print(f"reports, {said.assets:,} assets, {said.products:,} products")
        report.took("loaded", timed(lambda: subject.load(said.assets))[1])
        subject.define(list(selections(said.products, said.assets)))
        _synced(report, subject.work)
        for name, told in REPORTS.items():
            _measured(report, name, partial(told, subject.work))
        _supposed(report, subject.work)
    report.write(said.out / f"reports-{said.assets}.json")


def _synced(report: Report, work: Workspace) -> None:
    work.record.put_policy("", OPEN, by="bench", at=work.clock())
    runs, taken = timed(lambda: list(sync(work)))
    report.took("full sync", taken)
    report.add("members of all products", sum(one.run.total for one in runs))


def _measured(report: Report, name: str, told: Callable[[], Any]) -> Any:
    """Take down how long something takes to be told, and the memory of it."""
    forget_peak()
    given, taken = timed(told)
    report.took(name, taken)
    report.add(f"{name}: peak memory", peak_memory(), "MB")
    return given


def _supposed(report: Report, work: Workspace) -> None:
    """Drop the tag, and the owner, that most assets have of those that selections name and that may be asked about."""
    named = "".join(one.wire for one in work.record.outlines())
    for kind, field in ((Tag, "__traitNames"), (Owner, "ownerUsers")):
        counted = work.engine.terms(field, limit=1_000)
        fitting = [(count, name) for name, count in counted if count <= MOST and f'"{name}"' in named]
        count, name = max(fitting)
        title = f"what if the {kind.__name__.lower()} of {count:,} assets were dropped"
        found = _measured(report, title, partial(suppose, work, kind(name, Dropped())))
        report.add(f"{title}: products that would move", len(found.moving))


if __name__ == "__main__":
    main()
