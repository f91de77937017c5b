"""Keep the index up to date for as long as the process runs."""

from collections.abc import Iterator
from typing import Final

from muster.errors import EngineUnavailable, RecordUnavailable
from muster.protocols import Pause
from muster.service.project import Projected, project
from muster.service.workspace import Workspace

IDLE: Final = 0.1
"""Seconds between two looks at a record that had nothing new."""

PATIENCE: Final = 10.0
"""Most seconds between two tries while index or record are away; the first are twice `IDLE` apart."""

Done = Projected | EngineUnavailable | RecordUnavailable


def follow(work: Workspace, pause: Pause) -> Iterator[Done]:
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


def _round(work: Workspace, pause: Pause) -> Done | None:
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
