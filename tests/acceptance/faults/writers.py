"""Clients that write into a service without end, repeat what got no answer, and know what was acknowledged."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.acceptance.serving import Served

BULK = "/api/meta/entity/bulk/"
ROOT = "default/pg/1/db/s"
CERTIFICATES = ("VERIFIED", "DRAFT", "DEPRECATED")
PATIENCE = 60.0
"""Seconds for which a request is repeated after its writer was told to stop."""
AGAIN = frozenset({409, 503})
"""Statuses that ask a client to come again."""


def table(number: int, version: int) -> dict[str, Any]:
    """Return a table as a client posts it."""
    said = {
        "qualifiedName": f"{ROOT}/t{number:06}",
        "name": f"t{number:06}",
        "description": str(version),
        "certificateStatus": CERTIFICATES[version % len(CERTIFICATES)],
    }
    return {"typeName": "Table", "guid": f"-{number + 1}", "attributes": said}


@dataclass(eq=False)
class Writer(threading.Thread):
    """Writes until it is told to stop; `turn` is held while something is on its way, `wrong` are refusals."""

    service: Served
    first: int
    pause: float = 0.0
    stopped: threading.Event = field(default_factory=threading.Event)
    wrong: list[str] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Be a thread."""
        super().__init__(daemon=True)

    def run(self) -> None:
        """Write one thing after the other."""
        luck = random.Random(self.first)
        while not self.stopped.is_set():
            with self.turn:
                self.write(luck)
            self.stopped.wait(self.pause)

    def end(self) -> None:
        """Tell it to stop, and wait until what was on its way is acknowledged."""
        self.stopped.set()
        self.join(2 * PATIENCE)
        assert not self.is_alive()
        assert not self.wrong, self.wrong[:3]

    def write(self, luck: random.Random) -> None:
        """Write one thing, and take down what was acknowledged."""
        raise NotImplementedError

    def acknowledges(self, method: str, path: str, body: Any) -> bool:
        """Send a request as often as it takes; whether it was done."""
        headers = {"authorization": f"Bearer {self.service.token}", "x-atlan-request-id": str(uuid4())}
        until = None
        while until is None or time.monotonic() < until:
            if self.stopped.is_set():
                until = until or time.monotonic() + PATIENCE
            try:
                answer = httpx.request(method, f"{self.service.url}{path}", json=body, headers=headers, timeout=30)
            except httpx.HTTPError:
                time.sleep(0.02)
                continue
            if answer.is_success:
                return True
            if answer.status_code not in AGAIN:
                break
            time.sleep(0.02)
        self.wrong.append(f"{method} {path} was not acknowledged")
        return False


@dataclass(eq=False)
class Tables(Writer):
    """Posts new tables and changes of old ones; `acknowledged` has the last version of each, by number."""

    acknowledged: dict[int, int] = field(default_factory=dict)

    def write(self, luck: random.Random) -> None:
        """Write a batch."""
        number = self.first + len(self.acknowledged)
        batch = {number + step: 1 for step in range(5)}
        known = luck.sample(sorted(self.acknowledged), min(3, len(self.acknowledged)))
        batch |= {one: self.acknowledged[one] + 1 for one in known}
        if self.acknowledges("POST", BULK, {"entities": [table(*one) for one in batch.items()]}):
            self.acknowledged |= batch


@dataclass(eq=False)
class Edits(Writer):
    """Edits the selection of a product over and over again; `edits` are those that were acknowledged, in their order."""

    product: str = ""
    edits: list[str] = field(default_factory=list)

    def write(self, luck: random.Random) -> None:
        """Have the product ask for something that it did not ask for before."""
        digits = [one for one in "0123456789" if not self.edits or one not in self.edits[-1]]
        selection = f"type:Table name.keyword:*{luck.choice(digits)}"
        if self.acknowledges("PATCH", f"/api/v1/products/{self.product}", {"selection": selection}):
            self.edits.append(selection)


@dataclass(eq=False)
class Decisions(Writer):
    """Pins and excludes tables of another writer; `decided` has the reason of the last decision about each, by number."""

    product: str = ""
    tables: Tables | None = None
    decided: dict[int, tuple[str, str]] = field(default_factory=dict)
    count: int = 0

    def write(self, luck: random.Random) -> None:
        """Decide about a table that is there."""
        assert self.tables is not None
        there = sorted(self.tables.acknowledged.copy())
        if not there:
            return
        self.count += 1
        number, kind, reason = luck.choice(there[:50]), luck.choice(("pins", "exclusions")), f"decision {self.count}"
        body = {"assets": [f"{ROOT}/t{number:06}"], "reason": reason}
        if self.acknowledges("POST", f"/api/v1/dataProducts/{self.product}/{kind}", body):
            self.decided[number] = (kind, reason)
