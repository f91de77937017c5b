"""Read all members, and first pages, by Muster and by the official client: in turns, and with the same result."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from random import Random
from statistics import median
from typing import Any

from catalog import NEWEST
from measure import spread, timed
from muster.protocols import Page
from muster.query.nodes import Node
from muster.query.sorting import Sort
from muster.query.wire import write
from muster.service.resolve import Live, PageRequest, members, members_page
from selections import of_any_size
from server import ALIAS
from stand import Stand
from subjects import WholePath, product_name

SHARES = (0.003, 0.03, 0.3)
"""What is read whole holds about these parts of all assets: 3,000, 30,000 and 300,000 of a million."""
MUSTER = "engine.members"
PAGES = (20, 100)
"""Members of a first page: what a person looks at, and what the resolver gives unasked."""
ORDERS: Mapping[str, tuple[Sort, ...]] = {"by name": (Sort("name.keyword"),), "unsorted": ()}
READ, PAGE_ROUNDS = 200, 3
"""So many products' first pages are read, each so often and each time in every way."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to read all members: as ordinals or as guids.

    `repeats` is how often a round reads so, `kept` whether the server may give an answer that it has kept.
    """

    read: Callable[[], Iterable[Any]]
    repeats: int = 1
    kept: bool = False


def measure_members(stand: Stand, wanted: Sequence[Node]) -> None:
    """Read selections of some sizes whole, in every way."""
    chosen = list(_sized(stand))
    stand.subject.define([*wanted, *chosen])
    for number, selection in enumerate(chosen, len(wanted)):
        ways = _ways(stand, selection, product_name(number))
        guids = stand.raw.guids(selection)
        _agree(ways, guids)
        _report_members(stand, len(guids), _in_turns(stand, ways))


def _sized(stand: Stand) -> Iterator[Node]:
    counts = [(stand.engine.count(one, now=NEWEST), one) for one in of_any_size()]
    for share in SHARES:
        yield min(counts, key=lambda one: abs(one[0] - share * stand.plan.assets))[1]


def _ways(stand: Stand, selection: Node, name: str) -> Mapping[str, Way]:
    def exported() -> Iterable[Any]:
        return stand.engine.members(selection, now=NEWEST)

    raw, ways = stand.raw, {MUSTER: Way(exported, 5), f"{MUSTER}, kept answer": Way(exported, 5, kept=True)}
    if isinstance(stand.subject, WholePath):
        work = stand.subject.work
        ways |= {
            "resolver, members": Way(lambda: members(work, name, Live())[2], 5),
            "resolver, members as guids": Way(lambda: list(work.record.guids(members(work, name, Live())[2]))),
        }
    return ways | {
        "helpers.scan, best": Way(lambda: raw.scanned_well(selection)),
        "point in time, best": Way(lambda: raw.viewed_well(selection)),
        "point in time": Way(lambda: raw.viewed(selection)),
        "helpers.scan, defaults": Way(lambda: raw.scanned(selection)),
        "pages of 300 by guid, no documents": Way(lambda: raw.paged(selection, documents=False)),
        "pages of 300 by guid": Way(lambda: raw.paged(selection, documents=True)),
    }


def _agree(ways: Mapping[str, Way], guids: Mapping[int, str]) -> None:
    """See that every way tells each member once."""
    for name, way in ways.items():
        found = list(way.read())
        expected = guids.values() if found and isinstance(found[0], str) else guids.keys()
        if len(found) != len(guids) or set(found) != set(expected):
            raise SystemExit(f"{name} gives other members")


def _in_turns(stand: Stand, ways: Mapping[str, Way]) -> Mapping[str, float]:
    """Return the median time of each way in seconds."""
    times: Mapping[str, list[float]] = {name: [] for name in ways}
    for _ in range(stand.plan.rounds):
        for name, way in ways.items():
            times[name] += [_timed(stand, way) for _ in range(way.repeats)]
    return {name: median(taken) for name, taken in times.items()}


def _timed(stand: Stand, way: Way) -> float:
    if not way.kept:
        stand.raw.forget_answers()
    return timed(way.read)[1].clock


def _report_members(stand: Stand, number: int, taken: Mapping[str, float]) -> None:
    for name, seconds in taken.items():
        figures = {"ms": 1000 * seconds, "ids/s": number / seconds, "times as long": seconds / taken[MUSTER]}
        stand.report.row(f"{number:,} members, {name}", figures)


def measure_first_pages(stand: Stand, wanted: Sequence[Node], sizes: Sequence[int]) -> None:
    """Read first pages of products drawn evenly, each way in turn, in an order drawn anew each time."""
    filled = [number for number, size in enumerate(sizes) if size]
    numbers = Random(5).sample(filled, min(READ, len(filled)))
    for size, (order, sort) in product(PAGES, ORDERS.items()):
        ways = _page_ways(stand, wanted, Page(size, sort))
        times: Mapping[str, list[float]] = {name: [] for name in ways}
        for name, number in _drawn(ways, numbers):
            times[name].append(timed(partial(ways[name], number))[1].clock)
        _report_pages(stand, f"page of {size} {order}", times)


def _drawn(ways: Iterable[str], numbers: Sequence[int]) -> Iterator[tuple[str, int]]:
    drawn, ways = Random(5), list(ways)
    for _ in range(PAGE_ROUNDS):
        for number in drawn.sample(numbers, len(numbers)):
            yield from ((name, number) for name in drawn.sample(ways, len(ways)))


RAW = "raw client call"


def _page_ways(stand: Stand, wanted: Sequence[Node], page: Page) -> Mapping[str, Callable[[int], Sequence[Any]]]:
    engine, request = stand.engine, PageRequest(page.size, page.sort)
    ways: dict[str, Callable[[int], Sequence[Any]]] = {
        RAW: lambda number: _raw_page(stand, wanted[number], page),
        f"{RAW}, total to 10,000": lambda number: _raw_page(stand, wanted[number], page, track_total_hits=10_000),
        f"{RAW}, no documents": lambda number: _raw_page(stand, wanted[number], page, _source=False),
        "engine.search": lambda number: engine.search(wanted[number], page, now=NEWEST).hits,
    }
    if isinstance(stand.subject, WholePath):
        work = stand.subject.work
        guids = [one.entity.guid for one in work.record.products()]
        ways["resolver"] = lambda number: members_page(work, guids[number], Live(), request).members
    return ways


def _raw_page(stand: Stand, selection: Node, page: Page, **how: Any) -> list[Any]:
    """Ask as a client does that wants what Muster gives: the documents of a page, and the exact total."""
    body = {"query": write(selection), "size": page.size, "track_total_hits": True, **how}
    if page.sort:
        body["sort"] = [{one.field: "asc"} for one in page.sort]
    hits: list[Any] = stand.raw.usual.search(index=ALIAS, body=body)["hits"]["hits"]
    return hits


def _report_pages(stand: Stand, title: str, times: Mapping[str, Sequence[float]]) -> None:
    usual = spread(times[RAW])
    for name, taken in times.items():
        found = spread(taken)
        figures = dict(zip(("ms median", "ms 90th percentile"), found, strict=True))
        ratios = (own / raw for own, raw in zip(found, usual, strict=True))
        figures |= zip(("times the raw median", "times the raw 90th"), ratios, strict=True)
        stand.report.row(f"{title}, {name}", figures)
