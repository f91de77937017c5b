"""Sync all products; beside it, one scan for each."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial

from catalog import NEWEST
from measure import Taken, forget_peak, peak_memory, timed
from muster.query.algebra import atoms
from muster.query.formula import formula
from muster.query.nodes import Leaf, Node
from stand import Stand
from subjects import WholePath
from watch import watched


def measure_sync(stand: Stand, wanted: Sequence[Node]) -> list[int]:
    """Define the products and sync them twice; return how many members each has."""
    _defined(stand, wanted)
    forget_peak()
    first, sizes = _synced(stand, "first")
    again, same = _synced(stand, "again")
    stand.report.add("full sync: peak memory of Muster", peak_memory(), "MB")
    if sizes != same:
        raise SystemExit("two syncs of the same assets disagree")
    _by_kind(stand, wanted)
    single = _singly(stand, wanted, sizes)
    for name, taken in {"first": first, "again": again}.items():
        stand.report.add(f"one scan for each product, to the sync: {name}", single / taken.clock, "times")
    return sizes


def _defined(stand: Stand, wanted: Sequence[Node]) -> None:
    subject = stand.subject
    _, defining = timed(lambda: subject.define(wanted))
    stand.report.took(f"{len(wanted):,} products: defined", defining)
    if isinstance(subject, WholePath):
        stand.report.took(f"{len(wanted):,} products: into the index", timed(subject.project)[1])


def _synced(stand: Stand, name: str) -> tuple[Taken, list[int]]:
    title, before = f"full sync, {name}", stand.asked.so_far()
    with watched(stand.raw.usual, stand.report, title):
        sizes, taken = timed(stand.subject.sync)
    asked = stand.asked.since(before)
    stand.report.took(title, taken)
    stand.report.row(f"{title}, asked", {"requests": asked.requests, "searches": asked.searches})
    return taken, sizes


def _by_kind(stand: Stand, wanted: Sequence[Node]) -> None:
    """Ask for the distinct clauses of each kind by themselves; each time the set of all assets comes along."""
    for kind, leaves in _kinds(wanted).items():
        before = stand.asked.so_far()
        _, taken = timed(partial(stand.engine.postings, leaves, now=NEWEST))
        asked = stand.asked.since(before)
        figures = {"clauses": len(leaves), "s": taken.clock, "requests": asked.requests, "searches": asked.searches}
        stand.report.row(f"clauses of `{kind}`", figures)


def _kinds(wanted: Sequence[Node]) -> Mapping[str, list[Leaf]]:
    found: dict[str, list[Leaf]] = defaultdict(list)
    for leaf in dict.fromkeys(leaf for one in wanted for leaf in atoms(formula(one))):
        found[type(leaf).__name__.lower()].append(leaf)
    return found


def _singly(stand: Stand, wanted: Sequence[Node], sizes: Sequence[int]) -> float:
    """Scan for each product of a sample drawn evenly; return the seconds that all would take."""
    numbers = random.Random(3).sample(range(len(wanted)), min(stand.plan.sample, len(wanted)))
    found, taken = timed(lambda: [len(stand.raw.scanned_well(wanted[number])) for number in numbers])
    if found != [sizes[number] for number in numbers]:
        raise SystemExit("one scan for each product and shared clauses disagree")
    scale = len(wanted) / len(numbers)
    scaled = Taken(taken.clock * scale, taken.processors * scale)
    stand.report.took(f"one scan for each product, scaled from {len(numbers)}", scaled)
    return scaled.clock
