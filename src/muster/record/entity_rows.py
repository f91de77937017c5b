"""Queries on entities inside a transaction that the caller holds."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, bindparam, insert, literal, select, update

from muster.catalog.entity import Key, Status
from muster.errors import Conflict
from muster.record.bodies import Body
from muster.record.database import take
from muster.record.inserting import insert_rows
from muster.record.link_rows import admit, state
from muster.record.tables import change_log, entities, versions
from muster.record.within import within

PRODUCT = "DataProduct"

CURRENT = (versions.c.ordinal == entities.c.ordinal) & (versions.c.version == entities.c.version)

THERE = entities.c.status != Status.PURGED.value
"""What can be asked for."""

WHOLE: Select[Any] = select(
    entities.c.ordinal,
    entities.c.guid,
    entities.c.type_name,
    entities.c.qualified_name,
    entities.c.status,
    entities.c.version,
    entities.c.created_at,
    entities.c.created_by,
    versions.c.body,
    versions.c.at,
    versions.c.author,
).join_from(entities, versions, CURRENT)
"""Entities with their current bodies: what `bodies.unpack` reads."""

HISTORY: Select[Any] = select(
    *WHOLE.selected_columns[:4],
    versions.c.status,
    versions.c.version,
    *WHOLE.selected_columns[6:],
).join_from(entities, versions, versions.c.ordinal == entities.c.ordinal)
"""Entities with all bodies they ever had, in the same columns."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who writes, and when (ms since 1970)."""

    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Next:
    """The next version of an entity, or the first."""

    version: int
    status: Status
    body: Body


@dataclass(frozen=True, slots=True)
class Effects:
    """What a batch did: the ordinal of each key in the order given, and which of them are new or changed."""

    ordinals: dict[Key, int]
    created: frozenset[Key]
    updated: frozenset[Key]

    def among(self, keys: Collection[Key]) -> list[int]:
        """Return the ordinals of some of the keys, in the order given."""
        return [ordinal for key, ordinal in self.ordinals.items() if key in keys]

    def unchanged(self) -> list[int]:
        """Return the ordinals of what was already there, in the order given."""
        return self.among(self.ordinals.keys() - self.created - self.updated)


def store(connection: Connection, bodies: Sequence[Body], stamp: Stamp) -> Effects:
    """Write bodies of different keys; what equals the stored is left alone, what was DELETED revives."""
    stored = _stored(connection, bodies)
    new = [body for body in bodies if body.draft.key not in stored]
    changed = {
        row.ordinal: Next(row.version + 1, Status.ACTIVE, body)
        for body in bodies
        if (row := stored.get(body.draft.key)) is not None and _differs(body, row)
    }
    created = create(connection, new, stamp)
    revise(connection, changed, stamp)
    drafts = {created[body.draft.key]: body.draft for body in new}
    state(connection, drafts | {ordinal: one.body.draft for ordinal, one in changed.items()}, created=drafts)
    admit(connection, created)
    known = created | {key: row.ordinal for key, row in stored.items()}
    return Effects(
        ordinals={body.draft.key: known[body.draft.key] for body in bodies},
        created=frozenset(created),
        updated=frozenset(one.body.draft.key for one in changed.values()),
    )


def create(connection: Connection, bodies: Sequence[Body], stamp: Stamp) -> dict[Key, int]:
    """Add entities, not yet their links; return the ordinal of each key.

    Raises:
        Conflict: one asks for a guid that another has.
    """
    if not bodies:
        return {}
    guids = _guids(connection, bodies)
    ordinals = take(connection, "ordinal", len(bodies))
    numbers = log(connection, ordinals)
    headers = [
        (
            ordinal,
            guid,
            body.draft.key.type_name,
            body.draft.key.qualified_name,
            Status.ACTIVE.value,
            1,
            body.digest,
            number,
            stamp.at,
            stamp.by,
        )
        for body, guid, ordinal, number in zip(bodies, guids, ordinals, numbers, strict=True)
    ]
    insert_rows(connection, entities, headers)
    firsts = (Next(1, Status.ACTIVE, body) for body in bodies)
    _add_versions(connection, zip(ordinals, firsts, strict=True), stamp)
    return {body.draft.key: ordinal for body, ordinal in zip(bodies, ordinals, strict=True)}


