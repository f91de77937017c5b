"""Typedefs: tags, custom metadata and enums, kept by internal name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Row, delete, insert, select

from muster.catalog.typedef import Category, Typedef, TypedefDraft
from muster.errors import Conflict, InvalidInput, LimitExceeded, NotFound
from muster.protocols import Typedefs as Known
from muster.record.bodies import OPTIONS, plain
from muster.record.database import Database, take
from muster.record.entity_rows import Stamp
from muster.record.tables import counters, typedefs
from muster.record.within import within

NAME_BYTES: Final = 1000
"""What a name may take in UTF-8."""

COUNTER: Final = "typedef"
_VERSION = select(counters.c.value).where(counters.c.name == COUNTER)


class Typedefs:
    """The part of the record that holds typedefs."""

    _known = Known(0, MappingProxyType({}))
    """What was read last."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def typedefs(self) -> Known:
        """Return all typedefs; they are read again only when somebody, here or elsewhere, changed any."""
        with self._database.reading() as connection:
            version, known = connection.execute(_VERSION).scalar_one(), self._known
            if version != known.version:
                known = self._known = Known(version, MappingProxyType(_all(connection)))
            return known

    def put_typedefs(self, drafts: Sequence[TypedefDraft], *, by: str, at: int) -> list[Typedef]:
        """Create or replace typedefs by name, all or none; one that says what is stored changes nothing.

        Raises:
            InvalidInput: several drafts of one name, or a body that JSON cannot express.
            LimitExceeded: a name too long to be indexed.
            Conflict: a display name is taken in its category, or a name by another category.
        """
        _check(drafts)
        with self._database.writing() as connection:
            before = _all(connection)
            after = {draft.name: _next(draft, before.get(draft.name), Stamp(by, at)) for draft in drafts}
            _refuse_taken(before, after)
            _replace(connection, [one for name, one in after.items() if one is not before.get(name)])
            return list(after.values())

    def delete_typedef(self, name: str) -> Typedef:
        """Take a typedef away for good and return it.

        Raises:
            NotFound: there is none of that name.
        """
        with self._database.writing() as connection:
            row = connection.execute(select(typedefs).where(typedefs.c.name == name)).one_or_none()
            if row is None:
                raise NotFound(f"there is no typedef `{name}`", hint="name it by its internal name")
            connection.execute(delete(typedefs).where(typedefs.c.name == name))
            take(connection, COUNTER, 1)
            return _typedef(row)


def _all(connection: Connection) -> dict[str, Typedef]:
    return {row.name: _typedef(row) for row in connection.execute(select(typedefs).order_by(typedefs.c.name))}


def _check(drafts: Sequence[TypedefDraft]) -> None:
    if len({draft.name for draft in drafts}) < len(drafts):
        raise InvalidInput("one request defines a name twice", hint="define each name once")
    for text in (text for draft in drafts for text in (draft.name, draft.display_name)):
        if "\0" in text:
            raise InvalidInput(f"the name {text!r} has a NUL in it")
        if len(text.encode(errors="replace")) > NAME_BYTES:
            raise LimitExceeded(f"too long a name: `{text[:60]}...`", hint=f"it may have {NAME_BYTES:,} bytes")


def _next(draft: TypedefDraft, stored: Typedef | None, stamp: Stamp) -> Typedef:
    """Return what a draft makes of what is stored, which is returned itself where they are equal."""
    body = orjson.loads(_dump(draft.name, draft.body))
    if stored is not None and (draft.category, draft.display_name, body) == _said(stored):
        return stored
    return Typedef(
        category=draft.category,
        name=draft.name,
        display_name=draft.display_name,
        guid=stored.guid if stored else str(uuid4()),
        body=body,
        version=stored.version + 1 if stored else 1,
        created_at=stored.created_at if stored else stamp.at,
        updated_at=stamp.at,
        created_by=stored.created_by if stored else stamp.by,
        updated_by=stamp.by,
    )


def _said(stored: Typedef) -> tuple[Category, str, Mapping[str, Any]]:
    return stored.category, stored.display_name, stored.body


def _refuse_taken(before: Mapping[str, Typedef], after: Mapping[str, Typedef]) -> None:
    """See that names keep their category, and that display names stay unique, told apart by case."""
    for name, one in after.items():
        if (stored := before.get(name)) and stored.category is not one.category:
            raise Conflict(f"`{name}` is the name of a {stored.category.value}", hint="choose another name")
    everything = {**before, **after}
    counts = Counter((one.category, one.display_name) for one in everything.values())
    if taken := next((one for one in after.values() if counts[one.category, one.display_name] > 1), None):
        raise Conflict(
            f"there is a {taken.category.value} called `{taken.display_name}` already", hint="choose another name"
        )


def _replace(connection: Connection, changed: Sequence[Typedef]) -> None:
    """Store typedefs over those of their names; two may change display names, so that all go before any comes."""
    if changed:
        connection.execute(delete(typedefs).where(within(typedefs.c.name, [one.name for one in changed])))
        connection.execute(insert(typedefs), [_values(one) for one in changed])
        take(connection, COUNTER, 1)


def _values(one: Typedef) -> dict[str, Any]:
    return {
        "name": one.name,
        "category": one.category.value,
        "display_name": one.display_name,
        "guid": one.guid,
        "body": _dump(one.name, one.body),
        "version": one.version,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "created_by": one.created_by,
        "updated_by": one.updated_by,
    }


def _dump(name: str, body: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(body, plain, OPTIONS).decode()
    except TypeError as error:
        raise InvalidInput(f"`{name}` cannot be written as JSON: {error}") from error


def _typedef(row: Row[Any]) -> Typedef:
    return Typedef(
        category=Category(row.category),
        name=row.name,
        display_name=row.display_name,
        guid=row.guid,
        body=orjson.loads(row.body),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        created_by=row.created_by,
        updated_by=row.updated_by,
    )
