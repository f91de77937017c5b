"""Entities: written by key, read by guid, name, ordinal or change."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pyroaring import BitMap
from sqlalchemy import ColumnElement, Select, func, select

from muster.batches import batches
from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.catalog.writing import Link
from muster.errors import Conflict, InvalidInput, NotFound
from muster.protocols import Change, Written
from muster.record.bodies import pack, possible, unpack
from muster.record.cache import Cache
from muster.record.change_rows import changes
from muster.record.database import Database
from muster.record.entity_rows import HISTORY, PRODUCT, THERE, WHOLE, Effects, Stamp, bury, store
from muster.record.link_rows import stated_to
from muster.record.tables import change_log, entities, links, products, versions
from muster.record.telling import told
from muster.record.within import within, within_given

BATCH = 5000

_BY_ORDINALS = WHOLE.where(within_given(entities.c.ordinal, "values")).order_by(entities.c.ordinal)
_BY_GUIDS = WHOLE.where(within_given(entities.c.guid, "values"), THERE)
_BY_NAMES = WHOLE.where(within_given(entities.c.qualified_name, "values"), THERE)


class Entities:
    """The part of the record that holds entities and the change log."""

    def __init__(self, database: Database, cache: Cache) -> None:
        self._database = database
        self._cache = cache

    def write(self, drafts: Sequence[EntityDraft], *, by: str, at: int) -> Written:
        """Create or update entities by key, all of them or none; a draft equal to what is stored changes nothing.

        DELETED ones revive with their guid and ordinal. Of several drafts of one key the last counts, as it would if
        they came in different batches. A draft's guid counts when its entity is created, not later.

        Raises:
            InvalidInput: a data product, which needs a selection; or an attribute that JSON cannot express.
            LimitExceeded: a qualified name too long to be indexed.
            Conflict: a new entity asks for a guid that another one has.
        """
        _refuse_products(drafts)
        bodies = [pack(draft) for draft in {draft.key: draft for draft in drafts}.values()]
        with self._database.writing() as connection:
            done = [store(connection, some, Stamp(by, at)) for some in batches(bodies, BATCH)]
        return _written(done)

    def archive(self, ordinals: Sequence[int], *, by: str, at: int) -> int:
        """Set entities to DELETED, all in one transaction; return how many were ACTIVE before."""
        with self._database.writing() as connection:
            return sum(bury(connection, some, Stamp(by, at)) for some in batches(ordinals, BATCH))

    def entity(self, ref: str) -> Entity:
        """Return an entity by guid or qualified name: ACTIVE before DELETED, a guid before a name.

        Raises:
            NotFound: there is none.
            Conflict: several types have that qualified name.
        """
        named = (entities.c.guid == ref) | (entities.c.qualified_name == ref)
        with self._database.reading() as connection:
            rows = connection.execute(WHOLE.where(named, THERE).order_by(entities.c.ordinal)).all()
        return _only([unpack(row) for row in rows], ref)

    def entities(self, ordinals: Sequence[int], *, purged: bool = False) -> list[Entity]:
        """Return entities in the order of the ordinals; unknown ordinals are left out, PURGED ones unless asked for.

        Those that were read before and have not changed since are the same objects.
        """
        told: list[Entity] = []
        for some in batches(ordinals, BATCH):
            found = self._cache.read(self._database, some)
            told += [found[ordinal] for ordinal in some if ordinal in found]
        return told if purged else [one for one in told if one.status is not Status.PURGED]

    def rows(self, ordinals: BitMap, fields: Sequence[str], *, batch: int = 1000) -> Iterator[list[tuple[Any, ...]]]:
        """Stream a member set in order of ordinal, PURGED entities among it: guid, type, qualified name, name, status, fields.

        A field is an attribute, custom metadata by internal name, or one that the index has under `__`; None where the
        entity has nothing. Unknown ordinals are left out. Nothing is kept: a large set would take the place of what
        others read often.
        """
        for some in batches(ordinals, batch):
            with self._database.reading() as connection:
                found = connection.execute(_BY_ORDINALS, {"values": some}).all()
            yield told(found, fields)

    def find(self, guids: Sequence[str], keys: Sequence[Key]) -> list[Entity]:
        """Return the entities that have one of these guids or keys, ACTIVE and DELETED ones, in no order."""
        wanted = {key for key in keys if possible(key.type_name, key.qualified_name)}
        by_guid = self._having(_BY_GUIDS, guids)
        by_name = self._having(_BY_NAMES, {key.qualified_name for key in wanted})
        found = [*by_guid, *(one for one in by_name if one.key in wanted)]
        return list({one.ordinal: one for one in found}.values())

    def versions(self, guid: str, *, limit: int, before: int | None = None) -> list[Entity]:
        """Return an entity at its versions, newest first, those below `before`; its key is the one that it has now.

        Raises:
            NotFound: there is none, or it is PURGED.
        """
        query = HISTORY.where(entities.c.guid == guid, THERE).order_by(versions.c.version.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query if before is None else query.where(versions.c.version < before)).all()
        if not rows and before is None:
            raise NotFound(f"there is no entity `{guid}`", hint="name it by guid")
        return [unpack(row) for row in rows]

    def as_of(self, ordinals: Sequence[int], at: int) -> dict[int, Entity]:
        """Return entities by ordinal as they were at a time (ms since 1970), under the keys that they have now.

        Those that were not there yet are left out; PURGED ones are there, and as they were before that.
        """
        found: dict[int, Entity] = {}
        for some in batches(ordinals, BATCH):
            then = within(versions.c.ordinal, some) & (versions.c.at <= at)
            last = select(versions.c.ordinal, func.max(versions.c.version).label("version")).where(then)
            kept = last.group_by(versions.c.ordinal).subquery()
            query = HISTORY.join(kept, (kept.c.ordinal == versions.c.ordinal) & (kept.c.version == versions.c.version))
            with self._database.reading() as connection:
                found |= {row.ordinal: unpack(row) for row in connection.execute(query)}
        return found

    def links(self, ordinals: Sequence[int], *, limit: int) -> list[Link]:
        """Return the relationships that other entities state to these, at most `limit` of them for each and name.

        Sources and targets may be DELETED, never PURGED.
        """
        with self._database.reading() as connection:
            return [link for some in batches(ordinals, BATCH) for link in stated_to(connection, some, limit)]

    def links_of_products(self, names: Collection[str]) -> list[Link]:
        """Return the relationships of these names that products state, those of DELETED ones too, in no order."""
        query = select(links.c.source, links.c.name, links.c.target).join(
            products, products.c.ordinal == links.c.source
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.where(links.c.name.in_(names))).all()
        return [Link(*row) for row in rows]

    def moved_since(self, ordinals: BitMap, after: int) -> tuple[BitMap, BitMap]:
        """Return which entities changed after a position of the change log, and which of those are not ACTIVE now."""
        changed, gone = BitMap(), BitMap()
        for some in batches(ordinals, BATCH):
            later = within(entities.c.ordinal, some) & (entities.c.changed > after)
            with self._database.reading() as connection:
                rows = connection.execute(select(entities.c.ordinal, entities.c.status).where(later)).all()
            changed.update(row.ordinal for row in rows)
            gone.update(row.ordinal for row in rows if row.status != Status.ACTIVE.value)
        return changed, gone

    def guids(self, ordinals: BitMap) -> Iterator[str]:
        """Stream the guids of a member set, in order of ordinal; unknown ordinals are left out."""
        for some in batches(ordinals, BATCH):
            query = select(entities.c.guid).where(within(entities.c.ordinal, some)).order_by(entities.c.ordinal)
            with self._database.reading() as connection:
                found = connection.scalars(query).all()
            yield from found

    def types(self, ordinals: BitMap) -> dict[str, int]:
        """Return how many of a member set are of each type; unknown ordinals are left out."""
        counts: Counter[str] = Counter()
        for some in batches(ordinals, BATCH):
            here = within(entities.c.ordinal, some) & THERE
            query = select(entities.c.type_name, func.count().label("total")).where(here)
            with self._database.reading() as connection:
                found = connection.execute(query.group_by(entities.c.type_name)).all()
            counts.update({row.type_name: row.total for row in found})
        return dict(counts)

    def under(self, prefix: str) -> BitMap:
        """Return the ACTIVE entities whose qualified name is `prefix` or starts with `prefix` and a slash."""
        after_slash = chr(ord("/") + 1)
        name = entities.c.qualified_name
        below = (name >= f"{prefix}/") & (name < f"{prefix}{after_slash}")
        query = select(entities.c.ordinal).where((name == prefix) | below, entities.c.status == Status.ACTIVE.value)
        with self._database.reading() as connection:
            return BitMap(connection.scalars(query).all())

    def scan(self, *, batch: int = 1000) -> Iterator[list[Entity]]:
        """Stream all entities that are not PURGED in order of ordinal, each as it is when its batch is read; no transaction stays open."""
        last = 0
        while some := self._read(entities.c.ordinal > last, batch):
            yield some
            last = some[-1].ordinal

    def changes(self, after: int, limit: int) -> list[Change]:
        """Return the change log after a position, each entity as it is now, an entity's last change only.

        `entities.changed` is written together with the entity's version and its entry in the log, under the lock of
        `Database.writing`: number and content belong together, and no lower number becomes visible later.
        """
        with self._database.reading() as connection:
            return changes(connection, after, limit)

    def position(self) -> int:
        """Return the number of the last change; 0 when there is none."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.max(change_log.c.number))) or 0

    def _read(self, where: ColumnElement[bool], limit: int) -> list[Entity]:
        with self._database.reading() as connection:
            rows = connection.execute(WHOLE.where(where, THERE).order_by(entities.c.ordinal).limit(limit)).all()
        return [unpack(row) for row in rows]

    def _having(self, query: Select[Any], values: Collection[str]) -> Iterator[Entity]:
        for some in batches(values, BATCH):
            with self._database.reading() as connection:
                rows = connection.execute(query, {"values": some}).all()
            yield from map(unpack, rows)