def revise(connection: Connection, changed: Mapping[int, Next], stamp: Stamp) -> None:
    """Give entities their next versions, by ordinal."""
    if not changed:
        return
    _add_versions(connection, changed.items(), stamp)
    numbers = log(connection, list(changed))
    names = ("status", "version", "digest", "changed")
    connection.execute(
        update(entities)
        .where(entities.c.ordinal == bindparam("here"))
        .values({name: bindparam(f"new_{name}") for name in names}),
        [
            {
                "here": ordinal,
                "new_status": one.status.value,
                "new_version": one.version,
                "new_digest": one.body.digest,
                "new_changed": number,
            }
            for (ordinal, one), number in zip(changed.items(), numbers, strict=True)
        ],
    )


def bury(connection: Connection, ordinals: Collection[int], stamp: Stamp) -> int:
    """Set the ACTIVE ones among these entities to DELETED, each a new version; return how many that were."""
    active = (within(entities.c.ordinal, ordinals)) & (entities.c.status == Status.ACTIVE.value)
    found = connection.scalars(select(entities.c.ordinal).where(active).order_by(entities.c.ordinal)).all()
    _repeat(connection, found, Status.DELETED, stamp)
    return len(found)


def touch(connection: Connection, ordinal: int, stamp: Stamp) -> None:
    """Give an ACTIVE entity its next version, which says what the one before said: what is kept beside it has changed."""
    _repeat(connection, [ordinal], Status.ACTIVE, stamp)


def _repeat(connection: Connection, ordinals: Sequence[int], status: Status, stamp: Stamp) -> None:
    """Give entities a next version with the body of the one before."""
    if not ordinals:
        return
    last = (
        entities.c.ordinal,
        entities.c.version + 1,
        literal(status.value),
        versions.c.body,
        literal(stamp.at),
        literal(stamp.by),
    )
    bodies = select(*last).join_from(entities, versions, CURRENT).where(within(entities.c.ordinal, ordinals))
    connection.execute(insert(versions).from_select(list(versions.c), bodies))
    numbers = log(connection, ordinals)
    connection.execute(
        update(entities)
        .where(entities.c.ordinal == bindparam("here"))
        .values({"status": status.value, "version": entities.c.version + 1, "changed": bindparam("change")}),
        [{"here": ordinal, "change": number} for ordinal, number in zip(ordinals, numbers, strict=True)],
    )


def log(connection: Connection, ordinals: Sequence[int]) -> range:
    """Append to the change log; return the numbers given, in the order of the ordinals."""
    numbers = take(connection, "change", len(ordinals))
    insert_rows(connection, change_log, list(zip(numbers, ordinals, strict=True)))
    return numbers


def _stored(connection: Connection, bodies: Sequence[Body]) -> dict[Key, Row[Any]]:
    columns = [entities.c[name] for name in ("ordinal", "type_name", "qualified_name", "status", "version", "digest")]
    names = {body.draft.key.qualified_name for body in bodies}
    rows = connection.execute(select(*columns).where(within(entities.c.qualified_name, names)))
    found = {Key(row.type_name, row.qualified_name): row for row in rows}
    return {body.draft.key: found[body.draft.key] for body in bodies if body.draft.key in found}


def _differs(body: Body, row: Row[Any]) -> bool:
    return bool(row.digest != body.digest or row.status != Status.ACTIVE.value)


def _guids(connection: Connection, bodies: Sequence[Body]) -> list[str]:
    """Return the guid of each new entity: the one its draft asks for, else a random one."""
    wanted = Counter(body.draft.guid for body in bodies if body.draft.guid)
    taken = connection.scalars(select(entities.c.guid).where(within(entities.c.guid, wanted))).all() if wanted else []
    if clash := sorted({*taken, *(guid for guid, times in wanted.items() if times > 1)}):
        raise Conflict(f"guid `{clash[0]}` belongs to another entity", hint="leave guids out to have them made")
    return [body.draft.guid or str(uuid4()) for body in bodies]


def _add_versions(connection: Connection, made: Iterable[tuple[int, Next]], stamp: Stamp) -> None:
    rows = [(ordinal, one.version, one.status.value, one.body.text, stamp.at, stamp.by) for ordinal, one in made]
    insert_rows(connection, versions, rows)
