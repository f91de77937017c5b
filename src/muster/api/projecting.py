"""The service keeps its index up to date by itself: a projector in a thread of its own."""

import threading
from typing import Self

import structlog

from muster.service.follow import PATIENCE, Round, follow
from muster.service.project import Projected
from muster.service.workspace import Workspace

log = structlog.get_logger(__name__)


class Projecting:
    """Projects from entering to leaving; leaving waits for the batch under way, whose position is then remembered."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._told = threading.Event()
        self._thread = threading.Thread(target=self._run, name="projector")

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and come back when it has."""
        self._told.set()
        self._thread.join()

    def _run(self) -> None:
        """Go on whatever happens: what was not foreseen is logged, and tried again after a while."""
        while not self._told.is_set():
            try:
                for done in follow(self._work, self._told.wait):
                    _tell(done)
            except Exception:
                log.exception("the projector failed")
                self._told.wait(PATIENCE)


def _tell(done: Round) -> None:
    if not isinstance(done, Projected):
        log.warning("nothing can be projected", code=done.code, reason=done.message)
        return
    log.debug("projected", entities=done.entities, position=done.position)
    for refusal in done.refused:
        log.warning("the index could not take an entity", ordinal=refusal.ordinal, reason=refusal.reason)
