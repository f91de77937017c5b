"""What an entity says, as the text that the record keeps: canonical JSON, so that equal contents have equal digests."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.errors import InvalidInput, LimitExceeded, RecordUnavailable

KEY_BYTES = 2600
"""What type and qualified name may take together in UTF-8: an index row of PostgreSQL holds 2,704 bytes."""

NAME_BYTES = 100
"""What the name of a relationship may take in UTF-8."""

PURGED_PREFIX = "purged:"
"""What the stored qualified name of a PURGED entity begins with, and no other's: its own is free for others."""

COLUMNS = 11
"""How many columns `unpack` reads."""

TEXT = 8
"""Which of them is the text."""

STATUSES = {status.value: status for status in Status}

OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a draft, and the SHA-256 of it."""

    draft: EntityDraft
    text: str
    digest: bytes


def pack(draft: EntityDraft) -> Body:
    """Write a draft down; what is empty takes no room.

    Raises:
        InvalidInput: an attribute that JSON cannot express, or a key that is kept for PURGED entities.
        LimitExceeded: a key or the name of a relationship too long to be indexed.
    """
    return _pack(draft, {})


def pack_last(draft: EntityDraft) -> Body:
    """Write down the last words of an entity to be PURGED, its qualified name among them: the row will not have it."""
    return _pack(draft, {"qualifiedName": draft.key.qualified_name})


def possible(type_name: str, qualified_name: str) -> bool:
    """Whether an entity could have this key."""
    key = type_name + qualified_name
    return len(key.encode()) <= KEY_BYTES and "\0" not in key and not qualified_name.startswith(PURGED_PREFIX)


def _pack(draft: EntityDraft, more: Mapping[str, str]) -> Body:
    _check(draft)
    parts = {
        **more,
        "attributes": draft.attributes,
        "tags": draft.tags,
        "terms": draft.terms,
        "relationships": {
            name: [(key.type_name, key.qualified_name) for key in keys] for name, keys in draft.relationships.items()
        },
        "custom": draft.custom,
        "attachments": draft.attachments,
    }
    try:
        text = orjson.dumps({name: part for name, part in parts.items() if part}, plain, OPTIONS)
    except TypeError as error:
        raise InvalidInput(f"`{draft.key.qualified_name}` cannot be written as JSON: {error}") from error
    return Body(draft, text.decode(), hashlib.sha256(text).digest())


def unpack(row: Row[Any]) -> Entity:
    """Read an entity from a row that begins with the columns of `entity_rows.WHOLE`.

    Raises:
        RecordUnavailable: the row is none that was written here.
    """
    try:
        return _read(*row[:COLUMNS])
    except (ValueError, TypeError, AttributeError) as error:
        raise RecordUnavailable(f"the record is damaged: {error}", hint="restore it from a backup") from error


def _read(  # noqa: PLR0913, PLR0917 - the columns of a row, which by name take twice as long
    ordinal: int,
    guid: str,
    type_name: str,
    qualified_name: str,
    status: str,
    version: int,
    created_at: int,
    created_by: str,
    text: str,
    updated_at: int,
    updated_by: str,
) -> Entity:
    body = orjson.loads(text)
    get = body.get
    return Entity(
        ordinal,
        guid,
        Key(type_name, get("qualifiedName", qualified_name)),
        STATUSES.get(status) or Status(status),
        get("attributes", {}),
        tuple(get("tags", ())),
        tuple(get("terms", ())),
        {name: tuple([Key(*key) for key in keys]) for name, keys in get("relationships", {}).items()},
        get("custom", {}),
        version,
        created_at,
        updated_at,
        created_by,
        updated_by,
        get("attachments", {}),
    )


def plain(value: Any) -> Any:
    """Write any mapping like a dictionary; what `orjson` asks for a value that it does not know."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} is no JSON value")


def _check(draft: EntityDraft) -> None:
    """Refuse keys that one of the databases would refuse."""
    key, texts = draft.key, (draft.key.type_name, draft.key.qualified_name, draft.guid or "")
    if any("\0" in text for text in texts):
        raise InvalidInput(f"the key of `{key.qualified_name!r}` has a NUL in it")
    try:
        size = max(len((key.type_name + key.qualified_name).encode()), len(texts[2].encode()))
    except UnicodeEncodeError as error:
        raise InvalidInput(f"the key `{key.qualified_name!r}` is not Unicode") from error
    if size > KEY_BYTES:
        raise LimitExceeded(
            f"a qualified name of {size:,} bytes: `{key.qualified_name[:60]}...`",
            hint=f"type and qualified name may have {KEY_BYTES:,} bytes together",
        )
    if key.qualified_name.startswith(PURGED_PREFIX):
        raise InvalidInput(f"a qualified name cannot begin with `{PURGED_PREFIX}`", hint="choose another one")
    for name in draft.relationships:
        _check_relationship(name)


def _check_relationship(name: str) -> None:
    if "\0" in name:
        raise InvalidInput(f"the relationship `{name!r}` has a NUL in it")
    if len(name.encode(errors="replace")) > NAME_BYTES:
        raise LimitExceeded(
            f"the relationship `{name[:20]}...` has too long a name", hint=f"it may have {NAME_BYTES} bytes"
        )
