"""Deliver events to hooks: by one process at a time, to each hook in order, to different ones at once.

An event that a receiver does not take is tried again, later and later, and the events after it wait; when it has failed
often enough it becomes a dead letter, and they go on. What was asked for once more goes beside, and nothing waits for it.
Every step is in the record before the next one begins: a process that is killed leaves a message told twice at most,
under the same id.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from itertools import islice
from typing import Final, assert_never

import structlog

from muster.errors import Overtaken
from muster.hook import Delivery, Everything, Hook, Interest, OfDomain, OfProduct, Status
from muster.membership import Event, Fence
from muster.protocols import Stopped
from muster.service.hooks.attempts import GONE, Message, Patience, after, attempt
from muster.service.hooks.subscribing import Out
from muster.service.workspace import Workspace

WORK: Final = "hooks"
"""The name of the lease."""

LEASE: Final = 15_000
"""Milliseconds for which the lease is taken."""

RENEWED: Final = 5_000
"""Milliseconds after which it is taken anew."""

TURN: Final = 50
"""Events that a hook is told before others have their turn."""

AT_ONCE: Final = 10
"""Events read at once."""

SKIPPED: Final = 1_000
"""Events that a hook does not want, after which it is noted that it has come past them."""

OPEN: Final = 10_000
"""Deliveries to be tried that are looked at in one round."""

Render = Callable[[Workspace, Sequence[Event]], Sequence[Message | None]]
"""Says events as receivers read them, in the same order; None of which nothing is known any more."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A hook with something to tell it now: the delivery that waits, those that were asked for once more, events since.

    `last` is the number of the last event that there was when the turn came.
    """

    hook: Hook
    fence: Fence
    last: int
    waiting: Delivery | None
    again: tuple[Delivery, ...]


@dataclass(slots=True)
class Deliverer:
    """One worker; `holder` names it among all. Turns of different hooks may be taken in different threads."""

    work: Workspace
    out: Out
    render: Render
    patience: Patience
    holder: str = field(default_factory=lambda: str(uuid.uuid4()))
    fence: Fence | None = None
    asked: int | None = None

    def turns(self) -> list[Turn]:
        """Return the hooks that there is something to do for, where this worker has the lease; it is renewed in time.

        Raises:
            RecordUnavailable: try again; nothing is lost.
        """
        hooks = [one for one in self.work.record.hooks() if one.paused is None]
        if not hooks or not self._leased():
            return []
        last, now = self.work.record.last_event(), self.work.clock()
        opened = self.work.record.open_deliveries(OPEN)
        return [turn for hook in hooks if (turn := self._turn(hook, opened, last, now)) is not None]

    def take(self, turn: Turn, stopped: Callable[[], bool]) -> None:
        """Tell a hook what is due, until something fails, its turn is over, or the work is somebody else's.

        Raises:
            RecordUnavailable: try again; nothing is lost.
        """
        try:
            for delivery in turn.again:
                if not stopped():
                    self._once_more(turn, delivery)
            self._in_order(turn, stopped)
        except Overtaken as error:
            log.info("a webhook goes on elsewhere", hook=turn.hook.guid, reason=error.message)
        except Stopped:
            log.info("a delivery was broken off", hook=turn.hook.guid)

    def close(self) -> None:
        """Let the lease go, for the next one to have it at once."""
        if self.fence is not None:
            self.work.record.release(self.fence)
            self.fence = None

    def _leased(self) -> bool:
        now = self.work.clock()
        if self.asked is None or abs(now - self.asked) >= RENEWED:
            self.asked = now
            self.fence = self.work.record.lease(WORK, self.holder, at=now, until=now + LEASE)
        return self.fence is not None

    def _turn(self, hook: Hook, opened: Sequence[Delivery], last: int, now: int) -> Turn | None:
        mine = [one for one in opened if one.hook == hook.guid]
        waiting = next((one for one in mine if one.status is Status.WAITING), None)
        again = tuple(one for one in mine if one.status is Status.AGAIN and _is_due(one, now))[:TURN]
        forward = hook.position < last if waiting is None else _is_due(waiting, now)
        if self.fence is None or not (forward or again):
            return None
        return Turn(hook, self.fence, last, waiting, again)

    def _once_more(self, turn: Turn, delivery: Delivery) -> None:
        """Try what was asked for once more; the hook stays where it stands."""
        found = [one for one in self.work.record.events(delivery.number - 1, 1) if one.number == delivery.number]
        messages = self.render(self.work, found)
        if messages and messages[0] is not None:
            self._try(turn.fence, turn.hook, delivery, messages[0])
        else:
            lost = replace(delivery, status=Status.DEAD, due=None, said="nothing is known of this event any more")
            self.work.record.settle(turn.fence, turn.hook, lost)

    def _in_order(self, turn: Turn, stopped: Callable[[], bool]) -> None:
        """Go on from where the hook stands, as long as each event is taken or given up."""
        hook, told = turn.hook, 0
        for event, message in islice(self._coming(hook), TURN):
            told += 1
            known = turn.waiting if turn.waiting is not None and turn.waiting.number == event.number else None
            if stopped() or (known is not None and not _is_due(known, self.work.clock())):
                return
            if message is None:
                hook = replace(hook, position=event.number)
                self.work.record.settle(turn.fence, hook)
                continue
            delivery = known or Delivery(hook.guid, event.number, Status.WAITING, 0, self.work.clock())
            hook = self._try(turn.fence, hook, delivery, message)
            if hook.position < event.number:
                return
        if told < TURN:
            self._pass_by(turn, hook)

    def _pass_by(self, turn: Turn, hook: Hook) -> None:
        """Note, now and then, that a hook has come past what it does not want; so it has past what is kept no more."""
        if turn.last - hook.position >= SKIPPED:
            self.work.record.settle(turn.fence, replace(hook, position=turn.last))
        elif turn.waiting is not None and hook.position < turn.waiting.number:
            self.work.record.settle(turn.fence, replace(hook, position=turn.waiting.number))

    def _coming(self, hook: Hook) -> Iterator[tuple[Event, Message | None]]:
        """Yield the events that a hook wants, from where it stands, each with the message to send."""
        wanted, position = _interest(self.work, hook), hook.position
        while wanted is not None and (events := self.work.record.events(position, AT_ONCE, wanted)):
            yield from zip(events, self.render(self.work, events), strict=True)
            position = events[-1].number

    def _try(self, fence: Fence, hook: Hook, delivery: Delivery, message: Message) -> Hook:
        """Try a delivery, store how it went, and return the hook as it stands by now."""
        at = self.work.clock()
        answer = attempt(self.out, hook, message, at)
        done = after(delivery, answer, self.patience, self.work.clock())
        forward = delivery.status is Status.WAITING and done.status is not Status.WAITING
        gone = GONE if answer.code == HTTPStatus.GONE else None
        come = replace(hook, position=delivery.number if forward else hook.position, paused=gone)
        self.work.record.settle(fence, come, done)
        _log(come, done)
        return come


def _is_due(delivery: Delivery, now: int) -> bool:
    return delivery.due is not None and delivery.due <= now


def _interest(work: Workspace, hook: Hook) -> Interest | None:
    """Return what a hook wants; None where its domain is not there any more."""
    match hook.scope:
        case Everything():
            return Interest(kinds=hook.kinds)
        case OfProduct(guid):
            return Interest(product=guid, kinds=hook.kinds)
        case OfDomain(guid):
            found = work.record.find([guid], [])
            return Interest(within=found[0].key.qualified_name, kinds=hook.kinds) if found else None
        case _ as never:
            assert_never(never)


def _log(hook: Hook, done: Delivery) -> None:
    """Note how it went: neither the address nor what was said, which may hold what is nobody's business."""
    tell = log.debug if done.status is Status.DELIVERED else log.warning
    tell(
        "told a webhook",
        hook=hook.guid,
        event_number=done.number,
        status=done.status.value,
        tries=done.tries,
        code=done.code,
    )
    if hook.paused is not None:
        log.warning("a webhook is paused", hook=hook.guid, reason=hook.paused)
