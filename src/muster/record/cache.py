"""Entities kept in memory, never older than the record: before each use the change log says which are to be dropped."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select

from muster.catalog.entity import Entity
from muster.record.bodies import TEXT, unpack
from muster.record.database import Database
from muster.record.entity_rows import WHOLE
from muster.record.tables import change_log, entities
from muster.record.within import within_given

USUAL: Final = 256 * 2**20
"""Bytes that entities may take in memory, where nothing else is said."""

PER_ENTITY: Final = 1_000
PER_CHARACTER: Final = 6
"""What an entity takes, in bytes: itself, and its text read into objects and shown in two ways."""

MOST_NEWS: Final = 1_000
"""How many changes are followed one by one; after more of them all is read anew."""

_NEWS: Select[Any] = (
    select(change_log.c.number, change_log.c.ordinal)
    .where(change_log.c.number > bindparam("seen"))
    .order_by(change_log.c.number)
    .limit(MOST_NEWS)
)
_LAST = select(func.max(change_log.c.number))
_WANTED = WHOLE.where(within_given(entities.c.ordinal, "ordinals"))


class Cache:
    """The entities that were read last, up to `most` bytes of them; 0 keeps none. Safe to share between threads.

    What is kept is of one state of the record, that after change number `seen`. Whoever reads asks in their own
    transaction what changed since: where others have meanwhile seen more than that transaction does, all is read from
    it and nothing kept, so that one answer is of one state.
    """

    def __init__(self, most: int = USUAL) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, tuple[Entity, int]] = OrderedDict()
        self._size = 0
        self._seen = 0

    def read(self, database: Database, ordinals: Sequence[int]) -> Mapping[int, Entity]:
        """Return entities by ordinal as they are now, PURGED ones among them; unknown ordinals are left out."""
        if not self._most:
            with database.reading() as connection:
                return {one.ordinal: one for one, _ in _rows(connection, ordinals)}
        seen = self._seen  # before the transaction begins: it sees at least this much then
        with database.reading() as connection:
            now, changed = _news(connection, seen)
            found = self._found(now, changed, ordinals)
            missing = [ordinal for ordinal in ordinals if ordinal not in found]
            fresh = _rows(connection, missing) if missing else []
        self._keep(now, fresh)
        return found | {one.ordinal: one for one, _ in fresh} if fresh else found

    def _found(self, now: int, changed: Iterable[int] | None, ordinals: Sequence[int]) -> dict[int, Entity]:
        """Bring what is kept up to `now`, and return what is wanted of it; nothing, where it is further already."""
        with self._lock:
            if now < self._seen:
                return {}
            self._drop(list(self._kept) if changed is None else changed)
            self._seen = now
            kept, latest = self._kept, self._kept.move_to_end
            found = {ordinal: kept[ordinal][0] for ordinal in ordinals if ordinal in kept}
            for ordinal in found:
                latest(ordinal)
            return found

    def _keep(self, now: int, fresh: Sequence[tuple[Entity, int]]) -> None:
        """Keep what was read after change `now`, unless others have seen more since; what was used least goes."""
        with self._lock:
            if now != self._seen:
                return
            self._drop(one.ordinal for one, _ in fresh)
            for one, size in fresh:
                self._kept[one.ordinal] = one, size
                self._size += size
            while self._size > self._most:
                self._size -= self._kept.popitem(last=False)[1][1]

    def _drop(self, ordinals: Iterable[int]) -> None:
        for ordinal in ordinals:
            if (gone := self._kept.pop(ordinal, None)) is not None:
                self._size -= gone[1]


def _news(connection: Connection, seen: int) -> tuple[int, list[int] | None]:
    """Return the number of the last change, and what changed since another one; None when that is too much to tell."""
    rows = connection.execute(_NEWS, {"seen": seen}).all()
    if len(rows) < MOST_NEWS:
        return rows[-1].number if rows else seen, [row.ordinal for row in rows]
    return connection.scalar(_LAST) or 0, None


def _rows(connection: Connection, ordinals: Sequence[int]) -> list[tuple[Entity, int]]:
    """Read entities, each with the bytes that it takes in memory."""
    rows = connection.execute(_WANTED, {"ordinals": list(ordinals)}).all()
    return [(unpack(row), PER_ENTITY + PER_CHARACTER * len(row[TEXT])) for row in rows]
