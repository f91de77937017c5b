"""Times and assets as JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from muster.catalog.entity import Entity
from muster.service.rows import value


def time(milliseconds: int) -> str:
    """Return a time as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def entity(one: Entity, attributes: Sequence[str] = ()) -> dict[str, Any]:
    """Return an asset's header and what was asked for that it has: attributes, and fields of the index (`__traitNames`)."""
    view: dict[str, Any] = {
        "guid": one.guid,
        "typeName": one.key.type_name,
        "qualifiedName": one.key.qualified_name,
        "name": one.name,
        "status": one.status.value,
    }
    if attributes:
        told = ((name, value(one, name)) for name in attributes)
        view["attributes"] = {name: found for name, found in told if found is not None}
    return view
