"""Measure load, reads and full sync over synthetic assets: `python benchmarks/bench.py --assets 1000000`.

Two subjects: the engine alone, and the whole path through record, projection, engine and commit (`--subject`). Beside
the sync by shared leaves stands, in the same run, one query per product.
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from catalog import NEWEST, entities
from measure import Report, Taken, peak_memory, size_on_disk, spread, timed
from muster.catalog.document import document
from muster.protocols import Engine, Page
from muster.query.nodes import Node
from muster.query.sorting import Sort
from selections import selections, spread_by_size
from subjects import Subject, engine_alone, whole_path

SUBJECTS: Mapping[str, Callable[[Path, int | None], AbstractContextManager[Subject]]] = {
    "engine": engine_alone,
    "whole": whole_path,
}


@dataclass(frozen=True)
class Plan:
    """What is measured, over how much."""

    assets: int
    products: tuple[int, ...]
    sample: int
    threads: int | None


def main() -> None:
    """Measure each subject in a folder of its own and write the figures down."""
    said = _arguments()
    plan = Plan(said.assets, tuple(sorted(said.products)), said.sample, said.threads)
    for name in said.subject:
        report = Report()
        print(f"{name}, {plan.assets:,} assets")
        with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
            _measure(name, plan, Path(folder), report)
        report.write(said.out / f"{name}-{plan.assets}.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--products", type=_numbers, default=(1000, 10_000), help="comma-separated")
    parser.add_argument(
        "--sample", type=int, default=100, help="products that one query each is measured on; 0 for all"
    )
    parser.add_argument("--threads", type=int, default=None, help="of the engine; default: cores")
    parser.add_argument("--subject", nargs="+", choices=SUBJECTS, default=list(SUBJECTS))
    parser.add_argument("--out", type=Path, default=Path(".bench"), help="folder of the JSON reports")
    return parser.parse_args()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _measure(name: str, plan: Plan, folder: Path, report: Report) -> None:
    with SUBJECTS[name](folder, plan.threads) as subject:
        _load(subject, plan, report)
        wanted = list(selections(max(plan.products), plan.assets))
        for number in plan.products:
            sizes = _sync(subject, wanted[:number], report)
        _singly(subject.engine, wanted, sizes, plan, report)
        _reads(subject.engine, [wanted[number] for number in spread_by_size(sizes)], report)
    report.add("on disk", size_on_disk(folder), "MB")


def _load(subject: Subject, plan: Plan, report: Report) -> None:
    _, drawing = timed(lambda: sum(1 for one in entities(plan.assets) if document(one)))
    report.took("load: catalog drawn, nothing done with it", drawing)
    _, loading = timed(lambda: subject.load(plan.assets))
    report.took("load: catalog drawn and loaded", loading)
    report.add("load: drawing left out", plan.assets / (loading.clock - drawing.clock), "assets/s")
    report.add("peak memory after load", peak_memory(), "MB")


def _sync(subject: Subject, wanted: Sequence[Node], report: Report) -> list[int]:
    _, defining = timed(lambda: subject.define(wanted))
    report.took(f"{len(wanted):,} products: defined", defining)
    sizes, first = timed(subject.sync)
    _, again = timed(subject.sync)
    report.took(f"{len(wanted):,} products: full sync, first", first)
    report.took(f"{len(wanted):,} products: full sync, again", again)
    report.add(f"{len(wanted):,} products: peak memory", peak_memory(), "MB")
    return sizes


def _singly(engine: Engine, wanted: Sequence[Node], sizes: Sequence[int], plan: Plan, report: Report) -> None:
    """Ask one query per product, of a sample drawn evenly, scaled to all; members must agree with the sync."""
    numbers: Sequence[int] = range(len(wanted))
    if plan.sample:
        numbers = random.Random(3).sample(numbers, min(plan.sample, len(wanted)))
    found, taken = timed(lambda: [len(engine.members(wanted[number], now=NEWEST)) for number in numbers])
    if found != [sizes[number] for number in numbers]:
        raise SystemExit("one query per product and shared leaves disagree")
    scale = len(wanted) / len(numbers)
    said = "all asked" if scale == 1 else f"scaled from {len(numbers)}"
    scaled = Taken(taken.clock * scale, taken.processors * scale)
    report.took(f"{len(wanted):,} products: one query each, {said}", scaled)


def _reads(engine: Engine, chosen: Sequence[Node], report: Report) -> None:
    page = Page(20, (Sort("name.keyword"),))
    reads = {
        "count": lambda node: engine.count(node, now=NEWEST),
        "page of 20 by name": lambda node: engine.search(node, page, now=NEWEST),
        "all ids": lambda node: engine.members(node, now=NEWEST),
    }
    for name, read in reads.items():
        median, ninetieth = spread([timed(partial(read, node))[1].clock for node in chosen])
        report.add(f"{name}: median", median, "ms")
        report.add(f"{name}: 90th percentile", ninetieth, "ms")


if __name__ == "__main__":
    main()
