"""Measure the service: first pages of products as Atlan's clients ask for them, beside the raw query: `make bench-http`.

On OpenSearch the raw query is the same request to the server itself, with the documents that it wants, by the same
clients. The embedded engine has no raw request: there it is the engine's own search, in this process.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import orjson

from catalog import NEWEST
from load import Load, Target, answer, load
from measure import Report, timed
from muster.bootstrap import open_workspace
from muster.protocols import Engine, Page
from muster.query.dsl import write_dsl
from muster.query.nodes import Node
from muster.query.sorting import Sort
from muster.query.wire import write
from muster.settings import Settings
from selections import selections
from server import ALIAS
from server import serving as server_running
from service import Service, serving
from subjects import WholePath

SIZE = 300
"""Assets a page: what pyatlan asks for."""
BY_GUID = [{"__guid": {"order": "asc"}}]
LEVELS = (1, 8, 32)
"""Clients at once."""
RAW = "raw query"
ONE = "1 client"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured, over how much; times in seconds."""

    assets: int
    products: int
    seconds: float
    soak: float
    workers: int


def main() -> None:
    """Measure one engine, and write the figures down."""
    said = _arguments()
    plan = Plan(said.assets, said.products, said.seconds, said.soak * 60, said.workers)
    report = Report()
    print(f"first pages over HTTP, {said.engine}, {plan.assets:,} assets")
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder, _engine(said.engine) as url:
        _measure(plan, report, Path(folder), url)
    report.write(said.out / f"http-{said.engine}-{plan.assets}.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("embedded", "opensearch"), default="embedded")
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--products", type=int, default=200, help="products whose first pages are read")
    parser.add_argument("--seconds", type=float, default=15, help="how long each number of clients asks")
    parser.add_argument("--soak", type=float, default=0, help="minutes of 8 clients, over which memory is watched")
    parser.add_argument("--workers", type=int, default=1, help="processes of the service; several on OpenSearch only")
    parser.add_argument("--out", type=Path, default=Path(".bench"), help="folder of the JSON report")
    return parser.parse_args()


@contextmanager
def _engine(name: str) -> Iterator[str]:
    if name == "embedded":
        yield ""
        return
    with server_running() as url:
        yield url


def _measure(plan: Plan, report: Report, folder: Path, url: str) -> None:
    wanted = _loaded(plan, report, folder, url)
    settings = {"MUSTER_ENGINE_URL": url} if url else {}
    raw = {} if url else _raw_embedded(plan, report, folder, wanted)
    with serving(folder, settings, workers=plan.workers) as service:
        ours = _target(service, wanted)
        if url:
            theirs = _raw_target(url, wanted)
            _agree(ours, theirs)
            raw = {clients: _level(plan, report, RAW, theirs, clients) for clients in LEVELS}
        for clients in LEVELS:
            _compared(report, _level(plan, report, "service", ours, clients), raw[clients], clients)
        if plan.soak:
            _soak(plan, report, service, ours)


def _loaded(plan: Plan, report: Report, folder: Path, url: str) -> Sequence[Node]:
    """Load the catalog; return selections that hold something, some of a page and some of many."""
    with open_workspace(Settings(data=folder, engine_url=url or None, user="bench")) as work:
        subject = WholePath(work)
        _, taken = timed(lambda: subject.load(plan.assets))
        report.took("loaded", taken)
        drawn = selections(20 * plan.products, plan.assets)
        filled = (one for one in drawn if work.engine.count(one, now=NEWEST) >= 10)
        return list(islice(filled, plan.products))


def _raw_embedded(plan: Plan, report: Report, folder: Path, wanted: Sequence[Node]) -> dict[int, Load]:
    with open_workspace(Settings(data=folder, user="bench")) as work:
        taken = _searched(work.engine, wanted, plan.seconds)
    report.row(f"{RAW}, {ONE}", taken.figures())
    return dict.fromkeys(LEVELS, taken)


def _searched(engine: Engine, wanted: Sequence[Node], seconds: float) -> Load:
    page, times, began = Page(SIZE, (Sort("__guid"),)), list[float](), time.perf_counter()
    drawn = Random(5)
    while time.perf_counter() - began < seconds:
        search = partial(engine.search, drawn.choice(wanted), page, now=NEWEST)
        times.append(timed(search)[1].clock)
    return Load(times, time.perf_counter() - began)


def _target(service: Service, wanted: Sequence[Node]) -> Target:
    headers = {"authorization": f"Bearer {service.token}", "content-type": "application/json"}
    bodies = [orjson.dumps(_request(one)) for one in wanted]
    return Target("127.0.0.1", service.port, "/api/meta/search/indexsearch", bodies, headers)


def _request(selection: Node) -> dict[str, object]:
    """Return what pyatlan posts for the assets of a product."""
    stored = orjson.loads(write_dsl(selection))["query"]
    paging = {"size": SIZE, "aggregations": {}, "track_total_hits": True, "sort": BY_GUID}
    return {**stored, "dsl": {**stored["dsl"], **paging}, "relationAttributes": []}


def _raw_target(url: str, wanted: Sequence[Node]) -> Target:
    place = urlsplit(url)
    bodies = [orjson.dumps(_raw_request(one)) for one in wanted]
    path = f"/{ALIAS}/_search?request_cache=false"
    return Target(str(place.hostname), int(place.port or 9200), path, bodies, {"content-type": "application/json"})


def _raw_request(selection: Node) -> dict[str, object]:
    attributes = list(dict.fromkeys(orjson.loads(write_dsl(selection))["query"]["attributes"]))
    header = [
        "__guid",
        "__typeName",
        "__state",
        "__createdBy",
        "__modifiedBy",
        "__timestamp",
        "__modificationTimestamp",
    ]
    return {
        "query": write(selection),
        "size": SIZE,
        "sort": BY_GUID,
        "track_total_hits": True,
        "_source": [*attributes, *header],
    }


def _agree(ours: Target, theirs: Target) -> None:
    """See that both give the same assets in the same order."""
    for number in range(len(ours.bodies)):
        answers = [orjson.loads(_answer(target, number)) for target in (ours, theirs)]
        guids = [one["guid"] for one in answers[0].get("entities", ())]
        if guids != [one["_source"]["__guid"] for one in answers[1]["hits"]["hits"]]:
            raise SystemExit(f"product {number} has other assets over HTTP than on the server")


def _answer(target: Target, number: int) -> bytes:
    with closing(HTTPConnection(target.host, target.port, timeout=60)) as connection:
        return answer(connection, target, number)


def _level(plan: Plan, report: Report, name: str, target: Target, clients: int) -> Load:
    load(target, clients, min(3.0, plan.seconds))
    taken = load(target, clients, plan.seconds)
    report.row(f"{name}, {clients} client{'s' if clients > 1 else ''}", taken.figures())
    return taken


def _compared(report: Report, ours: Load, raw: Load, clients: int) -> None:
    mine, theirs = ours.figures(), raw.figures()
    report.row(
        f"service to {RAW}, {clients} client{'s' if clients > 1 else ''}",
        {f"times the {name}": mine[name] / theirs[name] for name in mine},
    )


def _soak(plan: Plan, report: Report, service: Service, target: Target) -> None:
    """Ask for long, and say what the service holds as time goes by."""
    rounds: Callable[[float], str] = "memory after {:.0%} of the soak".format
    for step in range(11):
        report.add(rounds(step / 10), service.memory(), "MB")
        if step < 10:
            load(target, 8, plan.soak / 10)


if __name__ == "__main__":
    main()
