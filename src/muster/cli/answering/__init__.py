"""Who answers a verb: the services in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from muster.cli.answering.protocol import Answering
from muster.cli.opening import workspace

__all__ = ["Answering", "answering"]


@contextmanager
def answering(data: Path | None) -> Iterator[Answering]:
    """Give what answers a verb, and let go of it at the end."""
    from muster.cli.answering.here import Here  # noqa: PLC0415 - as in `workspace`

    with workspace(data) as work:
        yield Here(work)
