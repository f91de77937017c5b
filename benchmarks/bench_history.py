"""Measure what the history of memberships takes: bytes for each generation, time to know an old one, size of a record.

`make bench-history`: one product of 300,000 members among a million assets, a hundredth of which is
exchanged by each run, of ordinals drawn at random and of ordinals that came together; then many products with many runs.
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from pyroaring import BitMap
from sqlalchemy import func, select

from measure import Report, size_on_disk, spread, timed
from muster.catalog.entity import EntityDraft, Key
from muster.catalog.product import Face, Selection
from muster.membership import Cause, Move, Proposal
from muster.packing import packed
from muster.record import SqlRecord, open_record
from muster.record.generation_rows import WHOLE_EVERY
from muster.record.tables import generations, moves

WORLD: Final = 1_000_000
"""Assets of the catalog."""

TOGETHER: Final = 64
"""Ordinals that came together: the columns of a table, the tables of a schema."""

SIZES: Final = (30, 300, 3_000, 30_000)
"""Members of the many products, by turns."""

SAMPLE: Final = 40
"""Old memberships that are asked for."""


def main() -> None:
    """Measure, and write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=3 * WHOLE_EVERY)
    parser.add_argument("--churn", type=float, default=0.01, help="the part of the members that a run exchanges")
    parser.add_argument("--products", type=int, default=100)
    parser.add_argument("--many", type=int, default=200, help="runs of each of these products")
    parser.add_argument("--out", type=Path, default=Path(".bench"), help="folder of the JSON report")
    said = parser.parse_args()
    report = Report()
    for name, drawn in DRAWN.items():
        print(f"{said.members:,} members of {WORLD:,}, {said.churn:.0%} exchanged by each of {said.runs} runs, {name}")
        _one(report, name, drawn(said.members, said.churn, random.Random(7)), said.runs)
    print(f"{said.products:,} products with {said.many:,} runs each")
    _many(report, said.products, said.many, said.churn)
    report.write(said.out / "history.json")


def at_random(members: int, churn: float, drawn: random.Random) -> Iterator[BitMap]:
    """Yield memberships of ordinals drawn from all of them."""
    held = BitMap(drawn.sample(range(WORLD), members))
    while True:
        yield BitMap(held)
        count = max(1, int(members * churn))
        left = BitMap(drawn.sample(list(held), count))
        others = BitMap(drawn.sample(range(WORLD), 2 * count)) - held
        held = (held - left) | others[:count]


def together(members: int, churn: float, drawn: random.Random) -> Iterator[BitMap]:
    """Yield memberships of ordinals that came together and go together."""
    blocks = WORLD // TOGETHER
    for some in at_random_of(blocks, max(1, members // TOGETHER), churn, drawn):
        held = BitMap()
        for block in some:
            held.add_range(block * TOGETHER, (block + 1) * TOGETHER)
        yield held


def at_random_of(world: int, members: int, churn: float, drawn: random.Random) -> Iterator[set[int]]:
    """Yield sets of so many of a small world."""
    held = set(drawn.sample(range(world), members))
    while True:
        yield set(held)
        count = max(1, int(members * churn))
        held -= set(drawn.sample(sorted(held), count))
        held |= set(drawn.sample(sorted(set(range(world)) - held), count))


DRAWN: Mapping[str, Callable[[int, float, random.Random], Iterator[BitMap]]] = {
    "at random": at_random,
    "together": together,
}


def _one(report: Report, name: str, wanted: Iterator[BitMap], runs: int) -> None:
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder, closing(_opened(folder)) as record:
        guid = _product(record, name)
        whole, taken, before = list[int](), list[float](), BitMap()
        for at in range(runs):
            members = next(wanted)
            whole.append(len(packed(members)))
            _, took = timed(partial(_commit, record, {guid: (before, members)}, at))
            taken.append(took.clock)
            before = members
        stored = _stored(record)
        report.row(
            f"{name}: bytes of a generation",
            {
                "whole": sum(whole) / runs,
                "as kept": (stored["members"] + stored["moves"]) / runs,
                "of it moves": stored["moves"] / runs,
            },
        )
        report.add(f"{name}: commit of a run, median", 1000 * median(taken), "ms")
        numbers = random.Random(1).sample(range(1, runs), SAMPLE)
        asked = [timed(partial(record.members_at, guid, number))[1].clock for number in numbers]
        report.row(f"{name}: an old membership", dict(zip(("ms, median", "ms, 90th"), spread(asked), strict=True)))


def _many(report: Report, products: int, runs: int, churn: float) -> None:
    drawn = random.Random(11)
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder, closing(_opened(folder)) as record:
        guids = [_product(record, f"p{number}") for number in range(products)]
        wanted = [at_random(SIZES[number % len(SIZES)], churn, drawn) for number in range(products)]
        empty, held = size_on_disk(Path(folder)), [BitMap() for _ in guids]
        for at in range(runs):
            now = [next(one) for one in wanted]
            _commit(record, dict(zip(guids, zip(held, now, strict=True), strict=True)), at)
            held = now
        _checkpoint(record)
        size = size_on_disk(Path(folder)) - empty
        report.add("record, beside the products", size, "MB")
        report.add("for each run of a product", size * 1e6 / products / runs, "bytes")
        report.add("1,000 runs of 1,000 products at that", size * 1e6 / products / runs, "MB")
        gone, took = timed(lambda: record.trim(dict.fromkeys(guids, runs // 2)))
        report.took(f"letting go of {gone:,} runs", took)


def _opened(folder: str) -> SqlRecord:
    return open_record(f"sqlite:///{Path(folder) / 'record.db'}")


def _product(record: SqlRecord, name: str) -> str:
    selection = Selection("type:Table", Face.SHORTHAND, '{"term":{"__typeName.keyword":"Table"}}', "0" * 64, 1)
    draft = EntityDraft(Key("DataProduct", f"products/{name}"), {"name": name})
    return record.create_product(draft, selection, by="bench", at=0).entity.guid


def _commit(record: SqlRecord, found: Mapping[str, tuple[BitMap, BitMap]], at: int) -> None:
    """Commit a run of each product, from one membership to another."""
    proposals = [
        Proposal(guid, 1, at, at, now, (Move(Cause.ASSET, now - then, then - now),))
        for guid, (then, now) in found.items()
    ]
    record.commit(proposals)


def _stored(record: SqlRecord) -> dict[str, Any]:
    """Return how many bytes of bitmaps there are."""
    members = select(func.sum(func.length(generations.c.members)))
    moved = select(func.sum(func.length(moves.c.joined) + func.length(moves.c.left)))
    with record._database.reading() as connection:  # noqa: SLF001 - nobody else wants to know
        return {"members": connection.scalar(members), "moves": connection.scalar(moved)}


def _checkpoint(record: SqlRecord) -> None:
    """Let what is in the log be in the file."""
    with record._database.engine.connect() as connection:  # noqa: SLF001 - as above
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main()
