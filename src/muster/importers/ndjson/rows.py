"""One line: an entity as a JSON object, checked, both ways."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import orjson

from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.errors import InvalidInput

PRODUCT = "DataProduct"
"""The one type that is no line: selection, pins and runs of a product do not fit one."""


LIVING = (Status.ACTIVE, Status.DELETED)
"""What a row may say of an entity: what is purged is not told."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a line says: an entity, and whether it is in use."""

    draft: EntityDraft
    status: Status = Status.ACTIVE


def parse(line: bytes) -> Row:
    """Read a line.

    Raises:
        InvalidInput: `path` points into the line, "" meaning the line as a whole.
    """
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"not JSON: {error}", path="") from error
    if not isinstance(value, dict):
        raise InvalidInput(f"must be an object, got {_named(value)}", path="")
    _refuse_unknown(value)
    parts = {key: check(value[key], f"/{key}") for key, check in CHECKS.items() if value.get(key) is not None}
    for key in ("typeName", "qualifiedName"):
        if key not in parts:
            raise InvalidInput(f"`{key}` is missing", path=f"/{key}", hint="every entity needs type and qualified name")
    if parts["typeName"] == PRODUCT:
        hint = "create it with `muster product create`"
        raise InvalidInput("a data product needs a selection, which a line cannot hold", path="/typeName", hint=hint)
    return _row(parts)


def text(row: Row) -> bytes:
    """Write a line, with its line feed; what is empty is left out, and equal rows give equal lines."""
    draft = row.draft
    relationships = {
        name: [{"typeName": key.type_name, "qualifiedName": key.qualified_name} for key in keys]
        for name, keys in draft.relationships.items()
    }
    parts = {
        "typeName": draft.key.type_name,
        "qualifiedName": draft.key.qualified_name,
        "guid": draft.guid,
        "status": row.status.value,
        "attributes": draft.attributes,
        "tags": draft.tags,
        "terms": draft.terms,
        "relationships": relationships,
        "custom": draft.custom,
    }
    told = {key: part for key, part in parts.items() if part}
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def row_of(entity: Entity) -> Row:
    """Return the row of a stored entity, its guid included; ordinal, version, times and authors stay with the record."""
    draft = EntityDraft(
        key=entity.key,
        attributes=entity.attributes,
        tags=entity.tags,
        terms=entity.terms,
        relationships=entity.relationships,
        custom=entity.custom,
        guid=entity.guid,
    )
    return Row(draft, entity.status)


def _row(parts: Mapping[str, Any]) -> Row:
    draft = EntityDraft(
        key=Key(parts["typeName"], parts["qualifiedName"]),
        attributes=parts.get("attributes", {}),
        tags=parts.get("tags", ()),
        terms=parts.get("terms", ()),
        relationships=parts.get("relationships", {}),
        custom=parts.get("custom", {}),
        guid=parts.get("guid"),
    )
    return Row(draft, parts.get("status", Status.ACTIVE))


def _refuse_unknown(value: Mapping[str, Any]) -> None:
    for key in value.keys() - CHECKS.keys():
        close = get_close_matches(key, CHECKS, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"the keys of a line are {', '.join(CHECKS)}"
        raise InvalidInput(f"`{key}` is not a key of a line", path=f"/{_escaped(key)}", hint=hint)


def _text(value: Any, path: str) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise InvalidInput(f"must be text that is not empty, got {_named(value)}", path=path)


def _texts(value: Any, path: str) -> tuple[str, ...]:
    return tuple(_text(item, f"{path}/{place}") for place, item in enumerate(_list(value, path)))


def _list(value: Any, path: str) -> list[Any]:
    if isinstance(value, list):
        return value
    raise InvalidInput(f"must be a list, got {_named(value)}", path=path)


def _object(value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise InvalidInput(f"must be an object, got {_named(value)}", path=path)


def _status(value: Any, path: str) -> Status:
    if value in LIVING:
        return Status(value)
    known = " or ".join(f"`{status.value}`" for status in LIVING)
    raise InvalidInput(f"must be {known}, got {_named(value)}", path=path)


def _relationships(value: Any, path: str) -> dict[str, tuple[Key, ...]]:
    links = {name: (keys, f"{path}/{_escaped(name)}") for name, keys in _object(value, path).items()}
    return {
        name: tuple(_key(key, f"{where}/{place}") for place, key in enumerate(_list(keys, where)))
        for name, (keys, where) in links.items()
    }


def _key(value: Any, path: str) -> Key:
    parts = _object(value, path)
    return Key(*(_text(parts.get(name), f"{path}/{name}") for name in ("typeName", "qualifiedName")))


def _named(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "an object"
        case list():
            return "a list"
        case str():
            return f"`{value[:40]}`"
        case _:
            return f"`{orjson.dumps(value).decode()}`"


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


CHECKS: Mapping[str, Callable[[Any, str], Any]] = {
    "typeName": _text,
    "qualifiedName": _text,
    "guid": _text,
    "status": _status,
    "attributes": _object,
    "tags": _texts,
    "terms": _texts,
    "relationships": _relationships,
    "custom": _object,
}
"""The keys of a line, each with what it may hold; `null` is the same as leaving a key out."""
