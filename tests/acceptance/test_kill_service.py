"""A service that is killed under writes keeps every write that it acknowledged, once, and finds it after its next start."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.acceptance.serving import Served, served

KILLS = int(os.environ.get("MUSTER_SERVICE_KILLS", "5"))
SEED = int(os.environ.get("MUSTER_SEED", "1"))
WRITERS = 3
BULK = "/api/meta/entity/bulk/"
SEARCH = "/api/meta/search/indexsearch"
PAGE = 10_000


def table(number: int, version: int) -> dict[str, Any]:
    """Return a table as a client posts it."""
    said = {"qualifiedName": f"default/pg/1/db/s/t{number:06}", "name": f"t{number:06}", "description": str(version)}
    return {"typeName": "Table", "guid": f"-{number + 1}", "attributes": said}


@dataclass(eq=False)
class Writer(threading.Thread):
    """Posts new tables and changes of old ones until it is told to stop; repeats what got no answer, as clients do."""

    service: Served
    first: int
    acknowledged: dict[int, int] = field(default_factory=dict)
    """Table by number -> the version that an answer has confirmed."""
    stopped: threading.Event = field(default_factory=threading.Event)
    wrong: list[str] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)
    """Held while a batch is on its way."""

    def __post_init__(self) -> None:
        """Be a thread."""
        super().__init__(daemon=True)

    def run(self) -> None:
        """Write batch by batch."""
        luck, number = random.Random(self.first), self.first
        while not self.stopped.is_set():
            batch = {number + step: 1 for step in range(5)}
            number += 5
            known = luck.sample(sorted(self.acknowledged), min(3, len(self.acknowledged)))
            batch |= {one: self.acknowledged[one] + 1 for one in known}
            with self.turn:
                if self._posted(batch):
                    self.acknowledged |= batch

    def _posted(self, batch: dict[int, int]) -> bool:
        body = {"entities": [table(*one) for one in batch.items()]}
        headers = {"authorization": f"Bearer {self.service.token}", "x-atlan-request-id": str(uuid4())}
        while not self.stopped.is_set():
            try:
                answer = httpx.post(f"{self.service.url}{BULK}", json=body, headers=headers, timeout=30)
            except httpx.HTTPError:
                time.sleep(0.02)
                continue
            if answer.status_code != httpx.codes.OK:
                self.wrong.append(f"{answer.status_code} {answer.text[:300]}")
            return answer.status_code == httpx.codes.OK
        return False


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


def assert_kept(service: Served, writers: Sequence[Writer]) -> None:
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
        writers = [Writer(service, first) for first in range(0, WRITERS * 100_000, 100_000)]
        for one in writers:
            one.start()
        for _ in range(KILLS):
            time.sleep(luck.uniform(0.05, 1.5))
            service.kill()
            service.start()
            assert_kept(service, writers)
        for one in writers:
            one.stopped.set()
            one.join(60)
        print(f"{sum(len(one.acknowledged) for one in writers):,} tables were acknowledged")
        assert all(one.acknowledged for one in writers)
        assert not [wrong for one in writers for wrong in one.wrong]
        assert service.stop() == 0
