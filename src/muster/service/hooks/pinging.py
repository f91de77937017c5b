"""A ping: something sent to a hook now, to see whether its receiver is there."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from muster.hook import Hook
from muster.protocols import Answer
from muster.service.hooks.attempts import Message, attempt, went_well
from muster.service.hooks.subscribing import Out
from muster.service.workspace import Workspace

Write = Callable[[Hook, str, int], bytes]
"""Writes what is sent to a hook under an id, at a time in ms since 1970."""

_PER_SECOND: Final = 1000


@dataclass(frozen=True, slots=True)
class Pinged:
    """How the receiver took it, and after how many milliseconds."""

    answer: Answer
    milliseconds: int

    @property
    def delivered(self) -> bool:
        """Whether it said that it has it."""
        return went_well(self.answer)


def ping(work: Workspace, out: Out, guid: str, write: Write) -> Pinged:
    """Send a ping, signed as events are; a hook that is paused gets it too.

    Raises:
        NotFound: there is no such hook.
    """
    hook, now, began = work.record.hook(guid), work.clock(), time.monotonic()
    message = f"{work.record.identity()}:ping-{uuid.uuid4()}"
    answer = attempt(out, hook, Message(message, write(hook, message, now)), now)
    return Pinged(answer, round((time.monotonic() - began) * _PER_SECOND))
