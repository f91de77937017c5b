"""Writes of different entities inside a transaction that the caller holds, each step one statement for all of them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, TypeAlias, TypeVar

from sqlalchemy import Connection, Row, Select, Text, bindparam, literal, select, update

from muster.catalog.entity import EntityDraft, Key, Status
from muster.catalog.writing import Write
from muster.errors import Conflict, InvalidInput
from muster.record.bodies import PURGED_PREFIX, Body, pack, pack_last
from muster.record.entity_rows import PRODUCT, Next, Stamp, create, revise
from muster.record.following import pass_by
from muster.record.link_rows import admit, forget, state, vacate
from muster.record.namesakes import refuse_namesakes
from muster.record.policies import rescope
from muster.record.product_rows import CURRENT_REVISION, SELECTED, add_revisions, begin, differs, rename, selection_of
from muster.record.tables import entities, products, revisions, standings
from muster.record.within import within, within_given

T = TypeVar("T")

_STORED: Select[Any] = (
    select(
        entities.c.ordinal,
        entities.c.guid,
        entities.c.type_name,
        entities.c.qualified_name,
        entities.c.status,
        entities.c.version,
        entities.c.digest.label("body_digest"),
        *SELECTED,
    )
    .outerjoin_from(entities, products, products.c.ordinal == entities.c.ordinal)
    .outerjoin(revisions, CURRENT_REVISION)
    .where(within_given(entities.c.ordinal, "ordinals"))
)


@dataclass(frozen=True, slots=True)
class Change:
    """One write with the text of it."""

    write: Write
    body: Body

    @classmethod
    def of(cls, write: Write) -> Self:
        """Write a draft down."""
        return cls(write, pack_last(write.draft) if write.status is Status.PURGED else pack(write.draft))

    @property
    def purges(self) -> bool:
        """Whether the entity shall be gone."""
        return self.write.status is Status.PURGED

    def after(self, row: Row[Any]) -> Next:
        """Return the next version of what is stored."""
        return Next(row.version + 1, self.write.status, self.body)

    @property
    def key(self) -> Key:
        """The key that the entity shall have, or last had."""
        return self.write.draft.key


_Pair: TypeAlias = tuple[Change, Row[Any]]
"""A change with what is stored of its entity."""


def check(changes: Sequence[Change]) -> None:
    """Refuse what no transaction can mean, before one is opened."""
    for change in changes:
        _check(change.write)
    if _twice(change.write.ordinal for change in changes if change.write.ordinal):
        raise InvalidInput("one request writes an entity twice", hint="write each entity once")
    if key := _twice(change.key for change in changes if not change.purges):
        raise Conflict(
            f"one request writes two entities of the key `{key.type_name}` `{key.qualified_name}`",
            hint="choose different qualified names",
        )


def _twice(given: Iterable[T]) -> T | None:
    """Return something that is there more than once."""
    return next((one for one, times in Counter(given).items() if times > 1), None)


def _check(write: Write) -> None:
    name, is_product = write.draft.key.qualified_name, write.draft.key.type_name == PRODUCT
    if write.selection is not None and not is_product:
        raise InvalidInput(f"`{name}` is a `{write.draft.key.type_name}`, which has no selection")
    if write.ordinal:
        return
    if is_product and write.selection is None:
        raise InvalidInput(f"`{name}` is a new data product, which needs a selection")
    if write.status is not Status.ACTIVE:
        raise InvalidInput(f"`{name}` is new and cannot be {write.status.value}")


def perform(connection: Connection, changes: Sequence[Change], stamp: Stamp) -> list[int]:
    """Store changes; return the ordinals of their entities, in order.

    Keys that come free do so before others are taken: two entities may change names, and what is purged may be
    followed by a new one.
    """
    stored = _stored(connection, [change.write.ordinal for change in changes])
    _refuse_stale(changes, stored)
    new = [change for change in changes if not change.write.ordinal]
    changed = [(change, stored[change.write.ordinal]) for change in changes if change.write.ordinal]
    changed = [pair for pair in changed if _differs(*pair)]
    moved = [(change, row) for change, row in changed if change.purges or change.key != _key(row)]
    renamed = {change.key: row.ordinal for change, row in moved if not change.purges}
    _vacate(connection, [row for _, row in moved])
    _refuse_taken(connection, {change.key for change in new} | renamed.keys())
    created = create(connection, [change.body for change in new], stamp)
    _rename(connection, renamed)
    rescope(connection, {row.qualified_name: one.key.qualified_name for one, row in moved if not one.purges})
    revise(connection, {row.ordinal: change.after(row) for change, row in changed}, stamp)
    _link(connection, changed, {change.key: change.write.draft for change in new}, created | renamed)
    _purge(connection, [row.ordinal for change, row in changed if change.purges], stamp)
    _settle(connection, changed, [(created[change.key], change.write) for change in new], stamp)
    refuse_namesakes(connection, {created.get(one.key) or one.write.ordinal: one.write for one in changes})
    return [change.write.ordinal or created[change.key] for change in changes]


def _stored(connection: Connection, ordinals: Collection[int]) -> dict[int, Row[Any]]:
    """Return what is stored of entities, with the current selection of those that are products."""
    rows = connection.execute(_STORED, {"ordinals": [ordinal for ordinal in ordinals if ordinal]})
    return {row.ordinal: row for row in rows}


def _key(row: Row[Any]) -> Key:
    return Key(row.type_name, row.qualified_name)


def _refuse_stale(changes: Sequence[Change], stored: Mapping[int, Row[Any]]) -> None:
    for change in changes:
        if (write := change.write).ordinal:
            _refuse_other(write, stored.get(write.ordinal))


def _refuse_other(write: Write, row: Row[Any] | None) -> None:
    key = write.draft.key
    if row is None or row.status == Status.PURGED.value:
        raise Conflict(f"`{key.qualified_name}` is gone", hint="it was purged; create it anew")
    if row.version != write.version:
        raise Conflict(
            f"`{row.qualified_name}` is at version {row.version}, not {write.version}",
            hint="read it again, and repeat the change on what is there now",
        )
    if row.type_name != key.type_name:
        raise InvalidInput(f"`{row.qualified_name}` keeps its type, `{row.type_name}`")


def _differs(change: Change, row: Row[Any]) -> bool:
    said = (change.body.digest, change.key, change.write.status.value)
    return said != (row.body_digest, _key(row), row.status) or _selects(change.write, row)


def _selects(write: Write, row: Row[Any]) -> bool:
    return write.selection is not None and differs(write.selection, selection_of(row))


def _vacate(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    """Give entities a name that nobody asks for, the one of a PURGED entity."""
    if rows:
        name = literal(PURGED_PREFIX, Text) + entities.c.guid
        here = within(entities.c.ordinal, [row.ordinal for row in rows])
        connection.execute(update(entities).where(here).values(qualified_name=name))
        vacate(connection, {row.ordinal: _key(row) for row in rows})


def _refuse_taken(connection: Connection, keys: Collection[Key]) -> None:
    if not keys:
        return
    names = {key.qualified_name for key in keys}
    columns = (entities.c.type_name, entities.c.qualified_name, entities.c.guid, entities.c.status)
    query: Select[Any] = select(*columns).where(within(entities.c.qualified_name, names))
    if taken := next((row for row in connection.execute(query) if _key(row) in keys), None):
        raise Conflict(
            f"there is a `{taken.type_name}` with the qualified name `{taken.qualified_name}` already",
            hint=f"it is {taken.status}: write `{taken.guid}`, or choose another name",
        )


def _rename(connection: Connection, renamed: Mapping[Key, int]) -> None:
    if renamed:
        statement = (
            update(entities).where(entities.c.ordinal == bindparam("here")).values(qualified_name=bindparam("to"))
        )
        rows = [{"here": ordinal, "to": key.qualified_name} for key, ordinal in renamed.items()]
        connection.execute(statement, rows)


def _link(
    connection: Connection, changed: Sequence[_Pair], new: Mapping[Key, EntityDraft], arrived: Mapping[Key, int]
) -> None:
    fresh = {arrived[key]: draft for key, draft in new.items()}
    drafts = {row.ordinal: change.write.draft for change, row in changed if not change.purges}
    state(connection, fresh | drafts, created=fresh)
    admit(connection, arrived)


def _purge(connection: Connection, ordinals: Sequence[int], stamp: Stamp) -> None:
    """Take away what entities state, and end what stands by hand about them."""
    if ordinals:
        forget(connection, ordinals)
        standing = within(standings.c.asset, ordinals) & standings.c.withdrawn_at.is_(None)
        ended = update(standings).values(withdrawn_at=stamp.at, withdrawn_by=stamp.by)
        connection.execute(ended.where(standing))


def _revives(write: Write, row: Row[Any]) -> bool:
    return write.status is Status.ACTIVE and row.status != Status.ACTIVE.value


def _settle(
    connection: Connection, changed: Sequence[_Pair], created: Sequence[tuple[int, Write]], stamp: Stamp
) -> None:
    """Let products be what their entities say, and give them their new selections."""
    new = [(ordinal, write) for ordinal, write in created if write.selection is not None]
    begin(connection, {ordinal: write.draft for ordinal, write in new})
    known = [(change.write, row) for change, row in changed if row.revision is not None]
    pass_by(connection, [row.guid for write, row in known if _revives(write, row)])
    rename(connection, {row.ordinal: write.draft for write, row in known if write.status is not Status.PURGED})
    edited = [(row.ordinal, write, row.revision + 1) for write, row in known if _selects(write, row)]
    first = [(ordinal, write, 1) for ordinal, write in new]
    add_revisions(
        connection,
        {
            ordinal: replace(write.selection, revision=revision)
            for ordinal, write, revision in [*first, *edited]
            if write.selection is not None
        },
        stamp,
    )
