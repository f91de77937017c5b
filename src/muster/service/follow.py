"""Keep the index up to date for as long as the process runs, and say how far it is behind."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from muster.errors import EngineUnavailable, RecordUnavailable
from muster.service.project import Projected, project
from muster.service.workspace import Workspace

IDLE = 0.1
"""Seconds between two looks at a record that had nothing new."""

PATIENCE = 10.0
"""Most seconds between two tries while index or record are away; the first is tried again after `IDLE`."""

Pause = Callable[[float], bool]
"""Waits so many seconds; True means: stop."""

Round = Projected | EngineUnavailable | RecordUnavailable


def follow(work: Workspace, pause: Pause) -> Iterator[Round]:
    """Project whenever there is something new; yield what each round did, or what kept it from doing it.

    Nothing is lost while index or record are away, or when told to stop: the position says where to go on.
    """
    delay = IDLE
    while (done := _round(work, pause)) is not None:
        if not isinstance(done, Projected):
            delay = min(2 * delay, PATIENCE)
            yield done
        else:
            delay = IDLE
            if done.entities:
                yield done
        if pause(delay):
            return


class _Told(Exception):
    """It is time to stop, between two batches."""


def _round(work: Workspace, pause: Pause) -> Round | None:
    """Project once; None when told to stop meanwhile."""

    def heed(_: int) -> None:
        if pause(0):
            raise _Told

    try:
        return project(work, advance=heed)
    except (EngineUnavailable, RecordUnavailable) as error:
        return error
    except _Told:
        return None


@dataclass(frozen=True, slots=True)
class Lag:
    """How far something is behind the record: in changes, and in seconds since the first of them."""

    changes: int = 0
    seconds: float = 0.0


def lag(work: Workspace) -> Lag:
    """Return how far the index is behind; changes of one entity count as often as it changed.

    Raises:
        EngineUnavailable: the index does not answer.
        RecordUnavailable: the record does not answer.
    """
    return behind(work, work.engine.position())


def behind(work: Workspace, position: int) -> Lag:
    """Return how far who has followed the change log to a position is behind its end.

    Raises:
        RecordUnavailable: the record does not answer.
    """
    changes = work.record.position() - position
    late = work.record.changes(position, 1) if changes > 0 else []
    return Lag(changes, max(0, work.clock() - late[0].entity.updated_at) / 1000) if late else Lag()


def wait(work: Workspace, position: int, seconds: float) -> None:
    """Wait until everything up to a position of the change log can be searched, whoever projects it.

    Raises:
        EngineUnavailable: it cannot, after so many seconds.
    """
    left = seconds
    while work.engine.position() < position:
        if left <= 0:
            raise EngineUnavailable(
                f"the index is not up to date after {seconds:g} seconds",
                hint="see that a projector runs (`muster project --follow`), or run `muster project`",
            )
        time.sleep(IDLE)
        left -= IDLE
