"""Measure a whole membership over HTTP, as NDJSON, CSV and Parquet: seconds, bytes, memory of the service: `make bench-members`.

The product holds every asset of the catalog. What arrives is counted, and held against the record's own guids.
"""

import argparse
import csv
import io
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Final
from urllib.parse import quote

import orjson
import pyarrow.parquet as pq

from measure import Report, timed
from muster.bootstrap import open_workspace
from muster.query.nodes import Term
from muster.settings import Settings
from service import Service, serving
from subjects import WholePath, product_name

FIELDS: Final = "certificateStatus,ownerUsers,__traitNames,description"
CHUNK: Final = 1 << 20
EVERY: Final = 0.02
"""Seconds between two looks at the memory of the service."""
ALL: Final = Term("__state", "ACTIVE")

Reader = Callable[[bytes], list[str]]


def main() -> None:
    """Measure, and write the figures down."""
    said = _arguments()
    report = Report()
    print(f"a membership of {said.members:,} over HTTP, with {FIELDS}")
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as made:
        folder = said.folder or Path(made)
        guids = _loaded(folder, said.members, report)
        with serving(folder, {}) as service:
            for name, read in READERS.items():
                _measure(service, report, name, read, guids)
    report.write(said.out / f"members-{said.members}.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=300_000)
    parser.add_argument("--folder", type=Path, help="a data folder that an earlier run loaded, or shall load")
    parser.add_argument("--out", type=Path, default=Path(".bench"), help="folder of the JSON report")
    return parser.parse_args()


def _loaded(folder: Path, members: int, report: Report) -> list[str]:
    """Load the catalog unless it is there; return the guids of the product's members in order."""
    with open_workspace(Settings(data=folder, user="bench")) as work:
        if not work.record.position():
            subject = WholePath(work)
            _, taken = timed(lambda: subject.load(members))
            subject.define([ALL])
            subject.sync()
            report.took("loaded", taken)
        one = work.record.product(product_name(0))
        generation = work.record.generations([one.entity.guid])[one.entity.guid]
        return list(work.record.guids(generation.members))


def _measure(service: Service, report: Report, name: str, read: Reader, guids: list[str]) -> None:
    """Read a membership once to warm up and once to measure, and hold it to what it has to be."""
    for how in ("first", "again"):
        before = _worked(service)
        with _watched(service) as memory:
            (answer, first), taken = timed(lambda: _fetched(service, name))
        worked = _worked(service) - before
        if read(answer) != guids:
            raise SystemExit(f"{name}: {len(read(answer)):,} rows, not the {len(guids):,} members in order")
        figures = {
            "s": taken.clock,
            "s of processors": worked,
            "s to the first byte": first,
            "MB": len(answer) / 1e6,
            "rows/s of processors": len(guids) / worked,
            "MB more memory at most": memory.most - memory.before,
        }
        report.row(f"{name}, {how}", figures)


def _worked(service: Service) -> float:
    """Return the seconds of processors that the service has taken; Linux only. They say more where others are at work too."""
    told = Path(f"/proc/{service.process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _fetched(service: Service, name: str) -> tuple[bytes, float]:
    """Return a whole membership as it came, and the seconds until it began to come."""
    connection = HTTPConnection("127.0.0.1", service.port, timeout=300)
    began = time.perf_counter()
    path = f"/api/v1/dataProducts/{quote(product_name(0))}/members?format={name}&mode=stored&fields={FIELDS}"
    connection.request("GET", path, headers={"authorization": f"Bearer {service.token}"})
    response = connection.getresponse()
    if response.status != 200:
        raise SystemExit(f"{response.status} {response.read()[:300]!r}")
    parts = [response.read(1)]
    first = time.perf_counter() - began
    parts += _parts(response)
    connection.close()
    return b"".join(parts), first


def _parts(response: HTTPResponse) -> Iterator[bytes]:
    while part := response.read(CHUNK):
        yield part


@dataclass
class _Memory:
    """What the service held before, and at most since, in MB."""

    before: float
    most: float


@contextmanager
def _watched(service: Service) -> Iterator[_Memory]:
    """Look at the memory of the service again and again until the end of the block."""
    over, seen = threading.Event(), _Memory(service.memory(), 0.0)

    def look() -> None:
        while not over.wait(EVERY):
            seen.most = max(seen.most, service.memory())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _of_ndjson(answer: bytes) -> list[str]:
    return [orjson.loads(line)["guid"] for line in answer.splitlines()]


def _of_csv(answer: bytes) -> list[str]:
    return [row["guid"] for row in csv.DictReader(io.StringIO(answer.decode(), newline=""))]


def _of_parquet(answer: bytes) -> list[str]:
    guids: list[str] = pq.read_table(io.BytesIO(answer), columns=["guid"])["guid"].to_pylist()
    return guids


READERS: Final = {"ndjson": _of_ndjson, "csv": _of_csv, "parquet": _of_parquet}


if __name__ == "__main__":
    main()
