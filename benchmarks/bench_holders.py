"""Measure which products hold an asset, over HTTP: `python benchmarks/bench_holders.py --products 10000`.

Every selection is asked of one asset after the other; each answer is held against the stored memberships. The first
answer of a process is told by itself: selections are read and taken apart once.
"""

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any

import orjson

from measure import Report, spread, timed
from muster.query.nodes import Bool, Fuzzy, Match, Node, Regexp, Wildcard
from selections import ACTIVE, selections
from service import Service, serving
from subjects import WholePath, whole_path

ASKED = 100
"""Assets that are asked about."""


def main() -> None:
    """Measure, and write the figures down."""
    said = _arguments()
    report = Report()
    print(f"the products of an asset: {said.products:,} products, {said.assets:,} assets")
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        folder = Path(name)
        with whole_path(folder, None) as subject:
            guids, stored = _made(subject, said.assets, _wanted(said.products, said.assets, said.dear))
        with serving(folder, {}) as service:
            _measure(service, guids, stored, report)
    report.write(said.out / f"holders-{said.products}.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=20_000)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--dear", type=float, default=0.0, help="share of the products with patterns and fuzzy terms")
    parser.add_argument("--out", type=Path, default=Path(".bench"), help="folder of the JSON report")
    return parser.parse_args()


def _wanted(products: int, assets: int, share: float) -> list[Node]:
    dear = int(products * share)
    return [*selections(products - dear, assets), *map(_dear, range(dear))]


def _dear(number: int) -> Node:
    """Return a selection with a clause of its own that takes the longest to ask."""
    clauses: Sequence[Node] = (
        Regexp("name.keyword", f".*{number}[a-f]+(x|y)?.*"),
        Wildcard("qualifiedName", f"*schema{number}*orders*"),
        Match("description", f"orders of customer {number}"),
        Fuzzy("name", f"order{number}"),
    )
    return Bool(filter=(ACTIVE, clauses[number % len(clauses)]))


def _made(subject: WholePath, assets: int, wanted: Sequence[Node]) -> tuple[list[str], list[set[str]]]:
    """Load and sync; return the assets to ask about by guid, and which products have each stored."""
    subject.load(assets)
    subject.define(wanted)
    subject.sync()
    record = subject.work.record
    chosen = record.entities(sorted(Random(5).sample(range(1, assets + 1), ASKED)))
    stored: list[set[str]] = [set() for _ in chosen]
    for product in record.products():
        members = record.generations([product.entity.guid])[product.entity.guid].members
        for asset, holders in zip(chosen, stored, strict=True):
            if asset.ordinal in members:
                holders.add(product.entity.guid)
    return [one.guid for one in chosen], stored


def _measure(service: Service, guids: Sequence[str], stored: Sequence[set[str]], report: Report) -> None:
    times, sizes = [], []
    for number, (guid, expected) in enumerate(zip(guids, stored, strict=True)):
        answer, taken = timed(partial(_asked, service, guid))
        if {one["product"]["guid"] for one in answer["data"]} != expected:
            raise SystemExit(f"what is answered of {guid} is not what is stored")
        sizes.append(answer["total"])
        if number:
            times.append(taken.clock)
        else:
            report.add("first answer of the process", taken.clock, "s")
    median, ninetieth = spread(times)
    report.add("products of an asset: median", median, "ms")
    report.add("products of an asset: 90th percentile", ninetieth, "ms")
    report.add("products that hold an asset, at most", max(sizes))
    report.add("memory of the service", service.memory(), "MB")


def _asked(service: Service, guid: str) -> Any:
    with closing(HTTPConnection("127.0.0.1", service.port, timeout=120)) as connection:
        path = f"/api/v1/assets/{guid}/dataProducts?limit=1000"
        connection.request("GET", path, headers={"Authorization": f"Bearer {service.token}"})
        return orjson.loads(connection.getresponse().read())


if __name__ == "__main__":
    main()
