"""How far the index, or memberships, are behind the record; waiting until the index is not."""

import time
from dataclasses import dataclass
from typing import Final

from muster.errors import EngineUnavailable
from muster.service.workspace import Workspace

APART: Final = 0.1
"""Seconds between two looks at where the index is."""


@dataclass(frozen=True, slots=True)
class Lag:
    """How far something is behind the record: in changes, and in seconds since the first of them."""

    changes: int = 0
    seconds: float = 0.0


def of_index(work: Workspace) -> Lag:
    """Return how far the index is behind; changes of one entity count as often as it changed.

    Raises:
        EngineUnavailable: the index does not answer.
        RecordUnavailable: the record does not answer.
    """
    return _behind(work, work.engine.position())


def of_memberships(work: Workspace) -> Lag:
    """Return how many changes stored memberships do not follow yet, and the age of the first; none before the first sync.

    Raises:
        RecordUnavailable: the record does not answer.
    """
    followed = work.record.followed().position
    return _behind(work, followed) if followed else Lag()


def _behind(work: Workspace, position: int) -> Lag:
    changes = work.record.position() - position
    late = work.record.changes(position, 1) if changes > 0 else []
    return Lag(changes, max(0, work.clock() - late[0].entity.updated_at) / 1000) if late else Lag()


def wait(work: Workspace, position: int, seconds: float) -> None:
    """Wait until everything up to a position of the change log can be searched, whoever projects it.

    Raises:
        EngineUnavailable: it cannot, after so many seconds.
    """
    until = time.monotonic() + seconds
    while work.engine.position() < position:
        if time.monotonic() >= until:
            raise EngineUnavailable(
                f"the index is not up to date after {seconds:g} seconds",
                hint="see that a projector runs (`muster project --follow`), or run `muster project`",
            )
        time.sleep(APART)
