"""Hooks and deliveries as rows."""

from typing import Any, assert_never

import orjson
from sqlalchemy import Row

from muster.hook import Delivery, Everything, Former, Hook, OfDomain, OfProduct, Scope, Status
from muster.membership import EventKind


def hook_of(row: Row[Any]) -> Hook:
    """Read a hook."""
    return Hook(
        guid=row.guid,
        url=row.url,
        secret=row.secret,
        scope=_scope(row.scope, row.about),
        kinds=frozenset(map(EventKind, orjson.loads(row.kinds))),
        description=row.description,
        position=row.position,
        created_at=row.created_at,
        created_by=row.created_by,
        epoch=row.epoch,
        paused=row.paused,
        former=None if row.former is None else Former(row.former, row.former_until),
    )


def values(hook: Hook) -> dict[str, Any]:
    """Return all columns of a hook."""
    kept = {
        "guid": hook.guid,
        "position": hook.position,
        "created_at": hook.created_at,
        "created_by": hook.created_by,
    }
    return kept | secrets_of(hook) | changeable(hook)


def secrets_of(hook: Hook) -> dict[str, Any]:
    """Return the columns of what signs."""
    former = hook.former
    return {
        "secret": hook.secret,
        "former": None if former is None else former.secret,
        "former_until": None if former is None else former.until,
    }


def changeable(hook: Hook) -> dict[str, Any]:
    """Return the columns of a hook that people change."""
    scope, about = _said(hook.scope)
    return {
        "url": hook.url,
        "scope": scope,
        "about": about,
        "kinds": orjson.dumps(sorted(kind.value for kind in hook.kinds)).decode(),
        "description": hook.description,
        "epoch": hook.epoch,
        "paused": hook.paused,
    }


def delivery_of(row: Row[Any]) -> Delivery:
    """Read a delivery."""
    return Delivery(
        hook=row.hook,
        number=row.number,
        status=Status(row.status),
        tries=row.tries,
        at=row.at,
        due=row.due,
        code=row.code,
        said=row.said,
    )


def values_of(delivery: Delivery) -> dict[str, Any]:
    """Return all columns of a delivery."""
    return {
        "hook": delivery.hook,
        "number": delivery.number,
        "status": delivery.status.value,
        "tries": delivery.tries,
        "at": delivery.at,
        "due": delivery.due,
        "code": delivery.code,
        "said": delivery.said,
    }


def _scope(scope: str, about: str) -> Scope:
    match scope:
        case "domain":
            return OfDomain(about)
        case "product":
            return OfProduct(about)
        case _:
            return Everything()


def _said(scope: Scope) -> tuple[str, str]:
    match scope:
        case Everything():
            return "all", ""
        case OfDomain(guid):
            return "domain", guid
        case OfProduct(guid):
            return "product", guid
        case _:
            assert_never(scope)
