"""One try to deliver something to a receiver, and what follows from how it went."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from muster.errors import InvalidInput
from muster.hook import Delivery, Hook, Status
from muster.protocols import Answer
from muster.service.hooks import addresses
from muster.service.hooks.signing import headers
from muster.service.hooks.subscribing import Out

LONGEST: Final = 3_600_000
"""Milliseconds between two tries, at most."""

GONE: Final = "the receiver answered 410 Gone"
"""Why a hook is paused whose receiver wants nothing more (Standard Webhooks 1.0)."""

MEDIA: Final = "application/cloudevents+json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: a body under an id that is the same each time it is sent."""

    id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a delivery is tried, and how many milliseconds lie between the first two tries; twice as many each time."""

    tries: int = 12
    first: int = 5_000

    def pause(self, tries: int, luck: Callable[[], float] = random.random) -> int:
        """Return the milliseconds until the next try after so many: between half of what is due and all of it.

        Receivers that failed together are so not asked together again.
        """
        due = min(LONGEST, self.first << min(tries - 1, 32))
        return round(due * (1 + luck()) / 2)


def attempt(out: Out, hook: Hook, message: Message, at: int) -> Answer:
    """Send a message to a hook once, at a time in ms since 1970.

    Raises:
        Stopped: the service stops.
    """
    try:
        target = addresses.read(hook.url, out.allowed)
        found = addresses.checked(target, out.sender, out.allowed)
    except InvalidInput as error:
        return Answer(None, error.message)
    signed = headers(hook.secrets(at), message.id, at, message.body)
    return out.sender.post(target, found, {"Content-Type": MEDIA, **signed}, message.body)


def went_well(answer: Answer) -> bool:
    """Whether a receiver took what it was sent: any status from 200 to 299 says so."""
    return answer.code is not None and HTTPStatus.OK <= answer.code < HTTPStatus.MULTIPLE_CHOICES


def after(delivery: Delivery, answer: Answer, patience: Patience, at: int) -> Delivery:
    """Return how a delivery stands after a further try at a time, in ms since 1970."""
    tried = replace(delivery, tries=delivery.tries + 1, at=at, code=answer.code, said=answer.said, due=None)
    if went_well(answer):
        return replace(tried, status=Status.DELIVERED)
    if answer.code == HTTPStatus.GONE:
        return replace(tried, due=at)  # for when somebody resumes the hook
    if tried.tries >= patience.tries:
        return replace(tried, status=Status.DEAD)
    pause = max(patience.pause(tried.tries), min(LONGEST, (answer.later or 0) * 1000))
    return replace(tried, due=at + pause)
