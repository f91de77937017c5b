"""Muster's own resources, asked in few words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.product import Product
from muster.catalog.token import Role
from muster.membership import Run
from muster.service import define
from muster.service.define import Details, Written
from muster.service.ingest import ingest
from muster.service.sync import sync
from muster.service.tokens import create_token
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock
from tests.unit.api.driven import Driven

Json = Any

BASE = "/api/v1"
_numbers = count(1)


def fresh(name: str) -> str:
    """Return a name that nothing has yet."""
    return f"{name}{next(_numbers)}"


@dataclass(frozen=True, slots=True)
class Asking:
    """A service, and its clock."""

    service: Driven
    clock: SetClock

    @property
    def work(self) -> Workspace:
        """The workspace behind it, where `ada` signs."""
        return self.service.work

    def ask(self, method: str, path: str, said: Json = None, *, code: int = 200, **how: Any) -> Json:
        """Send a request below the base, hold it to a status, and return what it was answered."""
        body = {} if said is None else {"json": said}
        answer = self.sent(method, path, **body, **how)
        assert answer.status_code == code, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def get(self, path: str, **how: Any) -> Json:
        """Read."""
        return self.ask("GET", path, **how)

    def sent(self, method: str, path: str, *, role: Role | None = Role.ADMIN, **how: Any) -> httpx.Response:
        """Send a request below the base."""
        return self.service.ask(method, f"{BASE}{path}", role=role, **how)

    def bound(self, *domains: str) -> dict[str, str]:
        """Return the headers of an editor who is bound to domains, by their qualified names."""
        secret = create_token(self.work, fresh("bound"), Role.EDITOR, domains=domains)
        return {"Authorization": f"Bearer {secret}"}

    def tables(self, scope: str, names: Iterable[str], **attributes: Any) -> None:
        """Import tables below a scope: all that there shall be."""
        drafts = [EntityDraft(Key("Table", f"{scope}/{name}"), {"name": name, **attributes}) for name in names]
        ingest(self.work, drafts, scopes=[scope], force=True)

    def product(self, selection: str = "type:Table", domain: str = "Home") -> Product:
        """Define a product."""
        return define.create(self.work, fresh("P"), Written(selection), Details(), domain_name=domain).product

    def sync(self, product: Product, *, force: bool = False) -> Run:
        """Sync a product."""
        (one,) = sync(self.work, [product.entity.guid], force=force)
        return one.run
