"""Links inside a transaction that the caller holds: what the bodies state, by ordinal, so that it can be asked both ways.

At all times a relationship that a body states is either a link, when there is an entity with the key that it names, or
pending.
"""

from collections.abc import Collection, Mapping
from dataclasses import astuple
from typing import Any, Final, TypeAlias

from sqlalchemy import BigInteger, Connection, Select, Table, and_, bindparam, delete, func, select

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.writing import Link
from muster.record.bodies import possible
from muster.record.inserting import insert_rows
from muster.record.tables import entities, links, pending
from muster.record.within import within, within_given

_Made: TypeAlias = tuple[int, str, int]
"""Source, name and target of a link."""

_Open: TypeAlias = tuple[int, str, str, str]
"""Source and name of a pending relationship, with type and qualified name of the target."""

NOBODY: Final = 0
"""Ordinals begin at 1."""

MEANINGS: Final = "meanings"
TERM: Final = "AtlasGlossaryTerm"
"""How terms are linked: by the name that Atlan's clients have for it, to entities of this type."""

_LINK: Final = tuple(column.name for column in links.c)


_PLACE = func.row_number().over(partition_by=(links.c.target, links.c.name), order_by=links.c.source)
_RANKED = select(links, _PLACE.label("place")).where(within_given(links.c.target, "targets")).subquery()
_STATED_TO = (
    select(_RANKED.c.source, _RANKED.c.name, _RANKED.c.target)
    .where(_RANKED.c.place <= bindparam("most", type_=BigInteger))
    .order_by(_RANKED.c.target, _RANKED.c.name, _RANKED.c.source)
)


def stated_to(connection: Connection, targets: Collection[int], limit: int) -> list[Link]:
    """Return the links to entities, at most `limit` for each and name: those of the lowest sources."""
    rows = connection.execute(_STATED_TO, {"targets": list(targets), "most": limit})
    return [Link(source, name, target) for source, name, target in rows]


def state(connection: Connection, drafts: Mapping[int, EntityDraft], *, created: Collection[int]) -> None:
    """Let the links of these entities be what their drafts say; those just `created` have none yet."""
    made, waiting = _resolved(connection, drafts)
    before, waited = _stored(connection, drafts.keys() - set(created))
    _drop(connection, before - made.keys())
    insert_rows(connection, links, [one for one in made if one not in before])
    turned = {source for source, *_ in waiting.keys() ^ waited}
    _forget(connection, pending, turned & {source for source, *_ in waited})
    insert_rows(connection, pending, [one for one in waiting if one[0] in turned])


def admit(connection: Connection, arrived: Mapping[Key, int]) -> None:
    """Make links of what was pending for these keys, which entities have from now on."""
    names = {key.qualified_name for key in arrived}
    rows = connection.execute(select(pending).where(within(pending.c.qualified_name, names))).all()
    found = [(row, key) for row in rows if (key := Key(row.type_name, row.qualified_name)) in arrived]
    if found:
        insert_rows(connection, links, [(row.source, row.name, arrived[key]) for row, key in found])
        _ended(connection, {key for _, key in found})


def vacate(connection: Connection, left: Mapping[int, Key]) -> None:
    """Make pending what is stated to these entities: nobody has the keys that they had until now."""
    to_them = within(links.c.target, left)
    rows = connection.execute(select(links).where(to_them)).all()
    connection.execute(delete(links).where(to_them))
    insert_rows(connection, pending, [(row.source, row.name, *astuple(left[row.target])) for row in rows])


def forget(connection: Connection, sources: Collection[int]) -> None:
    """Drop everything that these entities state."""
    _forget(connection, links, sources)
    _forget(connection, pending, sources)


def _forget(connection: Connection, table: Table, sources: Collection[int]) -> None:
    if sources:
        connection.execute(delete(table).where(within(table.c.source, sources)))


def _resolved(connection: Connection, drafts: Mapping[int, EntityDraft]) -> tuple[dict[_Made, None], dict[_Open, None]]:
    """Return what drafts state, in order and once: what there is an entity for, and what has to wait for one.

    Their terms are among it: they are entities too.
    """
    stated = [
        (source, name, key.type_name, key.qualified_name)
        for source, draft in drafts.items()
        for name, keys in draft.relationships.items()
        for key in keys
    ]
    stated += [(source, MEANINGS, TERM, term) for source, draft in drafts.items() for term in draft.terms]
    targets = _targets(connection, {one[2:] for one in stated})
    made = {(one[0], one[1], target): None for one in stated if (target := targets.get(one[2:]))}
    return made, {one: None for one in stated if targets.get(one[2:]) == NOBODY}


def _targets(connection: Connection, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return who has each key, or NOBODY; keys that no entity can have are left out."""
    targets = {key: NOBODY for key in keys if possible(*key)}
    if targets:
        columns = (entities.c.type_name, entities.c.qualified_name, entities.c.ordinal)
        query: Select[Any] = select(*columns).where(within(entities.c.qualified_name, {name for _, name in targets}))
        for type_name, qualified_name, ordinal in connection.execute(query):
            if (type_name, qualified_name) in targets:
                targets[type_name, qualified_name] = ordinal
    return targets


def _stored(connection: Connection, sources: Collection[int]) -> tuple[set[_Made], set[_Open]]:
    if not sources:
        return set(), set()
    first, second = (
        connection.execute(select(table).where(within(table.c.source, sources))) for table in (links, pending)
    )
    return set(map(tuple, first)), set(map(tuple, second))


def _drop(connection: Connection, ended: Collection[_Made]) -> None:
    if ended:
        this = and_(*(links.c[name] == bindparam(f"this_{name}") for name in _LINK))
        rows = [{f"this_{name}": value for name, value in zip(_LINK, one, strict=True)} for one in ended]
        connection.execute(delete(links).where(this), rows)


def _ended(connection: Connection, keys: Collection[Key]) -> None:
    """Take away what was pending for these keys, by key: many may have waited for one, and one for many."""
    this = (pending.c.qualified_name == bindparam("this")) & (pending.c.type_name == bindparam("kind"))
    rows = [{"this": key.qualified_name, "kind": key.type_name} for key in keys]
    connection.execute(delete(pending).where(this), rows)
