"""What the server uses while something is done: its own counters, looked at several times a second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from opensearchpy import OpenSearch

from measure import Report

EVERY = 0.1
"""Seconds between two looks; each costs a server about a millisecond."""
REFRESHED = 1.1
"""Seconds after which what a server tells of its heap and processors is surely told anew."""
MB = 1e6


@dataclass(frozen=True, slots=True)
class Look:
    """One look at all nodes: bytes of heap in use and of the breaker of requests, seconds of processors, collections."""

    heap: int
    breaker: int
    processors: float
    collections: int

    @classmethod
    def at(cls, asked: OpenSearch) -> "Look":
        """Look now."""
        nodes = asked.nodes.stats(metric="jvm,breaker,process")["nodes"].values()
        return cls(
            sum(node["jvm"]["mem"]["heap_used_in_bytes"] for node in nodes),
            sum(node["breakers"]["request"]["estimated_size_in_bytes"] for node in nodes),
            sum(node["process"]["cpu"]["total_in_millis"] for node in nodes) / 1000,
            sum(_collections(node) for node in nodes),
        )


def _collections(node: Any) -> int:
    return sum(one["collection_count"] for one in node["jvm"]["gc"]["collectors"].values())


@contextmanager
def watched(asked: OpenSearch, report: Report, name: str) -> Iterator[None]:
    """Watch the server until the context ends, then take down what it used."""
    told = threading.Event()
    told.wait(REFRESHED)
    looks = [Look.at(asked)]

    def look() -> None:
        while not told.wait(EVERY):
            looks.append(Look.at(asked))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        told.wait(REFRESHED)
        told.set()
        watcher.join()
    _report(looks, report, name)


def _report(looks: list[Look], report: Report, name: str) -> None:
    first, last = looks[0], looks[-1]
    grown = sum(max(0, after.heap - before.heap) for before, after in pairwise(looks))
    used = {
        "s of processors": last.processors - first.processors,
        "MB of heap at most": max(look.heap for look in looks) / MB,
        "MB allocated at least": grown / MB,
        "collections": last.collections - first.collections,
        "MB in the breaker of requests at most": max(look.breaker for look in looks) / MB,
    }
    report.row(f"{name}, the server used", used)


def settle(asked: OpenSearch, alias: str) -> None:
    """Wait until the index merges no more, so that nothing that is measured pays for the loading."""
    idle = threading.Event()
    while asked.indices.stats(index=alias, metric="merge")["_all"]["total"]["merges"]["current"]:
        idle.wait(1)


def index_size(asked: OpenSearch, alias: str) -> float:
    """Return the size of an index on disk, without copies, in MB."""
    asked.indices.flush(index=alias)
    size: int = asked.indices.stats(index=alias, metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
    return size / MB
