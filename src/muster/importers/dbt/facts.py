"""What people say of a resource in dbt: owners, certificate, meta."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from muster.importers.dbt.artifacts import Raw
from muster.importers.dbt.node import Node

_CERTIFICATES = ("VERIFIED", "DRAFT", "DEPRECATED")
_CERTIFICATE_KEYS = ("certificate", "certificate_status", "certificateStatus", "status")
_OWNER_KEYS = ("owner", "owners", "ownerUsers")


def stated(**attributes: Any) -> dict[str, Any]:
    """Return the attributes that say something: neither None nor empty."""
    return {name: value for name, value in attributes.items() if value is not None and value not in ("", [], {}, ())}


def people(node: Node, groups: Mapping[str, Raw]) -> dict[str, Any]:
    """Return `ownerUsers` and `ownerGroups`.

    Users are those that `meta` names; else an exposure's own owner; else the owner of the group. The group's name is the
    owning group.
    """
    group = groups.get(node.group or "", {})
    named = owners(node.meta) or _contact(node.raw.get("owner")) or _contact(group.get("owner"))
    return stated(ownerUsers=named, ownerGroups=[node.group] if node.group else None)


def owners(meta: Mapping[str, Any]) -> list[str]:
    """Return the owners that `meta` names under `owner` or `owners`, each once, in the order given."""
    found = (owner for key in _OWNER_KEYS for owner in _contacts(meta.get(key)))
    return list(dict.fromkeys(found))


def certificate(meta: Mapping[str, Any]) -> str | None:
    """Return the certificate that `meta` names under `certificate` or `status`; other words there mean nothing."""
    words = (str(meta[key]).strip().upper() for key in _CERTIFICATE_KEYS if key in meta)
    return next((word for word in words if word in _CERTIFICATES), None)


def json_text(value: Any) -> str | None:
    """Return JSON text with sorted keys, None for what is empty."""
    if not value:
        return None
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()


def _contacts(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        yield from _contact(one)


def _contact(value: Any) -> list[str]:
    match value:
        case str() if value.strip():
            return [value.strip()]
        case {"email": str() as email} if email:
            return [email]
        case {"name": str() as name} if name:
            return [name]
        case _:
            return []
