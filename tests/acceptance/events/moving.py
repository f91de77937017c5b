"""A served catalog with products whose members tests move, run by run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from tests.acceptance.serving import Served, served

Json = Any

BASE = "/api/v1"
QUICK = {
    "MUSTER_HOOKS_ALLOW_PRIVATE": "true",
    "MUSTER_HOOKS_WAIT": "0.2",
    "MUSTER_HOOKS_TIMEOUT": "1",
    "MUSTER_SERVE_KEEPING": "false",
}
"""Settings with which webhooks lead to this machine and are tried again soon, and only tests sync."""
SCOPE = "default/snowflake/1/shop"
_numbers = count(1)


@dataclass
class Moving:
    """A service, asked as an admin; `runs` are the numbers of those that moved members, in their order."""

    one: Served
    http: httpx.Client
    runs: list[int] = field(default_factory=list)

    def ask(self, method: str, path: str, said: Json = None, *, code: int = 200, **how: Any) -> Json:
        """Send a request below the base, hold it to a status, and return what it was answered."""
        body = {} if said is None else {"json": said}
        answer = self.http.request(method, f"{BASE}{path}", **body, **how)
        assert answer.status_code == code, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def product(self, name: str) -> str:
        """Define a product of the tables of its own schema, and return its guid."""
        home = {"name": "Home", "description": "d", "domainType": "Aggregate"}
        assert self.http.put(f"{BASE}/domains", json=home).is_success
        selection = f"type:Table qualifiedName:{SCOPE}/{name}/*"
        said = {"name": name, "description": "d", "domains": ["Home"], "extension": {"selection": selection}}
        return str(self.ask("PUT", "/dataProducts", said, code=201)["id"])

    def move(self, name: str) -> int:
        """Let a product have another member, and return the number of the run."""
        table = f"t{next(_numbers):06}"
        attributes = {"name": table, "qualifiedName": f"{SCOPE}/{name}/{table}"}
        body = {"entities": [{"typeName": "Table", "guid": "-1", "attributes": attributes}]}
        assert self.http.post("/api/meta/entity/bulk", json=body).is_success
        run = self.ask("POST", f"/dataProducts/Home.{name}/sync")["run"]
        assert (run["outcome"], run["joined"]) == ("applied", 1)
        self.runs.append(run["run"])
        return int(run["run"])

    def hook(self, url: str, **said: Json) -> Json:
        """Have a receiver told, and return the webhook with its secret."""
        return self.ask("POST", "/webhooks", {"url": url, **said}, code=201)

    def events(self, **query: Json) -> list[Json]:
        """Return all events."""
        found: list[Json] = self.ask("GET", "/events", params={"limit": 1000, **query})["data"]
        return found


@contextmanager
def moving(data: Path, settings: Mapping[str, str] | None = None) -> Iterator[Moving]:
    """Serve an empty folder until the end of the block."""
    with served(data, QUICK | dict(settings or {})) as one, one.client() as http:
        yield Moving(one, http)
