"""A service that is killed under writes keeps every write that it acknowledged, once, and finds it after its next start."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.acceptance.faults.writers import Tables
from tests.acceptance.serving import Served, served

KILLS = int(os.environ.get("MUSTER_SERVICE_KILLS", "5"))
SEED = int(os.environ.get("MUSTER_SEED", "1"))
WRITERS = 3
SEARCH = "/api/meta/search/indexsearch"
PAGE = 10_000


def found(service: Served) -> list[tuple[str, str]]:
    """Return name and description of every table that a search finds."""
    dsl = {"size": PAGE, "query": {"term": {"__typeName.keyword": "Table"}}, "sort": [{"__guid": "asc"}]}
    tables: list[tuple[str, str]] = []
    with service.client() as client:
        while True:
            body = {"dsl": dsl | {"from": len(tables)}, "attributes": ["name", "description"]}
            page = client.post(SEARCH, json=body).raise_for_status().json().get("entities", [])
            tables += [(one["attributes"]["name"], one["attributes"]["description"]) for one in page]
            if not page:
                return tables


def assert_kept(service: Served, writers: Sequence[Tables]) -> None:
    """Hold what is found to what was acknowledged, while nobody writes."""
    with ExitStack() as stack:
        for one in writers:
            stack.enter_context(one.turn)
        there = found(service)
    assert not [name for name, times in Counter(name for name, _ in there).items() if times > 1]
    versions = {name: int(version) for name, version in there}
    promised = {f"t{number:06}": version for one in writers for number, version in one.acknowledged.items()}
    assert not {name: version for name, version in promised.items() if versions.get(name, 0) < version}


@pytest.mark.timeout(1800)
def test_killed_under_writes_a_service_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    """After every kill all that was answered is there and searchable at once, nothing of it twice, nothing set back."""
    luck = random.Random(SEED)
    print(f"{KILLS} kills, MUSTER_SEED={SEED}")
    with served(tmp_path / "data") as service:
        writers = [Tables(service, first) for first in range(0, WRITERS * 100_000, 100_000)]
        for one in writers:
            one.start()
        for _ in range(KILLS):
            time.sleep(luck.uniform(0.05, 1.5))
            service.kill()
            service.start()
            assert_kept(service, writers)
        for one in writers:
            one.end()
        print(f"{sum(len(one.acknowledged) for one in writers):,} tables were acknowledged")
        assert all(one.acknowledged for one in writers)
        assert service.stop() == 0
