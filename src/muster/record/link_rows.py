"""Links inside a transaction that the caller holds: what the bodies state, by ordinal, so that it can be asked both ways.

At all times a relationship that a body states is either a link, when there is an entity with the key that it names, or
pending.
"""

from collections.abc import Collection, Mapping
from dataclasses import astuple
from typing import Final, TypeAlias

from sqlalchemy import Connection, Table, and_, bindparam, delete, func, insert, select

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.writing import Link
from muster.record.bodies import possible
from muster.record.tables import entities, links, pending
from muster.record.within import within

_Links: TypeAlias = set[tuple[int, str, int]]
"""Source, name and target of links."""

_Waiting: TypeAlias = set[tuple[int, str, str, str]]
"""Source and name of pending relationships, with type and qualified name of the target."""


_LINK: Final = tuple(column.name for column in links.c)
_PENDING: Final = tuple(column.name for column in pending.c)


def stated_to(connection: Connection, targets: Collection[int], limit: int) -> list[Link]:
    """Return the links to entities, at most `limit` for each and name: those of the lowest sources."""
    place = func.row_number().over(partition_by=(links.c.target, links.c.name), order_by=links.c.source)
    ranked = select(links, place.label("place")).where(within(links.c.target, targets)).subquery()
    query = select(ranked.c.source, ranked.c.name, ranked.c.target).where(ranked.c.place <= limit)
    rows = connection.execute(query.order_by(ranked.c.target, ranked.c.name, ranked.c.source))
    return [Link(source, name, target) for source, name, target in rows]


def state(connection: Connection, drafts: Mapping[int, EntityDraft], *, created: Collection[int]) -> None:
    """Let the links of these entities be what their drafts say; those just `created` have none yet."""
    wanted = _wanted(drafts)
    there = _ordinals(connection, {key for _, _, key in wanted})
    now = {(source, name, there[key]) for source, name, key in wanted if key in there}
    waiting = {(source, name, key.type_name, key.qualified_name) for source, name, key in wanted if key not in there}
    before, waited = _stored(connection, drafts.keys() - set(created))
    _drop(connection, before - now)
    _add(connection, now - before)
    turned = {source for source, *_ in waiting ^ waited}
    _forget(connection, pending, turned & {source for source, *_ in waited})
    _await(connection, {one for one in waiting if one[0] in turned})


def admit(connection: Connection, arrived: Mapping[Key, int]) -> None:
    """Make links of what was pending for these keys, which entities have from now on."""
    names = {key.qualified_name for key in arrived}
    rows = connection.execute(select(pending).where(within(pending.c.qualified_name, names))).all()
    found = [(row, key) for row in rows if (key := Key(row.type_name, row.qualified_name)) in arrived]
    if found:
        _add(connection, {(row.source, row.name, arrived[key]) for row, key in found})
        _ended(connection, {key for _, key in found})


def vacate(connection: Connection, left: Mapping[int, Key]) -> None:
    """Make pending what is stated to these entities: nobody has the keys that they had until now."""
    to_them = within(links.c.target, left)
    rows = connection.execute(select(links).where(to_them)).all()
    connection.execute(delete(links).where(to_them))
    _await(connection, {(row.source, row.name, *astuple(left[row.target])) for row in rows})


def forget(connection: Connection, sources: Collection[int]) -> None:
    """Drop everything that these entities state."""
    _forget(connection, links, sources)
    _forget(connection, pending, sources)


def _forget(connection: Connection, table: Table, sources: Collection[int]) -> None:
    if sources:
        connection.execute(delete(table).where(within(table.c.source, sources)))


def _wanted(drafts: Mapping[int, EntityDraft]) -> set[tuple[int, str, Key]]:
    """Return what drafts state; what names a key that no entity can have is left out."""
    return {
        (source, name, key)
        for source, draft in drafts.items()
        for name, keys in draft.relationships.items()
        for key in keys
        if possible(key)
    }


def _ordinals(connection: Connection, keys: Collection[Key]) -> dict[Key, int]:
    if not keys:
        return {}
    columns = (entities.c.type_name, entities.c.qualified_name, entities.c.ordinal)
    names = {key.qualified_name for key in keys}
    rows = connection.execute(select(*columns).where(within(entities.c.qualified_name, names)))
    return {Key(type_name, qualified_name): ordinal for type_name, qualified_name, ordinal in rows}


def _stored(connection: Connection, sources: Collection[int]) -> tuple[_Links, _Waiting]:
    if not sources:
        return set(), set()
    first, second = (
        connection.execute(select(table).where(within(table.c.source, sources))).all() for table in (links, pending)
    )
    return {(*row,) for row in first}, {(*row,) for row in second}


def _add(connection: Connection, made: _Links) -> None:
    if made:
        connection.execute(insert(links), [dict(zip(_LINK, one, strict=True)) for one in sorted(made)])


def _drop(connection: Connection, ended: _Links) -> None:
    if ended:
        this = and_(*(links.c[name] == bindparam(f"this_{name}") for name in _LINK))
        rows = [{f"this_{name}": value for name, value in zip(_LINK, one, strict=True)} for one in ended]
        connection.execute(delete(links).where(this), rows)


def _await(connection: Connection, waiting: _Waiting) -> None:
    if waiting:
        connection.execute(insert(pending), [dict(zip(_PENDING, one, strict=True)) for one in sorted(waiting)])


def _ended(connection: Connection, keys: Collection[Key]) -> None:
    """Take away what was pending for these keys, by key: many may have waited for one, and one for many."""
    this = (pending.c.qualified_name == bindparam("this")) & (pending.c.type_name == bindparam("kind"))
    rows = [{"this": key.qualified_name, "kind": key.type_name} for key in keys]
    connection.execute(delete(pending).where(this), rows)
