"""Entities as rows of a few fields, for whoever tells many: no object is made of any."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import orjson
from sqlalchemy import Row

from muster.catalog.document import document
from muster.errors import RecordUnavailable
from muster.record.bodies import unpack

Told: TypeAlias = tuple[Any, ...]
Value: TypeAlias = Callable[[Any, Mapping[str, Any]], Any]
"""Takes the value of a field from a row of `entity_rows.WHOLE` and its body."""

NOTHING: Final[Mapping[str, Any]] = {}

COLUMNS: Final[Mapping[str, int]] = {
    "__ordinal": 0,
    "__guid": 1,
    "__typeName": 2,
    "__state": 4,
    "__timestamp": 6,
    "__createdBy": 7,
    "__modificationTimestamp": 9,
    "__modifiedBy": 10,
}
"""Fields of the index that are columns of a row."""

PARTS: Final[Mapping[str, str]] = {"__traitNames": "tags", "__meanings": "terms"}
"""Fields of the index that are parts of a body."""


def told(rows: Iterable[Row[Any]], fields: Sequence[str]) -> list[Told]:
    """Return guid, type, qualified name, name and status of each entity, and what it has in the fields.

    Raises:
        RecordUnavailable: a row is none that was written here.
    """
    values = [_value(field) for field in fields]
    try:
        return [_told(row, values) for row in rows]
    except (ValueError, TypeError, AttributeError) as error:
        raise RecordUnavailable(f"the record is damaged: {error}", hint="restore it from a backup") from error


def _told(row: Any, values: Sequence[Value]) -> Told:
    body = orjson.loads(row[8])
    qualified_name = body.get("qualifiedName") or row[3]
    name = body.get("attributes", NOTHING).get("name") or qualified_name.rsplit("/", 1)[-1]
    return (row[1], row[2], qualified_name, str(name), row[4], *[value(row, body) for value in values])


def _value(field: str) -> Value:
    """Return what finds a field: what `muster.catalog.document` puts into the document, without making one where it can."""
    if field in COLUMNS:
        column = COLUMNS[field]
        return lambda row, _: row[column]
    if field in PARTS:
        part = PARTS[field]
        return lambda _, body: body.get(part, [])
    if field.startswith("__"):
        return lambda row, _: document(unpack(row)).get(field)
    return lambda _, body: _said(body, field)


def _said(body: Mapping[str, Any], field: str) -> Any:
    found = body.get("attributes", NOTHING).get(field)
    return body.get("custom", NOTHING).get(field) if found is None else found
