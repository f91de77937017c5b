"""Keep memberships right for as long as the process runs."""

from collections.abc import Iterator
from typing import Final

from muster.errors import EngineUnavailable, RecordUnavailable
from muster.protocols import Pause
from muster.service.keeping.keeper import Keeper
from muster.service.keeping.rounds import Round

IDLE: Final = 0.2
"""Seconds between two looks at a log that had nothing new."""

APART: Final = 2.0
"""Seconds between two looks at a lease that somebody else has."""

PATIENCE: Final = 10.0
"""Most seconds between two tries while index or record are away; the first are twice `IDLE` apart."""

Done = Round | EngineUnavailable | RecordUnavailable


def keep(keeper: Keeper, pause: Pause) -> Iterator[Done]:
    """Do rounds whenever there is something to do; yield what each did, or what kept it from doing it.

    Whoever stops lets the lease go. Nothing is lost while index or record are away: the record says where to go on.
    """
    delay = again = IDLE
    try:
        while not pause(delay):
            try:
                done = keeper.step()
                if done is not None and (done.changes or done.runs):
                    yield done
                keeper.carry()
                delay, again = APART if done is None else 0 if done.more else IDLE, IDLE
            except (EngineUnavailable, RecordUnavailable) as error:
                delay = again = min(2 * again, PATIENCE)
                yield error
    finally:
        _let_go(keeper)


def until_settled(keeper: Keeper) -> Iterator[Round]:
    """Do rounds until nothing is waiting, or somebody else does them; yield what each did.

    Raises:
        EngineUnavailable, RecordUnavailable: try again; nothing is lost.
    """
    try:
        while (done := keeper.step()) is not None:
            if done.changes or done.runs:
                yield done
            keeper.carry()
            if not done.more:
                return
    finally:
        _let_go(keeper)


def _let_go(keeper: Keeper) -> None:
    try:
        keeper.close()
    except RecordUnavailable:  # then it ends by itself
        return