def _refuse_products(drafts: Sequence[EntityDraft]) -> None:
    if found := next((draft for draft in drafts if draft.key.type_name == PRODUCT), None):
        raise InvalidInput(
            f"`{found.key.qualified_name}` is a data product, which needs a selection", hint="create it as a product"
        )


def _written(done: Sequence[Effects]) -> Written:
    return Written(
        created=tuple(ordinal for effects in done for ordinal in effects.among(effects.created)),
        updated=tuple(ordinal for effects in done for ordinal in effects.among(effects.updated)),
        unchanged=tuple(ordinal for effects in done for ordinal in effects.unchanged()),
    )


def _only(found: list[Entity], ref: str) -> Entity:
    """Choose between entities that answer to one reference."""
    best = [one for one in found if _rank(one, ref) == min(_rank(other, ref) for other in found)]
    if not best:
        raise NotFound(
            f"there is no entity `{ref}`", hint="name it by guid or qualified name, as `muster preview` shows them"
        )
    if len(best) > 1:
        guids = ", ".join(f"{entity.key.type_name} {entity.guid}" for entity in best)
        raise Conflict(f"`{ref}` is the name of {len(best)} entities: {guids}", hint="name it by guid")
    return best[0]


def _rank(entity: Entity, ref: str) -> tuple[bool, bool]:
    return entity.guid != ref, entity.status is not Status.ACTIVE
