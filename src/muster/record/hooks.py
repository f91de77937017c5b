"""Hooks, and how their deliveries went."""

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, and_, delete, insert, select, update

from muster.errors import Conflict, NotFound, Overtaken
from muster.hook import Delivery, Former, Hook, Status
from muster.membership import Fence
from muster.record.database import Database
from muster.record.hook_rows import changeable, delivery_of, hook_of, secrets_of, values, values_of
from muster.record.leases import hold
from muster.record.tables import deliveries, hooks

KEPT: Final = 1_000
"""Deliveries that went well which are kept of each hook, the last ones."""

OPEN: Final = (Status.WAITING.value, Status.AGAIN.value)


class Hooks:
    """The part of the record that holds who is told of events, and how far each has come."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_hook(self, hook: Hook) -> None:
        """Store a new hook."""
        with self._database.writing() as connection:
            connection.execute(insert(hooks).values(values(hook)))

    def hook(self, guid: str) -> Hook:
        """Return a hook by guid.

        Raises:
            NotFound: there is none.
        """
        with self._database.reading() as connection:
            return _hook(connection, guid)

    def hooks(self) -> list[Hook]:
        """Return all hooks, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(hooks).order_by(hooks.c.created_at, hooks.c.guid)).all()
        return [hook_of(row) for row in rows]

    def change_hook(self, hook: Hook) -> Hook:
        """Store what is said of a hook now, all but its position and secrets, and return it at its next epoch.

        Raises:
            NotFound: there is none.
            Conflict: somebody else changed it since it was read.
        """
        with self._database.writing() as connection:
            found = _hook(connection, hook.guid)
            if found.epoch != hook.epoch:
                raise Conflict("somebody else changed this webhook meanwhile", hint="read it again, and repeat")
            changed = replace(hook, secret=found.secret, former=found.former, position=found.position)
            changed = replace(changed, epoch=found.epoch + 1)
            connection.execute(update(hooks).where(hooks.c.guid == hook.guid).values(changeable(changed)))
            _forget(connection, hook.guid, status=Status.WAITING)
            return changed

    def rotate_hook(self, guid: str, secret: str, *, until: int) -> Hook:
        """Give a hook another secret; the one before signs as well until a time (ms since 1970).

        Raises:
            NotFound: there is none.
        """
        with self._database.writing() as connection:
            found = _hook(connection, guid)
            changed = replace(found, secret=secret, former=Former(found.secret, until))
            connection.execute(update(hooks).where(hooks.c.guid == guid).values(secrets_of(changed)))
            return changed

    def rewind_hook(self, guid: str, after: int) -> Hook:
        """Let a hook be told everything after a number once more, and return it at its next epoch.

        Raises:
            NotFound: there is none.
        """
        with self._database.writing() as connection:
            found = _hook(connection, guid)
            changed = replace(found, position=after, epoch=found.epoch + 1)
            connection.execute(
                update(hooks).where(hooks.c.guid == guid).values(changeable(changed) | {"position": after})
            )
            _forget(connection, guid, after=after)
            _forget(connection, guid, status=Status.WAITING)
            return changed

    def delete_hook(self, guid: str) -> None:
        """Take a hook away for good, with its deliveries.

        Raises:
            NotFound: there is none.
        """
        with self._database.writing() as connection:
            _hook(connection, guid)
            _forget(connection, guid)
            connection.execute(delete(hooks).where(hooks.c.guid == guid))

    def deliveries(
        self, guid: str, *, limit: int, before: int | None = None, status: Status | None = None
    ) -> list[Delivery]:
        """Return the deliveries of a hook, the latest event first, those numbered below `before`.

        Raises:
            NotFound: there is no such hook.
        """
        query = select(deliveries).where(deliveries.c.hook == guid).order_by(deliveries.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(deliveries.c.number < before)
        if status is not None:
            query = query.where(deliveries.c.status == status.value)
        with self._database.reading() as connection:
            _hook(connection, guid)
            return [delivery_of(row) for row in connection.execute(query)]

    def open_deliveries(self, limit: int) -> list[Delivery]:
        """Return the deliveries of all hooks that are to be tried, those that are due first."""
        query = select(deliveries).where(deliveries.c.status.in_(OPEN))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(deliveries.c.due, deliveries.c.number).limit(limit))
            return [delivery_of(row) for row in rows]

    def redeliver(self, guid: str, number: int, *, at: int) -> Delivery:
        """Have an event delivered once more.

        Raises:
            NotFound: there is no such hook, or it has no delivery of that event.
            Conflict: the delivery waits for that already.
        """
        here = and_(deliveries.c.hook == guid, deliveries.c.number == number)
        with self._database.writing() as connection:
            _hook(connection, guid)
            row = connection.execute(select(deliveries).where(here)).one_or_none()
            if row is None:
                raise NotFound(f"there is no delivery of event {number}", hint="replay from the event before it")
            found = delivery_of(row)
            if found.due is not None:
                raise Conflict(f"event {number} is going to be delivered already")
            asked = replace(found, status=Status.AGAIN, tries=0, due=at)
            connection.execute(update(deliveries).where(here).values(values_of(asked)))
            return asked

    def settle(self, fence: Fence, hook: Hook, delivery: Delivery | None = None) -> None:
        """Store how a delivery went, and how far its hook has come: its position, and whether it is paused.

        What it has come past does not wait for a further try any more.

        Raises:
            Overtaken: somebody else delivers by now, or the hook is at another epoch, gone, or has come further.
        """
        same = and_(hooks.c.guid == hook.guid, hooks.c.epoch == hook.epoch, hooks.c.position <= hook.position)
        with self._database.writing() as connection:
            hold(connection, fence)
            come = update(hooks).where(same).values(position=hook.position, paused=hook.paused)
            if not connection.execute(come).rowcount:
                raise Overtaken("the webhook was changed meanwhile", hint="nothing was stored; it goes on from there")
            _forget(connection, hook.guid, upto=hook.position, status=Status.WAITING)
            if delivery is not None:
                _put(connection, delivery)


def _hook(connection: Connection, guid: str) -> Hook:
    row = connection.execute(select(hooks).where(hooks.c.guid == guid)).one_or_none()
    if row is None:
        raise NotFound(f"there is no webhook `{guid}`", hint="`GET /api/v1/webhooks` lists them")
    return hook_of(row)


def _put(connection: Connection, delivery: Delivery) -> None:
    """Store a delivery in the place of what was known of it, and let go of the oldest that went well."""
    here = and_(deliveries.c.hook == delivery.hook, deliveries.c.number == delivery.number)
    connection.execute(delete(deliveries).where(here))
    connection.execute(insert(deliveries).values(values_of(delivery)))
    if delivery.status is Status.DELIVERED:
        well = and_(deliveries.c.hook == delivery.hook, deliveries.c.status == Status.DELIVERED.value)
        last = select(deliveries.c.number).where(well).order_by(deliveries.c.number.desc()).offset(KEPT).limit(1)
        connection.execute(delete(deliveries).where(well, deliveries.c.number <= last.scalar_subquery()))


def _forget(
    connection: Connection, guid: str, *, after: int = 0, upto: int | None = None, status: Status | None = None
) -> None:
    query = delete(deliveries).where(deliveries.c.hook == guid, deliveries.c.number > after)
    if upto is not None:
        query = query.where(deliveries.c.number <= upto)
    connection.execute(query if status is None else query.where(deliveries.c.status == status.value))
