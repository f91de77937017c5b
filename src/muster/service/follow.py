"""Keep the index up to date for as long as the process runs, and wait for one that does."""

from collections.abc import Callable, Iterator

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

    Nothing is lost while index or record are away: the position says where to go on.
    """
    delay = IDLE
    while True:
        done = _round(work)
        if not isinstance(done, Projected):
            delay = min(2 * delay, PATIENCE)
            yield done
        else:
            delay = IDLE
            if done.entities:
                yield done
        if pause(delay):
            return


def _round(work: Workspace) -> Round:
    try:
        return project(work)
    except (EngineUnavailable, RecordUnavailable) as error:
        return error


def wait(work: Workspace, position: int, seconds: float, pause: Pause) -> None:
    """Wait until everything up to a position of the change log can be searched, whoever projects it.

    Raises:
        EngineUnavailable: it cannot, after so many seconds.
    """
    left = seconds
    while work.engine.position() < position:
        if left <= 0 or pause(IDLE):
            raise EngineUnavailable(
                f"the index is not up to date after {seconds:g} seconds",
                hint="see that a projector runs (`muster project --follow`), or run `muster project`",
            )
        left -= IDLE
