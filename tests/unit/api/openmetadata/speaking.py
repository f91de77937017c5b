"""The surface in both forms over one record, and few words for what is said to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from muster.api.openmetadata.voice import BASES, Form
from muster.catalog.entity import Entity, EntityDraft, Key
from muster.service.ingest import ingest
from muster.service.people import id_of
from muster.service.project import project
from tests.unit.api.driven import Driven

Json = Any

_numbers = count(1)


def fresh(name: str) -> str:
    """Return a name that nothing has yet."""
    return f"{name} {next(_numbers)}"


@dataclass(frozen=True, slots=True)
class Speaking:
    """The service, asked in one of the forms."""

    service: Driven
    form: Form

    def ask(self, method: str, path: str, said: Json = None, *, code: int = 200, **how: Any) -> Json:
        """Send a request below the base of the form, hold it to a status, and return what it was answered."""
        return self.answer(method, path, said, code=code, **how).json()

    def answer(self, method: str, path: str, said: Json = None, *, code: int = 200, **how: Any) -> httpx.Response:
        """Send a request, hold it to a status, and return the answer with its headers."""
        body = {} if said is None else {"json": said}
        answer = self.service.ask(method, BASES[self.form] + path, **body, **how)
        assert answer.status_code == code, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def get(self, path: str, *, code: int = 200, **query: Any) -> Json:
        """Read."""
        return self.ask("GET", path, params=query, code=code)

    def domain(self, name: str = "", **said: Json) -> Json:
        """Create a domain."""
        words = {"name": name or fresh("Domain"), "description": "d", "domainType": "Aggregate", **said}
        return self.ask("POST", "/domains", words, code=201)

    def product(self, home: Json, name: str = "", **said: Json) -> Json:
        """Create a product in a domain."""
        words = {"name": name or fresh("Product"), "description": "d", "domains": [home["fullyQualifiedName"]], **said}
        return self.ask("POST", "/dataProducts", words, code=201)

    def patch(self, one: Json, *steps: Json, code: int = 200, **how: Any) -> Json:
        """Change a product by JSON Patch."""
        return self.ask("PATCH", f"/dataProducts/{one['id']}", list(steps), code=code, **how)

    def versions(self, one: Json) -> list[Json]:
        """Return the versions of a product, newest first."""
        return [json.loads(text) for text in self.get(f"/dataProducts/{one['id']}/versions")["versions"]]

    def tables(self, *names: str, **attributes: Any) -> list[Entity]:
        """Import tables that are tagged Gold, have them searchable, and return them."""
        drafts = [
            EntityDraft(Key("Table", f"wh/{name}"), {"name": name, **attributes}, tags=("Gold",)) for name in names
        ]
        ingest(self.service.work, drafts)
        project(self.service.work)
        found = {one.name: one for one in self.service.work.record.find([], [draft.key for draft in drafts])}
        return [found[name] for name in names]


def ref(one: Entity | Json, kind: str = "table") -> Json:
    """Return a reference to an entity."""
    return {"id": one.guid if isinstance(one, Entity) else one["id"], "type": kind}


def user(name: str) -> Json:
    """Return a reference to a user."""
    return {"id": id_of("user", name), "type": "user"}


def team(name: str) -> Json:
    """Return a reference to a team."""
    return {"id": id_of("team", name), "type": "team"}


def add(path: str, value: Json) -> Json:
    """Return a step of a patch that adds."""
    return {"op": "add", "path": path, "value": value}


def remove(path: str) -> Json:
    """Return a step of a patch that removes."""
    return {"op": "remove", "path": path}
